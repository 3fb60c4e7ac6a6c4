# Made by bindings/python/generate_stubs.py; do not edit.
import builtins
import collections.abc
import datetime
import enum
import fractions
import os
import pathlib
import typing

import typing_extensions

import streamforge._core
import streamforge._core.pipeline
import streamforge._core.storage
import streamforge._media.media

class PlanOptions:
    """What `plan` is told."""
    def __init__(self, *, ladder: streamforge._media.media.LadderPolicy = ..., single_file: bool = False) -> None: ...
    def replace(self, *, ladder: streamforge._media.media.LadderPolicy = ..., single_file: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def ladder(self) -> streamforge._media.media.LadderPolicy: ...
    @property
    def single_file(self) -> bool:
        """One file with byte ranges per rendition instead of numbered segments."""

class Plan:
    """Everything that `run` will do, decided beforehand."""
    def __init__(self, *, input_name: str = '', input_bytes: int = 0, input_duration: fractions.Fraction | float | datetime.timedelta | None = None, encode: streamforge._media.media.EncodePlan = ..., single_file: bool = False) -> None: ...
    def replace(self, *, input_name: str = ..., input_bytes: int = ..., input_duration: fractions.Fraction | float | datetime.timedelta | None = ..., encode: streamforge._media.media.EncodePlan = ..., single_file: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def input_name(self) -> str: ...
    @property
    def input_bytes(self) -> int: ...
    @property
    def input_duration(self) -> fractions.Fraction | None: ...
    @property
    def encode(self) -> streamforge._media.media.EncodePlan: ...
    @property
    def single_file(self) -> bool: ...
    def to_json(self, indent: int = 2) -> str:
        """The documented JSON form."""
    @staticmethod
    def from_json(json: str) -> Plan:
        """Reads what `to_json` wrote."""

def plan(info: streamforge._media.media.MediaInfo, options: PlanOptions = ...) -> Plan:
    """Decides renditions, cuts, names and pictures. Pure."""

def run(input: str | os.PathLike[str] | typing_extensions.Buffer | typing.BinaryIO | streamforge._core.ByteSource, output: streamforge._core.storage.Location, *, options: PlanOptions = ..., plan: Plan | None = None, probe: streamforge._media.media.ProbeOptions = ..., overwrite: bool = False, progress: object = None, stop: streamforge._core.StopSource | None = None) -> streamforge._core.pipeline.Report:
    """Probes, plans, transcodes, packages, describes and publishes."""
