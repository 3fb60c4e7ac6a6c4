"""The words of the command line: what scripts may rely on."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import time
from fractions import Fraction
from pathlib import Path

import pytest

from fixtures import all_fixtures
from running import files_below, run

FIXTURES = {f.name: f for f in all_fixtures()}
COMMANDS = ("process", "probe", "plan", "package", "serve", "lint")
ESCAPE = "\x1b["


@pytest.fixture(scope="session")
def clip() -> Path:
    return FIXTURES["name_without_suffix"].path()


@pytest.fixture(scope="session")
def presentation(program: Path, clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contract") / "p"
    assert run(program, "process", clip, "--to", folder, "--speed", "ultrafast").code == 0
    return folder


def test_help_names_every_command(program: Path) -> None:
    outcome = run(program, "--help")
    assert outcome.code == 0 and outcome.err == ""
    assert all(re.search(rf"^\s+{name}\b", outcome.out, re.MULTILINE) for name in COMMANDS), outcome.out
    assert "xit codes" in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples(command: str, program: Path) -> None:
    outcome = run(program, command, "--help")
    assert outcome.code == 0 and outcome.err == ""
    assert "xample" in outcome.out and f"streamforge {command}" in outcome.out, outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 160


def test_version(program: Path) -> None:
    outcome = run(program, "--version")
    assert outcome.code == 0 and re.fullmatch(r"streamforge \d+\.\d+\.\d+\S*\n", outcome.out), outcome.out


PROMISED = {
    "process": ("--to", "--preset", "--codec", "--speed", "--segment", "--single-file", "--dry-run", "--overwrite", "--json"),
    "probe": ("--json",), "plan": ("--preset", "--codec"), "package": ("--to",), "serve": ("--port",), "lint": ("--json",),
}


@pytest.mark.parametrize("command", PROMISED)
def test_promised_options_exist(command: str, program: Path) -> None:
    text = run(program, command, "--help").out
    assert [o for o in PROMISED[command] if o not in text] == []


def test_results_on_standard_output_and_progress_on_standard_error(program: Path, clip: Path, out: Path) -> None:
    outcome = run(program, "process", clip, "--to", out / "p", "--speed", "ultrafast")
    assert outcome.code == 0
    assert "master.m3u8" in outcome.out and "manifest.mpd" in outcome.out
    assert "%" in outcome.err and "%" not in outcome.out
    assert ESCAPE not in outcome.out + outcome.err and "\r" not in outcome.out + outcome.err, "no terminal, no escape sequences"


def test_errors_go_to_standard_error(program: Path, out: Path) -> None:
    outcome = run(program, "probe", out / "nothing.mp4")
    assert outcome.code == 3 and outcome.out == ""
    assert "not_found" in outcome.err and "nothing.mp4" in outcome.err


EVENTS = {"progress": {"stage", "fraction", "media_seconds", "speed", "eta_seconds"}, "warning": {"message"}, "done": {"report"}}


def test_json_lines_follow_the_documented_schema(program: Path, clip: Path, out: Path) -> None:
    outcome = run(program, "process", clip, "--to", out / "p", "--speed", "ultrafast", "--json")
    assert outcome.code == 0 and outcome.err == ""
    events = outcome.events
    for event in events:
        assert event["event"] in EVENTS and EVENTS[event["event"]] <= set(event), event
    fractions = [e["fraction"] for e in events if e["event"] == "progress"]
    assert fractions and fractions == sorted(fractions) and 0 <= fractions[0] and fractions[-1] <= 1
    assert events[-1]["event"] == "done"
    assert events[-1]["report"]["renditions"] == json.loads((out / "p" / "report.json").read_text())["renditions"]


def test_json_error_is_one_object(program: Path, out: Path) -> None:
    outcome = run(program, "process", out / "x.mp4", "--to", out / "p", "--json")
    assert outcome.code == 3
    assert set(outcome.events[-1]["error"]) >= {"code", "message", "operation", "retryable", "context"}


def test_probe_as_json(program: Path) -> None:
    outcome = run(program, "probe", FIXTURES["subtitles_mov_text"].path(), "--json")
    assert outcome.code == 0 and len(outcome.out.splitlines()) == 1
    streams = json.loads(outcome.out)["streams"]
    assert [s["kind"] for s in streams] == ["video", "audio", "subtitle", "subtitle"]
    assert [s["codec"] for s in streams] == ["h264", "aac", "mov_text", "mov_text"]


PROBED = {
    "fps_23_976": ("frame_rate", "24000/1001"), "anamorphic_16_15": ("sample_aspect", "16/15"), "matrix_709_tagged": ("bit_depth", 8),
    "ten_bit_422": ("bit_depth", 10), "hdr10_pq": ("range", "pq"), "hlg": ("range", "hlg"),
    "variable_rate_like_a_phone": ("variable_frame_rate", True), "interlaced_not_flagged": ("scan", "interlaced_tff"),
    "interlaced_bottom_first_flagged": ("scan", "interlaced_bff"), "telecine": ("scan", "telecine"),
}


@pytest.mark.parametrize("name", PROBED)
def test_probe_sees_what_is_special(name: str, program: Path) -> None:
    key, value = PROBED[name]
    video = next(s["video"] for s in json.loads(run(program, "probe", FIXTURES[name].path(), "--json").out)["streams"] if s.get("video"))
    found = video[key]
    assert str(found).lower() == str(value).lower(), f"{key} is {found}, not {value}: {video}"


def test_probe_tells_cover_pictures_from_video(program: Path) -> None:
    streams = json.loads(run(program, "probe", FIXTURES["audio_with_cover_picture"].path(), "--json").out)["streams"]
    assert [s["video"]["attached_picture"] for s in streams if s.get("video")] == [True]


def test_plan_is_json_and_the_same_as_a_dry_run(program: Path, clip: Path, out: Path) -> None:
    planned = run(program, "plan", clip, "--preset", "classic")
    dry = run(program, "process", clip, "--to", out / "p", "--preset", "classic", "--dry-run")
    assert planned.code == dry.code == 0
    assert json.loads(planned.out) == json.loads(dry.out)


@pytest.mark.parametrize("more", [(), ("--json",), ("--overwrite",)], ids=["plain", "json", "overwrite"])
def test_dry_run_writes_nothing(more: tuple[str, ...], program: Path, clip: Path, out: Path) -> None:
    (out / "p").mkdir()
    (out / "p" / "mine.txt").write_text("mine")
    outcome = run(program, "process", clip, "--to", out / "p", "--dry-run", *more)
    assert outcome.code == 0, str(outcome)
    assert isinstance(json.loads(outcome.out), dict)
    assert files_below(out) == {"p/mine.txt": b"mine"}
    assert run(program, "process", clip, "--to", out / "q", "--dry-run", *more).code == 0 and not (out / "q").exists()


def on_terminal(arguments: list[str], environment: dict[str, str]) -> str:
    """What a person sees: standard error of the program on a terminal of its own."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=follower, stdin=subprocess.DEVNULL,
                               env={**os.environ, "TERM": "xterm", **environment})
    os.close(follower)
    seen = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([leader], [], [], 0.2)[0]:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        elif process.poll() is not None:
            break
    assert process.wait(timeout=10) == 0
    os.close(leader)
    return seen.decode("utf-8", "replace")


