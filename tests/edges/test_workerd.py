"""Cloudflare's workerd with the generated Worker."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from conftest import PROJECT, Edge, Signer, free_port
from verdicts import REFUSED, check_expiry, check_lifetime, check_token

BASE64_KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(2, 34))).decode()
AGENT = {"User_Agent": "Test/1.0 (workerd)"}


def workerd() -> str:
    roots = [os.environ.get("STREAMFORGE_EDGES_CACHE"), PROJECT / "build" / "edges", Path(__file__).parent]
    for root in filter(None, roots):
        for found in Path(root).glob("node_modules/@cloudflare/workerd-*/bin/workerd"):
            return str(found)
    pytest.skip("workerd is not installed (npm install in tests/edges)")


def start(serve, tmp_path: Path, origin: int, source: str, key: str | None = None) -> Edge:
    program = workerd()
    port = free_port()
    (tmp_path / "worker.js").write_text(source)
    binding = f'bindings = [ (name = "STREAMFORGE_TOKEN_KEY", text = "{key}") ],' if key else ""
    (tmp_path / "config.capnp").write_text(f"""using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "origin", external = (address = "127.0.0.1:{origin}", http = ())) ],
  sockets = [ (name = "http", address = "127.0.0.1:{port}", http = (), service = "main") ] );
const main :Workerd.Worker = (
  modules = [ (name = "worker", esModule = embed "worker.js") ], {binding}
  compatibilityDate = "2024-09-01", globalOutbound = "origin" );
""")
    return serve([program, "serve", str(tmp_path / "config.capnp")], port)


LAYOUTS = {
    "fastly": ("fastly", [], True), "fastly sha1": ("fastly", ["--hash", "sha1"], True), "fastly path": ("fastly-path", [], True),
    "fastly agent": ("fastly-agent", [], True), "nginx": ("nginx", [], False), "gcore": ("gcore", [], False), "keycdn": ("keycdn", [], False),
    "cloudflare": ("cloudflare", ["--rule-lifetime", "1h"], False), "cloudflare images": ("cloudflare-images", [], False),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str, program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    provider, settings, base64_key = LAYOUTS[name]
    key = make_key(BASE64_KEY if base64_key else "one secret")
    other = make_key(OTHER_KEY if base64_key else "another secret", name="other")
    signer = Signer(program, provider, settings)
    edge = start(serve, tmp_path, origin, signer.snippet("workers-js", key))
    agent = provider == "fastly-agent"
    more = ("--data", AGENT["User_Agent"]) if agent else ()
    headers = AGENT if agent else {}
    check_token(edge, signer, key, other, "/vod/film.mp4", more=more, headers=headers, seen="/vod/film.mp4")
    good = check_token(edge, signer, key, other, "/vod/caf%C3%A9%20film.mp4?x=1&y=2", more=more, headers=headers, seen="/vod/caf%C3%A9%20film.mp4?x=1&y=2")
    if agent:
        assert edge.ask(good, User_Agent="Other").status in REFUSED
    last = good.rsplit("&", 1)[1]
    assert edge.ask(good + "&" + last, **headers).status in REFUSED, "a parameter of the token twice"
    if provider != "cloudflare":
        check_lifetime(edge, signer, key, "/vod/film.mp4", more, headers)
    if name in ("fastly", "cloudflare", "keycdn"):
        check_expiry(edge, signer, key, "/vod/film.mp4", more, headers)


def test_cdn77_in_the_path(program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    key, other = make_key("one secret"), make_key("another", name="other")
    signer = Signer(program, "cdn77")
    edge = start(serve, tmp_path, origin, signer.snippet("workers-js", key))
    good = check_token(edge, signer, key, other, "/film/seg_1.m4s", seen="/film/seg_1.m4s", wrong_path=lambda url: url.replace("/film/", "/filn/"))
    assert edge.ask(good.replace("seg_1", "seg_2")).body == "saw /film/seg_2.m4s"
    assert edge.ask(good.replace("/seg_1", "/deeper/seg_1")).status in REFUSED


def test_directory_tokens_of_cloudflare(program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    key = make_key("one secret")
    signer = Signer(program, "cloudflare", ["--rule-lifetime", "1h", "--prefix-bytes", "11"])
    edge = start(serve, tmp_path, origin, signer.snippet("workers-js", key))
    good = signer.sign(edge.base + "/vod/film1/a.m4s", key, "--resource", "/vod/film1/")
    assert edge.ask(good).body == "saw /vod/film1/a.m4s"
    assert edge.ask(good.replace("a.m4s", "v/b.m4s")).body == "saw /vod/film1/v/b.m4s"
    assert edge.ask(good.replace("film1", "film2")).status in REFUSED
    assert edge.ask(good.replace("a.m4s", "%2e%2e/film2/a.m4s")).status in REFUSED


def test_key_from_the_workers_secrets(program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    key, other = make_key(BASE64_KEY), make_key(OTHER_KEY, name="other")
    signer = Signer(program, "fastly")
    source = signer.run("edge-snippet", "fastly", "--program", "workers-js")
    assert BASE64_KEY not in source
    edge = start(serve, tmp_path, origin, source, BASE64_KEY)
    check_token(edge, signer, key, other, "/vod/film.mp4", seen="/vod/film.mp4")
