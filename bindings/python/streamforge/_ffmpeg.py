"""Loads the half of the package that needs FFmpeg, and says what to do where that fails."""

from __future__ import annotations

from ._errors import UnsupportedError


def load() -> None:
    try:
        from . import _media  # noqa: F401
    except ModuleNotFoundError as missing:
        if missing.name != "streamforge._media":
            raise
        raise UnsupportedError(
            "this wheel was built without FFmpeg; install one built with it, or use the parts that need none",
            operation="python.load_ffmpeg",
        ) from missing
    except ImportError as broken:
        raise UnsupportedError(
            "FFmpeg's libraries could not be loaded; install those that this wheel was built with "
            "(Debian 12: apt install libavformat59 libavfilter8)",
            operation="python.load_ffmpeg",
            context={"reason": str(broken)},
        ) from broken
