"""The sample table of a fragmented MP4 by the letter of ISO/IEC 14496-12, because demuxers disagree about signed offsets.

ffmpeg 5.1 delays pictures by the most negative composition offset that it has met so far (`trun` version 1, as CMAF wants
it); browsers and the standard do not. So presentation times come from here, and ffprobe must agree on everything else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction

CONTAINERS = {b"moov", b"trak", b"mdia", b"edts", b"mvex", b"moof", b"traf"}


@dataclass(frozen=True)
class Sample:
    dts: Fraction
    pts: Fraction        # On the presentation's timeline: the edit list applied.
    duration: Fraction
    size: int
    position: int
    sync: bool


@dataclass(frozen=True)
class Table:
    timescale: int
    edit_offset: Fraction     # Media time that the edit list puts at 0.
    samples: tuple[Sample, ...]


def _boxes(data: bytes, begin: int, end: int):
    """(type, start of box, start of body, end of box) of every box, containers entered."""
    at = begin
    while at + 8 <= end:
        size, body = int.from_bytes(data[at : at + 4], "big"), at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        if size < body - at or at + size > end:
            raise ValueError(f"box {data[at + 4 : at + 8]!r} at {at} has a bad size of {size}")
        yield data[at + 4 : at + 8], at, body, at + size
        if data[at + 4 : at + 8] in CONTAINERS:
            yield from _boxes(data, body, at + size)
        at += size


def _words(data: bytes, at: int, count: int = 1) -> tuple[int, ...]:
    return struct.unpack_from(f">{count}I", data, at)


def _edit_offset(data: bytes, body: int) -> int:
    """Media time of the first edit that shows media."""
    version, count = data[body], _words(data, body + 4)[0]
    step = 20 if version else 12
    for index in range(count):
        at = body + 8 + index * step
        time = struct.unpack_from(">q" if version else ">i", data, at + (8 if version else 4))[0]
        if time >= 0:
            return time
    return 0


def _fragment_defaults(data: bytes, body: int, track_defaults: list[int]) -> list[int]:
    flags = _words(data, body)[0] & 0xFFFFFF
    at, found = body + 8, list(track_defaults)
    at += 8 if flags & 0x1 else 0
    at += 4 if flags & 0x2 else 0
    for index, bit in enumerate((0x8, 0x10, 0x20)):
        if flags & bit:
            found[index] = _words(data, at)[0]
            at += 4
    return found


def _run(data: bytes, body: int, defaults: list[int]):
    """(data offset, [(duration, size, flags, composition offset)]) of one trun."""
    version, flags = data[body], _words(data, body)[0] & 0xFFFFFF
    count, at = _words(data, body + 4)[0], body + 8
    offset = struct.unpack_from(">i", data, at)[0] if flags & 0x1 else 0
    at += 4 if flags & 0x1 else 0
    first_flags = _words(data, at)[0] if flags & 0x4 else None
    at += 4 if flags & 0x4 else 0
    entries = []
    for index in range(count):
        values = list(defaults)
        for slot, bit in enumerate((0x100, 0x200, 0x400)):
            if flags & bit:
                values[slot] = _words(data, at)[0]
                at += 4
        if index == 0 and first_flags is not None:
            values[2] = first_flags
        composition = struct.unpack_from(">i" if version else ">I", data, at)[0] if flags & 0x800 else 0
        at += 4 if flags & 0x800 else 0
        entries.append((*values, composition))
    return offset, entries


def read_table(data: bytes) -> Table:
    """Every sample of a file with one track, in file order. Raises ValueError when boxes do not nest."""
    timescale, edit = 1, 0
    track_defaults, defaults = [0, 0, 0], [0, 0, 0]
    moof = decode_time = next_position = 0
    raw: list[tuple[int, int, int, int, int, bool]] = []
    for kind, start, body, _ in _boxes(data, 0, len(data)):
        if kind == b"mdhd":
            timescale = _words(data, body + (20 if data[body] else 12))[0]
        elif kind == b"elst":
            edit = _edit_offset(data, body)
        elif kind == b"trex":
            track_defaults = list(_words(data, body + 12, 3))
        elif kind == b"moof":
            moof = start
        elif kind == b"tfhd":
            defaults = _fragment_defaults(data, body, track_defaults)
        elif kind == b"tfdt":
            decode_time = struct.unpack_from(">Q" if data[body] else ">I", data, body + 4)[0]
        elif kind == b"trun":
            offset, entries = _run(data, body, defaults)
            next_position = moof + offset if offset else next_position
            for duration, size, flags, composition in entries:
                raw.append((decode_time, composition, duration, size, next_position, not flags & 0x10000))
                decode_time, next_position = decode_time + duration, next_position + size
    samples = tuple(Sample(Fraction(dts, timescale), Fraction(dts + composition - edit, timescale), Fraction(duration, timescale), size,
                           position, sync) for dts, composition, duration, size, position, sync in raw)
    return Table(timescale, Fraction(edit, timescale), samples)
