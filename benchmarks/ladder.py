#!/usr/bin/env python3
"""The four-rung H.264 ladder against one ffmpeg command with the same settings, and everything against ffmpeg's commands.

Usage: ladder.py STREAMFORGE [--clip FILE] [--seconds N] [--runs N] [--speeds medium,veryfast] [--no-extras]
"""
import argparse
import json
import pathlib
import subprocess
import tempfile

import measure

RUNGS = ("1080p", "720p", "540p", "360p")


def make_clip(path, seconds):
    """Textured motion with film grain: what an encoder has to work for."""
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30",
         "-f", "lavfi", "-i", "mandelbrot=size=960x540:rate=30:end_scale=0.02", "-f", "lavfi", "-i", "sine=440:r=48000",
         "-filter_complex", "[1:v]scale=1920:1080,format=yuv420p[m];[0:v]format=yuv420p[t];"
         "[m][t]blend=all_mode=average,noise=alls=6:allf=t[v]", "-map", "[v]", "-map", "2:a", "-t", str(seconds),
         "-c:v", "libx264", "-preset", "veryfast", "-crf", "16", "-c:a", "aac", "-ac", "2", str(path)], check=True)


def plan_of(streamforge, clip, speed, extras):
    """Our plan, cut down to the four rungs; extras: pictures and quality."""
    options = [] if extras else ["--no-quality", "--no-pictures"]
    plan = json.loads(subprocess.run([streamforge, "plan", str(clip), "--speed", speed, *options], check=True,
                                     capture_output=True).stdout)
    plan["video"] = [v for v in plan["video"] if v["id"] in RUNGS]
    if len(plan["video"]) != len(RUNGS):
        raise SystemExit("the clip's plan lacks a rung of the ladder")
    return plan


def ffmpeg_ladder(clip, plan, out):
    """One command: split, N scales, N libx264, AAC, fragmented MP4 HLS."""
    videos = plan["video"]
    split = f"[0:v]split={len(videos)}" + "".join(f"[s{i}]" for i in range(len(videos))) + ";"
    scales = ";".join(f"[s{i}]scale={v['width_px']}:{v['height_px']}[v{i}]" for i, v in enumerate(videos))
    num, den = (plan["segment"] + "/1").split("/")[:2]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(clip), "-filter_complex", split + scales]
    for i, v in enumerate(videos):
        rate = v["rate"]
        command += ["-map", f"[v{i}]", f"-c:v:{i}", "libx264", f"-preset:v:{i}", v["speed"], f"-crf:v:{i}", str(rate["crf"]),
                    f"-maxrate:v:{i}", str(rate["max_bps"]), f"-bufsize:v:{i}", str(rate["buffer_bits"])]
    command += ["-force_key_frames", f"expr:gte(t,n_forced*{num}/{den})", "-map", "0:a", "-c:a", "aac", "-b:a", "128k",
                "-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", str(int(num) / int(den)), "-hls_playlist_type", "vod",
                "-var_stream_map", " ".join(f"v:{i},agroup:a" for i in range(len(videos))) + " a:0,agroup:a",
                "-master_pl_name", "master.m3u8", "-hls_segment_filename", f"{out}/%v/seg_%05d.m4s", f"{out}/%v/index.m3u8"]
    return command


def ffmpeg_extras(clip, plan, out):
    """What users run beside it: storyboard, poster, and SSIM with PSNR of each rendition against the source."""
    tile = plan["pictures"]
    storyboard = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(clip), "-vf",
                  f"fps=1/4,scale={tile['tile_width_px']}:{tile['tile_height_px']},tile={tile['columns']}x{tile['rows']}",
                  f"{out}/sheet_%03d.jpg"]
    poster = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(clip), "-vf", "thumbnail=100,scale=1280:-2", "-frames:v", "1",
              f"{out}/poster.jpg"]
    commands = [storyboard, poster]
    for i, v in enumerate(plan["video"]):
        graph = (f"[0:v]scale={v['width_px']}:{v['height_px']},split[r1][r2];[1:v]split[d1][d2];"
                 "[d1][r1]ssim[s];[d2][r2]psnr[p]")
        commands.append(["ffmpeg", "-nostdin", "-v", "error", "-i", str(clip), "-i", f"{out}/{i}/index.m3u8",
                         "-filter_complex", graph, "-map", "[s]", "-f", "null", "-", "-map", "[p]", "-f", "null", "-"])
    return commands


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("streamforge")
    parser.add_argument("--clip")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--speeds", default="medium,veryfast")
    parser.add_argument("--no-extras", action="store_true", help="the plain ladder only")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        clip = pathlib.Path(arguments.clip or work / "clip.mp4")
        if not arguments.clip:
            make_clip(clip, arguments.seconds)
        print(f"{measure.machine()}; {clip.stat().st_size / 1e6:.0f} MB clip")
        for speed in arguments.speeds.split(","):
            for extras in (False,) if arguments.no_extras else (False, True):
                plan = plan_of(arguments.streamforge, clip, speed, extras)
                (work / "plan.json").write_text(json.dumps(plan))
                out, peer = work / "ours", work / "peer"
                ours = [[arguments.streamforge, "process", str(clip), "--to", str(out), "--plan", str(work / "plan.json")]]
                theirs = [["mkdir", "-p", str(peer)], ffmpeg_ladder(clip, plan, peer)]
                if extras:
                    theirs += ffmpeg_extras(clip, plan, peer)
                what = "ladder, storyboard, poster, quality" if extras else "ladder"
                measure.compare(f"{what}, preset {speed}", ours, theirs, arguments.runs, clean=(out, peer))


if __name__ == "__main__":
    main()
