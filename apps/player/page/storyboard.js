// Thumbnails from a WebVTT index whose cues name a rectangle of a sheet: "sheet_001.jpg#xywh=160,0,160,90".

function seconds(text) {
  return text.trim().split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

export async function load_storyboard(url) {
  const answer = await fetch(url);
  if (!answer.ok) return [];
  const cues = [];
  for (const block of (await answer.text()).split(/\r?\n\r?\n/)) {
    const match = block.match(/([\d:.]+) --> ([\d:.]+).*\r?\n(.+)#xywh=(\d+),(\d+),(\d+),(\d+)/);
    if (!match) continue;
    const [, start, end, file, x, y, width, height] = match;
    cues.push({ start: seconds(start), end: seconds(end), sheet: new URL(file, new URL(url, location.href)).href,
                x: Number(x), y: Number(y), width: Number(width), height: Number(height) });
  }
  return cues;
}

export function tile_at(cues, time) {
  return cues.find((cue) => time >= cue.start && time < cue.end) ?? cues.at(-1);
}
