#!/usr/bin/env python3
"""Packaging a long MP4 without encoding, against `ffmpeg -c copy -f hls` and `cp`; and memory against length.

Usage: package.py STREAMFORGE [--megabytes N] [--runs N]
"""
import argparse
import pathlib
import subprocess
import tempfile

import measure


def make_long(seed, path, megabytes):
    """Repeats a short clip, without encoding, until it is long enough."""
    times = max(1, round(megabytes * 1e6 / seed.stat().st_size))
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop", str(times - 1), "-i", str(seed), "-c", "copy",
                    str(path)], check=True)


def make_seed(path):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i",
                    "testsrc2=size=1280x720:rate=30,noise=alls=8:allf=t", "-f", "lavfi", "-i", "sine=440:r=48000", "-t", "20",
                    "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "6M", "-force_key_frames", "expr:gte(t,n_forced*2)",
                    "-c:a", "aac", "-ac", "2", str(path)], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("streamforge")
    parser.add_argument("--megabytes", type=int, default=800)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        seed, long = work / "seed.mp4", work / "long.mp4"
        make_seed(seed)
        make_long(seed, long, arguments.megabytes)
        out = work / "out"
        package = [[arguments.streamforge, "package", str(long), "--to", str(out), "--segment", "4s"]]
        hls = [["mkdir", "-p", str(out)],
               ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(long), "-c", "copy", "-f", "hls", "-hls_segment_type", "fmp4",
                "-hls_time", "4", "-hls_playlist_type", "vod", str(out / "index.m3u8")]]
        copy = [["mkdir", "-p", str(out)], ["cp", "--reflink=never", str(long), str(out / "copy.mp4")]]
        print(f"{measure.machine()}; {long.stat().st_size / 1e6:.0f} MB MP4")
        measure.compare("package against ffmpeg -c copy -f hls", package, hls, arguments.runs, clean=(out,))
        measure.compare("package against cp", package, copy, arguments.runs, clean=(out,))

        print("\n### Peak memory against length\n\n| input | peak |\n|---|---|")
        for megabytes in (arguments.megabytes // 16, arguments.megabytes // 4, arguments.megabytes):
            make_long(seed, long, megabytes)
            run = measure.run_once(package, (out,))
            print(f"| {long.stat().st_size / 1e6:.0f} MB | {run.peak_mib:.1f} MiB |", flush=True)


if __name__ == "__main__":
    main()
