// The page: chooses source and engine, and connects engine, controls, menus and panel.
//
// Query: ?src=/m1/master.m3u8 (a path on this host; by default what lies at the root), ?engine=hls|dash|shaka|native,
// ?autoplay=1, ?muted=1. `window.player` is the same for scripts and tests.

import {Controls} from './controls.js';
import {engines, formatOf} from './engines.js';
import {Menu} from './menu.js';
import {bufferAhead, formatRate, Panel, renditionName} from './panel.js';
import {loadThumbnails} from './thumbnails.js';

const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const defaults = {hls: '/master.m3u8', dash: '/manifest.mpd'};

const icons = {
  audio: 'M12 3a1 1 0 0 1 1 1v16a1 1 0 1 1-2 0V4a1 1 0 0 1 1-1zM8 7a1 1 0 0 1 1 1v8a1 1 0 1 1-2 0V8a1 1 0 0 1 1-1zm8 0a1 1 0 0 1 1 1v8a1 1 0 1 1-2 0V8a1 1 0 0 1 1-1zM4 10a1 1 0 0 1 1 1v2a1 1 0 1 1-2 0v-2a1 1 0 0 1 1-1zm16 0a1 1 0 0 1 1 1v2a1 1 0 1 1-2 0v-2a1 1 0 0 1 1-1z',
  captions: 'M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zm0 2v10h14V7H5zm2 3h6v2H7v-2zm8 0h2v2h-2v-2zm-8 3h2v2H7v-2zm4 0h6v2h-6v-2z',
  quality: 'M10 4.5a1 1 0 0 1 1-1h2a1 1 0 0 1 1 .8l.3 1.6 1.2.7 1.6-.5a1 1 0 0 1 1.2.4l1 1.8a1 1 0 0 1-.2 1.3L17.9 10.7v1.5l1.2 1.1a1 1 0 0 1 .2 1.3l-1 1.8a1 1 0 0 1-1.2.4l-1.6-.5-1.2.7-.3 1.6a1 1 0 0 1-1 .8h-2a1 1 0 0 1-1-.8l-.3-1.6-1.2-.7-1.6.5a1 1 0 0 1-1.2-.4l-1-1.8a1 1 0 0 1 .2-1.3l1.2-1.1v-1.5L4.9 9.6a1 1 0 0 1-.2-1.3l1-1.8a1 1 0 0 1 1.2-.4l1.6.5 1.2-.7.3-1.4zM12 9a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  speed: 'M12 4a9 9 0 0 1 7.8 13.5 1 1 0 0 1-1.73-1A7 7 0 1 0 5.93 16.5a1 1 0 1 1-1.73 1A9 9 0 0 1 12 4zm4.2 5.4a.8.8 0 0 1 .1 1.1l-2.7 3.6a2 2 0 1 1-1.7-1.4l3.2-3.2a.8.8 0 0 1 1.1-.1z',
};

class Page {
  constructor() {
    this.video = byId('video');
    this.errors = [];
    this.stalls = 0;
    this.sources = {};
    this.engine = null;
    this.engineName = '';
    this.controls = new Controls(this.video, (text) => this.announce(text));
    this.panel = new Panel(this.video, (id) => this.setQuality(id));
    this.menus = this.makeMenus();
    this.controls.onCaptions = () => this.toggleCaptions();
    this.video.addEventListener('error', () => {
      const {error} = this.video;
      if (error && this.engine) this.addError(`video element: ${error.message || `code ${error.code}`}`, true);
    });
    this.video.addEventListener('waiting', () => {
      if (!this.video.seeking && this.video.currentTime > 0) ++this.stalls;
    });
    this.video.muted = query.get('muted') === '1';
    this.showSpeed();
    setInterval(() => this.tick(), 500);
  }

  makeMenus() {
    const menu = (name, label, choose) => new Menu(document.querySelector(`[data-menu="${name}"]`), {label, icon: icons[name], choose});
    return {
      audio: menu('audio', 'Audio', (id) => this.setAudio(id)),
      captions: menu('captions', 'Captions', (id) => this.setText(id)),
      quality: menu('quality', 'Quality', (id) => this.setQuality(id)),
      speed: menu('speed', 'Speed', (rate) => { this.video.playbackRate = rate; this.showSpeed(); }),
    };
  }

  // Source and engine.

