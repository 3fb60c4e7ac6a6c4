"""Judges what is seen: upright, in proportion, in the right colours, and flashing when it should."""

from __future__ import annotations

import math
from fractions import Fraction

import card
from judging import oracle
from judging.facts import Facts, VideoFacts
from judging.findings import Findings
from judging.presentation import Presentation, Rendition

LAST = oracle.GRID - 1
CORNER_CELLS = {"top left": (0, 0), "top right": (LAST, 0), "bottom left": (0, LAST), "bottom right": (LAST, LAST)}
TONES = {"left": ((0, 8), card.SIDES["left"]), "right": ((LAST, 8), card.SIDES["right"]), "upper": ((8, 1), card.GROUND)}
CORNER_TOLERANCE = 30     # Of 255: saturated colours at low bit rates.
TONE_TOLERANCE = 9        # A wrong matrix moves one of these by 20 and more, full range taken for limited by 14.
EXTREME_TOLERANCE = 8     # Limited range taken for full turns black and white into 16 and 235.
NAMED_MATRICES = {"bt709", "smpte170m", "bt470bg", "bt2020nc"}


def colour_error(found: tuple[int, int, int], wanted: tuple[int, int, int]) -> int:
    return max(abs(a - b) for a, b in zip(found, wanted))


def same_hue(found: tuple[int, int, int], wanted: tuple[int, int, int]) -> bool:
    """For tone-mapped pictures: the strong channels are the wanted ones, by a clear margin."""
    strong = [f for f, w in zip(found, wanted) if w == max(wanted)]
    weak = [f for f, w in zip(found, wanted) if w < max(wanted)]
    return min(strong) > 90 and (not weak or min(strong) > max(weak) + 40)


