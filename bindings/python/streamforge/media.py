"""Probe and ladder planning, with FFmpeg."""

from . import _ffmpeg

_ffmpeg.load()

from ._media.media import *  # noqa: E402, F403
