"""Plan → run → report. `run` and `plan` need FFmpeg, `package` and `Report` do not."""

from typing import TYPE_CHECKING, Any

from ._core.pipeline import *  # noqa: F403

if TYPE_CHECKING:
    from ._media.pipeline import *  # noqa: F403

_WITH_FFMPEG = ("Plan", "PlanOptions", "plan", "run")


def __getattr__(name: str) -> Any:
    if name not in _WITH_FFMPEG:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _ffmpeg

    _ffmpeg.load()
    from ._media import pipeline

    return getattr(pipeline, name)
