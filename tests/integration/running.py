"""Runs the program under test and measures it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

# Errc name to exit code: the families that `streamforge --help` documents.
EXIT_CODES = {
    "invalid_argument": 2, "unsupported": 2, "not_found": 3, "already_exists": 3, "not_a_file": 3, "precondition_failed": 3,
    "permission_denied": 4, "read_only": 4, "unauthenticated": 4, "malformed": 5, "no_streams": 5, "unsupported_codec": 5,
    "encrypted": 5, "limit_exceeded": 5, "io": 6, "no_space": 6, "integrity": 6, "network": 7, "timed_out": 7, "throttled": 7,
    "unavailable": 7, "denied": 8, "cancelled": 130, "internal": 70,
}
DOCUMENTED_EXITS = {0, *EXIT_CODES.values()}


@dataclass(frozen=True)
class Outcome:
    code: int              # Exit status; negative: the signal that ended it.
    out: str
    err: str
    seconds: float
    cpu_seconds: float     # User and system time of the process and its children.
    peak_bytes: int        # Largest resident set of the process and its children.
    timed_out: bool = False

    @property
    def events(self) -> list[dict]:
        """The JSON lines of standard output; fails on a line that is none."""
        return [json.loads(line) for line in self.out.splitlines() if line.strip()]

    @property
    def error(self) -> dict:
        """The error that `--json` told; empty when it told none."""
        return next((e["error"] for e in self.events if e.get("event") == "error"), {})

    def __str__(self) -> str:
        return f"exit {self.code} after {self.seconds:.2f} s\nstdout: {self.out[-1500:]}\nstderr: {self.err[-1500:]}"


def run(program: Path | str, *arguments: str | Path, stdin: Path | None = None, timeout: float = 300, before: tuple[str, ...] = (),
        environment: dict[str, str] | None = None, cwd: Path | None = None) -> Outcome:
    """Runs to the end, or to `timeout` and a SIGKILL. `before` is put in front of the program (unshare, setpriv, …)."""
    command = [*before, str(program), *map(str, arguments)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(stdin or os.devnull, "rb") as source:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdin=source, stdout=out, stderr=err, cwd=cwd, start_new_session=True,
                                   env={**os.environ, **(environment or {})})
        code, usage, timed_out = _wait(process, begun + timeout)
        seconds = time.monotonic() - begun
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return Outcome(code, *texts, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, timed_out)


def _wait(process: subprocess.Popen, deadline: float):
    """Like Popen.wait, with the resources that this one process used."""
    timed_out, pause = False, 0.002
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage, timed_out
        if time.monotonic() > deadline and not timed_out:
            timed_out = True
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(pause)
        pause = min(0.05, pause * 1.5)


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, by relative name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
