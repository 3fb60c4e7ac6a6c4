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


version: str

def _stop_everything() -> None:
    """Stops all calls that run and waits for them."""

class StopSource:
    """Stops the blocking calls that it was given to, from any thread."""
    def __init__(self) -> None: ...
    def request_stop(self) -> bool:
        """Asks all of them to stop; they raise `CancelledError`. True the first time."""
    @property
    def stop_requested(self) -> bool: ...

class TrackKind(enum.StrEnum):
    """What a track holds."""
    video = "video"
    audio = "audio"
    text = "text"

class Codec(enum.StrEnum):
    """A codec by name."""
    unknown = "unknown"
    h264 = "h264"
    hevc = "hevc"
    av1 = "av1"
    vp9 = "vp9"
    aac = "aac"
    ac3 = "ac3"
    eac3 = "eac3"
    mp3 = "mp3"
    opus = "opus"
    flac = "flac"
    alac = "alac"
    webvtt = "webvtt"

class VideoRange(enum.StrEnum):
    """Dynamic range as HLS names it (VIDEO-RANGE)."""
    sdr = "sdr"
    hlg = "hlg"
    pq = "pq"

class NalFraming(enum.StrEnum):
    """How H.264 and HEVC samples carry their NAL units."""
    length_prefixed = "length_prefixed"
    annex_b = "annex_b"

class Secret:
    """Text that prints as "***" and is wiped from memory when it goes."""
    def __init__(self, value: str) -> None: ...
    def reveal(self) -> str:
        """The plain value. Do not store or log it."""
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object) -> bool: ...

class ByteSource:
    """Random access to immutable bytes."""
    def read_at(self, offset: int, size: int) -> memoryview:
        """The bytes from `offset` on, as far as there are."""
    @property
    def size_bytes(self) -> int: ...
    @property
    def name(self) -> str:
        """For messages: a path, or "<memory>"."""
    def __len__(self) -> int: ...

def open_file(path: os.PathLike[str] | str | bytes) -> ByteSource:
    """Opens a regular file."""

def bytes_source(data: typing_extensions.Buffer) -> ByteSource:
    """Bytes of Python as a source, in place: the buffer is held until the source goes."""

