"""A finished presentation as its playlists describe it, with every media file joined and taken apart by ffprobe."""

from __future__ import annotations

import struct
import tempfile
from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from judging import hls, isobmff, oracle


@dataclass
class Rendition:
    """One media playlist and the media that it lists."""

    kind: str                       # "video", "audio" or "text".
    attributes: dict[str, str]      # Of EXT-X-STREAM-INF or EXT-X-MEDIA.
    playlist: hls.MediaPlaylist
    root: Path
    scratch: Path

    @property
    def name(self) -> str:
        return str(self.playlist.path.parent.relative_to(self.root))

    @cached_property
    def joined(self) -> Path:
        """Init segment and all segments in one file."""
        path = self.scratch / (self.name.replace("/", "~") + ".mp4")
        with open(path, "wb") as out:
            out.write(self.playlist.init.read() if self.playlist.init else b"")
            for segment in self.playlist.segments:
                out.write(segment.where.read())
        return path

    @cached_property
    def offsets(self) -> list[int]:
        """Where each segment begins in `joined`."""
        at = self.playlist.init.size if self.playlist.init else 0
        found = []
        for segment in self.playlist.segments:
            found.append(at)
            at += segment.where.size
        return found

    @cached_property
    def stream(self) -> oracle.Stream:
        found = oracle.streams(self.joined)
        if len(found) != 1:
            raise hls.PlaylistError(f"{self.name} holds {len(found)} streams; one is expected")
        return found[0]

    @cached_property
    def table(self) -> isobmff.Table:
        try:
            return isobmff.read_table(self.joined.read_bytes())
        except (ValueError, struct.error) as error:
            raise hls.PlaylistError(f"{self.name}: {error}") from error

    @property
    def samples(self) -> tuple[isobmff.Sample, ...]:
        return self.table.samples

    @cached_property
    def by_segment(self) -> list[list[isobmff.Sample]]:
        """The samples of each segment, in file order."""
        found: list[list[isobmff.Sample]] = [[] for _ in self.offsets]
        for sample in self.samples:
            found[max(0, bisect_right(self.offsets, sample.position) - 1)].append(sample)
        return found

    @cached_property
    def boundaries(self) -> list[Fraction]:
        """When each segment begins on the presentation's timeline, and when the last one ends; exact."""
        starts = [min((s.pts for s in samples), default=Fraction(-1)) for samples in self.by_segment]
        end = max((s.pts + s.duration for s in self.samples), default=Fraction(0))
        return [*starts, end]

    @cached_property
    def frame_steps(self) -> set[Fraction]:
        """The distances between pictures, in the order in which they are shown; one element for a constant rate."""
        shown = sorted(s.pts for s in self.samples)
        return {after - before for before, after in zip(shown, shown[1:])}

    @cached_property
    def decoded(self) -> oracle.Decoded:
        """What ffmpeg decodes. Pictures get the standard's times (see isobmff.py): the n-th shown is the n-th by time."""
        if self.kind == "audio":
            return oracle.listen(self.joined)
        seen = oracle.watch(self.joined)
        times = sorted((s.pts, s.duration) for s in self.samples)
        if len(times) != len(seen.frames):
            return seen
        return oracle.Decoded(seen.complaints, tuple(replace(f, pts=pts) for f, (pts, _) in zip(seen.frames, times)))

    def alone(self, index: int) -> Path:
        """A file of the init segment and segment `index` only."""
        path = self.scratch / f"{self.name.replace('/', '~')}.{index}.mp4"
        init = self.playlist.init.read() if self.playlist.init else b""
        path.write_bytes(init + self.playlist.segments[index].where.read())
        return path

    def payload(self, sample: isobmff.Sample) -> bytes:
        with open(self.joined, "rb") as file:
            file.seek(sample.position)
            return file.read(sample.size)


@dataclass
class Presentation:
    root: Path
    master: hls.MasterPlaylist
    video: list[Rendition] = field(default_factory=list)
    audio: list[Rendition] = field(default_factory=list)
    text: list[Rendition] = field(default_factory=list)

    @property
    def media(self) -> list[Rendition]:
        return [*self.video, *self.audio]

    @property
    def end(self) -> Fraction:
        return max((r.boundaries[-1] for r in self.media), default=Fraction(0))

    def prepare(self) -> None:
        """Does the costly work of all renditions side by side."""
        with ThreadPoolExecutor(oracle.cores()) as pool:
            list(pool.map(lambda r: (r.stream, r.table, r.decoded), self.media))


def open_presentation(root: Path, scratch: Path | None = None) -> Presentation:
    """Reads master.m3u8 and every playlist that it names. Raises PlaylistError or OSError on what cannot be read."""
    root = Path(root).resolve()
    scratch = scratch or Path(tempfile.mkdtemp(prefix="judge-"))
    found = Presentation(root, hls.read_master(root / "master.m3u8"))
    opened: dict[Path, Rendition] = {}

    def rendition(kind: str, words: dict[str, str], path: Path) -> Rendition:
        if path not in opened:
            opened[path] = Rendition(kind, words, hls.read_media(path), root, scratch)
        return opened[path]

    for words in found.master.media:
        if "URI" not in words:
            continue
        path = hls.resolve(found.master.path, words["URI"])
        kind = {"AUDIO": "audio", "SUBTITLES": "text", "VIDEO": "video"}[words["TYPE"]]
        one = rendition(kind, words, path)
        target = found.audio if kind == "audio" else found.text
        if one not in target:
            target.append(one)
    for words, path in found.master.variants:
        known = path in opened
        one = rendition("video" if "RESOLUTION" in words else "audio", words, path)
        if not known:
            (found.video if one.kind == "video" else found.audio).append(one)
    return found
