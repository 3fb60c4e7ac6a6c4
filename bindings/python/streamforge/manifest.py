"""HLS and DASH as data: model, writers, parsers, lint."""

from ._core.manifest import *
