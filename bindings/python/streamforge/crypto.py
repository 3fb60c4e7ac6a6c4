"""Hashes and keys, for signing."""

from ._core.crypto import *
