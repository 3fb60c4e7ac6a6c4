import { engines } from "/player/engines.js";
import { load_storyboard, tile_at } from "/player/storyboard.js";

const $ = (id) => document.getElementById(id);
const video = $("video");
const query = new URLSearchParams(location.search);
const source = query.get("src") ?? "/master.m3u8";
const base = source.slice(0, source.lastIndexOf("/") + 1);
const sources = {
  hls: source.endsWith(".mpd") ? base + "master.m3u8" : source,
  dash: source.endsWith(".mpd") ? source : base + "manifest.mpd",
};

let engine = null;
let engine_id = "";
let chosen_quality = "auto";
let storyboard = [];
const errors = [];

function clock(seconds) {
  if (!Number.isFinite(seconds)) return "0:00";
  const whole = Math.floor(seconds);
  const tail = String(whole % 60).padStart(2, "0");
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${String(Math.floor(whole / 60) % 60).padStart(2, "0")}:${tail}`
                       : `${Math.floor(whole / 60)}:${tail}`;
}

function report(text) {
  errors.push(text);
  $("message").textContent = text;
  $("message").hidden = false;
}

function options(select, entries, active) {
  select.replaceChildren(...entries.map(({ id, label }) => new Option(label, id, false, id === active)));
}

function refresh_menus() {
  const by_size = engine.qualities().sort((a, b) => b.bitrate - a.bitrate);
  options($("quality"), [{ id: "auto", label: "Auto" }, ...by_size], chosen_quality);
  const audios = engine.audios();
  $("audio-box").hidden = audios.length < 2;
  options($("audio"), audios, audios.find((track) => track.active)?.id);
  const texts = engine.texts();
  $("text-box").hidden = texts.length === 0;
  options($("text"), [{ id: "", label: "Off" }, ...texts], $("text").value);
}

async function use(id) {
  const wanted = engines.find((each) => each.id === id && each.usable()) ?? engines.find((each) => each.usable());
  const resume = video.currentTime;
  const was_playing = !video.paused;
  engine?.destroy();
  $("message").hidden = true;
  errors.length = 0;
  chosen_quality = "auto";
  engine_id = wanted.id;
  for (const button of $("engines").children) button.setAttribute("aria-checked", String(button.dataset.id === engine_id));
  engine = new wanted.make(report);
  try {
    await engine.load(video, sources);
  } catch (error) {
    report(error.message);
    return;
  }
  refresh_menus();
  if (resume > 0) video.currentTime = resume;
  if (was_playing) await video.play().catch(() => {});
}

function toggle_play() {
  if (video.paused) video.play().catch((error) => report(error.message));
  else video.pause();
}

function set_quality(id) {
  chosen_quality = id;
  engine.set_quality(id);
  $("quality").value = id;
}

function buffered_end() {
  for (let i = 0; i < video.buffered.length; ++i) {
    if (video.currentTime >= video.buffered.start(i) - 0.1 && video.currentTime <= video.buffered.end(i)) return video.buffered.end(i);
  }
  return video.currentTime;
}

function show_facts() {
  const now = engine?.qualities().find((each) => each.id === engine.quality());
  const frames = video.getVideoPlaybackQuality?.();
  const rate = engine?.bandwidth() ?? 0;
  const rows = [
    ["Engine", engines.find((each) => each.id === engine_id)?.label ?? "–"],
    ["Rendition", now ? `${now.width}×${now.height}` : `${video.videoWidth}×${video.videoHeight}`],
    ["Bitrate", now ? `${(now.bitrate / 1e6).toFixed(2)} Mb/s` : "–"],
    ["Bandwidth", rate ? `${(rate / 1e6).toFixed(1)} Mb/s` : "–"],
    ["Buffer", `${Math.max(0, buffered_end() - video.currentTime).toFixed(1)} s`],
    ["Dropped frames", frames ? `${frames.droppedVideoFrames} of ${frames.totalVideoFrames}` : "–"],
    ["Codecs", now?.codecs || "–"],
    ["Position", `${video.currentTime.toFixed(2)} s`],
  ];
  $("facts").replaceChildren(...rows.flatMap(([name, value]) => {
    const term = document.createElement("dt");
    const detail = document.createElement("dd");
    term.textContent = name;
    detail.textContent = value;
    return [term, detail];
  }));
}

function show_position() {
  const length = video.duration || 0;
  $("time").textContent = `${clock(video.currentTime)} / ${clock(length)}`;
  const share = length ? video.currentTime / length : 0;
  $("position").value = String(Math.round(share * 1000));
  $("position").setAttribute("aria-valuetext", clock(video.currentTime));
  $("played").style.width = `${share * 100}%`;
  $("buffered").style.width = `${length ? (buffered_end() / length) * 100 : 0}%`;
}

function show_preview(event) {
  const box = $("seek").getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  const time = share * (video.duration || 0);
  const tile = tile_at(storyboard, time);
  $("preview").hidden = false;
  $("preview").style.left = `${Math.min(box.width - 86, Math.max(86, share * box.width))}px`;
  $("preview-time").textContent = clock(time);
  if (!tile) return;
  const style = $("preview-tile").style;
  style.width = `${tile.width}px`;
  style.height = `${tile.height}px`;
  style.backgroundImage = `url("${tile.sheet}")`;
  style.backgroundPosition = `-${tile.x}px -${tile.y}px`;
}

function toggle_full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else $("stage").requestFullscreen?.();
}

function on_key(event) {
  if (event.target.matches("select, input, button") && event.key === " ") return;
  const actions = {
    " ": toggle_play,
    m: () => { video.muted = !video.muted; },
    f: toggle_full,
    ArrowLeft: () => { video.currentTime -= 5; },
    ArrowRight: () => { video.currentTime += 5; },
    c: () => {
      const next = $("text").value === "" ? $("text").options[1]?.value ?? "" : "";
      $("text").value = next;
      engine.set_text(next);
    },
  };
  const action = actions[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
  event.preventDefault();
  action();
}

function wire() {
  $("engines").replaceChildren(...engines.map(({ id, label, usable }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "radio");
    button.dataset.id = id;
    button.textContent = label;
    button.disabled = !usable();
    button.addEventListener("click", () => use(id));
    return button;
  }));
  for (const id of ["play", "big-play"]) $(id).addEventListener("click", toggle_play);
  video.addEventListener("click", toggle_play);
  $("mute").addEventListener("click", () => { video.muted = !video.muted; });
  $("full").addEventListener("click", toggle_full);
  $("position").addEventListener("input", (event) => { video.currentTime = (Number(event.target.value) / 1000) * (video.duration || 0); });
  $("seek").addEventListener("pointermove", show_preview);
  $("seek").addEventListener("pointerleave", () => { $("preview").hidden = true; });
  $("quality").addEventListener("change", (event) => set_quality(event.target.value));
  $("audio").addEventListener("change", (event) => engine.set_audio(event.target.value));
  $("text").addEventListener("change", (event) => engine.set_text(event.target.value));
  document.addEventListener("keydown", on_key);
  for (const name of ["play", "pause"]) {
    video.addEventListener(name, () => {
      $("stage").classList.toggle("playing", !video.paused);
      $("play").setAttribute("aria-label", video.paused ? "Play" : "Pause");
      $("play").querySelector("path").setAttribute("d", video.paused ? "M8 5v14l11-7z" : "M6 5h4v14H6zm8 0h4v14h-4z");
    });
  }
  video.addEventListener("volumechange", () => $("mute").setAttribute("aria-label", video.muted ? "Unmute" : "Mute"));
  for (const name of ["timeupdate", "progress", "durationchange", "seeked"]) video.addEventListener(name, show_position);
  for (const name of ["loadeddata", "addtrack"]) video.addEventListener(name, () => engine && refresh_menus());
  video.addEventListener("error", () => video.error && video.src && report(video.error.message || "the video cannot be played"));
  setInterval(show_facts, 500);
}

// For tests and for curious people at the console.
window.player = {
  video, errors, use, set_quality,
  set_text: (id) => engine.set_text(id),
  texts: () => engine.texts().map(({ id, label }) => ({ id, label })),
  get engine() { return engine_id; },
  get qualities() { return engine.qualities(); },
  get quality() { return engine.quality(); },
  ready: null,
};

video.muted = query.has("muted");
wire();
load_storyboard(base + "thumbnails/thumbnails.vtt").then((cues) => { storyboard = cues; }).catch(() => {});
if (base !== "/") video.poster = base + "poster.jpg";
window.player.ready = use(query.get("engine") ?? "hls");
