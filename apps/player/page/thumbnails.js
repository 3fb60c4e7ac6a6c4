// Pictures for the seek bar, from a WebVTT file whose cues name parts of sprites: "sprite.jpg#xywh=0,0,160,90".

function seconds(text) {
  const parts = text.trim().split(':').map(Number);
  return parts.every(Number.isFinite) ? parts.reduce((sum, part) => sum * 60 + part, 0) : NaN;
}

/** The cues of `text` as [{start, end, url, x, y, width, height}] in order of time; what is no such cue is left out. */
export function parseThumbnails(text, base) {
  const cues = [];
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => line.includes('-->'));
    if (at < 0 || !lines[at + 1]) continue;
    const [from, to] = lines[at].split('-->').map((part) => seconds(part.trim().split(/\s/)[0]));
    const [target, fragment = ''] = lines[at + 1].trim().split('#');
    const area = /^xywh=(\d+),(\d+),(\d+),(\d+)$/.exec(fragment);
    if (!Number.isFinite(from) || !(to > from) || !area) continue;
    const url = new URL(target, base);
    if (url.origin !== location.origin) continue;
    const [x, y, width, height] = area.slice(1).map(Number);
    if (width && height) cues.push({start: from, end: to, url: url.href, x, y, width, height});
  }
  return cues.sort((a, b) => a.start - b.start);
}

/** The cues beside the presentation at `source`; none when there is no such file. */
export async function loadThumbnails(source) {
  const url = new URL('thumbnails/thumbnails.vtt', source);
  const response = await fetch(url);
  return response.ok ? parseThumbnails(await response.text(), url) : [];
}

export function thumbnailAt(cues, time) {
  let low = 0;
  let high = cues.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cues[middle].start <= time) low = middle;
    else high = middle - 1;
  }
  const cue = cues[low];
  return cue && time >= cue.start && (time < cue.end || low === cues.length - 1) ? cue : null;
}
