// Uploads from a browser straight into a MinIO: pause, reload, failing parts, expired URLs; then the same with Uppy.
// Usage: node upload.mjs STREAMFORGE UPLOAD_DESK MINIO UPLOADER.js UPPY.js
import { spawn, execFileSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import puppeteer from "puppeteer-core";

const [streamforge, desk_program, minio_program, uploader, uppy] = process.argv.slice(2);
const keys = { AWS_ACCESS_KEY_ID: "test-access-key", AWS_SECRET_ACCESS_KEY: "test-secret-key-0123456789" };
const part_bytes = 5 << 20;
let passed = 0;
let failed = 0;

function check(name, good, detail = "") {
  console.log(`${good ? "ok" : "not ok"} ${name}${good ? "" : ": " + detail}`);
  good ? ++passed : ++failed;
}

const free_port = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

async function start_minio(folder) {
  const port = await free_port();
  fs.mkdirSync(path.join(folder, "bucket"), { recursive: true });  // a folder is a bucket
  const child = spawn(minio_program, ["server", "--quiet", "--address", `127.0.0.1:${port}`, "--console-address", `127.0.0.1:${await free_port()}`, folder], {
    env: { PATH: process.env.PATH, HOME: folder, MINIO_ROOT_USER: keys.AWS_ACCESS_KEY_ID, MINIO_ROOT_PASSWORD: keys.AWS_SECRET_ACCESS_KEY, MINIO_CI_CD: "1", MINIO_UPDATE: "off" },
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  for (let turn = 0; turn < 300; ++turn) {
    const answer = await fetch(`${url}/minio/health/live`).catch(() => null);
    if (answer?.ok) return { child, url };
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error("minio did not start");
}

/** The back end: our library signs, in a process of its own. */
function start_desk(url) {
  const child = spawn(desk_program, [url, "bucket", "minio", "in/", String(part_bytes)], { env: { ...process.env, ...keys }, stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  readline.createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()(line));
  const ask = (message) => new Promise((resolve) => {
    waiting.push(resolve);
    child.stdin.write(JSON.stringify(message) + "\n");
  });
  return { child, ask };
}

function start_site(desk, log) {
  const files = { "/uploader.js": uploader, "/uppy.js": uppy };
  const server = http.createServer(async (request, response) => {
    if (request.method === "POST") {
      let text = "";
      for await (const slice of request) text += slice;
      const message = JSON.parse(text);
      log.push(message);
      response.setHeader("content-type", "application/json");
      return response.end(await desk.ask(message));
    }
    const file = files[request.url];
    response.setHeader("content-type", file ? "text/javascript" : "text/html");
    response.end(file ? fs.readFileSync(file) : "<!doctype html><meta charset=utf-8><link rel=icon href=data:,><script src=/uppy.js></script>");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve({ server, url: `http://127.0.0.1:${server.address().port}` })));
}

/** In the page: the same file each time, as a person would choose it again. */
const prepare = async (page, url) => {
  await page.goto(url);
  await page.evaluate(async () => {
    const { Upload, crc64nvme } = await import("/uploader.js");
    window.crc64nvme = crc64nvme;
    window.make_file = (name, size, seed) => {
      const words = new Uint32Array(Math.ceil(size / 4));
      for (let i = 0, x = seed; i < words.length; ++i) words[i] = x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      return new File([new Uint8Array(words.buffer, 0, size)], name, { type: "video/quicktime", lastModified: 1700000000000 });
    };
    window.begin = (name, size, seed, options = {}) => {
      window.reports = [];
      window.upload = new Upload(window.make_file(name, size, seed), {
        backend: "/uploads", onprogress: (sent, all, parts) => window.reports.push([sent, all, { ...parts }]), ...options,
      });
      window.outcome = undefined;
      window.ending = window.upload.start().then((v) => { window.outcome = { value: v }; }, (e) => { window.outcome = { error: e.message, code: e.code }; });
    };
  });
};

function expected_sum(size, seed) {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let i = 0, x = seed; i < words.length; ++i) words[i] = x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
  return crypto.createHash("sha256").update(new Uint8Array(words.buffer, 0, size)).digest("hex");
}

async function main() {
  const folder = fs.mkdtempSync(path.join(fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir(), "streamforge-upload-"));
  const minio = await start_minio(path.join(folder, "data"));
  const desk = start_desk(minio.url);
  const messages = [];
  const site = await start_site(desk, messages);
  const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"], userDataDir: path.join(folder, "profile") });
  const cli = (...words) => execFileSync(streamforge, words, { env: { ...process.env, ...keys, HOME: folder, AWS_ENDPOINT_URL: minio.url, AWS_REGION: "us-east-1", NO_PROXY: "127.0.0.1" }, maxBuffer: 1 << 28 });
  const stored_sum = (key) => crypto.createHash("sha256").update(cli("download", `s3://bucket/${key}`, "-")).digest("hex");
  const uploads_left = () => cli("ls", "s3://bucket/in/", "--uploads", "--json").toString().split("\n").filter((l) => l.includes('"upload"')).length;
  try {
    const page = await browser.newPage();
    const complaints = [];
    page.on("pageerror", (e) => complaints.push(e.message));
    // Every part's PUT passes here: counted, and broken when a test wants it so.
    let puts = [];
    let meddle = () => null;
    await page.setRequestInterception(true);
    page.on("request", (request) => {
      if (request.method() !== "PUT") return request.continue();
      const number = Number(new URL(request.url()).searchParams.get("partNumber"));
      const what = meddle(number, puts.filter((n) => n === number).length);
      puts.push(number);
      if (what === "abort") return request.abort("connectionreset");
      if (what) return request.respond({ status: what, headers: { "access-control-allow-origin": "*" }, body: "" });
      request.continue();
    });
    const ended = async () => {
      await page.waitForFunction("window.outcome !== undefined", { timeout: 120000, polling: 50 });
      return page.evaluate(() => window.outcome);
    };
    const sent_parts = (count) => page.waitForFunction((n) => Object.keys(window.upload.state?.sums ?? {}).length >= n, { timeout: 120000, polling: 10 }, count);
    await prepare(page, site.url);

    check("uploader: the source is at most 6 KB", fs.statSync(uploader).size <= 6 * 1024, String(fs.statSync(uploader).size));
    check("uploader: CRC-64/NVME has its check value", (await page.evaluate(() => crc64nvme(new TextEncoder().encode("123456789").buffer))) === "rosUhgp5mIg=");
    const agrees = await page.evaluate(() => {
      const plain = (bytes) => {
        let s = 0xffffffffffffffffn;
        for (const b of bytes) { s ^= BigInt(b); for (let i = 0; i < 8; ++i) s = (s >> 1n) ^ (s & 1n ? 0x9a6c9329ac4bc9b5n : 0n); }
        s ^= 0xffffffffffffffffn;
        return btoa(String.fromCharCode(...[7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((i) => Number((s >> (8n * i)) & 255n))));
      };
      for (let n = 0; n < 70; ++n) {
        const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 37 + n) & 255);
        if (crc64nvme(bytes.buffer) !== plain(bytes)) return n;
      }
      return -1;
    });
    check("uploader: and agrees with its definition at every length", agrees === -1, `length ${agrees}`);

    const size = 4 * part_bytes + 4321;
    await page.evaluate((n) => begin("plain.mov", n, 1), size);
    let outcome = await ended();
    check("uploader: uploads a file", outcome.value?.key === "in/plain.mov" && outcome.value?.size === size, JSON.stringify(outcome));
    check("uploader: the store's checksum is the browser's", outcome.value?.verified === true, JSON.stringify(outcome));
    check("uploader: the object is the file", stored_sum("in/plain.mov") === expected_sum(size, 1));
    const reports = await page.evaluate(() => ({ count: reports.length, last: reports.at(-1), over: reports.some(([s, all]) => s > all) }));
    check("uploader: tells progress, part by part", reports.count >= 5 && reports.last[0] === size && Object.keys(reports.last[2]).length === 5 && !reports.over, JSON.stringify(reports));
    check("uploader: no part is sent twice", puts.length === 5, String(puts));

    puts = [];
    await page.evaluate((n) => begin("paused.mov", n, 2, { parallel: 1 }), size);
    await sent_parts(2);
    await page.evaluate(() => upload.pause());
    outcome = await ended();
    const before = await page.evaluate(() => Object.keys(upload.state.sums).map(Number));
    check("uploader: pauses", outcome.value === undefined && !outcome.error && before.length >= 2 && before.length < 5, JSON.stringify([outcome, before]));
    const at_pause = puts.length;
    await page.evaluate(() => { window.outcome = undefined; upload.start().then((v) => { window.outcome = { value: v }; }, (e) => { window.outcome = { error: e.message }; }); });
    outcome = await ended();
    check("uploader: goes on after a pause", outcome.value?.verified === true && stored_sum("in/paused.mov") === expected_sum(size, 2), JSON.stringify(outcome));
    check("uploader: without sending again what had arrived", !puts.slice(at_pause).some((n) => before.includes(n)), `${before} then ${puts.slice(at_pause)}`);

    puts = [];
    await page.evaluate((n) => begin("reloaded.mov", n, 3, { parallel: 1 }), size);
    await sent_parts(2);
    const kept = await page.evaluate(() => Object.keys(JSON.parse(localStorage.getItem(upload.mark)).sums).map(Number));
    await page.reload();
    await prepare(page, site.url);
    const at_reload = puts.length;
    await page.evaluate((n) => begin("reloaded.mov", n, 3), size);
    outcome = await ended();
    check("uploader: goes on after a reload", outcome.value?.verified === true && stored_sum("in/reloaded.mov") === expected_sum(size, 3), JSON.stringify(outcome));
    check("uploader: and keeps the parts that had arrived", kept.length >= 2 && !puts.slice(at_reload).some((n) => kept.includes(n)), `${kept} then ${puts.slice(at_reload)}`);

    puts = [];
    meddle = (_, tries) => (tries === 0 ? "abort" : tries === 1 ? 503 : tries === 2 ? 403 : null);
    messages.length = 0;
    await page.evaluate((n) => begin("bumpy.mov", n, 4), size);
    outcome = await ended();
    check("uploader: a part may fail three times", outcome.value?.verified === true && puts.length === 20, JSON.stringify([outcome, puts]));
    check("uploader: asks for new URLs for what failed", messages.filter((m) => m.action === "sign").flatMap((m) => m.parts).length === 20);
    meddle = (number) => (number === 3 ? 503 : null);
    puts = [];
    await page.evaluate((n) => begin("broken.mov", n, 5), size);
    outcome = await ended();
    check("uploader: and no more than three", outcome.error !== undefined && puts.filter((n) => n === 3).length === 4, JSON.stringify([outcome, puts]));
    meddle = () => null;
    await page.evaluate(() => { window.outcome = undefined; upload.start().then((v) => { window.outcome = { value: v }; }, (e) => { window.outcome = { error: e.message }; }); });
    outcome = await ended();
    check("uploader: a failed upload can still be finished", outcome.value?.verified === true && stored_sum("in/broken.mov") === expected_sum(size, 5), JSON.stringify(outcome));

    await page.evaluate((n) => begin("given-up.mov", n, 6, { parallel: 1 }), size);
    await sent_parts(1);
    await page.evaluate(() => upload.abort());
    await ended();
    check("uploader: an aborted upload leaves nothing", uploads_left() === 0, String(uploads_left()));
    await page.evaluate(() => begin("empty.mov", 0, 7));
    outcome = await ended();
    check("uploader: an empty file is an object too", outcome.value?.size === 0, JSON.stringify(outcome));
    const refused = JSON.parse(await desk.ask({ action: "sign", key: "elsewhere/x", uploadId: "u", parts: [{ number: 1 }] }));
    check("back end: keys outside the prefix are refused", refused.error?.code === "permission_denied", JSON.stringify(refused));
    const removal = JSON.parse(await desk.ask({ action: "presign", method: "DELETE", key: "in/plain.mov" }));
    check("back end: nothing but uploads is signed", removal.error?.code === "permission_denied", JSON.stringify(removal));

    // @uppy/aws-s3 over the same messages.
    puts = [];
    meddle = (number, tries) => (number === 2 && tries === 0 ? 503 : null);
    outcome = await page.evaluate(async (n) => {
      const uppy = new Uppy().use(AwsS3, {
        shouldUseMultipart: true,
        getChunkSize: () => 5 << 20,
        generateObjectKey: (file) => "in/" + file.name,
        signRequest: async ({ method, key, uploadId, partNumber }) => {
          const answer = await fetch("/uploads", { method: "POST", body: JSON.stringify({ action: "presign", method, key, uploadId, partNumber }) });
          return answer.json();
        },
      });
      uppy.addFile({ name: "uppy.mov", type: "video/quicktime", data: make_file("uppy.mov", n, 8) });
      const result = await uppy.upload();
      return { good: result.successful.length, bad: result.failed.map((f) => f.error) };
    }, size);
    check("uppy: uploads over the same back end", outcome.good === 1, JSON.stringify(outcome));
    check("uppy: a part that failed is sent again", puts.filter((n) => n === 2).length === 2, String(puts));
    check("uppy: the object is the file", stored_sum("in/uppy.mov") === expected_sum(size, 8));
    check("uploads: none is left behind", uploads_left() === 0, String(uploads_left()));
    check("uploads: the page has nothing to complain of", complaints.length === 0, complaints.join(" | "));
  } finally {
    await browser.close();
    site.server.close();
    desk.child.stdin.end();
    minio.child.kill("SIGKILL");
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

main().catch((error) => check("uploads", false, error.stack)).finally(() => {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
});
