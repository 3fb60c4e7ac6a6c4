"""What ffprobe and ffmpeg say about media: the only eyes and ears that the judges use."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

# Frames are looked at through a 16 x 16 grid of averaged cells, in RGB.
GRID = 16


@dataclass(frozen=True)
class Packet:
    pts: Fraction
    dts: Fraction
    duration: Fraction
    size: int
    position: int
    key: bool


@dataclass(frozen=True)
class Stream:
    """One stream as ffprobe describes it, with its packets in file order."""

    facts: dict
    time_base: Fraction
    packets: tuple[Packet, ...]

    @property
    def extradata(self) -> bytes:
        return hex_dump_bytes(self.facts.get("extradata", ""))


@dataclass(frozen=True)
class Frame:
    """One decoded picture: its time and its 16 x 16 RGB cells, row by row."""

    pts: Fraction
    duration: Fraction
    cells: bytes

    def cell(self, column: int, row: int) -> tuple[int, int, int]:
        at = 3 * (row * GRID + column)
        return tuple(self.cells[at : at + 3])

    @property
    def brightness(self) -> float:
        return sum(self.cells) / len(self.cells)


@dataclass(frozen=True)
class Decoded:
    """The outcome of decoding: what ffmpeg complained about, and when each frame plays."""

    complaints: str
    frames: tuple[Frame, ...]

    @property
    def end(self) -> Fraction:
        return max((f.pts + f.duration for f in self.frames), default=Fraction(0))


def run(arguments: list[str], timeout: float = 300, **options) -> subprocess.CompletedProcess:
    """Runs an external program; text is decoded leniently, because media files say anything."""
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run(arguments, capture_output=True, text=True, errors="replace", timeout=timeout, check=False, **options)


def media_path(path: Path | str) -> str:
    """A path that ffmpeg cannot take for an option or a protocol."""
    return f"file:{path}"


def hex_dump_bytes(dump: str) -> bytes:
    """The bytes of ffprobe's `-show_data` hex dump."""
    out = bytearray()
    for line in dump.strip().splitlines():
        columns = line.split(":", 1)[1].split("  ")[0]
        out += bytes.fromhex(columns.replace(" ", ""))
    return bytes(out)


def probe(path: Path | str) -> dict:
    """Format and streams; empty when ffprobe cannot open the file."""
    done = run(["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_data", "-of", "json", media_path(path)])
    return json.loads(done.stdout or "{}") if done.returncode == 0 else {}


def streams(path: Path | str) -> list[Stream]:
    """Every stream with all of its packets."""
    done = run(["ffprobe", "-v", "error", "-show_streams", "-show_packets", "-show_data", "-show_entries",
                "packet=stream_index,pts,dts,duration,size,pos,flags:stream", "-of", "json", media_path(path)])
    document = json.loads(done.stdout or "{}")
    by_index: dict[int, list[Packet]] = {s["index"]: [] for s in document.get("streams", [])}
    bases = {s["index"]: Fraction(s["time_base"]) for s in document.get("streams", [])}
    for packet in document.get("packets", []):
        base = bases[packet["stream_index"]]
        pts = packet.get("pts", packet.get("dts", 0))
        by_index[packet["stream_index"]].append(
            Packet(pts * base, packet.get("dts", pts) * base, packet.get("duration", -1) * base, int(packet["size"]),
                   int(packet.get("pos", -1)), packet["flags"].startswith("K")))
    return [Stream(s, bases[s["index"]], _with_durations(by_index[s["index"]])) for s in document.get("streams", [])]


def _with_durations(packets: list[Packet]) -> tuple[Packet, ...]:
    """ffprobe leaves out the duration of the first AAC packet: there, it lasts until the next one."""
    for index, packet in enumerate(packets):
        if packet.duration < 0:
            following = packets[index + 1].dts if index + 1 < len(packets) else packet.dts
            packets[index] = replace(packet, duration=following - packet.dts)
    return tuple(packets)


def _frame_times(text: str) -> list[tuple[Fraction, Fraction]]:
    base = Fraction(1)
    times = []
    for line in text.splitlines():
        if line.startswith("#tb"):
            base = Fraction(line.split(":")[1].strip())
        elif line and not line.startswith("#"):
            fields = [f.strip() for f in line.split(",")]
            times.append((int(fields[2]) * base, int(fields[3]) * base))
    return times


