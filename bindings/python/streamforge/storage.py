"""Objects by key in a folder, in memory, in a bucket, or in a store of your own."""

from ._core.storage import *
