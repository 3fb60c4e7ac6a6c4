"""Origin, HTTP server, player page: embeddable, no FFmpeg."""

from ._core.server import *
