"""ISO BMFF reading, sample index, CMAF segments, remux. No FFmpeg."""

from ._core.packaging import *
