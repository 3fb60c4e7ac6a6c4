// Four ways to play one stream, behind one small interface:
//   load(video, sources), destroy(), qualities(), quality(), set_quality(id or "auto"),
//   audios(), set_audio(id), texts(), set_text(id or ""), bandwidth() in bits per second or 0.
// A quality is {id, label, width, height, bitrate, codecs}; a track is {id, label, active}.

function script(url) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = url;
    element.onload = resolve;
    element.onerror = () => reject(new Error("this build has no " + url.split("/").pop()));
    document.head.append(element);
  });
}

function label_of(height, bitrate) {
  const rate = bitrate >= 1e6 ? (bitrate / 1e6).toFixed(1) + " Mb/s" : Math.round(bitrate / 1e3) + " kb/s";
  return height ? `${height}p, ${rate}` : rate;
}

class HlsEngine {
  constructor(report) { this.report = report; }

  async load(video, sources) {
    if (!window.Hls) await script("/player/vendor/hls.js");
    this.hls = new window.Hls({ capLevelToPlayerSize: false });
    this.hls.on(window.Hls.Events.ERROR, (_, data) => {
      if (data.fatal) this.report(`${data.type}: ${data.details}`);
    });
    await new Promise((resolve) => {
      this.hls.on(window.Hls.Events.MANIFEST_PARSED, resolve);
      this.hls.on(window.Hls.Events.ERROR, resolve);
      this.hls.loadSource(sources.hls);
      this.hls.attachMedia(video);
    });
  }
  destroy() { this.hls?.destroy(); }
  qualities() {
    return this.hls.levels.map((level, id) => ({
      id: String(id), width: level.width, height: level.height, bitrate: level.bitrate,
      codecs: level.attrs?.CODECS ?? "", label: label_of(level.height, level.bitrate),
    }));
  }
  quality() { return String(this.hls.currentLevel); }
  set_quality(id) { this.hls.currentLevel = id === "auto" ? -1 : Number(id); }
  audios() { return this.hls.audioTracks.map((track, id) => ({ id: String(id), label: track.name, active: id === this.hls.audioTrack })); }
  set_audio(id) { this.hls.audioTrack = Number(id); }
  texts() { return this.hls.subtitleTracks.map((track, id) => ({ id: String(id), label: track.name, active: id === this.hls.subtitleTrack })); }
  set_text(id) {
    this.hls.subtitleDisplay = id !== "";
    this.hls.subtitleTrack = id === "" ? -1 : Number(id);
  }
  bandwidth() { return this.hls.bandwidthEstimate || 0; }
}

class DashEngine {
  constructor(report) { this.report = report; }

  async load(video, sources) {
    if (!window.dashjs) await script("/player/vendor/dash.js");
    this.player = window.dashjs.MediaPlayer().create();
    this.player.updateSettings({ debug: { logLevel: 0 }, streaming: { text: { defaultEnabled: false } } });
    const events = window.dashjs.MediaPlayer.events;
    this.player.on(events.ERROR, (event) => this.report(event.error?.message ?? String(event.error)));
    await new Promise((resolve) => {
      this.player.on(events.STREAM_INITIALIZED, resolve);
      this.player.on(events.ERROR, resolve);
      this.player.initialize(video, sources.dash, false);
    });
  }
  destroy() { this.player?.destroy(); }
  qualities() {
    return this.player.getRepresentationsByType("video").map((representation) => ({
      id: representation.id, width: representation.width, height: representation.height,
      bitrate: representation.bitrateInKbit * 1000, codecs: representation.codecs ?? "",
      label: label_of(representation.height, representation.bitrateInKbit * 1000),
    }));
  }
  quality() { return this.player.getCurrentRepresentationForType("video")?.id ?? ""; }
  set_quality(id) {
    this.player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: id === "auto" } } } });
    if (id !== "auto") this.player.setRepresentationForTypeById("video", id, true);
  }
  tracks(type) {
    const current = this.player.getCurrentTrackFor(type);
    return this.player.getTracksFor(type).map((track, id) => ({
      id: String(id), track, active: track === current,
      label: track.labels?.[0]?.text || `${track.lang ?? ""} ${track.roles?.[0]?.value ?? ""}`.trim() || `${type} ${id + 1}`,
    }));
  }
  audios() { return this.tracks("audio"); }
  set_audio(id) { this.player.setCurrentTrack(this.tracks("audio")[Number(id)].track); }
  texts() { return this.tracks("text").map((track) => ({ ...track, active: false })); }
  set_text(id) {
    this.player.enableText(id !== "");
    this.player.setTextTrack(id === "" ? -1 : Number(id));
  }
  bandwidth() { return (this.player.getAverageThroughput("video") || 0) * 1000; }
}

