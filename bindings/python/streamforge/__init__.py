"""Turn a video file into protected, adaptive streams: probe, plan, transcode, package, store, serve, sign.

    report = streamforge.process("movie.mov", "out/movie", speed="veryfast")

Names are those of the C++ library. `Result` becomes a value or an exception, exact media times are `fractions.Fraction`, durations
`datetime.timedelta` (or seconds), instants aware `datetime`s.
"""

from __future__ import annotations

import atexit as _atexit
from typing import TYPE_CHECKING, Any

from ._core import (
    AudioFormat,
    ByteRange,
    ByteSource,
    Codec,
    ColourInfo,
    ContentLight,
    MasteringDisplay,
    NalFraming,
    Progress,
    QualityScore,
    Secret,
    StopSource,
    TrackFormat,
    TrackKind,
    VideoFormat,
    VideoRange,
    _stop_everything,
    bytes_source,
    open_file,
    version,
)
from ._errors import (
    AlreadyExistsError,
    CancelledError,
    DeniedError,
    InternalError,
    IoError,
    MediaError,
    NetworkError,
    NotAFileError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionError,
    RightsError,
    StreamForgeError,
    TargetError,
    TimedOutError,
    UnauthenticatedError,
    UnsupportedError,
    UsageError,
    error_class,
)

if TYPE_CHECKING:
    from . import aio, cdn, crypto, http, manifest, media, packaging, pipeline, server, storage
    from ._job import Job
    from ._process import package, plan, probe, process, start

__version__ = version
_atexit.register(_stop_everything)

_LAZY_MODULES = frozenset(
    {"aio", "cdn", "crypto", "http", "manifest", "media", "packaging", "pipeline", "server", "storage"}
)
_LAZY_NAMES = {"Job": "_job", "package": "_process", "plan": "_process", "probe": "_process", "process": "_process", "start": "_process"}

__all__ = [
    "AlreadyExistsError",
    "AudioFormat",
    "ByteRange",
    "ByteSource",
    "CancelledError",
    "Codec",
    "ColourInfo",
    "ContentLight",
    "DeniedError",
    "InternalError",
    "IoError",
    "Job",
    "MasteringDisplay",
    "MediaError",
    "NalFraming",
    "NetworkError",
    "NotAFileError",
    "NotFoundError",
    "PermissionDeniedError",
    "PreconditionError",
    "Progress",
    "QualityScore",
    "RightsError",
    "Secret",
    "StopSource",
    "StreamForgeError",
    "TargetError",
    "TimedOutError",
    "TrackFormat",
    "TrackKind",
    "UnauthenticatedError",
    "UnsupportedError",
    "UsageError",
    "VideoFormat",
    "VideoRange",
    "aio",
    "bytes_source",
    "cdn",
    "crypto",
    "error_class",
    "http",
    "manifest",
    "media",
    "open_file",
    "package",
    "packaging",
    "pipeline",
    "plan",
    "probe",
    "process",
    "server",
    "start",
    "storage",
    "version",
]


def __getattr__(name: str) -> Any:
    import importlib

    if name in _LAZY_MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _LAZY_NAMES:
        value = getattr(importlib.import_module(f"{__name__}.{_LAZY_NAMES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
