"""How stores and purgers reach the network."""

from ._core.http import *
