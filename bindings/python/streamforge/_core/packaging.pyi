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
import streamforge._errors

class AudioPriming(enum.StrEnum):
    """What is done with the samples before the sound."""
    edit_list = "edit_list"
    drop_packets = "drop_packets"

class VideoReordering(enum.StrEnum):
    """How decode times are kept from being negative."""
    edit_list = "edit_list"
    signed_offsets = "signed_offsets"

class BitrateHint:
    """Bit rates to announce."""
    def __init__(self, *, max_bps: int = 0, average_bps: int = 0) -> None: ...
    def replace(self, *, max_bps: int = ..., average_bps: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def max_bps(self) -> int: ...
    @property
    def average_bps(self) -> int: ...

class CmafOptions:
    """How one CMAF track is written."""
    def __init__(self, *, audio_priming: AudioPriming | str = ..., video_reordering: VideoReordering | str = ..., segment_type_box: bool = True, duration: fractions.Fraction | float | datetime.timedelta | None = None, bitrate: BitrateHint | None = None, track_id: int = 1, first_number: int = 1) -> None: ...
    def replace(self, *, audio_priming: AudioPriming | str = ..., video_reordering: VideoReordering | str = ..., segment_type_box: bool = ..., duration: fractions.Fraction | float | datetime.timedelta | None = ..., bitrate: BitrateHint | None = ..., track_id: int = ..., first_number: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def audio_priming(self) -> AudioPriming: ...
    @property
    def video_reordering(self) -> VideoReordering: ...
    @property
    def segment_type_box(self) -> bool: ...
    @property
    def duration(self) -> fractions.Fraction | None: ...
    @property
    def bitrate(self) -> BitrateHint | None: ...
    @property
    def track_id(self) -> int: ...
    @property
    def first_number(self) -> int: ...

class SegmentFacts:
    """What a manifest needs to know of one media segment."""
    def __init__(self, *, number: int = 1, start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., size_bytes: int = 0, starts_with_sync: bool = False, key_frame: streamforge._core.ByteRange = ...) -> None: ...
    def replace(self, *, number: int = ..., start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., size_bytes: int = ..., starts_with_sync: bool = ..., key_frame: streamforge._core.ByteRange = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def number(self) -> int: ...
    @property
    def start(self) -> fractions.Fraction: ...
    @property
    def duration(self) -> fractions.Fraction: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def starts_with_sync(self) -> bool: ...
    @property
    def key_frame(self) -> streamforge._core.ByteRange: ...

class Mp4Limits:
    """Bounds on what a file may ask for."""
    def __init__(self, *, max_moov_bytes: int = 1073741824, max_tracks: int = 128, max_samples: int = 200000000, max_fragments: int = 20000000, max_config_bytes: int = 1048576) -> None: ...
    def replace(self, *, max_moov_bytes: int = ..., max_tracks: int = ..., max_samples: int = ..., max_fragments: int = ..., max_config_bytes: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def max_moov_bytes(self) -> int: ...
    @property
    def max_tracks(self) -> int: ...
    @property
    def max_samples(self) -> int: ...
    @property
    def max_fragments(self) -> int: ...
    @property
    def max_config_bytes(self) -> int: ...

class RemuxOptions:
    """How a remux cuts."""
    def __init__(self, *, period: fractions.Fraction | float | datetime.timedelta = ..., audio_priming: AudioPriming | str = ..., video_reordering: VideoReordering | str = ..., single_file: bool = False) -> None: ...
    def replace(self, *, period: fractions.Fraction | float | datetime.timedelta = ..., audio_priming: AudioPriming | str = ..., video_reordering: VideoReordering | str = ..., single_file: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def period(self) -> fractions.Fraction: ...
    @property
    def audio_priming(self) -> AudioPriming: ...
    @property
    def video_reordering(self) -> VideoReordering: ...
    @property
    def single_file(self) -> bool: ...

class IndexedSample:
    """One sample as the index knows it."""
    def __init__(self, *, dts: int = 0, cts: int = 0, duration: int = 0, offset: int = 0, size_bytes: int = 0, sync: bool = False) -> None: ...
    def replace(self, *, dts: int = ..., cts: int = ..., duration: int = ..., offset: int = ..., size_bytes: int = ..., sync: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def dts(self) -> int: ...
    @property
    def cts(self) -> int: ...
    @property
    def duration(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def sync(self) -> bool: ...

class SampleIndex:
    """Where every sample of a track lies and when it plays."""
    def __len__(self) -> int: ...
    def __getitem__(self, number: int) -> IndexedSample: ...
    @property
    def total_bytes(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...

class Mp4Track:
    """A track that can be packaged."""
    def __init__(self, *, track_id: int = 0, format: streamforge._core.TrackFormat = ..., nal_length_bytes: int = 4, index: SampleIndex | None = None, media_start: int = 0, presentation_start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta | None = None, handler_name: str = '', enabled: bool = True, clockwise_degrees: int = 0) -> None: ...
    def replace(self, *, track_id: int = ..., format: streamforge._core.TrackFormat = ..., nal_length_bytes: int = ..., index: SampleIndex | None = ..., media_start: int = ..., presentation_start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta | None = ..., handler_name: str = ..., enabled: bool = ..., clockwise_degrees: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def track_id(self) -> int: ...
    @property
    def format(self) -> streamforge._core.TrackFormat: ...
    @property
    def nal_length_bytes(self) -> int: ...
    @property
    def index(self) -> SampleIndex | None: ...
    @property
    def media_start(self) -> int: ...
    @property
    def presentation_start(self) -> fractions.Fraction: ...
    @property
    def duration(self) -> fractions.Fraction | None: ...
    @property
    def handler_name(self) -> str: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def clockwise_degrees(self) -> int: ...

class Mp4SkippedTrack:
    """A track that cannot be packaged, and why."""
    def __init__(self, *, track_id: int = 0, handler: str = '', reason: streamforge._errors.StreamForgeError = ...) -> None: ...
    def replace(self, *, track_id: int = ..., handler: str = ..., reason: streamforge._errors.StreamForgeError = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def track_id(self) -> int: ...
    @property
    def handler(self) -> str: ...
    @property
    def reason(self) -> streamforge._errors.StreamForgeError: ...

class Mp4File:
    """The index of an MP4 or MOV."""
    def __init__(self, *, tracks: collections.abc.Iterable[Mp4Track] = (), skipped: collections.abc.Iterable[Mp4SkippedTrack] = (), fragmented: bool = False, major_brand: str = '', warnings: collections.abc.Iterable[str] = ()) -> None: ...
    def replace(self, *, tracks: collections.abc.Iterable[Mp4Track] = ..., skipped: collections.abc.Iterable[Mp4SkippedTrack] = ..., fragmented: bool = ..., major_brand: str = ..., warnings: collections.abc.Iterable[str] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def tracks(self) -> tuple[Mp4Track, ...]: ...
    @property
    def skipped(self) -> tuple[Mp4SkippedTrack, ...]: ...
    @property
    def fragmented(self) -> bool: ...
    @property
    def major_brand(self) -> str: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...

def read_mp4(source: str | os.PathLike[str] | typing_extensions.Buffer | typing.BinaryIO | streamforge._core.ByteSource, limits: Mp4Limits = ...) -> Mp4File:
    """Reads the index of an MP4 or MOV; media bytes are not read."""

def codec_string(format: streamforge._core.TrackFormat) -> str:
    """The CODECS value of one track."""

class RemuxInput:
    """One input of a remux."""
    def __init__(self, *, name: str = '', file: Mp4File = ..., tracks: collections.abc.Iterable[int] = ()) -> None: ...
    def replace(self, *, name: str = ..., file: Mp4File = ..., tracks: collections.abc.Iterable[int] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def name(self) -> str: ...
    @property
    def file(self) -> Mp4File: ...
    @property
    def tracks(self) -> tuple[int, ...]:
        """Empty: all."""

class SegmentLayout:
    """Bytes that do not exist yet: a header, then ranges of the input."""
    def __init__(self, *, facts: SegmentFacts = ..., header: typing_extensions.Buffer = ..., ranges: collections.abc.Iterable[streamforge._core.ByteRange] = ()) -> None: ...
    def replace(self, *, facts: SegmentFacts = ..., header: typing_extensions.Buffer = ..., ranges: collections.abc.Iterable[streamforge._core.ByteRange] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def facts(self) -> SegmentFacts: ...
    @property
    def header(self) -> memoryview: ...
    @property
    def ranges(self) -> tuple[streamforge._core.ByteRange, ...]: ...

class RemuxTrack:
    """One output track: every segment can be asked for, in any order."""
    @property
    def input(self) -> int: ...
    @property
    def input_track(self) -> int: ...
    @property
    def format(self) -> streamforge._core.TrackFormat: ...
    @property
    def codec_string(self) -> str: ...
    @property
    def init_segment(self) -> memoryview: ...
    def __len__(self) -> int: ...
    def segment(self, index: int) -> SegmentLayout: ...
    def facts(self, index: int) -> SegmentFacts: ...

class RemuxPlan:
    """Every segment of every track, decided."""
    @property
    def tracks(self) -> list[typing.Any]: ...
    @property
    def cuts(self) -> list[fractions.Fraction]: ...
    @property
    def duration(self) -> fractions.Fraction: ...
    @property
    def single_file(self) -> bool: ...
    @property
    def warnings(self) -> list[str]: ...

def plan_remux(inputs: collections.abc.Sequence[RemuxInput], options: RemuxOptions = ...) -> RemuxPlan:
    """Decides every segment of every track. Pure: reads only indexes."""

def run_remux(plan: RemuxPlan, sources: collections.abc.Sequence[str | os.PathLike[str] | typing_extensions.Buffer | typing.BinaryIO | streamforge._core.ByteSource], folder: str, track_folders: collections.abc.Sequence[str], *, progress: object = None, stop: streamforge._core.StopSource | None = None) -> None:
    """Writes all files of a plan to folder/track_folders[i]."""

def materialise(layout: SegmentLayout, source: str | os.PathLike[str] | typing_extensions.Buffer | typing.BinaryIO | streamforge._core.ByteSource) -> memoryview:
    """The bytes of one segment."""