def test_terminal_shows_a_bar_with_speed(program: Path, out: Path) -> None:
    source = FIXTURES["fps_29_97_for_5_minutes"].path()
    seen = on_terminal([str(program), "process", str(source), "--to", str(out / "p"), "--speed", "ultrafast"], {"NO_COLOR": ""})
    assert "\r" in seen and re.search(r"\d+%", seen) and re.search(r"\d\.\d+x", seen) and "ETA" in seen, seen[-400:]
    assert re.search(r"\x1b\[[0-9;]*m", seen), "a terminal gets colours"


def test_no_color_is_honoured(program: Path, clip: Path, out: Path) -> None:
    seen = on_terminal([str(program), "process", str(clip), "--to", str(out / "p"), "--speed", "ultrafast"], {"NO_COLOR": "1"})
    assert re.search(r"\d+%", seen)
    assert not re.search(r"\x1b\[[0-9;]*m", seen), f"colour in spite of NO_COLOR: {seen!r}"


def test_lint_accepts_what_process_made(program: Path, presentation: Path) -> None:
    outcome = run(program, "lint", presentation, "--json")
    assert outcome.code == 0, str(outcome)
    assert outcome.events[-1] == {"event": "done", "errors": 0, "others": outcome.events[-1]["others"], "passed": True}


def test_lint_notices_a_wrong_bandwidth_and_a_missing_file(program: Path, presentation: Path, out: Path) -> None:
    subprocess.run(["cp", "-r", str(presentation), str(out / "p")], check=True)
    master = out / "p" / "master.m3u8"
    master.write_text(re.sub(r"STREAM-INF:BANDWIDTH=\d+", "STREAM-INF:BANDWIDTH=1000", master.read_text()))
    next((out / "p").glob("video/*/seg_00001.m4s")).unlink()
    outcome = run(program, "lint", out / "p", "--json")
    assert outcome.code == 5, str(outcome)
    assert sum(e["event"] == "finding" and e["severity"] == "error" for e in outcome.events) >= 2


def test_package_keeps_the_coded_pictures(program: Path, out: Path) -> None:
    source = FIXTURES["fps_23_976"].path()
    outcome = run(program, "package", source, "--to", out / "p", "--segment", "2s")
    assert outcome.code == 0, str(outcome)
    from judging import oracle
    from judging.presentation import open_presentation

    made = open_presentation(out / "p", out)
    original = oracle.watch(source)
    copied = made.video[0].decoded
    assert not copied.complaints, copied.complaints
    assert [f.cells for f in copied.frames] == [f.cells for f in original.frames]
    assert [f.pts - copied.frames[0].pts for f in copied.frames] == [f.pts - original.frames[0].pts for f in original.frames]
    assert abs(made.audio[0].decoded.end - Fraction(5)) < Fraction(1, 20)
