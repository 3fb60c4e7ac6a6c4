# Made by bindings/python/generate_stubs.py; do not edit.
import builtins
import collections.abc
import datetime
import enum
import fractions
import os
import pathlib
import typing

import typing_extensions

import streamforge._core
import streamforge._core.packaging
import streamforge._core.storage

class SegmentReport:
    """One segment that was made."""
    def __init__(self, *, number: int = 0, start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., bytes: int = 0, bitrate_bps: int = 0, quality: streamforge._core.QualityScore | None = None) -> None: ...
    def replace(self, *, number: int = ..., start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., bytes: int = ..., bitrate_bps: int = ..., quality: streamforge._core.QualityScore | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def number(self) -> int:
        """From 1."""
    @property
    def start(self) -> fractions.Fraction: ...
    @property
    def duration(self) -> fractions.Fraction: ...
    @property
    def bytes(self) -> int: ...
    @property
    def bitrate_bps(self) -> int: ...
    @property
    def quality(self) -> streamforge._core.QualityScore | None: ...

class RenditionReport:
    """One rendition that was made."""
    def __init__(self, *, kind: streamforge._core.TrackKind | str = ..., id: str = '', codecs: str = '', playlist: str = '', width_px: int = 0, height_px: int = 0, bytes: int = 0, peak_bps: int = 0, average_bps: int = 0, duration: fractions.Fraction | float | datetime.timedelta = ..., quality: streamforge._core.QualityScore | None = None, segments: collections.abc.Iterable[SegmentReport] = ()) -> None: ...
    def replace(self, *, kind: streamforge._core.TrackKind | str = ..., id: str = ..., codecs: str = ..., playlist: str = ..., width_px: int = ..., height_px: int = ..., bytes: int = ..., peak_bps: int = ..., average_bps: int = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., quality: streamforge._core.QualityScore | None = ..., segments: collections.abc.Iterable[SegmentReport] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def kind(self) -> streamforge._core.TrackKind: ...
    @property
    def id(self) -> str: ...
    @property
    def codecs(self) -> str:
        """RFC 6381; empty for text."""
    @property
    def playlist(self) -> str:
        """Key below the output prefix."""
    @property
    def width_px(self) -> int: ...
    @property
    def height_px(self) -> int: ...
    @property
    def bytes(self) -> int:
        """Init segment included."""
    @property
    def peak_bps(self) -> int:
        """As BANDWIDTH counts it."""
    @property
    def average_bps(self) -> int: ...
    @property
    def duration(self) -> fractions.Fraction: ...
    @property
    def quality(self) -> streamforge._core.QualityScore | None: ...
    @property
    def segments(self) -> tuple[SegmentReport, ...]: ...

class Report:
    """What a run made, what it cost, and what was odd."""
    def __init__(self, *, hls_key: str = '', dash_key: str = '', duration: fractions.Fraction | float | datetime.timedelta = ..., bytes_written: int = 0, files_written: int = 0, renditions: collections.abc.Iterable[RenditionReport] = (), notes: collections.abc.Iterable[str] = (), warnings: collections.abc.Iterable[str] = (), wall_seconds: collections.abc.Iterable[tuple[str, float]] = (), cpu_seconds: collections.abc.Iterable[tuple[str, float]] = (), frames_decoded: int = 0, frames_dropped: int = 0, frames_filled: int = 0, decode_errors: int = 0) -> None: ...
    def replace(self, *, hls_key: str = ..., dash_key: str = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., bytes_written: int = ..., files_written: int = ..., renditions: collections.abc.Iterable[RenditionReport] = ..., notes: collections.abc.Iterable[str] = ..., warnings: collections.abc.Iterable[str] = ..., wall_seconds: collections.abc.Iterable[tuple[str, float]] = ..., cpu_seconds: collections.abc.Iterable[tuple[str, float]] = ..., frames_decoded: int = ..., frames_dropped: int = ..., frames_filled: int = ..., decode_errors: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def hls_key(self) -> str:
        """A key in the output store."""
    @property
    def dash_key(self) -> str: ...
    @property
    def duration(self) -> fractions.Fraction: ...
    @property
    def bytes_written(self) -> int: ...
    @property
    def files_written(self) -> int: ...
    @property
    def renditions(self) -> tuple[RenditionReport, ...]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def wall_seconds(self) -> tuple[tuple[str, float], ...]:
        """By stage."""
    @property
    def cpu_seconds(self) -> tuple[tuple[str, float], ...]:
        """By stage."""
    @property
    def frames_decoded(self) -> int: ...
    @property
    def frames_dropped(self) -> int: ...
    @property
    def frames_filled(self) -> int: ...
    @property
    def decode_errors(self) -> int: ...
    def to_json(self, indent: int = 2) -> str:
        """The documented JSON form."""

def package(inputs: collections.abc.Sequence[str | os.PathLike[str] | typing_extensions.Buffer | typing.BinaryIO | streamforge._core.ByteSource], output: streamforge._core.storage.Location, *, segment: fractions.Fraction | float | datetime.timedelta = 4, single_file: bool = False, overwrite: bool = False, limits: streamforge._core.packaging.Mp4Limits = ..., progress: object = None, stop: streamforge._core.StopSource | None = None) -> Report:
    """Cuts encoded MP4 files into CMAF segments, describes and publishes them; nothing is decoded."""