  async begin() {
    const asked = query.get('src');
    const formats = asked ? [formatOf(asked)] : ['hls', 'dash'];
    let forbidden = false;
    for (const format of formats) {
      const url = new URL(asked ?? defaults[format], location.origin);
      if (url.origin !== location.origin) return this.fail('Not from here', 'This page plays only what its own host serves.');
      const answer = await fetch(url, {method: 'HEAD'}).catch(() => null);
      if (answer?.ok) this.sources[format] = url;
      if (answer?.status === 401 || answer?.status === 403) forbidden = true;
    }
    this.offerEngines();
    const wanted = query.get('engine');
    const first = this.usable(wanted) ? wanted : ['hls', 'dash', 'native'].find((name) => this.usable(name));
    if (!first && forbidden) {
      return this.fail('Not allowed', 'The server refuses this stream without a valid token (403). Open it with a URL that was granted to you.');
    }
    if (!first) {
      const what = asked ? `${asked} could not be read.` : 'There is no master.m3u8 and no manifest.mpd at the root of this server. Name another with ?src=/path/to/master.m3u8.';
      return this.fail('Nothing to play', what);
    }
    await this.load(first);
    if (query.get('autoplay') === '1') this.video.play().catch((error) => this.announce(error.message));
  }

  usable(name) {
    const engine = engines[name];
    if (!engine || !this.sourceFor(name)) return false;
    return !engine.supported || engine.supported(this.video);
  }
  sourceFor(name) { return engines[name].formats.map((format) => this.sources[format]).find(Boolean); }

  offerEngines() {
    for (const [name, engine] of Object.entries(engines)) {
      if (name === 'native' && !engine.supported(this.video)) continue;
      const label = document.createElement('label');
      label.innerHTML = '<input type="radio" name="engine"><span></span>';
      const input = label.querySelector('input');
      input.value = name;
      input.disabled = !this.usable(name);
      input.addEventListener('change', () => this.load(name));
      label.querySelector('span').textContent = engine.label;
      byId('engines').append(label);
    }
  }

  async load(name) {
    const position = this.engine ? this.video.currentTime : 0;
    const resume = this.engine !== null && !this.video.paused;
    const engine = await this.replaceEngine(name);
    try {
      await engine.start(position);
    } catch (error) {
      if (this.engine === engine) this.addError(error.message, true);
      return;
    }
    await this.ready;
    if (this.engine !== engine) return;
    if (position > 0) this.video.currentTime = position;
    if (resume) this.video.play().catch(() => {});
  }

  async replaceEngine(name) {
    const old = this.engine;
    this.engine = null;
    this.isReady = false;
    byId('stage').dataset.state = 'loading';
    byId('notice').hidden = true;
    this.errors.length = 0;
    this.stalls = 0;
    this.panel.clear();
    await old?.destroy();
    const url = this.sourceFor(name);
    this.engineName = name;
    this.source = url;
    byId('source').textContent = url.pathname;
    const input = document.querySelector(`#engines input[value="${name}"]`);
    if (input) input.checked = true;
    let engine = null;
    this.ready = new Promise((resolve) => {
      // An engine that was replaced meanwhile has nothing more to say.
      const mine = (action) => (...values) => { if (this.engine === engine) action(...values); };
      engine = new engines[name](this.video, url.href, {
        ready: mine(() => { this.onReady(); resolve(); }),
        changed: mine(() => this.showTracks()),
        error: mine((text, fatal) => { this.addError(text, fatal); if (fatal) resolve(); }),
      });
    });
    this.engine = engine;
    this.loadExtras(url);
    return engine;
  }

  async loadExtras(url) {
    const poster = new URL('poster.jpg', url);
    const [thumbnails, picture] = await Promise.all([
      loadThumbnails(url).catch(() => []),
      fetch(poster, {method: 'HEAD'}).then((answer) => answer.ok, () => false),
    ]);
    if (this.source !== url) return;
    this.controls.thumbnails = thumbnails;
    if (picture) this.video.poster = poster.href;
    else this.video.removeAttribute('poster');
  }

  onReady() {
    if (byId('stage').dataset.state === 'loading') byId('stage').dataset.state = 'ready';
    this.isReady = true;
    this.showTracks();
    this.tick();
  }

  // Choices.