def watch(path: Path | str, before: tuple[str, ...] = (), selector: str = "v:0") -> Decoded:
    """Decodes every picture, strictly, on the stream's own clock."""
    picture = f"scale={GRID}:{GRID}:flags=area:out_range=full,format=rgb24"
    with tempfile.TemporaryDirectory(prefix="watch-") as scratch:
        times, cells = Path(scratch, "times"), Path(scratch, "cells")
        common = ["-map", f"0:{selector}", "-vf", picture, "-fps_mode", "passthrough", "-enc_time_base", "-1"]
        done = run(["ffmpeg", "-v", "warning", "-xerror", "-nostdin", "-copyts", *before, "-i", media_path(path),
                    *common, "-f", "framecrc", str(times), *common, "-f", "rawvideo", str(cells)])
        when = _frame_times(times.read_text()) if times.exists() else []
        raw = cells.read_bytes() if cells.exists() else b""
    size = 3 * GRID * GRID
    frames = tuple(Frame(pts, duration, raw[i * size : (i + 1) * size]) for i, (pts, duration) in enumerate(when))
    complaints = done.stderr.strip() or ("" if done.returncode == 0 else f"ffmpeg ended with {done.returncode}")
    return Decoded(complaints, frames)


def listen(path: Path | str, selector: str = "a:0") -> Decoded:
    """Decodes every sample, strictly; frames carry no picture."""
    done = run(["ffmpeg", "-v", "warning", "-xerror", "-nostdin", "-copyts", "-i", media_path(path), "-map", f"0:{selector}",
                "-f", "framecrc", "-"])
    frames = tuple(Frame(pts, duration, b"") for pts, duration in _frame_times(done.stdout))
    complaints = done.stderr.strip() or ("" if done.returncode == 0 else f"ffmpeg ended with {done.returncode}")
    return Decoded(complaints, frames)


def complaints(path: Path | str, before: tuple[str, ...] = (), maps: tuple[str, ...] = ("-map", "0:v?", "-map", "0:a?")) -> str:
    """What a strict decode of everything in `path` prints; empty when all is well."""
    done = run(["ffmpeg", "-v", "warning", "-xerror", "-nostdin", *before, "-i", media_path(path), *maps, "-fps_mode",
                "passthrough", "-enc_time_base", "-1", "-f", "framecrc", "-y", os.devnull])
    return done.stderr.strip() or ("" if done.returncode == 0 else f"ffmpeg ended with {done.returncode}")


def sound_onsets(path: Path | str, level: float = 0.05, silence: float = 0.3, selector: str = "a:0") -> list[float]:
    """When sound begins after at least `silence` seconds of quiet, in seconds on the stream's clock."""
    done = run(["ffmpeg", "-v", "info", "-nostdin", "-nostats", "-copyts", "-i", media_path(path), "-map", f"0:{selector}",
                "-af", f"silencedetect=noise={level}:duration={silence}", "-f", "null", "-"])
    # ffmpeg closes the last silence at the end of the stream: a caller that knows the end leaves that one out.
    return [float(when) for when in re.findall(r"silence_end: ([-\d.]+)", done.stderr)]


def luma(path: Path | str, number: int, width: int, height: int) -> bytes:
    """The luma plane, full range, of the picture that is shown as `number`, counted from 0."""
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-i", media_path(path), "-map", "0:v:0", "-vf",
         f"select='eq(n,{number})',scale={width}:{height}:out_range=full,format=gray", "-frames:v", "1", "-fps_mode", "passthrough",
         "-f", "rawvideo", "-"], capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=120)
    return done.stdout


def combed_share(path: Path | str) -> float:
    """Share of pictures that look interlaced to ffmpeg's detector."""
    done = run(["ffmpeg", "-v", "info", "-nostdin", "-nostats", "-i", media_path(path), "-map", "0:v:0", "-vf", "idet", "-f",
                "null", "-"])
    counts = re.findall(r"Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)", done.stderr)
    if not counts:
        return 0.0
    top, bottom, progressive = (int(n) for n in counts[-1])
    return (top + bottom) / max(1, top + bottom + progressive)


def cores() -> int:
    return len(os.sched_getaffinity(0))
