"""Loads the half of the package that needs FFmpeg, and says what to do where that fails."""

from __future__ import annotations

from ._errors import UnsupportedError


def load() -> None:
    import importlib.util

    found = importlib.util.find_spec("streamforge._media")
    if found is None or found.origin is None:  # the folder of its stubs is there always
        raise UnsupportedError(
            "this wheel was built without FFmpeg; install one built with it, or use the parts that need none",
            operation="python.load_ffmpeg",
        )
    try:
        from . import _media  # noqa: F401
    except ImportError as broken:
        raise UnsupportedError(
            "FFmpeg's libraries could not be loaded; install those that this wheel was built with "
            "(Debian 12: apt install libavformat59 libavfilter8)",
            operation="python.load_ffmpeg",
            context={"reason": str(broken)},
        ) from broken
