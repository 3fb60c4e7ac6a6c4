"""Killed and stopped at random points: what was published stays whole, and nothing half-made is announced."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from fixtures import all_fixtures
from judge import judge
from running import files_below, run

FIXTURES = {f.name: f for f in all_fixtures()}
SOURCE = "audio_longer_than_video"
ANNOUNCEMENTS = ("master.m3u8", "manifest.mpd")
ROUNDS = 8
# Half a second is the promise; a loaded machine gets this much.
STOP_SECONDS = 5


def command(program: Path, source: Path, target: Path, *more: str) -> list[str]:
    return [str(program), "process", str(source), "--to", str(target), "--speed", "veryfast", "--segment", "1s", "--json", *more]


@pytest.fixture(scope="session")
def source() -> Path:
    return FIXTURES[SOURCE].path()


@pytest.fixture(scope="session")
def file_count(program: Path, source: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many files an undisturbed run writes."""
    target = tmp_path_factory.mktemp("undisturbed") / "p"
    subprocess.run(command(program, source, target), check=True, capture_output=True)
    return len(files_below(target))


@pytest.fixture(scope="session")
def old_presentation(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old") / "p"
    subprocess.run(command(program, FIXTURES["name_without_suffix"].path(), folder), check=True, capture_output=True)
    return folder


def written(folder: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(folder))


def interrupted(arguments: list[str], folder: Path, files: int, how: signal.Signals) -> tuple[int, float, str]:
    """Signals the program once it runs and `files` more files lie below `folder`, a moment that no load of the machine moves.

    Gives the exit status, the seconds from the signal to the end, and standard output.
    """
    before = written(folder)
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        first = process.stdout.readline()
        while process.poll() is None and written(folder) < before + files:
            time.sleep(0.0005)
        process.send_signal(how)
        sent = time.monotonic()
        out, _ = process.communicate(timeout=60)
        return process.returncode, time.monotonic() - sent, first + out
    finally:
        process.kill()


def attends_to(pid: int, wanted: signal.Signals) -> bool:
    """Whether a process catches a signal, or holds it back for a thread that waits for it, by now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    masks = re.findall(r"^Sig(?:Cgt|Blk):\s*([0-9a-f]+)", status, re.MULTILINE)
    return any(int(mask, 16) >> (wanted - 1) & 1 for mask in masks)


def moments(count: int, seed: int) -> list[int]:
    """Numbers of files after which to strike: at once, early, late, and at the very end."""
    generator = random.Random(seed)
    return [0, 1, count - 2, count - 1, *(generator.randint(2, count - 3) for _ in range(ROUNDS - 4))]


def announced(folder: Path) -> list[str]:
    return [name for name in ANNOUNCEMENTS if (folder / name).exists()]


def test_killed_while_writing_a_fresh_target(program: Path, source: Path, file_count: int, out: Path) -> None:
    killed = 0
    for round_number, moment in enumerate(moments(file_count, 1)):
        target = out / f"p{round_number}"
        code, _, _ = interrupted(command(program, source, target), out, moment, signal.SIGKILL)
        if code == 0:
            continue
        killed += 1
        if not announced(target):
            assert run(program, "process", source, "--to", target, "--speed", "veryfast", "--segment", "1s").code == 0, "a rerun must succeed"
        else:  # Killed between the last file and the end: then all must be there.
            assert len(announced(target)) == 2 or (target / ".unfinished").exists()
            assert run(program, "process", source, "--to", target, "--speed", "veryfast", "--segment", "1s", "--overwrite").code == 0
        for leftover in target.rglob(".streamforge-tmp-*"):  # Killed in the write of the marker itself; no listing shows it.
            leftover.unlink()
        verdict = judge(target, FIXTURES[SOURCE].facts(), ("hls", "dash", "reports"))
        assert not verdict.findings.found, f"after a kill at {moment} files and a rerun: {verdict.findings}"
        shutil.rmtree(target)
    assert killed >= ROUNDS // 2, "hardly any run was killed: the moments are wrong"


def test_killed_while_replacing(program: Path, source: Path, file_count: int, old_presentation: Path, out: Path) -> None:
    before = files_below(old_presentation)
    killed = 0
    for moment in moments(file_count, 2):
        target = out / "p"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(old_presentation, target)
        code, _, _ = interrupted(command(program, source, target, "--overwrite"), out, moment, signal.SIGKILL)
        now = files_below(target)
        if now == before:
            killed += code != 0
        else:
            verdict = judge(target, FIXTURES[SOURCE].facts(), ("hls", "dash", "reports"))
            assert not verdict.findings.found, f"neither the old nor the new presentation after {moment} files: {verdict.findings}"
    assert killed >= ROUNDS // 2, "hardly any run was killed: the moments are wrong"
    assert run(program, "process", source, "--to", target, "--speed", "veryfast", "--segment", "1s", "--overwrite").code == 0
    verdict = judge(target, FIXTURES[SOURCE].facts(), ("hls", "dash", "reports"))
    assert not verdict.findings.found, str(verdict.findings)
    for leftover in out.glob(".streamforge-tmp-*"):  # Killed in the write of the marker itself; no listing shows it.
        leftover.unlink()
    assert [p.name for p in out.iterdir()] == ["p"], "what killed runs left beside the target is never cleared"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["ctrl_c", "terminate"])
def test_stopped_leaves_nothing(how: signal.Signals, program: Path, source: Path, file_count: int, out: Path) -> None:
    stopped = 0
    for round_number, moment in enumerate(moments(file_count, int(how))):
        target = out / f"p{round_number}"
        code, seconds, text = interrupted(command(program, source, target), out, moment, how)
        if code == 0:
            assert len(announced(target)) == 2
            continue
        stopped += 1
        assert code == 130, f"exit {code} after a stop at {moment} files: {text[-300:]}"
        assert seconds <= STOP_SECONDS, f"stopped after {seconds:.2f} s"
        assert '"cancelled"' in text, text[-300:]
        assert not target.exists() or files_below(target) == {}, f"left: {sorted(files_below(target))}"
    assert stopped >= ROUNDS // 3, "hardly any run was stopped: the moments are wrong"


def test_stopped_while_replacing_keeps_the_old(program: Path, source: Path, file_count: int, old_presentation: Path, out: Path) -> None:
    before = files_below(old_presentation)
    target = out / "p"
    shutil.copytree(old_presentation, target)
    stopped = 0
    for moment in moments(file_count, 5):
        code, _, _ = interrupted(command(program, source, target, "--overwrite"), out, moment, signal.SIGINT)
        if code == 0:  # It was done before the signal came.
            shutil.rmtree(target)
            shutil.copytree(old_presentation, target)
            continue
        stopped += 1
        assert code == 130
        assert files_below(target) == before
        assert sorted(p.name for p in out.iterdir()) == ["p"], "something was left beside the presentation"
    assert stopped >= ROUNDS // 3, "hardly any run was stopped: the moments are wrong"


def test_a_second_signal_ends_at_once(program: Path, out: Path) -> None:
    source = FIXTURES["fps_29_97_for_5_minutes"].path()
    with subprocess.Popen(command(program, source, out / "p"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        process.stdout.readline()  # It runs.
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=STOP_SECONDS)
        assert process.returncode == 130


def test_waiting_for_a_pipe_can_be_stopped(program: Path, out: Path) -> None:
    reader, writer = os.pipe()
    try:
        process = subprocess.Popen(command(program, Path("-"), out / "p"), stdin=reader, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not attends_to(process.pid, signal.SIGINT):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=STOP_SECONDS) == 130
        assert not (out / "p").exists() or files_below(out / "p") == {}
    finally:
        os.close(reader)
        os.close(writer)
