#!/usr/bin/env bash
# Makes a 30 s 1080p clip: moving picture, burnt-in clock, tones that follow it. Usage: make-demo-clip.sh OUT.mp4
set -euo pipefail
out=${1:?usage: make-demo-clip.sh OUT.mp4}
font=/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf
clock="drawtext=fontfile=$font:text='%{pts\\:hms}':fontsize=120:fontcolor=white:box=1:boxcolor=black@0.55:boxborderw=24:x=(w-tw)/2:y=h-th-80"
mkdir -p "$(dirname "$out")"
echo "Making a clip: $out"
# A fractal that zooms behind the test picture keeps the encoder honest; one beep each second is easy to compare by ear.
ffmpeg -nostdin -v error -y \
  -f lavfi -i "testsrc2=size=960x1080:rate=30" \
  -f lavfi -i "mandelbrot=size=480x540:rate=30:maxiter=150:end_scale=0.05" \
  -f lavfi -i "aevalsrc='0.2*sin(2*PI*(330+110*floor(mod(t,4)))*t)*lt(mod(t,1),0.15)+0.05*sin(2*PI*110*t)|0.05*sin(2*PI*165*t)+0.2*sin(2*PI*880*t)*lt(mod(t,1),0.08)':s=48000" \
  -filter_complex "[1:v]scale=960:1080[m];[0:v][m]hstack,format=yuv420p,$clock[v]" -map "[v]" -map 2:a \
  -t 30 -c:v libx264 -preset veryfast -crf 22 -color_primaries bt709 -color_trc bt709 -colorspace bt709 -c:a aac -b:a 160k \
  -movflags +faststart "$out.partial.mp4"
mv "$out.partial.mp4" "$out"
