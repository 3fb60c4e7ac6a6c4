"""The main job on real and awkward input: every presentation is judged by others than us."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from fixtures import Fixture, all_fixtures
from judge import judge
from judging.facts import Facts, facts_of
from judging.hls import read_master, read_media
from running import Outcome, run

FIXTURES = {f.name: f for f in all_fixtures()}
DEV = Path(os.environ.get("STREAMFORGE_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "media" / "dev"
DEV_FILES = sorted(p.name for p in DEV.glob("*")) if DEV.is_dir() else []


def make(program: Path, source: Path, out: Path, *arguments: str, by_pipe: bool = False) -> Outcome:
    """Processes with the quickest encoder settings; fails with all that was said when it does not succeed."""
    name = "-" if by_pipe else source.name
    outcome = run(program, "process", "--to", out, "--speed", "ultrafast", *arguments, "--", name, stdin=source if by_pipe else None,
                  cwd=source.parent)
    assert outcome.code == 0, str(outcome)
    return outcome


def judge_whole(folder: Path, facts: Facts) -> None:
    verdict = judge(folder, facts)
    assert not verdict.findings.found, f"{len(verdict.findings.found)} findings\n{verdict.findings}"
    if verdict.skipped:
        pytest.skip(f"all else is right, but {verdict.skipped}")


def parameters() -> list:
    return [pytest.param(f, id=f.name, marks=[pytest.mark.slow] if f.slow else []) for f in FIXTURES.values()]


@pytest.mark.parametrize("fixture", parameters())
def test_awkward_input_becomes_a_right_presentation(fixture: Fixture, program: Path, out: Path) -> None:
    make(program, fixture.path(), out / "p", *fixture.arguments, by_pipe=fixture.by_pipe)
    judge_whole(out / "p", fixture.facts())


@pytest.mark.skipif(not DEV_FILES, reason=f"{DEV} is not there: real clips are not tested")
@pytest.mark.parametrize("name", DEV_FILES or ["none"])
def test_real_clip_becomes_a_right_presentation(name: str, program: Path, out: Path) -> None:
    source = DEV / name
    facts = facts_of(source)
    make(program, source, out / "p")
    judge_whole(out / "p", replace(facts, end_slack=Fraction(1, 20)))


VARIATIONS = {
    "single_file": ("--single-file",),
    "hevc": ("--codec", "hevc"),
    "av1": ("--codec", "av1"),
    "h264_and_hevc": ("--codec", "h264,hevc"),
    "classic": ("--preset", "classic"),
    "segments_of_one_second": ("--segment", "1s"),
    "segments_of_2_5_seconds": ("--segment", "2500ms"),
    "one_long_segment": ("--segment", "30s"),
    "single_file_hevc": ("--single-file", "--codec", "hevc"),
}


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("name", ["fps_23_976", "subtitles_mov_text"])
def test_each_option_makes_a_right_presentation(name: str, variation: str, program: Path, out: Path) -> None:
    fixture = FIXTURES[name]
    words = VARIATIONS[variation]
    length = () if "--segment" in words else ("--segment", "2s")
    make(program, fixture.path(), out / "p", *length, *words)
    judge_whole(out / "p", replace(fixture.facts(), source=None))


def test_single_file_mode_writes_one_file_for_each_rendition(program: Path, out: Path) -> None:
    make(program, FIXTURES["fps_23_976"].path(), out / "p", "--single-file", "--segment", "1s")
    for playlist in (out / "p").glob("*/*/playlist.m3u8"):
        read = read_media(playlist)
        assert len(read.segments) >= 4
        assert len(read.files()) == 1, f"{playlist.parent.name}: {sorted(p.name for p in read.files())}"


def test_numbered_segments_are_named_as_the_contract_says(program: Path, out: Path) -> None:
    make(program, FIXTURES["fps_23_976"].path(), out / "p", "--segment", "1s")
    for playlist in (out / "p").glob("video/*/playlist.m3u8"):
        names = [s.where.path.name for s in read_media(playlist).segments]
        assert names == [f"seg_{n:05d}.m4s" for n in range(1, len(names) + 1)]
        assert read_media(playlist).init.path.name == "init.mp4"


def test_the_same_job_gives_the_same_media_twice(program: Path, out: Path) -> None:
    source = FIXTURES["variable_rate_like_a_phone"].path()
    for name in ("a", "b"):
        make(program, source, out / name, "--segment", "2s")
    media = {p.relative_to(out / "a") for pattern in ("*.m4s", "*.mp4", "*.m3u8", "*.mpd", "*.jpg") for p in (out / "a").rglob(pattern)}
    assert len(media) > 10
    assert [str(p) for p in sorted(media) if (out / "a" / p).read_bytes() != (out / "b" / p).read_bytes()] == []


def test_the_ladder_follows_the_source_and_the_preset(program: Path, out: Path) -> None:
    make(program, FIXTURES["portrait_360x640"].path(), out / "p")
    sizes = [words["RESOLUTION"] for words, _ in read_master(out / "p" / "master.m3u8").variants]
    assert set(sizes) in ({"240x426", "360x640"}, {"240x428", "360x640"})
