// One class per playback engine, all with the same face, so that the page knows none of them.
//
// An engine is made for one video element and one URL, tells what happens through `report`, and is thrown away by `destroy`:
//   report.ready()            renditions and tracks are known
//   report.changed()          the rendition, a track or the bandwidth changed
//   report.error(text, fatal) something went wrong
//
// renditions(): [{id, width, height, bitrate, codecs}], from small to large; audioTracks() and textTracks(): [{id, label, language}].

const scripts = new Map();

/** Loads a built-in script once. */
function loadScript(path) {
  if (!scripts.has(path)) {
    scripts.set(path, new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = path;
      script.onload = resolve;
      script.onerror = () => {
        scripts.delete(path);
        reject(new Error('This build holds no such engine. Build it on a machine with npm, or use the native player.'));
      };
      document.head.append(script);
    }));
  }
  return scripts.get(path);
}

function languageName(code) {
  if (!code || code === 'und') return '';
  try {
    return new Intl.DisplayNames([navigator.language || 'en'], {type: 'language'}).of(code) || code;
  } catch {
    return code;
  }
}

/** "Deutsch", "Commentary (English)", "Track 2": whatever is known of a track, in words. */
function trackLabel(label, language, index) {
  const name = languageName(language);
  if (label && name && !label.toLowerCase().includes(name.toLowerCase()) && label !== language) return `${label} (${name})`;
  return (label && label !== language ? label : name) || `Track ${index + 1}`;
}