class Progress:
    """How far a blocking call is."""
    def __init__(self, *, stage: str = '', fraction: float = 0.0, media_done: fractions.Fraction | float | datetime.timedelta = ..., media_total: fractions.Fraction | float | datetime.timedelta | None = None, speed: float = 0.0, eta: datetime.timedelta | float | None = None, bytes_written: int = 0) -> None: ...
    def replace(self, *, stage: str = ..., fraction: float = ..., media_done: fractions.Fraction | float | datetime.timedelta = ..., media_total: fractions.Fraction | float | datetime.timedelta | None = ..., speed: float = ..., eta: datetime.timedelta | float | None = ..., bytes_written: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def stage(self) -> str:
        """"probe", "transcode", "package", "publish", …"""
    @property
    def fraction(self) -> float:
        """0 to 1 of the whole call; never goes back."""
    @property
    def media_done(self) -> fractions.Fraction:
        """Presentation time finished in the slowest track."""
    @property
    def media_total(self) -> fractions.Fraction | None: ...
    @property
    def speed(self) -> float:
        """Media seconds per wall second; 0 when unknown."""
    @property
    def eta(self) -> datetime.timedelta | None: ...
    @property
    def bytes_written(self) -> int: ...

class QualityScore:
    """Quality against the source: SSIM 0 to 1, PSNR in dB."""
    def __init__(self, *, ssim_y: float = 0.0, ssim_u: float = 0.0, ssim_v: float = 0.0, psnr_y: float = 0.0, psnr_u: float = 0.0, psnr_v: float = 0.0, frames: int = 0) -> None: ...
    def replace(self, *, ssim_y: float = ..., ssim_u: float = ..., ssim_v: float = ..., psnr_y: float = ..., psnr_u: float = ..., psnr_v: float = ..., frames: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def ssim_y(self) -> float: ...
    @property
    def ssim_u(self) -> float: ...
    @property
    def ssim_v(self) -> float: ...
    @property
    def psnr_y(self) -> float: ...
    @property
    def psnr_u(self) -> float: ...
    @property
    def psnr_v(self) -> float: ...
    @property
    def frames(self) -> int:
        """Frames compared."""

class ByteRange:
    """Bytes [offset, offset + length) of an object."""
    def __init__(self, *, offset: int = 0, length: int = 0) -> None: ...
    def replace(self, *, offset: int = ..., length: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def offset(self) -> int: ...
    @property
    def length(self) -> int: ...

class ColourInfo:
    """Colour description by the code points of ISO/IEC 23091-2; 2 is unspecified."""
    def __init__(self, *, primaries: int = 2, transfer: int = 2, matrix: int = 2, full_range: bool = False) -> None: ...
    def replace(self, *, primaries: int = ..., transfer: int = ..., matrix: int = ..., full_range: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def primaries(self) -> int: ...
    @property
    def transfer(self) -> int: ...
    @property
    def matrix(self) -> int: ...
    @property
    def full_range(self) -> bool: ...

class MasteringDisplay:
    """SMPTE ST 2086, in the units of the mdcv box."""
    def __init__(self, *, red_x: int = 0, red_y: int = 0, green_x: int = 0, green_y: int = 0, blue_x: int = 0, blue_y: int = 0, white_x: int = 0, white_y: int = 0, max_luminance: int = 0, min_luminance: int = 0) -> None: ...
    def replace(self, *, red_x: int = ..., red_y: int = ..., green_x: int = ..., green_y: int = ..., blue_x: int = ..., blue_y: int = ..., white_x: int = ..., white_y: int = ..., max_luminance: int = ..., min_luminance: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def red_x(self) -> int: ...
    @property
    def red_y(self) -> int: ...
    @property
    def green_x(self) -> int: ...
    @property
    def green_y(self) -> int: ...
    @property
    def blue_x(self) -> int: ...
    @property
    def blue_y(self) -> int: ...
    @property
    def white_x(self) -> int: ...
    @property
    def white_y(self) -> int: ...
    @property
    def max_luminance(self) -> int: ...
    @property
    def min_luminance(self) -> int: ...

class ContentLight:
    """CTA-861.3 content light level, cd/m²."""
    def __init__(self, *, max_cll: int = 0, max_fall: int = 0) -> None: ...
    def replace(self, *, max_cll: int = ..., max_fall: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def max_cll(self) -> int: ...
    @property
    def max_fall(self) -> int: ...

class VideoFormat:
    """What a decoder must know of a picture."""
    def __init__(self, *, width_px: int = 0, height_px: int = 0, sample_aspect: fractions.Fraction | float | datetime.timedelta = ..., frame_rate: fractions.Fraction | float | datetime.timedelta = ..., colour: ColourInfo = ..., bit_depth: int = 8, mastering_display: MasteringDisplay | None = None, content_light: ContentLight | None = None) -> None: ...
    def replace(self, *, width_px: int = ..., height_px: int = ..., sample_aspect: fractions.Fraction | float | datetime.timedelta = ..., frame_rate: fractions.Fraction | float | datetime.timedelta = ..., colour: ColourInfo = ..., bit_depth: int = ..., mastering_display: MasteringDisplay | None = ..., content_light: ContentLight | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def width_px(self) -> int: ...
    @property
    def height_px(self) -> int: ...
    @property
    def sample_aspect(self) -> fractions.Fraction: ...
    @property
    def frame_rate(self) -> fractions.Fraction:
        """0 when unknown."""
    @property
    def colour(self) -> ColourInfo: ...
    @property
    def bit_depth(self) -> int: ...
    @property
    def mastering_display(self) -> MasteringDisplay | None: ...
    @property
    def content_light(self) -> ContentLight | None: ...

class AudioFormat:
    """What a decoder must know of sound."""
    def __init__(self, *, sample_rate_hz: int = 0, channels: int = 0, priming_samples: int = 0) -> None: ...
    def replace(self, *, sample_rate_hz: int = ..., channels: int = ..., priming_samples: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def sample_rate_hz(self) -> int: ...
    @property
    def channels(self) -> int: ...
    @property
    def priming_samples(self) -> int:
        """Samples at the start that a decoder must drop."""

class TrackFormat:
    """What a decoder and a packager must know of one stream before its first sample."""
    def __init__(self, *, kind: TrackKind | str = ..., codec: Codec | str = ..., timescale: int = 90000, nal_framing: NalFraming | str = ..., codec_config: typing_extensions.Buffer = ..., video: VideoFormat = ..., audio: AudioFormat = ..., language: str = 'und') -> None: ...
    def replace(self, *, kind: TrackKind | str = ..., codec: Codec | str = ..., timescale: int = ..., nal_framing: NalFraming | str = ..., codec_config: typing_extensions.Buffer = ..., video: VideoFormat = ..., audio: AudioFormat = ..., language: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def kind(self) -> TrackKind: ...
    @property
    def codec(self) -> Codec: ...
    @property
    def timescale(self) -> int: ...
    @property
    def nal_framing(self) -> NalFraming: ...
    @property
    def codec_config(self) -> memoryview: ...
    @property
    def video(self) -> VideoFormat: ...
    @property
    def audio(self) -> AudioFormat: ...
    @property
    def language(self) -> str:
        """BCP 47."""
