"""The whole job in one call, with the options of all its parts as keywords."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO, Union

from . import pipeline, storage
from ._core import ByteSource, Codec, Progress, StopSource

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from . import media
    from ._job import Job

    Input = Union[str, os.PathLike[str], Buffer, BinaryIO, ByteSource]
    Place = Union[str, os.PathLike[str], storage.Location, storage.ObjectStore]
    Seconds = Union[int, float, Fraction, timedelta]


def _place(to: Place) -> storage.Location:
    if isinstance(to, storage.Location):
        return to
    if isinstance(to, storage.ObjectStore):
        return storage.Location(to)
    return storage.open(to)


def _ladder(
    preset: str,
    rungs: Iterable[media.Rung],
    codecs: Iterable[Codec | str],
    speed: str,
    segment: Seconds,
    fields: dict[str, Any],
) -> media.LadderPolicy:
    from . import media

    return media.LadderPolicy(
        preset=preset, rungs=list(rungs), codecs=[Codec(codec) for codec in codecs], speed=speed, segment=segment, **fields
    )


def probe(input: Input, *, policy: media.InputPolicy | None = None, inspect_content: bool = True, stop: StopSource | None = None) -> media.MediaInfo:
    """What a file holds: container, streams, exact rates, orientation, colour, scan type."""
    from . import media

    options = media.ProbeOptions(policy=policy or media.InputPolicy(), inspect_content=inspect_content)
    return media.probe(input, options, stop=stop)


def plan(
    input: Input | media.MediaInfo,
    *,
    preset: str = "default",
    rungs: Iterable[media.Rung] = (),
    codecs: Iterable[Codec | str] = (Codec.h264,),
    speed: str = "medium",
    segment: Seconds = 4,
    max_short_side_px: int = 2160,
    surround: bool = True,
    text: bool = True,
    measure_quality: bool = True,
    pictures: media.PicturePlan | None = None,
    field_rate: bool = False,
    encoder_threads: int = 0,
    single_file: bool = False,
    policy: media.InputPolicy | None = None,
    stop: StopSource | None = None,
) -> pipeline.Plan:
    """What `process` would do with these options, as data that can be shown, edited, stored and given to it."""
    from . import media

    fields = {
        "max_short_side_px": max_short_side_px,
        "surround": surround,
        "text": text,
        "measure_quality": measure_quality,
        "field_rate": field_rate,
        "encoder_threads": encoder_threads,
        "pictures": pictures or media.PicturePlan(),
    }
    info = input if isinstance(input, media.MediaInfo) else probe(input, policy=policy, stop=stop)
    options = pipeline.PlanOptions(ladder=_ladder(preset, rungs, codecs, speed, segment, fields), single_file=single_file)
    return pipeline.plan(info, options)


def process(
    input: Input,
    to: Place,
    *,
    preset: str = "default",
    rungs: Iterable[media.Rung] = (),
    codecs: Iterable[Codec | str] = (Codec.h264,),
    speed: str = "medium",
    segment: Seconds = 4,
    max_short_side_px: int = 2160,
    surround: bool = True,
    text: bool = True,
    measure_quality: bool = True,
    pictures: media.PicturePlan | None = None,
    field_rate: bool = False,
    encoder_threads: int = 0,
    single_file: bool = False,
    plan: pipeline.Plan | None = None,
    policy: media.InputPolicy | None = None,
    inspect_content: bool = True,
    overwrite: bool = False,
    progress: Callable[[Progress], object] | None = None,
    stop: StopSource | None = None,
) -> pipeline.Report:
    """Makes an adaptive presentation (HLS and DASH) of a media file, and blocks until it is published.

    `to` is a folder, a URL such as "s3://bucket/prefix/", a store, or a place in one. Other threads run meanwhile, and Ctrl-C stops
    the job; what it wrote is removed again.
    """
    from . import media

    fields = {
        "max_short_side_px": max_short_side_px,
        "surround": surround,
        "text": text,
        "measure_quality": measure_quality,
        "field_rate": field_rate,
        "encoder_threads": encoder_threads,
        "pictures": pictures or media.PicturePlan(),
    }
    return pipeline.run(
        input,
        _place(to),
        options=pipeline.PlanOptions(ladder=_ladder(preset, rungs, codecs, speed, segment, fields), single_file=single_file),
        plan=plan,
        probe=media.ProbeOptions(policy=policy or media.InputPolicy(), inspect_content=inspect_content),
        overwrite=overwrite,
        progress=progress,
        stop=stop,
    )


def start(input: Input, to: Place, **options: Any) -> Job[pipeline.Report]:
    """As `process`, in the background: iterate over the job for its progress, ask it for its `result()`."""
    from ._job import Job

    return Job(lambda progress, stop: process(input, to, progress=progress, stop=stop, **options))


def package(
    inputs: Input | Sequence[Input],
    to: Place,
    *,
    segment: Seconds = 4,
    single_file: bool = False,
    overwrite: bool = False,
    progress: Callable[[Progress], object] | None = None,
    stop: StopSource | None = None,
) -> pipeline.Report:
    """HLS and DASH of MP4 files as they are, without encoding. Needs no FFmpeg."""
    if isinstance(inputs, (str, bytes, bytearray, memoryview, os.PathLike, ByteSource)) or hasattr(inputs, "read"):
        inputs = [inputs]  # type: ignore[list-item]
    return pipeline.package(
        inputs,  # type: ignore[arg-type]
        _place(to),
        segment=segment,
        single_file=single_file,
        overwrite=overwrite,
        progress=progress,
        stop=stop,
    )
