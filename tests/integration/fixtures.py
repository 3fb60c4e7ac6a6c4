"""Awkward inputs, made by ffmpeg's own sources, each with the facts that a right presentation of it must obey.

Files are kept in a cache folder whose name is a hash of what makes them, so that they are made once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import card
from judging.facts import AudioFacts, Facts, TextFacts, VideoFacts, measured

PROJECT = Path(__file__).resolve().parents[2]


class FixtureError(RuntimeError):
    """ffmpeg could not make an input: the test set is broken, not the program under test."""


@dataclass(frozen=True)
class Fixture:
    """One input: how it is made, what is true of it, and how the program is asked to process it."""

    name: str                                  # Test id.
    file: str                                  # File name; its suffix chooses the container.
    make: Callable[[Path], None]
    stated: Facts
    arguments: tuple[str, ...] = ("--segment", "2s")
    by_pipe: bool = False
    slow: bool = False
    measure: bool = False                      # The container moves the clock: see judging.facts.measured.
    compare: bool = False                      # Frames can be compared with the source's, one by one.
    why: str = ""

    def path(self) -> Path:
        """The finished file, made now if the cache does not hold it."""
        target = cache_folder() / self.name / self.file
        if not target.exists():
            scratch = target.parent.with_name(f".{self.name}.{os.getpid()}")
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
            self.make(scratch / self.file)
            shutil.rmtree(target.parent, ignore_errors=True)
            scratch.rename(target.parent)
        return target

    def facts(self) -> Facts:
        known = measured(self.stated, self.path()) if self.measure else self.stated
        return replace(known, source=self.path()) if self.compare else known


def cache_folder() -> Path:
    root = Path(os.environ.get("STREAMFORGE_FIXTURES", PROJECT / ".cache" / "fixtures"))
    makers = sorted(Path(__file__).parent.glob("fixture*.py")) + [Path(card.__file__)]
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in makers)).hexdigest()[:16]
    return root / digest


def ffmpeg(*arguments: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], capture_output=True, text=True,
                          check=False, cwd=cwd)
    if done.returncode != 0:
        raise FixtureError(f"ffmpeg {' '.join(map(str, arguments))}\n{done.stderr}")


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-bf", "2")
AAC = ("-c:a", "aac", "-b:a", "96k")


def lavfi(graph: str) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", graph)


def clip(target: Path, *, size: tuple[int, int] = (640, 360), rate: str = "25", seconds: float = 5, sound: str | None = "",
         filters: str = "null", video: tuple[str, ...] = H264, audio: tuple[str, ...] = AAC, output: tuple[str, ...] = (),
         moving: bool = True, flash: str | None = "") -> None:
    """The card and its beeps, `filters` applied to the upright picture. `sound=None`: silent; empty: stereo as long."""
    inputs = lavfi(f"{card.picture(*size, rate, seconds, flash, moving)},{filters}")
    maps = ["-map", "0:v"]
    if sound is not None:
        inputs += lavfi(sound or card.sound(seconds))
        maps += ["-map", "1:a", *audio]
    ffmpeg(*inputs, *maps, *video, *output, f"file:{target}")


def frames_end(seconds: float | Fraction, rate: str) -> Fraction:
    """When the last of the frames that begin before `seconds` ends."""
    per_second = Fraction(rate)
    count = -((-Fraction(seconds) * per_second) // 1)
    return count / per_second


def picture_facts(size: tuple[int, int] = (640, 360), rate: str = "25", seconds: float | Fraction = 5,
                  start: Fraction = Fraction(0), **more) -> VideoFacts:
    more.setdefault("first_flash", start + card.FLASH_OFFSET)
    more.setdefault("card", True)
    more.setdefault("frame_rate", Fraction(rate))
    return VideoFacts(*size, start, start + frames_end(seconds, rate), **more)


def sound_facts(seconds: float | Fraction = 5, start: Fraction = Fraction(0), **more) -> AudioFacts:
    more.setdefault("first_beep", start + card.FLASH_OFFSET)
    return AudioFacts(start, start + Fraction(seconds), **more)


def facts(size: tuple[int, int] = (640, 360), rate: str = "25", seconds: float | Fraction = 5,
          start: Fraction = Fraction(0), text: tuple[TextFacts, ...] = (), slack: Fraction = Fraction(0), marks: bool = True,
          mark_slack: Fraction = Fraction(0), **more) -> Facts:
    """The usual case: picture and stereo sound that begin and end together, with all their flashes and beeps."""
    first = start + card.FLASH_OFFSET if marks else None
    return Facts(picture_facts(size, rate, seconds, start, first_flash=first, **more), (sound_facts(seconds, start, first_beep=first),),
                 text, end_slack=slack, mark_slack=mark_slack)


def all_fixtures() -> list[Fixture]:
    import fixtures_geometry
    import fixtures_sound
    import fixtures_timing

    found = [*fixtures_timing.FIXTURES, *fixtures_geometry.FIXTURES, *fixtures_sound.FIXTURES]
    names = [f.name for f in found]
    assert len(names) == len(set(names)), "fixture names must be unique"
    return found
