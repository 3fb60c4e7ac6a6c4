#!/usr/bin/env python3
"""The six-line task against the boto3 + botocore + ffmpeg script: lines, CPU, memory, wall; both to the same S3 server.

Usage: compare.py PYTHON [SECONDS] [PAIRS]   PYTHON has streamforge, boto3 and cryptography. Needs ffmpeg, and versitygw as
tests/s3/install_servers.sh builds it.
"""

import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVERS = pathlib.Path(os.environ.get("STREAMFORGE_S3_SERVERS", pathlib.Path.home() / ".cache/streamforge/s3-servers"))


def lines_of(path, tag=None):
    text = (ROOT / path).read_text(encoding="utf-8")
    text = text.split(f"# [{tag}]\n")[1] if tag else text.split('"""')[2]
    return len([line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")])


def tree_bytes(pid):
    """Resident bytes of a process and its children."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            total += int(pathlib.Path(f"/proc/{one}/statm").read_text().split()[1]) * 4096
            for task in pathlib.Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, IndexError):
            continue
    return total


def measure(command, environment):
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    peak, ended = [0], threading.Event()

    def watch():
        while not ended.wait(0.02):
            peak[0] = max(peak[0], tree_bytes(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    ended.set()
    watcher.join()
    if status != 0 or "Signature=" not in output:
        raise SystemExit(f"failed: {command}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, peak[0] / 2**20


def main():
    python = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    with tempfile.TemporaryDirectory() as work:
        clip = f"{work}/clip.mp4"
        subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate=30:duration={seconds}", "-f", "lavfi", "-i",
             f"sine=d={seconds}", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p", "-c:a", "aac", clip], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        os.makedirs(f"{work}/s3/videos")
        server = subprocess.Popen([SERVERS / "versitygw", "--access", "AK", "--secret", "SK", "--port", f"127.0.0.1:{port}", "posix", f"{work}/s3"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            environment = {**os.environ, "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_REGION": "us-east-1",
                           "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
            scripts = {"streamforge": ROOT / "examples/python/publish.py", "boto3 + ffmpeg": ROOT / "benchmarks/python/publish_peer.py"}
            found = {name: [] for name in scripts}
            for i in range(pairs):
                for name, script in scripts.items():
                    arguments = [clip, f"s3://videos/{i}-{name.split()[0]}/", "K1", str(ROOT / "tests/vectors/keys/rsa2048.pem"), "https://cdn.example.com"]
                    found[name].append(measure([python, str(script), *arguments], environment))
        finally:
            server.terminate()
            server.wait()
    ours, theirs = (list(map(statistics.median, zip(*rows))) for rows in found.values())
    lines = lines_of("examples/python/publish.py", "publish"), lines_of("benchmarks/python/publish_peer.py")
    print(f"| {seconds} s of 1080p to S3, signed; median of {pairs} pairs | streamforge | boto3 + botocore + ffmpeg | ratio |\n|---|---|---|---|")
    print(f"| lines | {lines[0]} | {lines[1]} | {lines[0] / lines[1]:.2f} |")
    for i, name in enumerate(("wall, s", "CPU, s", "peak memory, MiB")):
        print(f"| {name} | {ours[i]:.1f} | {theirs[i]:.1f} | {ours[i] / theirs[i]:.2f} |")


if __name__ == "__main__":
    main()
