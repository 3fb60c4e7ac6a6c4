#!/usr/bin/env bash
# From a fresh Debian 12 to an adaptive stream in the browser.
# Usage: scripts/demo.sh [--no-serve] [--speed PRESET] [--port N] [VIDEO]
set -euo pipefail
cd "$(dirname "$0")/.."
caller_dir=${OLDPWD:-$PWD}

serve=yes
speed=veryfast
port=8080
video=
while [ $# -gt 0 ]; do
  case "$1" in
    --no-serve) serve=no ;;
    --speed) speed=${2:?--speed needs a preset}; shift ;;
    --port) port=${2:?--port needs a number}; shift ;;
    -h|--help) sed -n '2,3s/^# //p' "$0"; exit 0 ;;
    -*) echo "unknown option: $1" >&2; exit 2 ;;
    *) video=$1 ;;
  esac
  shift
done
case "$video" in ""|/*) ;; *) video=$caller_dir/$video ;; esac

scripts/install-deps.sh demo

build=build/demo
if [ ! -f "$build/build.ninja" ]; then
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSTREAMFORGE_TESTS=OFF -DSTREAMFORGE_EXAMPLES=OFF >/dev/null
fi
echo "Building (the first time takes some minutes) …"
cmake --build "$build" --target streamforge_app | tail -n 1
streamforge=$build/apps/streamforge/streamforge

if [ -z "$video" ]; then
  video=$build/demo-clip.mp4
  [ -f "$video" ] || scripts/make-demo-clip.sh "$video"
fi

name=$(basename "$video")
output=$build/presentations/${name%.*}
if [ "$output/master.m3u8" -nt "$video" ]; then
  echo "Already made: $output"
else
  "$streamforge" process "$video" --to "$output" --speed "$speed" --overwrite
fi

[ "$serve" = yes ] || exit 0
exec "$streamforge" serve "$output" --port "$port"
