"""Judges poster and storyboard: pictures that decode, upright, one tile for each interval of the whole presentation."""

from __future__ import annotations

import math
import re
import subprocess
from fractions import Fraction
from pathlib import Path

import card
from judging import oracle
from judging.check_picture import CORNER_CELLS, same_hue
from judging.check_text import read_vtt
from judging.dash import read_mpd
from judging.facts import Facts
from judging.findings import Findings
from judging.presentation import Presentation

INTERVAL = Fraction(4)
REGION = re.compile(r"^([^#\n]+)#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$")


def picture_size(path: Path, findings: Findings) -> tuple[int, int]:
    """Size of a still picture that decodes without complaint; (0, 0) when it does not."""
    streams = oracle.probe(path).get("streams", [])
    said = oracle.complaints(path, maps=("-map", "0:v"))
    # ffmpeg 5.1 misses the end marker after a flat picture, its own encoder's too.
    if said.endswith("EOI missing, emulating") and path.read_bytes().endswith(b"\xff\xd9"):
        said = ""
    if not findings.expect(bool(streams) and not said, "pictures", path.name, f"does not decode: {said[:200]}"):
        return 0, 0
    return streams[0]["width"], streams[0]["height"]


def tile_cells(path: Path, x: int, y: int, width: int, height: int) -> bytes:
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-i", oracle.media_path(path), "-vf",
         f"crop={width}:{height}:{x}:{y}:exact=1,scale={oracle.GRID}:{oracle.GRID}:flags=area,format=rgb24", "-frames:v", "1",
         "-f", "rawvideo", "-"], capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=60)
    return done.stdout


def check_upright(name: str, cells: bytes, findings: Findings) -> None:
    frame = oracle.Frame(Fraction(0), Fraction(0), cells)
    if frame.brightness > 230:
        return  # A flash was chosen: nothing to see on it.
    for corner, cell in CORNER_CELLS.items():
        findings.expect(same_hue(frame.cell(*cell), card.CORNERS[corner]), "pictures", name,
                        f"the {corner} corner is {frame.cell(*cell)}, not {card.CORNERS[corner]}")


def check_poster(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    path = presentation.root / "poster.jpg"
    if not findings.expect(path.exists(), "pictures", "poster.jpg", "is missing"):
        return
    width, height = picture_size(path, findings)
    if not width:
        return
    off = abs(width - Fraction(height * facts.video.width, facts.video.height))
    findings.expect(off <= 2 + Fraction(facts.video.width, facts.video.height), "pictures", "poster.jpg",
                    f"{width}x{height} has another aspect than {facts.video.width}x{facts.video.height}")
    if facts.video.card and min(width, height) >= 64:
        check_upright("poster.jpg", tile_cells(path, 0, 0, width, height), findings)


def check_storyboard(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    folder = presentation.root / "thumbnails"
    index = folder / "thumbnails.vtt"
    if not findings.expect(index.exists(), "pictures", "thumbnails/thumbnails.vtt", "is missing"):
        return
    try:
        cues = read_vtt(index.read_bytes())
    except ValueError as error:
        findings.expect(False, "pictures", index.name, str(error))
        return
    end = presentation.end
    wanted = max(1, math.ceil(presentation.video[0].boundaries[-1] / INTERVAL))
    longest = max(1, math.ceil(end / INTERVAL))
    findings.expect(wanted <= len(cues) <= longest, "pictures", index.name, f"{len(cues)} tiles; {wanted} intervals of 4 s")
    sizes: dict[Path, tuple[int, int]] = {}
    at = Fraction(0)
    for begin, finish, region in cues:
        findings.expect(begin == at and finish > begin, "pictures", index.name, f"the cue at {float(begin)} s does not follow {float(at)} s")
        at = finish
        match = REGION.match(region.strip())
        if not findings.expect(match is not None, "pictures", index.name, f"{region!r} is no region"):
            continue
        sheet = (folder / match.group(1)).resolve()
        if sheet not in sizes:
            findings.expect(sheet.exists(), "pictures", index.name, f"{sheet.name} is missing")
            sizes[sheet] = picture_size(sheet, findings) if sheet.exists() else (0, 0)
        x, y, width, height = (int(g) for g in match.groups()[1:])
        findings.expect(x + width <= sizes[sheet][0] and y + height <= sizes[sheet][1], "pictures", index.name,
                        f"{region!r} reaches out of the sheet of {sizes[sheet]}")
        if facts.video.card and begin == 0 and sizes[sheet][0]:
            check_upright(f"{sheet.name} tile 1", tile_cells(sheet, x, y, width, height), findings)
            off = abs(width - Fraction(height * facts.video.width, facts.video.height))
            findings.expect(off <= 3 + Fraction(facts.video.width, facts.video.height), "pictures", index.name,
                            f"tiles of {width}x{height} have another aspect than {facts.video.width}x{facts.video.height}")
    check_dash_tiles(presentation, sizes, findings)
    findings.expect(abs(at - end) <= Fraction(1, 500), "pictures", index.name, f"ends at {float(at)} s, not {float(end):.3f} s")


def check_dash_tiles(presentation: Presentation, sizes: dict[Path, tuple[int, int]], findings: Findings) -> None:
    """The MPD's image representation names the same sheets, in the size that they have."""
    images = [r for r in read_mpd(presentation.root / "manifest.mpd").representations if r.attributes.get("contentType") == "image"]
    for one in images:
        named = [s.path for s in one.segments]
        findings.expect(sorted(named) == sorted(sizes), "pictures", "manifest.mpd",
                        f"names {[p.name for p in named]}; the storyboard has {sorted(p.name for p in sizes)}")
        stated = (int(one.attributes.get("width", 0)), int(one.attributes.get("height", 0)))
        for path, size in sizes.items():
            findings.expect(size == stated, "pictures", path.name, f"is {size}; the MPD says {stated}")


def check_pictures(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    if facts.video is None or not presentation.video:
        return
    check_poster(presentation, facts, findings)
    check_storyboard(presentation, facts, findings)
