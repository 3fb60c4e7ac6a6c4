"""A small reader of static MPDs with SegmentTemplate timelines or SegmentBase (ISO/IEC 23009-1)."""

from __future__ import annotations

import math
import re
import struct
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from judging.hls import ByteRange, PlaylistError, resolve

NS = "{urn:mpeg:dash:schema:mpd:2011}"
DURATION = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$")


@dataclass
class Representation:
    id: str
    attributes: dict[str, str]                 # The adaptation set's, overridden by the representation's own.
    init: ByteRange | None = None
    segments: list[ByteRange] = field(default_factory=list)
    starts: list[Fraction] = field(default_factory=list)   # One per segment, and the end.
    gapless: bool = True                       # Each entry of the timeline ends where the next one starts.
    file: Path | None = None                   # A representation that is one file without an index (text).


@dataclass
class Manifest:
    path: Path
    duration: Fraction
    min_buffer: Fraction
    representations: list[Representation]


def duration(text: str) -> Fraction:
    match = DURATION.match(text)
    if not match:
        raise PlaylistError(f"not a duration: {text!r}")
    hours, minutes, seconds = match.groups()
    return Fraction(hours or 0) * 3600 + Fraction(minutes or 0) * 60 + Fraction(seconds or 0)


def _fill(template: str, representation: str, number: int, time: int) -> str:
    values = {"RepresentationID": representation, "Number": number, "Time": time}

    def one(match: re.Match) -> str:
        name, width = match.group(1), match.group(2)
        return f"{values[name]:0{int(width)}d}" if width else str(values[name])

    return re.sub(r"\$(RepresentationID|Number|Time)(?:%0(\d+)d)?\$", one, template)


def _timeline(template: ElementTree.Element, period: Fraction) -> list[tuple[int, int]]:
    """(start, length) of every segment in ticks, from a SegmentTimeline or the one @duration of all."""
    entries, at = [], 0
    if template.get("duration"):
        length = int(template.get("duration"))
        count = math.ceil(period * int(template.get("timescale", 1)) / length)
        return [(i * length, length) for i in range(count)]
    timeline = template.find(f"{NS}SegmentTimeline")
    if timeline is None:
        raise PlaylistError("a SegmentTemplate has neither SegmentTimeline nor @duration")
    for s in timeline:
        at = int(s.get("t", at))
        for _ in range(int(s.get("r", 0)) + 1):
            entries.append((at, int(s.get("d"))))
            at += int(s.get("d"))
    return entries


def _inherited(element: str, *parents: ElementTree.Element) -> ElementTree.Element | None:
    found = [p.find(f"{NS}{element}") for p in parents]
    merged = next((f for f in reversed(found) if f is not None), None)
    if merged is None:
        return None
    for outer in found:
        for key, value in (outer.attrib if outer is not None else {}).items():
            merged.attrib.setdefault(key, value)
        if outer is not None and merged.find(f"{NS}SegmentTimeline") is None and outer.find(f"{NS}SegmentTimeline") is not None:
            merged.append(outer.find(f"{NS}SegmentTimeline"))
    return merged


def sidx_entries(data: bytes) -> tuple[int, int, list[tuple[int, int, bool]]]:
    """(timescale, first time, [(bytes, ticks, starts with SAP)]) of a `sidx` box, whose first byte is data[0]."""
    if data[4:8] != b"sidx":
        raise PlaylistError(f"the index range holds {data[4:8]!r}, not sidx")
    version = data[8]
    timescale = struct.unpack(">I", data[16:20])[0]
    earliest = struct.unpack(">I", data[20:24])[0] if version == 0 else struct.unpack(">Q", data[20:28])[0]
    at = 28 if version == 0 else 36
    count = struct.unpack(">H", data[at + 2 : at + 4])[0]
    at += 4
    entries = []
    for _ in range(count):
        size, ticks, sap = struct.unpack(">III", data[at : at + 12])
        entries.append((size & 0x7FFFFFFF, ticks, bool(sap >> 31)))
        at += 12
    return timescale, earliest, entries


def _from_template(target: Representation, template: ElementTree.Element, base: Path, period: Fraction) -> None:
    scale = int(template.get("timescale", 1))
    offset = int(template.get("presentationTimeOffset", 0))
    if template.get("initialization"):
        target.init = ByteRange(resolve(base, _fill(template.get("initialization"), target.id, 0, 0)))
    first = int(template.get("startNumber", 1))
    entries = _timeline(template, period)
    for index, (time, _) in enumerate(entries):
        target.segments.append(ByteRange(resolve(base, _fill(template.get("media"), target.id, first + index, time))))
    target.starts = [Fraction(t - offset, scale) for t, _ in entries]
    target.gapless = all(t + d == following for (t, d), (following, _) in zip(entries, entries[1:]))
    target.starts.append(Fraction(entries[-1][0] + entries[-1][1] - offset, scale))


def _from_base(target: Representation, segment_base: ElementTree.Element, file: Path) -> None:
    first, last = (int(x) for x in segment_base.get("indexRange").split("-"))
    init = segment_base.find(f"{NS}Initialization")
    init_range = (init.get("range") if init is not None else None) or f"0-{first - 1}"
    begin, end = (int(x) for x in init_range.split("-"))
    target.init = ByteRange(file, begin, end - begin + 1)
    scale, earliest, entries = sidx_entries(ByteRange(file, first, last - first + 1).read())
    offset = Fraction(int(segment_base.get("presentationTimeOffset", 0)), int(segment_base.get("timescale", 1)))
    at, time = last + 1, earliest
    for size, ticks, _ in entries:
        target.segments.append(ByteRange(file, at, size))
        target.starts.append(Fraction(time, scale) - offset)
        at, time = at + size, time + ticks
    target.starts.append(Fraction(time, scale) - offset)


def read_mpd(path: Path) -> Manifest:
    root = ElementTree.parse(path).getroot()
    if root.tag != f"{NS}MPD":
        raise PlaylistError(f"{path.name}: the root is {root.tag}")
    periods = root.findall(f"{NS}Period")
    if len(periods) != 1:
        raise PlaylistError(f"{path.name}: {len(periods)} periods; one is expected")
    found, length = [], duration(root.get("mediaPresentationDuration", "PT0S"))
    for adaptation in periods[0].findall(f"{NS}AdaptationSet"):
        for element in adaptation.findall(f"{NS}Representation"):
            one = Representation(element.get("id"), {**adaptation.attrib, **element.attrib})
            base_url = element.find(f"{NS}BaseURL")
            template = _inherited("SegmentTemplate", periods[0], adaptation, element)
            segment_base = _inherited("SegmentBase", periods[0], adaptation, element)
            if template is not None:
                _from_template(one, template, path, length)
            elif segment_base is not None:
                _from_base(one, segment_base, resolve(path, base_url.text))
            elif base_url is not None:
                one.file = resolve(path, base_url.text)
            found.append(one)
    return Manifest(path, length, duration(root.get("minBufferTime", "PT0S")), found)
