// Plays a protected presentation from an origin that answers 403 without a token: each delivery method with each engine that
// knows it, and each engine without a grant. Usage: node protected.mjs STREAMFORGE PRESENTATION WORK_FOLDER
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";

const [streamforge, presentation, work] = process.argv.slice(2);
const patience_ms = 120000;
const entries = { hls: "master.m3u8", dash: "manifest.mpd" };
const engines = { hls: ["hls.js", "shaka"], dash: ["dash.js", "shaka"] };
const scripts = { "hls.js": "hls", "dash.js": "dash", shaka: "shaka-player" };
const methods = {
  "path-token": ["hls", "dash"], "define-query": ["hls"], "annex-i": ["dash"], cookies: ["hls", "dash"], rewritten: ["hls", "dash"],
  "player-query": ["hls", "dash"],
};
let passed = 0;
let failed = 0;

function check(name, good, detail = "") {
  console.log(`${good ? "ok" : "not ok"} ${name}${good ? "" : ": " + detail}`);
  good ? ++passed : ++failed;
}

const key = path.join(work, "token.key");
fs.writeFileSync(key, "the key of a test, 32 bytes long");
const keyOptions = ["--key-file", key, "--key-id", "k1"];

/** Serves a folder behind tokens. */
async function serve(folder) {
  const server = spawn(streamforge, ["serve", folder, "--port", "0", "--json", "--require-token", ...keyOptions], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((resolve, reject) => {
    server.stdout.once("data", (data) => resolve(String(data)));
    server.once("exit", () => reject(new Error("the server did not start")));
  });
  return { server, url: JSON.parse(line.split("\n")[0]).url };
}

/** What a back end would hand to its page. Edited manifests are put into the folder that is served. */
function grant(folder, base, format, method) {
  const players = method === "define-query" ? "hls.js,shaka" : method === "annex-i" ? "dash.js,shaka" : "hls.js,dash.js,shaka";
  const text = execFileSync(streamforge, ["grant", path.join(presentation, entries[format]), "--url", base + entries[format], "--provider", "local",
    ...keyOptions, "--expires-in", "10m", "--method", method, "--players", players, "--allow-everything", "--to", folder, "--json"], { encoding: "utf8" });
  return JSON.parse(text);
}

/** A page of the protected origin with one engine, loading `granted`; `query` is what the page adds to each request itself. */
async function open(browser, base, engine, granted) {
  const page = await browser.newPage();
  const refused = [];
  const fetched = [];
  page.on("response", (response) => {
    const where = new URL(response.url());
    if (where.pathname.startsWith("/player/") || ["/", "/none"].includes(where.pathname) || !response.url().startsWith(base)) return;
    (response.status() === 403 ? refused : fetched).push(response.url());
  });
  await page.goto(`${base}?src=/none`);
  for (const [name, value] of Object.entries(granted.cookies ?? {})) await page.setCookie({ name, value, url: base });
  refused.length = 0;
  await page.addScriptTag({ url: `/player/vendor/${scripts[engine]}.js` });
  await page.evaluate(start, engine, granted.url, granted.query ?? "");
  return { page, refused, fetched };
}

/** Runs in the page. */
function start(engine, url, query) {
  const video = document.createElement("video");
  video.muted = true;
  document.body.replaceChildren(video);
  window.subject = { video, error: null };
  const fail = (text) => { window.subject.error ??= text; };
  const withQuery = (address) => (query === "" || address.includes(query) ? address : address + (address.includes("?") ? "&" : "?") + query);
  video.addEventListener("error", () => fail("video element: " + video.error?.message));
  if (engine === "hls.js") {
    const hls = new Hls({
      xhrSetup: (request, address) => { if (query !== "") request.open("GET", withQuery(address), true); },
      manifestLoadPolicy: { default: { ...Hls.DefaultConfig.manifestLoadPolicy.default, errorRetry: null, timeoutRetry: null } },
    });
    hls.on(Hls.Events.ERROR, (_, data) => { if (data.fatal) fail(`${data.details} ${data.response?.code ?? ""}`); });
    hls.loadSource(url);
    hls.attachMedia(video);
  } else if (engine === "dash.js") {
    const player = dashjs.MediaPlayer().create();
    player.updateSettings({ debug: { logLevel: 0 }, streaming: { retryAttempts: { MPD: 0 } } });
    if (query !== "") player.addRequestInterceptor((request) => Promise.resolve({ ...request, url: withQuery(request.url) }));
    player.on(dashjs.MediaPlayer.events.ERROR, (event) => {
      fail(`${event.error?.code} ${event.error?.message} ${event.error?.data?.response?.status ?? ""}`);
    });
    player.initialize(video, url, false);
  } else {
    const player = new shaka.Player();
    player.configure({ manifest: { retryParameters: { maxAttempts: 1 } } });
    if (query !== "") player.getNetworkingEngine().registerRequestFilter((_, request) => { request.uris = request.uris.map(withQuery); });
    const told = (error) => fail(`shaka ${error.code} ${error.data?.slice(0, 2).join(" ")}`);
    player.addEventListener("error", ({ detail }) => told(detail));
    player.attach(video).then(() => player.load(url)).catch(told);
  }
  const play = () => video.play().catch(() => {});
  video.addEventListener("canplay", play, { once: true });
}

async function until(page, condition, ...values) {
  try {
    await page.waitForFunction(condition, { timeout: patience_ms, polling: 100 }, ...values);
    return true;
  } catch {
    return false;
  }
}

async function play_granted(browser, method, format) {
  const folder = path.join(work, `${method}-${format}`);
  fs.cpSync(presentation, folder, { recursive: true });
  const { server, url: base } = await serve(folder);
  try {
    const granted = grant(folder, base, format, method);
    for (const engine of engines[format]) {
      const name = `${engine} plays ${format} by ${method}`;
      const { page, refused, fetched } = await open(browser, base, engine, granted);
      const plays = await until(page, () => window.subject.error !== null || window.subject.video.currentTime > 1);
      const { error, time } = await page.evaluate(() => ({ error: window.subject.error, time: window.subject.video.currentTime }));
      check(name, plays && error === null && time > 1, `${error} at ${time} s; refused: ${refused.slice(0, 3)}`);
      check(`${name}: no request is refused`, refused.length === 0 && fetched.some((url) => /seg_|\.m4s/.test(url)), refused.slice(0, 3).join(" "));
      for (const cookie of Object.keys(granted.cookies ?? {})) await page.deleteCookie({ name: cookie, url: base });
      await page.close();
    }
  } finally {
    server.kill();
  }
}

async function play_without_grant(browser) {
  const { server, url: base } = await serve(presentation);
  try {
    for (const [format, names] of Object.entries(engines)) {
      for (const engine of names) {
        const { page, refused } = await open(browser, base, engine, { url: base + entries[format] });
        await until(page, () => window.subject.error !== null || window.subject.video.currentTime > 0.2);
        const { error, time } = await page.evaluate(() => ({ error: window.subject.error, time: window.subject.video.currentTime }));
        check(`${engine} without a grant for ${format} says so`, error !== null && time === 0 && refused.length > 0, `${error} at ${time} s`);
        if (engine !== "dash.js") check(`${engine} tells 403`, / 403|403/.test(error ?? ""), String(error));
        await page.close();
      }
    }
    const page = await browser.newPage();
    await page.goto(`${base}?src=/${entries.hls}`);
    await until(page, () => !document.getElementById("notice").hidden);
    const notice = await page.$eval("#notice", (element) => element.innerText);
    check("the page says that it may not play", /Not allowed/.test(notice) && /403/.test(notice), notice);
    await page.close();
  } finally {
    server.kill();
  }
}

const profile = fs.mkdtempSync(path.join(os.tmpdir(), "streamforge-e2e-"));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  userDataDir: profile,
  args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-quic", "--autoplay-policy=no-user-gesture-required"],
});
try {
  for (const [method, formats] of Object.entries(methods)) {
    for (const format of formats) await play_granted(browser, method, format);
  }
  await play_without_grant(browser);
} catch (error) {
  check("the browser stays up", false, error.stack);
} finally {
  await browser.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
