// Uploads a file in parts straight into a bucket; the back end only signs: docs/schema/browser-uploads.md

// CRC-64/NVME, eight bytes at a time: table k at 512 * k, low and high words in turn.
const T = new Uint32Array(4096);
for (let b = 0; b < 256; b++) {
  let l = b, h = 0;
  for (let i = 0; i < 8; i++) {
    const odd = l & 1;
    l = (l >>> 1) | (h << 31);
    h >>>= 1;
    if (odd) { l ^= 0xac4bc9b5; h ^= 0x9a6c9329; }
  }
  T[2 * b] = l;
  T[2 * b + 1] = h;
}
for (let i = 512; i < 4096; i += 2) {
  const l = T[i - 512], h = T[i - 511], b = 2 * (l & 255);
  T[i] = ((l >>> 8) | (h << 24)) ^ T[b];
  T[i + 1] = (h >>> 8) ^ T[b + 1];
}

/** The checksum of an ArrayBuffer, as S3 writes it: base64 of the big-endian value. */
export function crc64nvme(buffer) {
  const d = new DataView(buffer), n = buffer.byteLength;
  let l = -1, h = -1, i = 0;
  for (; i + 8 <= n; i += 8) {
    const a = l ^ d.getUint32(i, true), c = h ^ d.getUint32(i + 4, true);
    l = h = 0;
    for (let k = 0; k < 4; k++) {
      const p = (7 - k) * 512 + 2 * ((a >>> (8 * k)) & 255), q = (3 - k) * 512 + 2 * ((c >>> (8 * k)) & 255);
      l ^= T[p] ^ T[q];
      h ^= T[p + 1] ^ T[q + 1];
    }
  }
  for (; i < n; i++) {
    const p = 2 * ((l ^ d.getUint8(i)) & 255);
    l = ((l >>> 8) | (h << 24)) ^ T[p];
    h = (h >>> 8) ^ T[p + 1];
  }
  const out = new DataView(new ArrayBuffer(8));
  out.setUint32(0, ~h);
  out.setUint32(4, ~l);
  return btoa(String.fromCharCode(...new Uint8Array(out.buffer)));
}

export class Upload {
  constructor(file, options) {
    Object.assign(this, { file, parallel: 4, retries: 3, headers: {}, store: globalThis.localStorage, onprogress() {} }, options);
    this.mark = ['upload', this.backend, file.name, file.size, file.lastModified].join(':');
    this.live = new Map();
  }

  /** One message to the back end. */
  async ask(action, more) {
    const s = this.state || {};
    const answer = await fetch(this.backend, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.headers },
      body: JSON.stringify({ action, key: s.key, uploadId: s.uploadId, ...more }),
    });
    const json = await answer.json();
    if (json.error) throw Object.assign(new Error(json.error.message), json.error);
    return json;
  }

  save() {
    try { this.store.setItem(this.mark, JSON.stringify(this.state)); } catch { }
  }

  forget() {
    this.state = null;
    try { this.store.removeItem(this.mark); } catch { }
  }

  length(n) { return Math.min(this.state.partSize, this.file.size - (n - 1) * this.state.partSize); }

  read(n) {
    const at = (n - 1) * this.state.partSize;
    return this.file.slice(at, at + this.length(n)).arrayBuffer();
  }

  /** Begins or goes on; ends with what the store made, or with undefined after a pause. */
  async start() {
    this.paused = false;
    this.sent = {};
    if (!this.state) try { this.state = JSON.parse(this.store.getItem(this.mark)); } catch { }
    if (this.state) try {
      for (const p of (await this.ask('list')).parts) if (p.size === this.length(p.number)) this.sent[p.number] = p.size;
    } catch (e) {
      if (e.code !== 'not_found') throw e;
      this.forget();
      this.sent = {};
    }
    if (!this.state) {
      this.state = { ...(await this.ask('create', { name: this.file.name, size: this.file.size, type: this.file.type, checksums: true })), sums: {} };
      this.save();
    }
    this.next = 1;
    this.report();
    await Promise.all(Array.from({ length: this.parallel }, () => this.work()));
    if (this.paused) return;
    const { sums, parts } = this.state;
    // A part that arrived just before a crash: its checksum is still to be computed.
    for (let n = 1; n <= parts; n++) sums[n] ??= crc64nvme(await this.read(n));
    const done = await this.ask('complete', { parts: Array.from({ length: parts }, (_, i) => ({ number: i + 1, crc64nvme: sums[i + 1] })) });
    this.forget();
    return done;
  }

  pause() {
    this.paused = true;
    for (const request of this.live.values()) request.abort();
  }

  async abort() {
    this.pause();
    if (this.state) await this.ask('abort');
    this.forget();
  }

  report() {
    let all = 0;
    for (const n in this.sent) all += this.sent[n];
    this.onprogress(all, this.file.size, this.sent);
  }

  async work() {
    while (!this.paused && this.next <= this.state.parts) {
      const n = this.next++;
      if (n in this.sent) continue;
      for (let left = this.retries; ; left--) {
        try {
          await this.part(n);
          break;
        } catch (e) {
          delete this.sent[n];
          if (this.paused) return;
          if (left < 1) { this.pause(); throw e; }
          await new Promise((r) => setTimeout(r, 250 * 2 ** (this.retries - left) * (1 + Math.random())));
        }
      }
    }
  }

  /** Where the part goes: what is wanted at about the same time is asked for together. */
  async sign(number, crc64nvme) {
    this.batch ||= new Promise((r) => setTimeout(r, 20)).then(() => {
      const { parts } = this.batch;
      this.batch = null;
      return this.ask('sign', { parts });
    });
    (this.batch.parts ||= []).push(this.state.checksums ? { number, crc64nvme } : { number });
    return (await this.batch).parts.find((p) => p.number === number);
  }

  async part(n) {
    const bytes = await this.read(n);
    const sum = crc64nvme(bytes), to = await this.sign(n, sum);
    if (this.paused) return;
    await new Promise((done, fail) => {
      const x = new XMLHttpRequest();
      this.live.set(n, x);
      x.open('PUT', to.url);
      for (const name in to.headers) x.setRequestHeader(name, to.headers[name]);
      x.upload.onprogress = (e) => { this.sent[n] = e.loaded; this.report(); };
      x.onload = () => (x.status === 200 ? done() : fail(new Error('status ' + x.status)));
      x.onerror = x.onabort = () => fail(new Error('the connection failed'));
      x.send(bytes);
    }).finally(() => this.live.delete(n));
    this.state.sums[n] = sum;
    this.sent[n] = bytes.byteLength;
    this.save();
    this.report();
  }
}
