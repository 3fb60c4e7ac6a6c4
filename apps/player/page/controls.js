// The controls over the picture: seeking, volume, keys, full screen. They know the video element and nothing of engines.

import {formatTime} from './panel.js';
import {thumbnailAt} from './thumbnails.js';

const byId = (id) => document.getElementById(id);
const idleAfter = 2800;  // ms without a pointer or key until the controls go

export class Controls {
  constructor(video, announce) {
    this.video = video;
    this.announce = announce;
    this.stage = byId('stage');
    this.position = byId('position');
    this.thumbnails = [];
    this.bindButtons();
    this.bindSeek();
    this.bindVideo();
    this.bindIdle();
    document.addEventListener('keydown', (event) => this.onKey(event));
  }

  // Where one can be: all of a recording, the window of a live stream.
  start() { return this.video.seekable.length ? this.video.seekable.start(0) : 0; }
  end() {
    const {video} = this;
    if (Number.isFinite(video.duration)) return video.duration;
    return video.seekable.length ? video.seekable.end(video.seekable.length - 1) : 0;
  }
  isLive() { return this.video.duration === Infinity; }

  toggle() {
    if (this.video.paused) this.video.play().catch(() => {});
    else this.video.pause();
  }
  seek(time) { this.video.currentTime = Math.min(Math.max(time, this.start()), this.end()); }
  seekBy(seconds) { this.seek(this.video.currentTime + seconds); }
  setVolume(volume) {
    this.video.volume = Math.min(Math.max(volume, 0), 1);
    this.video.muted = this.video.volume === 0;
  }
  toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.stage.requestFullscreen?.().catch(() => {});
  }

  bindButtons() {
    const {video} = this;
    byId('play').addEventListener('click', () => this.toggle());
    byId('big-play').addEventListener('click', () => this.toggle());
    video.addEventListener('click', () => this.toggle());
    video.addEventListener('dblclick', () => this.toggleFullscreen());
    byId('mute').addEventListener('click', () => { video.muted = !video.muted; });
    byId('volume').addEventListener('input', ({target}) => this.setVolume(Number(target.value)));
    byId('fullscreen').addEventListener('click', () => this.toggleFullscreen());
    byId('fullscreen').hidden = !document.fullscreenEnabled;
    byId('pip').hidden = !document.pictureInPictureEnabled;
    byId('pip').addEventListener('click', () => {
      if (document.pictureInPictureElement) document.exitPictureInPicture();
      else video.requestPictureInPicture().catch((error) => this.announce(error.message));
    });
  }

  bindSeek() {
    const seek = byId('seek');
    this.position.addEventListener('input', () => {
      this.dragging = true;
      this.drawPosition(Number(this.position.value));
      this.preview(Number(this.position.value));
    });
    this.position.addEventListener('change', () => {
      this.dragging = false;
      this.seek(Number(this.position.value));
    });
    seek.addEventListener('pointermove', (event) => {
      const box = seek.getBoundingClientRect();
      const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
      this.preview(this.start() + share * (this.end() - this.start()));
    });
    seek.addEventListener('pointerleave', () => { byId('preview').hidden = true; });
    this.position.addEventListener('blur', () => { byId('preview').hidden = true; });
  }

  preview(time) {
    const length = this.end() - this.start();
    if (!(length > 0)) return;
    const preview = byId('preview');
    const picture = byId('preview-picture');
    const cue = thumbnailAt(this.thumbnails, time);
    picture.hidden = !cue;
    if (cue) {
      Object.assign(picture.style, {
        width: `${cue.width}px`, height: `${cue.height}px`, backgroundImage: `url("${cue.url}")`, backgroundPosition: `-${cue.x}px -${cue.y}px`,
      });
    }
    byId('preview-time').textContent = this.isLive() ? `−${formatTime(this.end() - time)}` : formatTime(time);
    preview.hidden = false;
    const room = byId('seek').clientWidth - preview.offsetWidth;
    const centre = (time - this.start()) / length * byId('seek').clientWidth - preview.offsetWidth / 2;
    preview.style.transform = `translateX(${Math.min(Math.max(centre, 0), Math.max(room, 0))}px)`;
  }

  bindVideo() {
    const {video, stage} = this;
    const playing = () => {
      stage.toggleAttribute('data-playing', !video.paused);
      byId('play').setAttribute('aria-label', video.paused ? 'Play' : 'Pause');
      if (!video.paused) stage.dataset.state = 'playing';
      this.wake();
    };
    for (const event of ['play', 'pause', 'ended']) video.addEventListener(event, playing);
    video.addEventListener('waiting', () => stage.toggleAttribute('data-waiting', true));
    for (const event of ['playing', 'seeked', 'canplay', 'emptied']) {
      video.addEventListener(event, () => stage.toggleAttribute('data-waiting', false));
    }
    video.addEventListener('volumechange', () => {
      stage.toggleAttribute('data-muted', video.muted);
      byId('mute').setAttribute('aria-label', video.muted ? 'Unmute' : 'Mute');
      const volume = byId('volume');
      volume.value = String(video.muted ? 0 : video.volume);
      volume.style.setProperty('--fill', `${100 * Number(volume.value)}%`);
    });
    byId('volume').style.setProperty('--fill', '100%');
    for (const event of ['timeupdate', 'durationchange', 'progress', 'seeking', 'loadedmetadata']) {
      video.addEventListener(event, () => this.draw());
    }
    new ResizeObserver(() => this.drawBuffered()).observe(byId('seek'));
  }

  draw() {
    this.position.min = String(this.start());
    this.position.max = String(Math.max(this.end(), this.start() + 0.001));
    byId('live').hidden = !this.isLive();
    byId('total').textContent = formatTime(this.end());
    if (!this.dragging) {
      this.position.value = String(this.video.currentTime);
      this.drawPosition(this.video.currentTime);
    }
    this.drawBuffered();
  }

  drawPosition(time) {
    const length = this.end() - this.start();
    this.position.style.setProperty('--fill', `${length > 0 ? 100 * (time - this.start()) / length : 0}%`);
    this.position.setAttribute('aria-valuetext', `${formatTime(time)} of ${formatTime(this.end())}`);
    byId('now').textContent = formatTime(time);
  }

  drawBuffered() {
    const canvas = byId('buffered');
    const context = canvas.getContext('2d');
    const length = this.end() - this.start();
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = 'rgb(255 255 255 / 34%)';
    const {buffered} = this.video;
    for (let index = 0; length > 0 && index < buffered.length; ++index) {
      const from = (buffered.start(index) - this.start()) / length * canvas.width;
      const to = (buffered.end(index) - this.start()) / length * canvas.width;
      context.fillRect(from, 0, to - from, canvas.height);
    }
  }

  bindIdle() {
    for (const event of ['pointermove', 'pointerdown', 'focusin']) this.stage.addEventListener(event, () => this.wake());
    this.stage.addEventListener('pointerleave', () => this.sleep());
  }
  wake() {
    this.stage.toggleAttribute('data-idle', false);
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.sleep(), idleAfter);
  }
  sleep() {
    const busy = this.video.paused || this.stage.querySelector('[aria-expanded="true"]');
    this.stage.toggleAttribute('data-idle', !busy);
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const {target, key} = event;
    const slider = target.matches?.('input[type="range"]');
    if (target.matches?.('input[type="radio"], input[type="text"], textarea, select')) return;
    // Buttons and summaries take the space bar and Enter themselves, sliders the arrows.
    if (key === ' ' && target.matches?.('button, summary, a')) return;
    const keys = {
      ' ': () => this.toggle(),
      k: () => this.toggle(),
      j: () => this.seekBy(-10),
      l: () => this.seekBy(10),
      m: () => { this.video.muted = !this.video.muted; },
      f: () => this.toggleFullscreen(),
      c: () => this.onCaptions?.(),
    };
    if (!slider || target === this.position) {
      keys.ArrowLeft = () => this.seekBy(-5);
      keys.ArrowRight = () => this.seekBy(5);
    }
    if (!slider) {
      keys.ArrowUp = () => this.setVolume(this.video.volume + 0.05);
      keys.ArrowDown = () => this.setVolume(this.video.volume - 0.05);
    }
    const action = /^\d$/.test(key) ? () => this.seek(this.start() + (this.end() - this.start()) * Number(key) / 10)
                                    : keys[key.length === 1 ? key.toLowerCase() : key];
    if (!action) return;
    event.preventDefault();
    this.wake();
    action();
  }
}
