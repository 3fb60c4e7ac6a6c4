"""A small strict reader of HLS playlists (RFC 8216), independent of StreamForge's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)(?:,|$)')


class PlaylistError(ValueError):
    """The text is not the playlist that it should be."""


@dataclass(frozen=True)
class ByteRange:
    """A part of a file, or all of it (`length` None)."""

    path: Path
    offset: int = 0
    length: int | None = None

    def read(self) -> bytes:
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            data = file.read() if self.length is None else file.read(self.length)
        if self.length is not None and len(data) != self.length:
            raise PlaylistError(f"{self.path.name}: bytes {self.offset}+{self.length} reach past the end of the file")
        return data

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.length is None else self.length


@dataclass(frozen=True)
class Segment:
    where: ByteRange
    duration: Fraction


@dataclass
class MediaPlaylist:
    path: Path
    version: int = 1
    target_duration: int = 0
    kind: str = ""
    ended: bool = False
    independent: bool = False
    init: ByteRange | None = None
    segments: list[Segment] = field(default_factory=list)
    iframes_only: bool = False

    def files(self) -> set[Path]:
        found = {s.where.path for s in self.segments}
        return found | ({self.init.path} if self.init else set())


@dataclass
class MasterPlaylist:
    path: Path
    version: int = 1
    independent: bool = False
    variants: list[tuple[dict[str, str], Path]] = field(default_factory=list)
    media: list[dict[str, str]] = field(default_factory=list)
    iframe_variants: list[dict[str, str]] = field(default_factory=list)


def attributes(text: str) -> dict[str, str]:
    """An attribute list; quoted strings without their quotes."""
    found, at = {}, 0
    while at < len(text):
        match = ATTRIBUTE.match(text, at)
        if not match:
            raise PlaylistError(f"not an attribute list: {text!r}")
        name, value = match.group(1), match.group(2)
        if name in found:
            raise PlaylistError(f"attribute {name} occurs twice: {text!r}")
        found[name] = value[1:-1] if value.startswith('"') else value
        at = match.end()
    return found


def resolve(base: Path, uri: str) -> Path:
    """The file that a relative URI names, from the folder of `base`."""
    if re.match(r"[a-z][a-z0-9+.-]*:", uri, re.IGNORECASE) or uri.startswith("/"):
        raise PlaylistError(f"{base.name}: {uri!r} is not relative")
    return (base.parent / unquote(uri)).resolve()


def _lines(path: Path) -> list[str]:
    text = path.read_bytes().decode("utf-8")
    lines = text.split("\n")
    if lines[0].rstrip("\r") != "#EXTM3U":
        raise PlaylistError(f"{path.name} does not begin with #EXTM3U")
    if not text.endswith("\n"):
        raise PlaylistError(f"{path.name} does not end with a line feed")
    return [line.rstrip("\r") for line in lines[1:] if line.strip()]


def _range(text: str, after: int) -> tuple[int, int]:
    length, _, offset = text.partition("@")
    return (int(offset) if offset else after), int(length)


def read_master(path: Path) -> MasterPlaylist:
    playlist, pending = MasterPlaylist(path), None
    for line in _lines(path):
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-VERSION":
            playlist.version = int(value)
        elif tag == "#EXT-X-INDEPENDENT-SEGMENTS":
            playlist.independent = True
        elif tag == "#EXT-X-MEDIA":
            playlist.media.append(attributes(value))
        elif tag == "#EXT-X-STREAM-INF":
            pending = attributes(value)
        elif tag == "#EXT-X-I-FRAME-STREAM-INF":
            playlist.iframe_variants.append(attributes(value))
        elif not line.startswith("#"):
            if pending is None:
                raise PlaylistError(f"{path.name}: {line!r} has no EXT-X-STREAM-INF")
            playlist.variants.append((pending, resolve(path, line)))
            pending = None
    if not playlist.variants:
        raise PlaylistError(f"{path.name} lists no variant")
    return playlist


def read_media(path: Path) -> MediaPlaylist:
    playlist = MediaPlaylist(path)
    duration, byte_range, next_offset = None, None, {}
    for line in _lines(path):
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-VERSION":
            playlist.version = int(value)
        elif tag == "#EXT-X-TARGETDURATION":
            playlist.target_duration = int(value)
        elif tag == "#EXT-X-PLAYLIST-TYPE":
            playlist.kind = value
        elif tag == "#EXT-X-INDEPENDENT-SEGMENTS":
            playlist.independent = True
        elif tag == "#EXT-X-I-FRAMES-ONLY":
            playlist.iframes_only = True
        elif tag == "#EXT-X-ENDLIST":
            playlist.ended = True
        elif tag == "#EXT-X-MAP":
            words = attributes(value)
            part = _range(words["BYTERANGE"], 0) if "BYTERANGE" in words else (0, None)
            playlist.init = ByteRange(resolve(path, words["URI"]), *part)
        elif tag == "#EXTINF":
            duration = Fraction(Decimal(value.split(",")[0]))
        elif tag == "#EXT-X-BYTERANGE":
            byte_range = value
        elif not line.startswith("#"):
            if duration is None:
                raise PlaylistError(f"{path.name}: {line!r} has no EXTINF")
            file = resolve(path, line)
            part = _range(byte_range, next_offset.get(file, 0)) if byte_range else (0, None)
            if part[1] is not None:
                next_offset[file] = part[0] + part[1]
            playlist.segments.append(Segment(ByteRange(file, *part), duration))
            duration = byte_range = None
    if not playlist.segments:
        raise PlaylistError(f"{path} lists no segment")
    return playlist
