"""A right presentation, made by the ffmpeg program and a few lines of text: what the judges must accept, and the ground
on which test_judge.py breaks one thing at a time."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import card
from fixtures import ffmpeg, lavfi, picture_facts
from judging import isobmff, oracle
from judging.check_dash import starvation_rate
from judging.check_hls import average_rate, peak_rate
from judging.codec_strings import codec_string
from judging.facts import AudioFacts, Facts, TextFacts
from judging.hls import ByteRange, Segment

RATE, SECONDS = "30000/1001", 5
SIZE = (320, 180)
FRAME = Fraction(1001, 30000)
TARGET = 2
CUE = (Fraction(1), Fraction(2), "Hello & welcome")
FACTS = Facts(picture_facts(SIZE, rate=RATE, seconds=SECONDS), (AudioFacts(Fraction(0), Fraction(SECONDS), 2, "en", card.FLASH_OFFSET),),
              (TextFacts("en", (CUE,)),))


@dataclass
class Track:
    """One rendition as it was written."""

    kind: str
    folder: str
    segments: list[Segment] = field(default_factory=list)
    boundaries: list[Fraction] = field(default_factory=list)
    stream: oracle.Stream | None = None
    quality: dict = field(default_factory=dict)


def _boxes(data: bytes) -> list[tuple[bytes, int, int]]:
    found, at = [], 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.append((data[at + 4 : at + 8], at, size))
        at += size
    return found


def _split(whole: Path, folder: Path) -> list[Path]:
    """Init segment and one file for each fragment."""
    data = whole.read_bytes()
    starts = [at for kind, at, _ in _boxes(data) if kind == b"moof"]
    (folder / "init.mp4").write_bytes(data[: starts[0]])
    paths = []
    for number, (begin, end) in enumerate(zip(starts, [*starts[1:], len(data)]), 1):
        paths.append(folder / f"seg_{number:05d}.m4s")
        paths[-1].write_bytes(data[begin:end])
    return paths


@dataclass(frozen=True)
class Alterations:
    """What test_judge.py makes wrong in the media themselves."""

    picture: str = "null"              # A filter after the card.
    conversion: str = "out_color_matrix=bt709:out_range=limited"
    colour_range: str = "tv"
    x264: str = "open-gop=0"
    keys: tuple[int, int] = (60, 60)   # Pictures between key frames, per rendition.
    rate: str = RATE                   # The clock that the pictures are stamped with.
    sound_offset: float = 0.0
    sound_filter: str = "anull"


def encode_video(root: Path, name: str, size: tuple[int, int], bitrate: str, altered: Alterations, key_distance: int) -> Track:
    track = Track("video", f"video/{name}")
    folder = root / track.folder
    folder.mkdir(parents=True)
    whole = folder / "whole.mp4"
    graph = f"{card.picture(*SIZE, RATE, SECONDS)},{altered.picture},scale={size[0]}:{size[1]}:{altered.conversion},format=yuv420p"
    ffmpeg(*lavfi(f"{graph},setpts=N/({altered.rate})/TB,fps={altered.rate}" if altered.rate != RATE else graph), "-c:v", "libx264",
           "-preset", "veryfast", "-threads", "1", "-b:v", bitrate, "-g", "100000", "-keyint_min", "100000", "-sc_threshold", "0", "-force_key_frames",
           f"expr:gte(n,n_forced*{key_distance})", "-x264-params", altered.x264, "-color_primaries", "bt709", "-color_trc", "bt709",
           "-colorspace", "bt709", "-color_range", altered.colour_range, "-movflags",
           "frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets+skip_trailer", whole)
    return _finish(root, track, whole)


def encode_audio(root: Path, altered: Alterations) -> Track:
    track = Track("audio", "audio/en")
    folder = root / track.folder
    folder.mkdir(parents=True)
    whole = folder / "whole.mp4"
    ffmpeg(*lavfi(card.sound(SECONDS, offset=altered.sound_offset)), "-af", altered.sound_filter, "-c:a", "aac", "-b:a", "64k", "-movflags", "frag_custom+delay_moov+default_base_moof+skip_trailer",
           "-use_editlist", "1", "-frag_duration", "2002000", whole)
    return _finish(root, track, whole)


def _finish(root: Path, track: Track, whole: Path) -> Track:
    folder = root / track.folder
    track.stream = oracle.streams(whole)[0]
    paths = _split(whole, folder)
    offset = (folder / "init.mp4").stat().st_size
    at = []
    for path in paths:
        at.append(offset)
        offset += path.stat().st_size
    samples = isobmff.read_table(whole.read_bytes()).samples
    track.boundaries = [max(Fraction(0), min(s.pts for s in samples if s.position >= start)) for start in at]
    track.boundaries.append(max(s.pts + s.duration for s in samples))
    marks = [round(b * 1_000_000) for b in track.boundaries]
    track.segments = [Segment(ByteRange(p), Fraction(b - a, 1_000_000)) for p, a, b in zip(paths, marks, marks[1:])]
    if track.kind == "video":
        track.quality = {"frames": len(samples), "ssim": {"y": 0.97}, "psnr_db": {"y": 36.0}}
    whole.unlink()
    return track


def _playlist(track: Track, init: bool = True) -> str:
    version, lines = (6 if init else 3), []
    for segment in track.segments:
        lines += [f"#EXTINF:{float(segment.duration):.6f},", segment.where.path.name]
    head = ["#EXTM3U", f"#EXT-X-VERSION:{version}", f"#EXT-X-TARGETDURATION:{TARGET}", "#EXT-X-PLAYLIST-TYPE:VOD"]
    if init:
        head += ["#EXT-X-INDEPENDENT-SEGMENTS", '#EXT-X-MAP:URI="init.mp4"']
    return "\n".join([*head, *lines, "#EXT-X-ENDLIST", ""])


def _write_text(root: Path, boundaries: list[Fraction]) -> Track:
    track = Track("text", "text/en")
    folder = root / track.folder
    folder.mkdir(parents=True)
    cue = "\n00:00:01.000 --> 00:00:02.000\nHello &amp; welcome\n"
    (folder / "subtitles.vtt").write_text("WEBVTT\n" + cue)
    marks = [round(b * 1_000_000) for b in boundaries]
    for number, (begin, end) in enumerate(zip(marks, marks[1:]), 1):
        path = folder / f"seg_{number:05d}.vtt"
        path.write_text("WEBVTT\n" + (cue if begin < 2_000_000 else ""))
        track.segments.append(Segment(ByteRange(path), Fraction(end - begin, 1_000_000)))
    (folder / "playlist.m3u8").write_text(_playlist(track, init=False))
    return track


def _master(video: list[Track], audio: Track, text: Track | None) -> str:
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS",
             f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="stereo",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="{audio.folder}/playlist.m3u8"']
    if text:
        lines.append(f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="English",LANGUAGE="en",AUTOSELECT=YES,URI="{text.folder}/playlist.m3u8"')
    for track in video:
        parts = [track, audio, *([text] if text else [])]
        peak = math.ceil(sum(peak_rate(t.segments, TARGET) for t in parts))
        average = math.ceil(sum(average_rate(t.segments) for t in parts))
        facts = track.stream.facts
        codecs = f"{codec_string(track.stream)},{codec_string(audio.stream)}"
        subtitles = ',SUBTITLES="text"' if text else ""
        lines += [f'#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS="{codecs}",RESOLUTION={facts["width"]}x{facts["height"]},'
                  f'FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="stereo"{subtitles}', f"{track.folder}/playlist.m3u8"]
    return "\n".join([*lines, ""])


def _timeline(track: Track) -> str:
    scale = track.stream.time_base.denominator
    entries = "".join(f'<S t="{int(a * scale)}" d="{int((b - a) * scale)}"/>' for a, b in zip(track.boundaries, track.boundaries[1:]))
    return (f'<SegmentTemplate timescale="{scale}" initialization="{track.folder}/init.mp4" media="{track.folder}/seg_$Number%05d$.m4s" '
            f'startNumber="1"><SegmentTimeline>{entries}</SegmentTimeline></SegmentTemplate>')


def _mpd(video: list[Track], audio: Track, text: Track | None, end: Fraction) -> str:
    def representation(track: Track) -> str:
        rate = math.ceil(starvation_rate([s.where.size for s in track.segments], track.boundaries, Fraction(4)))
        facts = track.stream.facts
        more = (f'width="{facts["width"]}" height="{facts["height"]}" frameRate="30000/1001"' if track.kind == "video"
                else 'audioSamplingRate="48000"')
        name = track.folder.replace("/", "-")
        return f'<Representation id="{name}" bandwidth="{rate}" codecs="{codec_string(track.stream)}" {more}>{_timeline(track)}</Representation>'

    sets = '<AdaptationSet contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">' + "".join(map(representation, video))
    sets += f'</AdaptationSet><AdaptationSet contentType="audio" mimeType="audio/mp4" lang="en">{representation(audio)}</AdaptationSet>'
    if text:
        sets += (f'<AdaptationSet contentType="text" mimeType="text/vtt" lang="en"><Representation id="text" bandwidth="100">'
                 f'<BaseURL>{text.folder}/subtitles.vtt</BaseURL></Representation></AdaptationSet>')
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" '
            f'type="static" minBufferTime="PT4S" mediaPresentationDuration="PT{float(end):.6f}S"><Period id="0">{sets}</Period></MPD>\n')


def _pictures(root: Path, end: Fraction) -> None:
    (root / "thumbnails").mkdir()
    source = lavfi(card.picture(*SIZE, RATE, SECONDS, flash=None))
    ffmpeg(*source, "-frames:v", "1", "-q:v", "2", root / "poster.jpg")
    ffmpeg(*source, "-vf", "fps=1/4,scale=160:90,tile=2x1", "-frames:v", "1", "-q:v", "2", root / "thumbnails" / "sheet_001.jpg")
    cues = [("00:00:00.000", "00:00:04.000", 0), ("00:00:04.000", f"00:00:{float(end):06.3f}", 160)]
    body = "".join(f"\n{a} --> {b}\nsheet_001.jpg#xywh={x},0,160,90\n" for a, b, x in cues)
    (root / "thumbnails" / "thumbnails.vtt").write_text("WEBVTT\n" + body)


def _report(tracks: list[Track]) -> str:
    def time(value: Fraction) -> dict:
        return {"exact": f"{value.numerator}/{value.denominator}", "seconds": float(value)}

    renditions = []
    for track in tracks:
        sizes = [s.where.size for s in track.segments]
        init = track.segments[0].where.path.with_name("init.mp4")
        starts = track.boundaries or [Fraction(0)] * (len(sizes) + 1)
        entry = {"kind": track.kind, "playlist": f"{track.folder}/playlist.m3u8", "bytes": sum(sizes) + (init.stat().st_size if init.exists() else 0),
                 "duration": time(starts[-1]), "peak_bps": math.ceil(peak_rate(track.segments, TARGET)),
                 "average_bps": math.ceil(average_rate(track.segments)),
                 "segments": [{"bytes": size, "start": time(start)} for size, start in zip(sizes, starts)]}
        if track.quality:
            entry["quality"] = track.quality
            for told, a, b in zip(entry["segments"], starts, starts[1:]):
                told["quality"] = dict(track.quality, frames=int((b - a) / FRAME))
        renditions.append(entry)
    return json.dumps({"renditions": renditions})


def make(root: Path, altered: Alterations = Alterations()) -> Facts:
    """Writes the whole presentation below `root` and gives the facts that it obeys."""
    video = [encode_video(root, "180p", (320, 180), "300k", altered, altered.keys[0]),
             encode_video(root, "108p", (192, 108), "150k", altered, altered.keys[1])]
    audio = encode_audio(root, altered)
    end = max(t.boundaries[-1] for t in [*video, audio])
    text = _write_text(root, [*video[0].boundaries[:-1], end])
    for track in [*video, audio]:
        (root / track.folder / "playlist.m3u8").write_text(_playlist(track))
    (root / "master.m3u8").write_text(_master(video, audio, text))
    (root / "manifest.mpd").write_text(_mpd(video, audio, text, end))
    _pictures(root, end)
    tracks = [*video, audio, text]
    (root / "report.json").write_text(_report(tracks))
    catalogue = {"hls": "master.m3u8", "dash": "manifest.mpd", "poster": "poster.jpg", "storyboard": "thumbnails/thumbnails.vtt",
                 "renditions": [{"playlist": f"{t.folder}/playlist.m3u8", **({"width_px": t.stream.facts["width"]} if t.stream and t.kind == "video" else {})}
                                for t in tracks]}
    (root / "manifest.json").write_text(json.dumps(catalogue))
    return FACTS
