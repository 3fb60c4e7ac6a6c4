"""Judges subtitles: every cue of the source is there, in WebVTT, at its time, whole and in segments."""

from __future__ import annotations

import html
import re
from fractions import Fraction

from judging.dash import read_mpd
from judging.facts import Facts, TextFacts
from judging.findings import Findings
from judging.presentation import Presentation, Rendition

CUE = re.compile(r"^((?:\d+:)?\d\d:\d\d\.\d{3}) --> ((?:\d+:)?\d\d:\d\d\.\d{3})")


def _seconds(text: str) -> Fraction:
    total = Fraction(0)
    for part in text.split(":"):
        total = total * 60 + Fraction(part)
    return total


def read_vtt(data: bytes) -> list[tuple[Fraction, Fraction, str]]:
    """The cues of a WebVTT file; raises ValueError when it is none."""
    text = data.decode("utf-8").replace("\r\n", "\n")
    if not re.match(r"WEBVTT([ \t\n]|$)", text):
        raise ValueError("does not begin with WEBVTT")
    cues = []
    for block in re.split(r"\n{2,}", text)[1:]:
        lines = block.strip("\n").split("\n")
        while lines and not CUE.match(lines[0]):
            lines.pop(0)
        if lines:
            begin, end = CUE.match(lines[0]).groups()
            plain = html.unescape(re.sub(r"<[^>]*>", "", "\n".join(lines[1:])))
            cues.append((_seconds(begin), _seconds(end), plain))
    return cues


def segment_cues(rendition: Rendition, findings: Findings) -> list[tuple[Fraction, Fraction, str]]:
    """Cues of all segments, those that cross a boundary counted once."""
    found = []
    for index, segment in enumerate(rendition.playlist.segments):
        try:
            for cue in read_vtt(segment.where.read()):
                if cue not in found:
                    found.append(cue)
        except ValueError as error:
            findings.expect(False, "text", f"{rendition.name} segment {index + 1}", str(error))
    return found


def check_cues(found: list[tuple[Fraction, Fraction, str]], wanted: TextFacts, where: str, origin: Fraction, findings: Findings) -> None:
    for begin, end, words in wanted.cues:
        near = [c for c in found if words in c[2].replace("\n", " ") or words in c[2]]
        if findings.expect(bool(near), "text", where, f"the cue {words!r} is missing"):
            apart = min(max(abs(c[0] - (begin - origin)), abs(c[1] - (end - origin))) for c in near)
            findings.expect(apart <= Fraction(2, 100), "text", where, f"the cue {words!r} is off by {float(apart):.3f} s")


def check_text(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    languages = [r.attributes.get("LANGUAGE", "und") for r in presentation.text]
    findings.expect(len(presentation.text) == len(facts.text), "text", "subtitles",
                    f"{len(presentation.text)} renditions {languages}; the source has {len(facts.text)}")
    for rendition in presentation.text:
        cues = segment_cues(rendition, findings)
        language = rendition.attributes.get("LANGUAGE", "und")
        for wanted in (t for t in facts.text if t.language == language):
            check_cues(cues, wanted, rendition.name, facts.origin, findings)
        listed = sum((s.duration for s in rendition.playlist.segments), Fraction(0))
        findings.expect(abs(listed - presentation.end) <= Fraction(1, 1000), "text", rendition.name,
                        f"its playlist lasts {float(listed):.3f} s, the presentation {float(presentation.end):.3f} s")
    if facts.text:
        check_whole_files(presentation, facts, findings)


def check_whole_files(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    """DASH players get each language as one file."""
    manifest = read_mpd(presentation.root / "manifest.mpd")
    files = [(r.attributes.get("lang", "und"), r.file) for r in manifest.representations if r.file is not None]
    for wanted in facts.text:
        mine = [f for language, f in files if language == wanted.language]
        if findings.expect(bool(mine), "text", "manifest.mpd", f"no subtitle file in {wanted.language}"):
            try:
                check_cues(read_vtt(mine[0].read_bytes()), wanted, mine[0].name, facts.origin, findings)
            except (ValueError, OSError) as error:
                findings.expect(False, "text", mine[0].name, str(error))
