"""Runs two commands in turn and compares wall time, CPU time and peak memory as ratios of medians."""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time


class Run:
    """One finished command and its children."""

    def __init__(self, wall, cpu, peak_mib):
        self.wall, self.cpu, self.peak_mib = wall, cpu, peak_mib


def run_once(commands, clean):
    """Runs the commands one after the other; sums times, takes the highest peak memory of a single process."""
    for path in clean:
        shutil.rmtree(path, ignore_errors=True)
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    wall = cpu = peak = 0.0
    for command in commands:
        started = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall += time.monotonic() - started
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
        if status != 0:
            sys.exit(f"{' '.join(map(str, command))}\nfailed:\n{errors.decode(errors='replace')[-2000:]}")
    return Run(wall, cpu, peak)


def compare(name, ours, theirs, runs, clean=()):
    """Alternates A B A B …; prints medians and ratios (below 1: ours is less)."""
    a, b = [], []
    for _ in range(runs):
        a.append(run_once(ours, clean))
        b.append(run_once(theirs, clean))
    print(f"\n### {name} ({runs} runs each, in turn)\n")
    print("| figure | ours | peer | ratio, median (min…max) |")
    print("|---|---|---|---|")
    result = {}
    for figure, unit in (("wall", "s"), ("cpu", "s"), ("peak_mib", "MiB")):
        x, y = [getattr(r, figure) for r in a], [getattr(r, figure) for r in b]
        ratios = [i / j for i, j in zip(x, y)]
        result[figure] = statistics.median(ratios)
        label = {"wall": "wall", "cpu": "CPU", "peak_mib": "peak memory"}[figure]
        print(f"| {label} | {statistics.median(x):.2f} {unit} | {statistics.median(y):.2f} {unit} | "
              f"{result[figure]:.2f} ({min(ratios):.2f}…{max(ratios):.2f}) |", flush=True)
    return result


def machine():
    """The processor's name and count, for the table's head."""
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return f"{model}, {len(os.sched_getaffinity(0))} cores"
