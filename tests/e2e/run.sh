#!/usr/bin/env bash
# Makes a presentation, serves it with the program, and plays it in headless Chromium with each engine.
# Usage: run.sh STREAMFORGE [--screenshot FILE.png [FOLDER]]. Closes with "N passed, N failed".
set -euo pipefail
streamforge=$(realpath "${1:?usage: run.sh STREAMFORGE}")
shift
here=$(cd "$(dirname "$0")" && pwd)
modules=${STREAMFORGE_E2E_CACHE:-$here/../../build/e2e}
work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

mkdir -p "$modules"
cp "$here/package.json" "$here/package-lock.json" "$modules/"
[ -d "$modules/node_modules/puppeteer-core" ] || (cd "$modules" && npm ci --ignore-scripts --no-audit --no-fund >"$work/npm.log" 2>&1) || { cat "$work/npm.log"; exit 1; }

screenshot=
presentation=$work/presentation
if [ "${1:-}" = --screenshot ]; then
  screenshot=$(realpath -m "${2:?--screenshot needs a file}")
  [ -n "${3:-}" ] && presentation=$(realpath "$3")
fi
if [ ! -d "$presentation" ]; then
  printf '1\n00:00:01,000 --> 00:00:05,000\nFirst line\n\n2\n00:00:06,000 --> 00:00:11,000\nSecond <i>line</i>\n' >"$work/en.srt"
  ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=1280x720:rate=30000/1001 -f lavfi -i sine=440:r=48000 \
    -f lavfi -i sine=660:r=48000 -i "$work/en.srt" -map 0 -map 1 -map 2 -map 3 -t 14 -c:v libx264 -preset ultrafast -crf 20 \
    -c:a aac -ac 2 -c:s srt -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu -metadata:s:s:0 language=eng "$work/clip.mkv"
  "$streamforge" process "$work/clip.mkv" --to "$presentation" --speed ultrafast >/dev/null 2>"$work/process.log" ||
    { cat "$work/process.log"; exit 1; }
fi

"$streamforge" serve "$presentation" --port 0 --json >"$work/serve.log" 2>&1 &
server=$!
for _ in $(seq 100); do
  grep -q '"serving"' "$work/serve.log" && break
  sleep 0.1
done
url=$(sed -nE 's/.*"url":"([^"]+)".*/\1/p' "$work/serve.log" | head -n 1)
[ -n "$url" ] || { echo "the server did not start"; cat "$work/serve.log"; exit 1; }
cp "$here"/*.mjs "$modules/"
if [ -n "$screenshot" ]; then
  node "$modules/play.mjs" "$url" "$screenshot"
  exit
fi
mkdir "$work/protected"
status=0
{ node "$modules/play.mjs" "$url" && node "$modules/protected.mjs" "$streamforge" "$presentation" "$work/protected"; } | tee "$work/checks.log" || status=1
awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 } END { print passed " passed, " failed " failed" }' "$work/checks.log"
exit $status