class ShakaEngine {
  constructor(report) { this.report = report; }

  async load(video, sources) {
    if (!window.shaka) await script("/player/vendor/shaka-player.js");
    window.shaka.polyfill.installAll();
    this.player = new window.shaka.Player();
    this.player.addEventListener("error", (event) => this.report(`shaka ${event.detail?.code}: ${event.detail?.message ?? ""}`));
    await this.player.attach(video);
    try {
      await this.player.load(sources.dash);
    } catch (error) {
      this.report(`shaka ${error.code ?? ""}: ${error.message ?? error}`);
    }
  }
  destroy() { this.player?.destroy(); }
  /// Variants with the sound that plays now: one for each picture.
  variants() {
    const all = this.player.getVariantTracks();
    const active = all.find((track) => track.active) ?? all[0];
    const best = new Map();
    for (const track of all.filter((each) => each.audioId === active?.audioId)) best.set(track.videoId, track);
    const missing = all.filter((each) => !best.has(each.videoId));
    for (const track of missing) best.set(track.videoId, track);
    return [...best.values()];
  }
  qualities() {
    return this.variants().map((track) => ({
      id: String(track.videoId ?? track.id), width: track.width, height: track.height, bitrate: track.bandwidth,
      codecs: track.codecs ?? "", label: label_of(track.height, track.bandwidth),
    }));
  }
  quality() {
    const active = this.player.getVariantTracks().find((track) => track.active);
    return active ? String(active.videoId ?? active.id) : "";
  }
  set_quality(id) {
    this.player.configure("abr.enabled", id === "auto");
    if (id === "auto") return;
    const track = this.variants().find((each) => String(each.videoId ?? each.id) === id);
    if (track) this.player.selectVariantTrack(track, true);
  }
  audios() {
    return this.player.getAudioTracks().map((track, id) => ({ id: String(id), track, active: track.active, label: track.label || track.language || `Sound ${id + 1}` }));
  }
  set_audio(id) { this.player.selectAudioTrack(this.audios()[Number(id)].track); }
  texts() {
    return this.player.getTextTracks().map((track, id) => ({ id: String(id), track, active: false, label: track.label || track.language || `Captions ${id + 1}` }));
  }
  set_text(id) { this.player.selectTextTrack(id === "" ? null : this.texts()[Number(id)].track); }
  bandwidth() { return this.player.getStats().estimatedBandwidth || 0; }
}

class NativeEngine {
  constructor(report) { this.report = report; }

  async load(video, sources) {
    this.video = video;
    video.src = sources.hls;
    await new Promise((resolve) => {
      video.addEventListener("loadedmetadata", resolve, { once: true });
      video.addEventListener("error", () => {
        this.report("the browser cannot play this stream by itself");
        resolve();
      }, { once: true });
    });
  }
  destroy() { this.video?.removeAttribute("src"); this.video?.load(); }
  qualities() { return []; }
  quality() { return ""; }
  set_quality() {}
  audios() { return []; }
  set_audio() {}
  texts() { return [...this.video.textTracks].map((track, id) => ({ id: String(id), label: track.label || track.language, active: track.mode === "showing" })); }
  set_text(id) { [...this.video.textTracks].forEach((track, index) => { track.mode = String(index) === id ? "showing" : "disabled"; }); }
  bandwidth() { return 0; }
}

export const engines = [
  { id: "hls", label: "hls.js", make: HlsEngine, usable: () => "MediaSource" in window || "ManagedMediaSource" in window },
  { id: "dash", label: "dash.js", make: DashEngine, usable: () => "MediaSource" in window },
  { id: "shaka", label: "Shaka", make: ShakaEngine, usable: () => "MediaSource" in window },
  { id: "native", label: "Native", make: NativeEngine,
    usable: () => document.createElement("video").canPlayType("application/vnd.apple.mpegurl") !== "" },
];