  setQuality(id) {
    this.engine?.setQuality(id);
    this.showTracks();
    const rendition = this.renditions().find((one) => one.id === id);
    this.announce(`Quality: ${rendition ? renditionName(rendition) : 'automatic'}`);
  }
  setAudio(id) {
    this.engine?.setAudio(id);
    this.showTracks();
  }
  setText(id) {
    this.engine?.setText(id);
    if (id !== null) this.lastText = id;
    this.showTracks();
    this.announce(id === null ? 'Captions off' : 'Captions on');
  }
  toggleCaptions() {
    const tracks = this.engine?.textTracks() ?? [];
    if (tracks.length === 0) return;
    this.setText(this.engine.text() === null ? this.lastText ?? tracks[0].id : null);
  }

  renditions() { return this.isReady && this.engine ? this.engine.renditions() : []; }

  showTracks() {
    if (!this.engine || !this.isReady) return;
    const {engine, menus} = this;
    const renditions = this.renditions();
    const active = renditions.find((one) => one.id === engine.active());
    const quality = engine.quality();
    menus.quality.host.hidden = renditions.length < 2;
    const autoLabel = active && quality === 'auto' ? `Auto (${renditionName(active)})` : 'Auto';
    menus.quality.show(
      [...renditions.map((one) => ({id: one.id, label: renditionName(one), detail: formatRate(one.bitrate)})).reverse(), {id: 'auto', label: autoLabel}],
      quality, active ? renditionName(active) : 'Auto');
    const audio = engine.audioTracks();
    menus.audio.host.hidden = audio.length < 2;
    const spoken = audio[engine.audio()]?.language;
    menus.audio.show(audio, engine.audio(), spoken && spoken !== 'und' ? spoken.toUpperCase() : '');
    const text = engine.textTracks();
    menus.captions.host.hidden = text.length === 0;
    menus.captions.show([{id: null, label: 'Off'}, ...text], engine.text(), engine.text() === null ? '' : 'On');
  }

  showSpeed() {
    const rate = this.video.playbackRate;
    this.menus.speed.show([2, 1.5, 1.25, 1, 0.75, 0.5].map((value) => ({id: value, label: `${value}×`})), rate, rate === 1 ? '' : `${rate}×`);
  }

  // What is shown.

  stats() {
    const frames = this.video.getVideoPlaybackQuality?.() ?? {droppedVideoFrames: 0, totalVideoFrames: 0};
    return {
      active: this.isReady ? this.engine?.active() ?? null : null,
      bandwidth: this.isReady ? this.engine?.bandwidth() ?? 0 : 0,
      buffer: bufferAhead(this.video),
      position: this.video.currentTime,
      dropped: frames.droppedVideoFrames,
      total: frames.totalVideoFrames,
      stalls: this.stalls,
    };
  }

  tick() {
    if (!this.engine || !this.isReady) return;
    this.panel.update(this.stats(), this.renditions());
  }

  addError(text, fatal) {
    this.errors.push({text, fatal: Boolean(fatal), engine: this.engineName});
    this.panel.addError(text);
    if (fatal) this.fail('This cannot be played', text);
  }

  fail(title, text) {
    byId('stage').dataset.state = 'failed';
    byId('notice-title').textContent = title;
    byId('notice-text').textContent = text;
    byId('notice').hidden = false;
  }

  announce(text) { byId('announcer').textContent = text; }
}

const page = new Page();

/** For tests and for hosts that embed the page. */
window.player = {
  get engine() { return page.engineName; },
  get ready() { return Boolean(page.isReady && page.engine); },
  get source() { return page.source?.pathname ?? ''; },
  get errors() { return page.errors; },
  get renditions() { return page.renditions(); },
  get quality() { return page.engine?.quality() ?? 'auto'; },
  get active() { return page.stats().active; },
  get audioTracks() { return page.engine?.audioTracks() ?? []; },
  get audio() { return page.engine?.audio() ?? -1; },
  get textTracks() { return page.engine?.textTracks() ?? []; },
  get text() { return page.engine?.text() ?? null; },
  get thumbnails() { return page.controls.thumbnails; },
  get stats() { return page.stats(); },
  video: page.video,
  load: (name) => page.load(name),
  setQuality: (id) => page.setQuality(id),
  setAudio: (id) => page.setAudio(id),
  setText: (id) => page.setText(id),
};

page.begin().catch((error) => page.addError(error.message, true));
