"""Malformed, odd and fuzz-made files: a result or a typed refusal, within time and memory, touching nothing else."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from judge import judge
from judging.facts import facts_of
from running import DOCUMENTED_EXITS, EXIT_CODES, Outcome, run

SHARED = Path(os.environ.get("STREAMFORGE_SHARED", Path(__file__).resolve().parents[3] / "shared"))
HOSTILE = SHARED / "media" / "hostile"
# Per file and command: "ok", an Errc, or several where more than one answer is right; `warns` where a result must admit damage.
EXPECTED: dict[str, dict] = json.loads((Path(__file__).parent / "hostile_expectations.json").read_text())
# Sanitizers take their own share of both.
SANITIZED = "STREAMFORGE_SANITIZED" in os.environ
MOST_SECONDS = 60 if SANITIZED else 20  # 10 are promised; a shared machine's processor seconds are longer.
MOST_BYTES = (4096 if SANITIZED else 512) << 20
# A machine under load gets more wall time, a process no more of the processor.
PATIENCE_SECONDS = 180 if SANITIZED else 60

pytestmark = pytest.mark.skipif(not HOSTILE.is_dir(), reason=f"{HOSTILE} is not there: hostile files are not tested")


@functools.cache
def without_network() -> tuple[str, ...]:
    """A prefix that takes the network away, where the system permits."""
    prefix = ("unshare", "--net", "--")
    permitted = shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    return prefix if permitted else ()


def answer(outcome: Outcome) -> str:
    return "ok" if outcome.code == 0 else outcome.error.get("code", "nothing")


def check(outcome: Outcome, expected: list[str]) -> None:
    assert not outcome.timed_out, f"still running after {PATIENCE_SECONDS} s"
    assert outcome.code >= 0, f"ended by signal {-outcome.code}: {outcome}"
    assert outcome.code in DOCUMENTED_EXITS, str(outcome)
    assert outcome.cpu_seconds <= MOST_SECONDS, f"{outcome.cpu_seconds:.1f} s of processor time"
    assert outcome.peak_bytes <= MOST_BYTES, f"{outcome.peak_bytes >> 20} MiB"
    told = answer(outcome)
    assert told in expected, f"{told!r}, expected {expected}: {outcome}"
    assert told == "ok" or outcome.code == EXIT_CODES[told]
    assert outcome.err == "", f"standard error must stay empty with --json: {outcome.err}"


def test_every_file_has_an_expectation() -> None:
    present = {str(p.relative_to(HOSTILE)) for p in HOSTILE.rglob("*") if p.is_file()}
    assert present == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_probe(name: str, program: Path) -> None:
    check(run(program, "probe", HOSTILE / name, "--json", timeout=PATIENCE_SECONDS, before=without_network()), EXPECTED[name]["probe"])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_process(name: str, program: Path, out: Path) -> None:
    outcome = run(program, "process", HOSTILE / name, "--to", out / "p", "--speed", "ultrafast", "--max-duration", "60s", "--json",
                  timeout=PATIENCE_SECONDS, before=without_network())
    check(outcome, EXPECTED[name]["process"])
    if outcome.code == 0:
        assert (out / "p" / "master.m3u8").exists() and (out / "p" / "manifest.mpd").exists()
        if EXPECTED[name].get("warns"):
            assert outcome.events[-1]["report"]["warnings"], f"damage is not admitted: {outcome}"
    else:
        assert not (out / "p").exists() or not any((out / "p").iterdir()), "a refusal left files behind"


# Odd but sound files: here a presentation is not enough, it must be right.
SOUND = ("mopt_seeds/0.mp4", "mozilla/npot-video.mp4", "mozilla/short.mp4", "mozilla/test_av_vp9_mp3_32x18.mp4", "mp4parse/minimal.mp4",
         "mozilla/small-shot-mp3.mp4", "androidx/mp4~sample_without_stss.mp4", "androidx/mp4~sample_2_byte_NAL_length.mp4")


@pytest.mark.parametrize("name", SOUND)
def test_sound_files_become_right_presentations(name: str, program: Path, out: Path) -> None:
    outcome = run(program, "process", HOSTILE / name, "--to", out / "p", "--speed", "ultrafast", "--json", timeout=PATIENCE_SECONDS)
    assert outcome.code == 0, str(outcome)
    verdict = judge(out / "p", facts_of(HOSTILE / name))
    assert not verdict.findings.found, str(verdict.findings)


# What a program may open that has to do with no input: libraries, processors, randomness, time, its own state.
HARMLESS = re.compile(r"^(/lib|/usr/lib|/usr/local/lib|/etc/ld\.so|/proc/self/|/proc/(stat|meminfo|cpuinfo|filesystems|sys/)|/sys/(devices/system|fs/cgroup)|/dev/(u?random|null)$|"
                      r"/usr/share/(locale|zoneinfo)|/etc/(localtime|ssl/openssl\.cnf)|/sys/devices/virtual/dmi|/proc/driver/nvidia)")
OPENED = re.compile(r'open(?:at|at2)?\((?:AT_FDCWD|\d+)?,? ?"((?:[^"\\]|\\.)*)"[^)]*\) = (-?\d+)')
TRACED = ("androidx/mp4~sample_fragmented_uuid.mp4", "misc/file+with+data&streams=works?.mp4", "poc/bento4_mp4decrypt_poc5.mp4",
          "ebml/crc_element_has_invalid_hash.mkv", "mp4parse/loop_forever.avif", "jvt/BA_MW_D_IDR_LOST.264", "misc/mp3~200kB-garbage-prefix.mp3",
          "mediaconch/MKV-SEEK-RESOLVE.mkv")


def traced(program: Path, source: Path, target: Path) -> list[str]:
    """System calls of `process` that open files or sockets; skips where strace cannot run."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: file access is not watched")
    with tempfile.NamedTemporaryFile("r", prefix="trace-") as log:
        before = ("strace", "-f", "-qq", "-o", log.name, "-s", "4096", "-e", "trace=open,openat,openat2,socket,connect,sendto,execve")
        outcome = run(program, "process", source, "--to", target, "--speed", "ultrafast", "--json", timeout=120, before=before)
        if "ptrace" in outcome.err.lower() and outcome.code != 0:
            pytest.skip("strace is not permitted here: file access is not watched")
        return log.read().splitlines()


@pytest.mark.parametrize("name", TRACED)
def test_nothing_foreign_is_opened(name: str, program: Path, out: Path) -> None:
    source, target = HOSTILE / name, out / "p"
    calls = traced(program, source, target)
    assert any("openat(" in call for call in calls), "the trace shows nothing"
    sockets = [c for c in calls if re.search(r"\b(socket|connect|sendto)\(", c)]
    assert sockets == [], f"the network was touched: {sockets[:3]}"
    assert sum("execve(" in c for c in calls) == 1, "another program was started"
    allowed = (str(source), str(out), tempfile.gettempdir())
    for call in calls:
        match = OPENED.search(call)
        if not match or int(match.group(2)) < 0:
            continue
        path = match.group(1)
        inside = not path.startswith("/") or path.startswith(allowed) or any(str(out).startswith(path) for _ in (0,))
        assert inside or HARMLESS.match(path) or path == str(program), f"opened {path}: {call}"
