"""Varnish with its digest module and the generated VCL."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from conftest import Edge, Signer, free_port, needs
from verdicts import REFUSED, check_expiry, check_lifetime, check_token

BASE64_KEY = base64.b64encode(bytes(range(1, 33))).decode()
OTHER_KEY = base64.b64encode(bytes(range(2, 34))).decode()
AGENT = {"User_Agent": "Test/1.0 (varnish)"}


def start(serve, tmp_path: Path, origin: int, snippet: str) -> Edge:
    varnishd = needs("varnishd")
    if not any(Path(root, "libvmod_digest.so").exists() for root in Path("/usr/lib").glob("**/varnish/vmods")):
        pytest.skip("Varnish's digest module is not installed")
    port = free_port()
    vcl = tmp_path / "edge.vcl"
    vcl.write_text(f"""vcl 4.1;
import std;
import digest;
backend default {{ .host = "127.0.0.1"; .port = "{origin}"; }}
{snippet}
sub vcl_recv {{ call streamforge_check_token; }}
""")
    jail = ["-j", "none"] if os.geteuid() == 0 else []
    return serve([varnishd, *jail, "-F", "-n", str(tmp_path / "varnish"), "-a", f"127.0.0.1:{port}", "-f", str(vcl), "-s", "malloc,10m",
                  "-p", "thread_pool_min=10", "-p", "thread_pool_max=20"], port)


LAYOUTS = {
    "path sha256": ("fastly-path", ["--hash", "sha256"]), "path sha1": ("fastly-path", ["--hash", "sha1"]),
    "query sha256": ("fastly", ["--hash", "sha256"]), "query sha1": ("fastly", ["--hash", "sha1"]),
    "agent sha256": ("fastly-agent", []), "agent sha1": ("fastly-agent", ["--hash", "sha1"]),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_fastly_layouts(name: str, program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    provider, settings = LAYOUTS[name]
    key, other = make_key(BASE64_KEY), make_key(OTHER_KEY, name="other")
    signer = Signer(program, provider, settings)
    edge = start(serve, tmp_path, origin, signer.snippet("varnish-vcl", key))
    agent = provider == "fastly-agent"
    more = ("--data", AGENT["User_Agent"]) if agent else ()
    headers = AGENT if agent else {}
    check_token(edge, signer, key, other, "/vod/film.mp4", more=more, headers=headers, seen="/vod/film.mp4")
    good = check_token(edge, signer, key, other, "/vod/a%20film.mp4?x=1&y=%2B", more=more, headers=headers, seen="/vod/a%20film.mp4?x=1&y=%2B")
    changed_query = edge.ask(good.replace("x=1", "x=2"), **headers).status
    assert changed_query == (200 if provider == "fastly-path" else 403)
    token = good.split("token=")[1]
    assert edge.ask(good + "&token=" + token, **headers).status in REFUSED, "two tokens"
    if agent:
        assert edge.ask(good, User_Agent="Other").status in REFUSED
    check_lifetime(edge, signer, key, "/vod/film.mp4", more, headers)
    if name in ("path sha256", "agent sha256"):
        check_expiry(edge, signer, key, "/vod/film.mp4", more, headers)


def test_cdn77_in_the_path(program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    key, other = make_key("one secret"), make_key("another", name="other")
    signer = Signer(program, "cdn77")
    edge = start(serve, tmp_path, origin, signer.snippet("varnish-vcl", key))
    good = check_token(edge, signer, key, other, "/film/seg_1.m4s", seen="/film/seg_1.m4s", wrong_path=lambda url: url.replace("/film/", "/filn/"))
    assert edge.ask(good.replace("seg_1", "seg_2")).body == "saw /film/seg_2.m4s", "relative URLs inherit the token"
    assert edge.ask(good.replace("/seg_1", "/deeper/seg_1")).status in REFUSED
    assert edge.ask(good.replace("/seg_1", "/%2e%2e/secret/seg_1")).status in REFUSED


def test_cloudflare_layout(program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    key, other = make_key("one secret"), make_key("another", name="other")
    signer = Signer(program, "cloudflare", ["--rule-lifetime", "1h"])
    edge = start(serve, tmp_path, origin, signer.snippet("varnish-vcl", key))
    good = check_token(edge, signer, key, other, "/vod/film.mp4?x=1", seen="/vod/film.mp4?x=1")
    assert edge.ask(good + "&CMCD=1").status in REFUSED
    check_expiry(edge, signer, key, "/vod/film.mp4")