def flash_level(frames: tuple[oracle.Frame, ...]) -> float:
    """Brightness that only flashes reach."""
    values = sorted(f.brightness for f in frames)
    usual, brightest = values[len(values) // 2], values[-1]
    return (usual + brightest) / 2 if brightest > usual + 40 else 256


def plain_frame(frames: tuple[oracle.Frame, ...]) -> int:
    """Number of a picture near the middle that is no flash, nor part of one, nor (deinterlacers look around) next to one."""
    usual, middle = sorted(f.brightness for f in frames)[len(frames) // 2], len(frames) // 2
    plain = [abs(f.brightness - usual) <= 4 for f in frames]

    def unrest(number: int) -> tuple[int, int]:
        return plain[max(0, number - 3) : number + 4].count(False), abs(number - middle)

    return min((i for i, calm in enumerate(plain) if calm), key=unrest)


def check_colours(rendition: Rendition, facts: VideoFacts, findings: Findings) -> None:
    frame = rendition.decoded.frames[plain_frame(rendition.decoded.frames)]
    for corner, cell in CORNER_CELLS.items():
        found, wanted = frame.cell(*cell), card.CORNERS[corner]
        right = same_hue(found, wanted) if facts.hdr else colour_error(found, wanted) <= CORNER_TOLERANCE
        findings.expect(right, "upright", rendition.name, f"the {corner} corner is {found}, not {wanted}")
    for side, (cell, wanted) in TONES.items():
        found = frame.cell(*cell)
        right = facts.hdr or colour_error(found, wanted) <= TONE_TOLERANCE
        findings.expect(right, "colour", rendition.name, f"the {side} patch is {found}, not {wanted}")
    disc_fills_a_cell = card.DISC_RADIUS * min(facts.width, facts.height) * 11 > max(facts.width, facts.height)
    if not facts.hdr and disc_fills_a_cell:
        black, white = frame.cell(8, 8), frame.cell(LAST, LAST)
        findings.expect(max(black) <= EXTREME_TOLERANCE and min(white) >= 255 - EXTREME_TOLERANCE, "colour", rendition.name,
                        f"black is {black}, white is {white}")


def disc_extent(plane: bytes, width: int, height: int) -> tuple[int, int]:
    """Width and height of the dark disc along the middle row and column."""
    middle_row = plane[height // 2 * width : (height // 2 + 1) * width]
    middle_column = plane[width // 2 :: width][:height]

    def run(line: bytes) -> int:
        threshold = (line[len(line) // 2] + max(line[len(line) // 4], line[len(line) * 3 // 4])) / 2
        first = last = len(line) // 2
        while first > 0 and line[first - 1] < threshold:
            first -= 1
        while last < len(line) - 1 and line[last + 1] < threshold:
            last += 1
        return last - first + 1

    return run(middle_row), run(middle_column)


def check_shape(rendition: Rendition, facts: VideoFacts, findings: Findings) -> None:
    width, height = rendition.stream.facts["width"], rendition.stream.facts["height"]
    findings.expect(width <= facts.width + facts.width % 2 and height <= facts.height + facts.height % 2, "shape", rendition.name,
                    f"{width}x{height} is larger than the source's {facts.width}x{facts.height}")
    off = abs(width - Fraction(height * facts.width, facts.height))
    findings.expect(off <= 2 + Fraction(facts.width, facts.height), "shape", rendition.name,
                    f"{width}x{height} has another aspect than {facts.width}x{facts.height}")
    if not facts.card or min(width, height) < 64:
        return
    plane = oracle.luma(rendition.joined, plain_frame(rendition.decoded.frames), width, height)
    if not findings.expect(len(plane) == width * height, "shape", rendition.name, "no picture to measure"):
        return
    across, down = disc_extent(plane, width, height)
    limit = max(3.0, 0.05 * max(across, down))
    findings.expect(abs(across - down) <= limit, "shape", rendition.name, f"the disc is {across} wide and {down} high")
    expected = 2 * float(card.DISC_RADIUS) * min(width, height)
    findings.expect(abs(across - expected) <= max(4.0, 0.08 * expected), "shape", rendition.name,
                    f"the disc is {across} wide, not {expected:.0f}: the picture is cropped or padded")


def check_tags(rendition: Rendition, findings: Findings) -> None:
    facts = rendition.stream.facts
    findings.expect(facts.get("color_range") == "tv", "colour tags", rendition.name, f"range is {facts.get('color_range')}")
    for name in ("color_space", "color_primaries", "color_transfer"):
        findings.expect(facts.get(name, "unknown") != "unknown", "colour tags", rendition.name, f"{name} is not signalled")
    findings.expect(facts.get("color_space") in NAMED_MATRICES, "colour tags", rendition.name, f"matrix is {facts.get('color_space')}")
    if facts["codec_name"] == "h264":
        findings.expect(facts["pix_fmt"] == "yuv420p", "colour tags", rendition.name, f"pixels are {facts['pix_fmt']}, not yuv420p")
        findings.expect(facts.get("color_transfer") not in ("smpte2084", "arib-std-b67"), "colour tags", rendition.name,
                        "H.264 renditions must be tone-mapped to SDR")
    findings.expect(facts.get("field_order", "progressive") in ("progressive", "unknown"), "colour tags", rendition.name,
                    f"field order is {facts.get('field_order')}")


def flash_times(frames: tuple[oracle.Frame, ...]) -> list[Fraction]:
    """When each flash begins."""
    level = flash_level(frames)
    ordered = sorted(frames, key=lambda f: f.pts)
    lit = [f.brightness >= level for f in ordered]
    return [f.pts for i, f in enumerate(ordered) if lit[i] and (i == 0 or not lit[i - 1])]


def expected_marks(first: Fraction, end: Fraction) -> list[Fraction]:
    """One mark a second from `first`, well before the end."""
    return [first + k for k in range(max(0, math.ceil(end - first - Fraction(1, 5))))]


def check_flashes(rendition: Rendition, facts: Facts, findings: Findings) -> None:
    """Every flash at its second: no drift, no lost or repeated second."""
    video = facts.video
    frame = 1 / video.frame_rate if video.frame_rate else Fraction(1, 14)
    wanted = expected_marks(video.first_flash - facts.origin, video.end - facts.origin)
    found = [t for t in flash_times(rendition.decoded.frames) if t < (wanted[-1] if wanted else 0) + Fraction(1, 2)]
    findings.expect(len(found) == len(wanted), "flashes", rendition.name, f"{len(found)} flashes; the source has {len(wanted)}")
    for k, (t, w) in enumerate(zip(found, wanted)):
        if not findings.expect(-Fraction(1, 500) - facts.mark_slack <= t - w <= frame + facts.mark_slack, "flashes", rendition.name,
                               f"flash {k + 1} is at {float(t):.4f} s; {float(w):.4f} s plus at most a frame is right"):
            break


def check_combs(rendition: Rendition, findings: Findings) -> None:
    share = oracle.combed_share(rendition.joined)
    findings.expect(share <= 0.1, "combs", rendition.name, f"{share:.0%} of the pictures look interlaced")


def check_picture(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    if facts.video is None:
        return
    for rendition in presentation.video:
        check_tags(rendition, findings)
        if not rendition.decoded.frames:
            continue
        check_shape(rendition, facts.video, findings)
        if facts.video.card and min(rendition.stream.facts["width"], rendition.stream.facts["height"]) >= 32:
            check_colours(rendition, facts.video, findings)
        if facts.video.first_flash is not None:
            check_flashes(rendition, facts, findings)
    if facts.video.interlaced and presentation.video:
        check_combs(presentation.video[0], findings)
