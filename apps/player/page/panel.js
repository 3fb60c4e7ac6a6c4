// The live panel beside the picture: what is played, and how well.

const byId = (id) => document.getElementById(id);

export function formatTime(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.floor(seconds + 0.05));  // 29.99 s of media are half a minute to a reader
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const text = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return text.replace(/^00:0?/, '').replace(/^0(?=\d:)/, '');
}

export function formatRate(bits) {
  if (!(bits > 0)) return '–';
  if (bits >= 1e6) return `${(bits / 1e6).toFixed(bits >= 1e8 ? 0 : 1)} Mbit/s`;
  return `${Math.round(bits / 1e3)} kbit/s`;
}

export function renditionName(rendition) {
  return rendition.height ? `${rendition.height}p` : formatRate(rendition.bitrate);
}

/** Seconds of media that lie ahead of the playhead without a gap. */
export function bufferAhead(video) {
  for (let index = 0; index < video.buffered.length; ++index) {
    if (video.buffered.start(index) <= video.currentTime + 0.1 && video.buffered.end(index) > video.currentTime) {
      return video.buffered.end(index) - video.currentTime;
    }
  }
  return 0;
}

/** A small running chart. */
class Chart {
  constructor(canvas) {
    this.canvas = canvas;
    this.values = [];
  }

  add(value) {
    this.values.push(value);
    if (this.values.length > 60) this.values.shift();
    this.draw();
  }

  draw() {
    const {canvas, values} = this;
    const context = canvas.getContext('2d');
    const top = Math.max(...values, 1e-9) * 1.15;
    const x = (index) => canvas.width * (index + 60 - values.length) / 59;
    const y = (value) => canvas.height - 2 - (canvas.height - 4) * value / top;
    const accent = getComputedStyle(canvas).getPropertyValue('--accent');
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.beginPath();
    values.forEach((value, index) => context.lineTo(x(index), y(value)));
    context.strokeStyle = accent;
    context.lineWidth = 2;
    context.lineJoin = 'round';
    context.stroke();
    context.lineTo(x(values.length - 1), canvas.height);
    context.lineTo(x(0), canvas.height);
    context.globalAlpha = 0.16;
    context.fillStyle = accent;
    context.fill();
    context.globalAlpha = 1;
  }
}

export class Panel {
  constructor(video, setQuality) {
    this.video = video;
    this.setQuality = setQuality;
    this.charts = {bandwidth: new Chart(byId('chart-bandwidth')), buffer: new Chart(byId('chart-buffer'))};
    this.rows = new Map();
    this.shape = '';
  }

  setText(id, text) {
    const element = byId(id);
    if (element.textContent !== text) element.textContent = text;
  }

  /** Number and unit, the unit paler. */
  setFigure(id, text) {
    const [figure, ...unit] = text.split(' ');
    const element = byId(id);
    const small = document.createElement('span');
    small.className = 'unit';
    small.textContent = unit.length ? ` ${unit.join(' ')}` : '';
    element.replaceChildren(figure, small);
  }

  update(stats, renditions) {
    const active = renditions.find((one) => one.id === stats.active);
    const size = this.video.videoWidth ? `${this.video.videoWidth}×${this.video.videoHeight}` : '–';
    this.setText('fact-rendition', active ? `${size} · ${formatRate(active.bitrate)}` : size);
    this.setFigure('fact-bandwidth', formatRate(stats.bandwidth));
    this.setFigure('fact-buffer', `${stats.buffer.toFixed(1)} s`);
    this.setText('fact-position', `${stats.position.toFixed(2)} s`);
    this.setText('fact-dropped', stats.total ? `${stats.dropped} of ${stats.total}` : '–');
    this.setText('fact-codecs', active?.codecs || '–');
    this.charts.bandwidth.add(stats.bandwidth / 1e6);
    this.charts.buffer.add(stats.buffer);
    this.updateLadder(renditions, stats.active);
  }

  updateLadder(renditions, active) {
    const shape = JSON.stringify(renditions.map((one) => [one.id, one.height, one.bitrate]));
    if (shape !== this.shape) {
      this.shape = shape;
      this.rows.clear();
      const most = Math.max(...renditions.map((one) => one.bitrate), 1);
      byId('ladder-title').hidden = renditions.length === 0;
      byId('ladder').replaceChildren(...[...renditions].reverse().map((one) => this.row(one, most)));
    }
    for (const [id, button] of this.rows) button.setAttribute('aria-current', String(id === active));
  }

  row(rendition, most) {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.title = `Stay at ${renditionName(rendition)}`;
    button.innerHTML = '<span class="name"></span><span class="rate"></span><span class="meter" aria-hidden="true"><i></i></span>';
    button.querySelector('.name').textContent = renditionName(rendition);
    button.querySelector('.rate').textContent = formatRate(rendition.bitrate);
    button.style.setProperty('--share', `${Math.max(2, 100 * rendition.bitrate / most)}%`);
    button.addEventListener('click', () => this.setQuality(rendition.id));
    this.rows.set(rendition.id, button);
    item.append(button);
    return item;
  }

  addError(text) {
    const line = document.createElement('li');
    line.textContent = text;
    byId('log-lines').append(line);
    byId('log-count').textContent = String(byId('log-lines').childElementCount);
    byId('log').hidden = false;
  }

  clear() {
    byId('log-lines').replaceChildren();
    byId('log').hidden = true;
    this.charts.bandwidth.values = [];
    this.charts.buffer.values = [];
    this.updateLadder([], null);
  }
}