const channelNames = {1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1'};

/** [{id, label, language}] whose labels differ: tracks of one name are told apart by their channels, or else by a number. */
function distinct(tracks) {
  const count = (label) => tracks.filter((track) => track.label === label).length;
  const withChannels = tracks.map(({id, label, language, channels}) => {
    const name = channelNames[channels] ?? (channels ? `${channels} channels` : '');
    return {id, language, label: count(label) > 1 && name ? `${label} · ${name}` : label};
  });
  return withChannels.map((track, index) => {
    const twins = withChannels.filter((other) => other.label === track.label);
    return twins.length > 1 ? {...track, label: `${track.label} ${twins.indexOf(withChannels[index]) + 1}`} : track;
  });
}

const bySize = (a, b) => a.height - b.height || a.bitrate - b.bitrate;

class HlsEngine {
  static label = 'hls.js';
  static formats = ['hls'];

  constructor(video, url, report) {
    this.video = video;
    this.url = url;
    this.report = report;
  }

  async start() {
    await loadScript('/player/vendor/hls.js');
    const {Hls} = window;
    if (!Hls.isSupported()) throw new Error('This browser has no Media Source Extensions.');
    const hls = this.hls = new Hls({capLevelToPlayerSize: false, backBufferLength: 30});
    const events = Hls.Events;
    hls.on(events.MANIFEST_PARSED, () => this.report.ready());
    for (const event of [events.LEVEL_SWITCHED, events.FRAG_BUFFERED, events.AUDIO_TRACKS_UPDATED, events.AUDIO_TRACK_SWITCHED,
                         events.SUBTITLE_TRACKS_UPDATED, events.SUBTITLE_TRACK_SWITCH]) {
      hls.on(event, () => this.report.changed());
    }
    hls.on(events.ERROR, (_, data) => this.onError(data));
    hls.attachMedia(this.video);
    hls.loadSource(this.url);
  }

  onError(data) {
    // No errors: a buffer that ran dry, which the video element tells as well, and a load given up for another rendition.
    if (!data.fatal && ['bufferStalledError', 'bufferNudgeOnStall', 'aborted'].includes(data.details)) return;
    const place = data.frag?.url || data.url || '';
    this.report.error(`${data.type}: ${data.details}${place ? ` (${place.replace(location.origin, '')})` : ''}`, data.fatal);
    if (!data.fatal || this.recovered) return;
    this.recovered = true;
    if (data.type === window.Hls.ErrorTypes.MEDIA_ERROR) this.hls.recoverMediaError();
  }

  // A master playlist names a rendition once for each audio group; here it is one, with the levels that show it.
  groups() {
    const groups = new Map();
    this.hls.levels.forEach((level, index) => {
      const group = groups.get(level.uri);
      if (group) group.push(index);
      else groups.set(level.uri, [index]);
    });
    return Array.from(groups.values());
  }
  idOf(index) { return this.groups().find((group) => group.includes(index))?.[0] ?? null; }

  renditions() {
    const {levels, currentLevel} = this.hls;
    return this.groups().map((group) => {
      const level = levels[group[0]];
      const shown = group.includes(currentLevel) ? levels[currentLevel] : level;
      return {
        id: group[0], width: level.width || 0, height: level.height || 0, bitrate: level.bitrate,
        codecs: [shown.videoCodec, shown.audioCodec].filter(Boolean).join(', '),
      };
    }).sort(bySize);
  }
  active() { return this.idOf(this.hls.currentLevel); }
  quality() { return this.hls.autoLevelEnabled ? 'auto' : this.idOf(this.hls.nextLevel); }
  setQuality(id) {
    const group = this.groups().find((one) => one[0] === id) ?? [-1];
    const sound = this.hls.levels[this.hls.currentLevel]?.audioGroups?.[0];
    this.hls.nextLevel = group.find((index) => this.hls.levels[index]?.audioGroups?.[0] === sound) ?? group[0];
  }
  bandwidth() { return this.hls.bandwidthEstimate || 0; }

  audioTracks() {
    return distinct(this.hls.audioTracks.map((track, index) => ({
      id: index, language: track.lang, label: trackLabel(track.name, track.lang, index), channels: parseInt(track.channels, 10) || 0,
    })));
  }
  audio() { return this.hls.audioTrack; }
  setAudio(id) { this.hls.audioTrack = id; }

  textTracks() {
    return distinct(this.hls.subtitleTracks.map((track, index) => ({
      id: index, language: track.lang, label: trackLabel(track.name, track.lang, index),
    })));
  }
  text() { return this.hls.subtitleDisplay && this.hls.subtitleTrack >= 0 ? this.hls.subtitleTrack : null; }
  setText(id) {
    this.hls.subtitleDisplay = id !== null;
    this.hls.subtitleTrack = id ?? -1;
  }

  destroy() { this.hls?.destroy(); }
}

class DashEngine {
  static label = 'dash.js';
  static formats = ['dash'];

  constructor(video, url, report) {
    this.video = video;
    this.url = url;
    this.report = report;
    this.textId = null;
  }

  async start() {
    await loadScript('/player/vendor/dash.js');
    const player = this.player = window.dashjs.MediaPlayer().create();
    const {events} = window.dashjs.MediaPlayer;
    player.updateSettings({
      debug: {logLevel: window.dashjs.Debug.LOG_LEVEL_NONE},
      streaming: {text: {defaultEnabled: false}, buffer: {fastSwitchEnabled: true}},
    });
    player.on(events.STREAM_INITIALIZED, () => this.report.ready());
    for (const event of [events.QUALITY_CHANGE_RENDERED, events.TRACK_CHANGE_RENDERED, events.TEXT_TRACKS_ADDED, events.FRAGMENT_LOADING_COMPLETED]) {
      player.on(event, () => this.report.changed());
    }
    player.on(events.ERROR, ({error}) => this.report.error(`${error?.code ?? ''} ${error?.message ?? error}`.trim(), true));
    player.on(events.PLAYBACK_ERROR, ({error}) => this.report.error(`playback: ${error?.message || error?.code || error}`, true));
    player.initialize(this.video, this.url, false);
  }

  renditions() {
    return this.player.getRepresentationsByType('video').map((one) => ({
      id: one.id, width: one.width || 0, height: one.height || 0, bitrate: one.bandwidth, codecs: one.codecs || '',
    })).sort(bySize);
  }
  active() { return this.player.getCurrentRepresentationForType('video')?.id ?? null; }
  quality() { return this.fixed ?? 'auto'; }
  setQuality(id) {
    this.fixed = id === 'auto' ? null : id;
    this.player.updateSettings({streaming: {abr: {autoSwitchBitrate: {video: id === 'auto'}}}});
    if (id !== 'auto') this.player.setRepresentationForTypeById('video', id, true);
  }
  bandwidth() { return (this.player.getAverageThroughput('video') || 0) * 1000; }

  tracks(type) {
    return distinct(this.player.getTracksFor(type).map((track, index) => ({
      id: index, language: track.lang, label: trackLabel(track.labels?.[0]?.text, track.lang, index),
      channels: Number(track.audioChannelConfiguration?.[0]?.value) || 0,
    })));
  }
  audioTracks() { return this.tracks('audio'); }
  audio() {
    const current = this.player.getCurrentTrackFor('audio');
    return this.player.getTracksFor('audio').findIndex((track) => track.index === current?.index);
  }
  setAudio(id) { this.player.setCurrentTrack(this.player.getTracksFor('audio')[id]); }

  textTracks() { return this.tracks('text'); }
  text() { return this.textId; }
  setText(id) {
    this.textId = id;
    this.player.enableText(id !== null);
    this.player.setTextTrack(id ?? -1);
  }

  destroy() { this.player?.destroy(); }
}

class ShakaEngine {
  static label = 'Shaka';
  static formats = ['dash', 'hls'];

  constructor(video, url, report) {
    this.video = video;
    this.url = url;
    this.report = report;
    this.automatic = true;
  }

  async start(position) {
    await loadScript('/player/vendor/shaka-player.js');
    const {shaka} = window;
    shaka.polyfill.installAll();
    if (!shaka.Player.isBrowserSupported()) throw new Error('This browser cannot run Shaka Player.');
    const player = this.player = new shaka.Player();
    player.addEventListener('error', ({detail}) => this.onError(detail));
    for (const event of ['adaptation', 'variantchanged', 'textchanged', 'audiotrackschanged', 'trackschanged', 'segmentappended']) {
      player.addEventListener(event, () => this.report.changed());
    }
    await player.attach(this.video);
    try {
      // Told here: it seeks to its own start some time after loading, and would undo a seek of ours.
      await player.load(this.url, position > 0 ? position : null);
    } catch (error) {
      if (error.code === shaka.util.Error.Code.LOAD_INTERRUPTED) return;
      this.onError(error);
      return;
    }
    if (this.player) this.report.ready();
  }

  onError(error) {
    const fatal = error.severity === window.shaka.util.Error.Severity.CRITICAL;
    this.report.error(`${error.code}: ${error.message || error}`, fatal);
  }

  key(track) { return `${track.width || 0}x${track.height || 0}@${track.bandwidth}`; }
  renditions() {
    return this.player.getVideoTracks().map((track) => ({
      id: this.key(track), width: track.width || 0, height: track.height || 0, bitrate: track.bandwidth, codecs: track.codecs || '',
    })).sort(bySize);
  }
  active() {
    const track = this.player.getVideoTracks().find((one) => one.active);
    return track ? this.key(track) : null;
  }
  quality() { return this.automatic ? 'auto' : this.active(); }
  setQuality(id) {
    this.automatic = id === 'auto';
    this.player.configure({abr: {enabled: this.automatic}});
    const track = this.player.getVideoTracks().find((one) => this.key(one) === id);
    if (track) this.player.selectVideoTrack(track, true);
  }
  bandwidth() { return this.player.getStats().estimatedBandwidth || 0; }

  audioTracks() {
    return distinct(this.player.getAudioTracks().map((track, index) => ({
      id: index, language: track.language, label: trackLabel(track.label, track.language, index), channels: track.channelsCount,
    })));
  }
  audio() { return this.player.getAudioTracks().findIndex((track) => track.active); }
  setAudio(id) { this.player.selectAudioTrack(this.player.getAudioTracks()[id]); }

  textTracks() {
    return distinct(this.player.getTextTracks().map((track, index) => ({
      id: index, language: track.language, label: trackLabel(track.label, track.language, index),
    })));
  }
  text() {
    const index = this.player.getTextTracks().findIndex((track) => track.active);
    return index < 0 ? null : index;
  }
  setText(id) { this.player.selectTextTrack(id === null ? null : this.player.getTextTracks()[id]); }

  destroy() {
    const player = this.player;
    this.player = null;
    return player?.destroy();
  }
}

class NativeEngine {
  static label = 'Native';
  static formats = ['hls'];

  static supported(video) { return video.canPlayType('application/vnd.apple.mpegurl') !== ''; }

  constructor(video, url, report) {
    this.video = video;
    this.url = url;
    this.report = report;
    this.listeners = new AbortController();
  }

  async start() {
    const options = {signal: this.listeners.signal};
    this.video.addEventListener('loadedmetadata', () => this.report.ready(), options);
    this.video.addEventListener('resize', () => this.report.changed(), options);
    this.video.src = this.url;
  }

  // The browser chooses renditions itself and tells only the size of the picture.
  renditions() { return []; }
  active() { return null; }
  quality() { return 'auto'; }
  setQuality() {}
  bandwidth() { return 0; }

  audioTracks() {
    return Array.from(this.video.audioTracks || [], (track, index) => ({
      id: index, language: track.language, label: trackLabel(track.label, track.language, index),
    }));
  }
  audio() { return Array.from(this.video.audioTracks || []).findIndex((track) => track.enabled); }
  setAudio(id) { Array.from(this.video.audioTracks || []).forEach((track, index) => { track.enabled = index === id; }); }

  captions() { return Array.from(this.video.textTracks).filter((track) => track.kind === 'subtitles' || track.kind === 'captions'); }
  textTracks() {
    return this.captions().map((track, index) => ({
      id: index, language: track.language, label: trackLabel(track.label, track.language, index),
    }));
  }
  text() {
    const index = this.captions().findIndex((track) => track.mode === 'showing');
    return index < 0 ? null : index;
  }
  setText(id) { this.captions().forEach((track, index) => { track.mode = index === id ? 'showing' : 'disabled'; }); }

  destroy() {
    this.listeners.abort();
    this.video.removeAttribute('src');
    this.video.load();
  }
}

export const engines = {hls: HlsEngine, dash: DashEngine, shaka: ShakaEngine, native: NativeEngine};

/** "hls" or "dash", by the extension of a URL's path. */
export function formatOf(url) {
  return new URL(url, location.href).pathname.toLowerCase().endsWith('.mpd') ? 'dash' : 'hls';
}
