"""Real S3 servers on loopback, a proxy that counts what passes, and moto for odd cases."""

from __future__ import annotations

import os
import re
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ACCESS_KEY = "test-access-key"
SECRET_KEY = "test-secret-key-0123456789"


def program(name: str) -> Path | None:
    folders = [os.environ.get("STREAMFORGE_S3_SERVERS"), os.path.join(os.environ.get("XDG_CACHE_HOME", ""), "streamforge/s3-servers"),
               os.path.expanduser("~/.cache/streamforge/s3-servers")]
    return next((Path(f) / name for f in folders if f and os.access(Path(f) / name, os.X_OK)), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            assert process.poll() is None, f"the server at {url} ended"
            time.sleep(0.05)
    raise AssertionError(f"no answer from {url}")


class Server:
    """A server with one bucket called "bucket", for the life of the object."""

    def __init__(self, kind: str):
        self.folder = Path(tempfile.mkdtemp(prefix="streamforge-s3-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
        (self.folder / "data/bucket").mkdir(parents=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        if kind == "minio":
            environment |= {"MINIO_ROOT_USER": ACCESS_KEY, "MINIO_ROOT_PASSWORD": SECRET_KEY, "MINIO_UPDATE": "off", "MINIO_CI_CD": "1"}
            command = [program(kind), "server", "--quiet", "--address", f"127.0.0.1:{port}", "--console-address", f"127.0.0.1:{free_port()}", self.folder / "data"]
        elif kind == "moto":
            command = [program("python/bin/python"), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        else:
            environment |= {"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY}
            command = [program(kind), "--port", f"127.0.0.1:{port}", "--quiet", "posix", self.folder / "data"]
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(list(map(str, command)), env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_for(self.url, self.process)
        if kind == "moto":
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            opener.open(urllib.request.Request(f"{self.url}/bucket", method="PUT"))

    def environment(self, url: str | None = None) -> dict[str, str]:
        """What AWS tools read, and nothing of the machine's own settings."""
        return {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url or self.url,
                "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "XDG_STATE_HOME": str(self.folder / "state"),
                "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class CountingProxy:
    """Passes requests on to a server, one connection for each, and keeps "METHOD target status" of every one that was answered."""

    def __init__(self, url: str):
        self.lines: list[str] = []
        upstream = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = self.rfile.readline()
                    if not line:
                        return
                    head += line
                first = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
                length = re.search(rb"(?im)^content-length: *(\d+)", head)
                # The header is never signed, and spares us the framing of answers.
                head = head[:-2] + b"Connection: close\r\n\r\n"
                with socket.create_connection(upstream) as server:
                    server.sendall(head)
                    left = int(length[1]) if length else 0
                    while left:
                        slice_ = self.rfile.read(min(left, 1 << 16))
                        if not slice_:
                            return
                        server.sendall(slice_)
                        left -= len(slice_)
                    answer = b""
                    while chunk := server.recv(1 << 16):
                        if not answer:
                            proxy.lines.append(f"{first[0]} {first[1]} {chunk[9:12].decode()}")
                        answer = b"x"
                        self.wfile.write(chunk)

        class Listener(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                pass  # a client that was killed

        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.listener.server_address[1]}"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def stored(self) -> list[str]:
        """Targets of the PUTs that were acknowledged."""
        return [line.split(" ")[1] for line in self.lines if line.startswith("PUT ") and line.endswith(" 200")]

    def close(self) -> None:
        self.listener.shutdown()
        self.listener.server_close()
