"""`streamforge serve`: an origin that players and caches can rely on, asked with curl."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures import all_fixtures
from running import run

FIXTURES = {f.name: f for f in all_fixtures()}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]   # Names in lower case.
    body: bytes


@dataclass(frozen=True)
class Site:
    url: str
    port: int
    folder: Path

    def ask(self, path: str, *options: str) -> Reply:
        """One request; the path is sent as it is, dots and all."""
        done = subprocess.run(["curl", "-sS", "-i", "--path-as-is", "--max-time", "10", *options, self.url.rstrip("/") + path],
                              capture_output=True, check=True, timeout=30)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        return Reply(int(lines[0].split()[1]), headers, body)


@pytest.fixture(scope="session")
def site(program: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("site") / "p"
    assert run(program, "process", FIXTURES["subtitles_mov_text"].path(), "--to", folder, "--speed", "ultrafast").code == 0
    (folder.parent / "secret.txt").write_text("not for the world")
    server = subprocess.Popen([str(program), "serve", str(folder), "--port", "0", "--json"], stdout=subprocess.PIPE, text=True)
    try:
        told = json.loads(server.stdout.readline())
        yield Site(told["url"], told["port"], folder)
    finally:
        server.terminate()
        assert server.wait(timeout=10) in (0, 130)


def segment(site: Site) -> tuple[str, bytes]:
    path = next(site.folder.glob("video/*/seg_00001.m4s"))
    return "/" + str(path.relative_to(site.folder)), path.read_bytes()


TYPES = {
    "/master.m3u8": r"application/vnd\.apple\.mpegurl", "/manifest.mpd": r"application/dash\+xml", "/manifest.json": r"application/json.*",
    "/poster.jpg": r"image/jpeg", "/thumbnails/thumbnails.vtt": r"text/vtt.*",
}


@pytest.mark.parametrize("path", TYPES)
def test_type_and_bytes(path: str, site: Site) -> None:
    reply = site.ask(path)
    assert reply.status == 200
    assert re.fullmatch(TYPES[path], reply.headers["content-type"]), reply.headers
    assert reply.body == (site.folder / path[1:]).read_bytes()


def test_segments_are_mp4(site: Site) -> None:
    path, data = segment(site)
    reply = site.ask(path)
    assert reply.status == 200 and reply.body == data
    assert reply.headers["content-type"] in ("video/iso.segment", "video/mp4")
    assert int(reply.headers["content-length"]) == len(data)
    assert reply.headers["accept-ranges"] == "bytes"


def test_head_has_the_headers_and_no_body(site: Site) -> None:
    path, data = segment(site)
    reply = site.ask(path, "--head")
    assert reply.status == 200 and reply.body == b""
    assert int(reply.headers["content-length"]) == len(data)


RANGES = {"0-99": (0, 100), "100-": (100, None), "-50": (-50, None), "0-0": (0, 1), "10-999999999": (10, None)}


@pytest.mark.parametrize("wanted", RANGES)
def test_range(wanted: str, site: Site) -> None:
    path, data = segment(site)
    reply = site.ask(path, "-H", f"Range: bytes={wanted}")
    first, last = RANGES[wanted]
    part = data[first:last]
    assert reply.status == 206 and reply.body == part
    begin = first if first >= 0 else len(data) + first
    assert reply.headers["content-range"] == f"bytes {begin}-{begin + len(part) - 1}/{len(data)}"


def test_range_beyond_the_end(site: Site) -> None:
    path, data = segment(site)
    reply = site.ask(path, "-H", f"Range: bytes={len(data)}-")
    assert reply.status == 416 and reply.headers["content-range"] == f"bytes */{len(data)}"


@pytest.mark.parametrize("nonsense", ["bytes=9-3", "bytes=x-y", "lines=1-2", "bytes="])
def test_nonsense_ranges_are_ignored_or_refused(nonsense: str, site: Site) -> None:
    path, data = segment(site)
    reply = site.ask(path, "-H", f"Range: {nonsense}")
    assert (reply.status == 200 and reply.body == data) or reply.status in (400, 416)


def test_entity_tag_and_conditions(site: Site) -> None:
    path, data = segment(site)
    tag = site.ask(path).headers["etag"]
    assert re.fullmatch(r'"[^"]+"', tag), f"a weak or missing tag: {tag}"
    unchanged = site.ask(path, "-H", f"If-None-Match: {tag}")
    assert unchanged.status == 304 and unchanged.body == b"" and unchanged.headers["etag"] == tag
    assert site.ask(path, "-H", 'If-None-Match: "other"').status == 200
    assert site.ask(path, "-H", 'If-Match: "other"').status == 412
    assert site.ask(path, "-H", f"If-Range: {tag}", "-H", "Range: bytes=0-9").body == data[:10]
    assert site.ask(path, "-H", 'If-Range: "other"', "-H", "Range: bytes=0-9").status == 200
    modified = site.ask(path).headers["last-modified"]
    assert site.ask(path, "-H", f"If-Modified-Since: {modified}").status == 304


def test_pages_of_other_origins_may_play(site: Site) -> None:
    path, _ = segment(site)
    assert site.ask(path, "-H", "Origin: https://player.example").headers["access-control-allow-origin"] in ("*", "https://player.example")
    asked = site.ask(path, "-X", "OPTIONS", "-H", "Origin: https://player.example", "-H", "Access-Control-Request-Method: GET", "-H",
                     "Access-Control-Request-Headers: range")
    assert asked.status in (200, 204) and "range" in asked.headers["access-control-allow-headers"].lower()
    assert "content-range" in site.ask(path, "-H", "Origin: https://x.example").headers["access-control-expose-headers"].lower()


ESCAPES = ("/../secret.txt", "/%2e%2e/secret.txt", "/video/../../secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "//../secret.txt",
           "/video/%2e%2e%2f%2e%2e%2fsecret.txt", "/%00", "/....//secret.txt", "/etc/passwd", "//etc/passwd", "/%2fetc%2fpasswd")


@pytest.mark.parametrize("path", ESCAPES)
def test_no_way_out_of_the_folder(path: str, site: Site) -> None:
    reply = site.ask(path)
    assert reply.status in (400, 403, 404), f"{reply.status} {reply.body[:80]}"
    assert b"not for the world" not in reply.body and b"root:" not in reply.body


def test_a_symbolic_link_leads_nowhere_outside(site: Site) -> None:
    link = site.folder / "link.txt"
    link.symlink_to(site.folder.parent / "secret.txt")
    try:
        assert site.ask("/link.txt").status in (403, 404)
    finally:
        link.unlink()


def test_what_is_not_there_and_what_is_not_allowed(site: Site) -> None:
    assert site.ask("/nothing.m4s").status == 404
    for method in ("PUT", "DELETE", "POST"):
        reply = site.ask("/master.m3u8", "-X", method, "-d", "x")
        assert reply.status == 405 and "GET" in reply.headers["allow"]
    assert (site.folder / "master.m3u8").exists()


def test_player_page_needs_no_other_host(site: Site) -> None:
    reply = site.ask("/")
    assert reply.status == 200 and reply.headers["content-type"].startswith("text/html")
    assert re.findall(rb"""(?:src|href)=["'](?:https?:)?//""", reply.body) == []


def test_garbage_does_not_stop_the_server(site: Site) -> None:
    for garbage in (b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000, b"GET / HTTP/1.1\r\nX: " + b"y" * 200_000):
        with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
            try:
                connection.sendall(garbage)
                connection.settimeout(1)
                connection.recv(100)
            except OSError:
                pass
    assert site.ask("/master.m3u8").status == 200


def test_port_in_use_is_told(program: Path, site: Site) -> None:
    outcome = run(program, "serve", site.folder, "--port", str(site.port), "--json", timeout=20)
    assert outcome.code != 0 and not outcome.timed_out and outcome.error["code"] in ("already_exists", "io", "network", "permission_denied")
