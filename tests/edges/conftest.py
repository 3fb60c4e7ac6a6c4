"""Real edges and what they share: the program that signs, an origin behind the edge, and requests sent as they are spelled."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def program() -> Path:
    named = os.environ.get("STREAMFORGE_BIN")
    candidates = [Path(named)] if named else sorted(PROJECT.glob("build*/**/apps/streamforge/streamforge"))
    found = next((p.resolve() for p in candidates if p.is_file()), None)
    if found is None:
        pytest.fail("the streamforge program is not built; set STREAMFORGE_BIN to it")
    return found


@dataclass(frozen=True)
class Key:
    """One key of a provider, in a file."""
    path: Path
    id: str = ""

    @property
    def options(self) -> list[str]:
        return ["--key-file", str(self.path), *(["--key-id", self.id] if self.id else [])]


@dataclass
class Signer:
    """`streamforge sign` for one provider."""
    program: Path
    provider: str
    settings: list[str] = field(default_factory=list)

    def run(self, *arguments: str) -> str:
        done = subprocess.run([str(self.program), *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def sign(self, url: str, key: Key, *more: str, expires_in: str = "300s") -> str:
        return self.run("sign", self.provider, url, *key.options, "--expires-in", expires_in, *self.settings, *more).strip()

    def snippet(self, program: str, key: Key) -> str:
        return self.run("edge-snippet", self.provider, "--program", program, "--key-file", str(key.path), *self.settings)


@pytest.fixture()
def make_key(tmp_path: Path):
    def make(text: str, id: str = "", name: str = "key") -> Key:
        path = tmp_path / name
        path.write_text(text)
        return Key(path, id)
    return make


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Edge:
    """An edge that listens on a port. URLs are taken apart and sent byte for byte."""
    port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, url: str, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest("GET", url.removeprefix(self.base), skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode("utf-8", "replace"))
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def origin():
    """What stands behind an edge: answers each request with the target that it saw."""
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = ("saw " + self.path).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


class Running:
    """A server process that is stopped at the end, whatever happens."""

    def __init__(self, command: list[str], port: int, log: Path, environment: dict[str, str] | None = None) -> None:
        self._log = log
        self._file = log.open("wb")
        self.process = subprocess.Popen(command, stdout=self._file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                        env={**os.environ, **(environment or {})})
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                pytest.fail(f"{command[0]} ended: {log.read_text(errors='replace')[-3000:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        self.stop()
        pytest.fail(f"{command[0]} does not listen: {log.read_text(errors='replace')[-3000:]}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._file.close()


@pytest.fixture()
def serve(tmp_path: Path):
    """Starts servers, and stops them after the test."""
    running: list[Running] = []

    def start(command: list[str], port: int, environment: dict[str, str] | None = None) -> Edge:
        running.append(Running(command, port, tmp_path / f"server{len(running)}.log", environment))
        return Edge(port)

    yield start
    for each in running:
        each.stop()


def needs(name: str) -> str:
    """The path of a program; skips the test without it."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found
