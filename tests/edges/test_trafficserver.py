"""Apache Traffic Server's uri_signing plugin with CDNI tokens."""

from __future__ import annotations

import base64
import json
import os
import time
from pathlib import Path

import pytest

from conftest import Edge, Signer, free_port, needs
from verdicts import REFUSED, check_expiry

SECRET = "0123456789abcdef0123456789abcdef"
MODULES = ("/usr/lib/trafficserver/modules", "/usr/libexec/trafficserver")


def start(serve, folder: Path, origin: int) -> Edge:
    program = needs("traffic_server")
    modules = next((m for m in MODULES if Path(m, "uri_signing.so").exists()), None)
    if modules is None:
        pytest.skip("Traffic Server's uri_signing plugin is not installed")
    port = free_port()
    for name in ("etc", "cache", "run", "log", "data"):
        (folder / name).mkdir()
    layout = {"prefix": folder, "exec_prefix": "/usr", "bindir": "/usr/bin", "sbindir": "/usr/sbin", "sysconfdir": folder / "etc", "datadir": folder / "data",
              "includedir": "/usr/include", "libdir": "/usr/lib/trafficserver", "libexecdir": modules, "localstatedir": folder,
              "runtimedir": folder / "run", "logdir": folder / "log", "cachedir": folder / "cache"}
    (folder / "runroot.yaml").write_text("".join(f"{name}: {path}\n" for name, path in layout.items()))
    user = "#-1" if os.geteuid() == 0 else ""
    (folder / "etc" / "records.config").write_text(
        f"CONFIG proxy.config.http.server_ports STRING {port}\nCONFIG proxy.config.http.cache.http INT 0\nCONFIG proxy.config.admin.user_id STRING {user}\n"
        "CONFIG proxy.config.reverse_proxy.enabled INT 1\nCONFIG proxy.config.log.logging_enabled INT 0\nCONFIG proxy.config.exec_thread.limit INT 2\n"
        "CONFIG proxy.config.exec_thread.autoconfig INT 0\n")
    (folder / "etc" / "ip_allow.yaml").write_text("ip_allow:\n  - apply: in\n    ip_addrs: 127.0.0.1\n    action: allow\n    methods: ALL\n")
    (folder / "etc" / "storage.config").write_text(f"{folder}/cache 32M\n")
    (folder / "etc" / "remap.config").write_text(f"map / http://127.0.0.1:{origin}/ @plugin=uri_signing.so @pparam={folder}/etc/keys.json\n")
    key = base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("=")
    (folder / "etc" / "keys.json").write_text(json.dumps(
        {"us": {"renewal_kid": "k1", "strip_token": True, "keys": [{"alg": "HS256", "kid": "k1", "kty": "oct", "k": key}]}}))
    return serve([program, f"--run-root={folder}"], port)


def test_uri_signing(program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    key, other = make_key(SECRET, "k1"), make_key("another secret of thirty-two byte", "k1", name="other")
    (tmp_path / "ats").mkdir()
    edge = start(serve, tmp_path / "ats", origin)
    signer = Signer(program, "uri-signing", ["--issuer", "us"])
    good = signer.sign(edge.base + "/vod/film.mp4", key)
    assert edge.ask(good).body == "saw /vod/film.mp4", "the token is taken off"
    assert edge.ask(edge.base + "/vod/film.mp4").status in REFUSED
    assert edge.ask(good.replace("film", "filn")).status in REFUSED
    assert edge.ask(signer.sign(edge.base + "/vod/film.mp4", other)).status in REFUSED
    assert edge.ask(Signer(program, "uri-signing", ["--issuer", "them"]).sign(edge.base + "/vod/film.mp4", key)).status in REFUSED
    begin = good.index("Package=") + 8
    for at in range(begin, len(good) - 1, 7):  # the last character of a part holds bits that this edge does not look at
        if good[at] == "." or good[at + 1] == ".":
            continue
        assert edge.ask(good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1:]).status in REFUSED, at
    check_expiry(edge, signer, key, "/vod/film.mp4")

    folder = ("--resource", edge.base + "/vod/film/*")
    shared = signer.sign(edge.base + "/vod/film/a.m4s", key, *folder)
    assert edge.ask(shared.replace("a.m4s", "v1/b.m4s")).status == 200
    assert edge.ask(shared.replace("/film/", "/filn/")).status in REFUSED
    early = signer.sign(edge.base + "/vod/film.mp4", key, "--starts-at", str(int(time.time()) + 120))
    assert edge.ask(early).status in REFUSED
    begun = signer.sign(edge.base + "/vod/film.mp4", key, "--starts-at", str(int(time.time()) - 5))
    assert edge.ask(begun).status == 200
    dotted = signer.sign(edge.base + "/vod/a.b(c)+d.mp4?x=1", key)
    assert edge.ask(dotted).body == "saw /vod/a.b(c)+d.mp4?x=1"
    assert edge.ask(dotted.replace("a.b", "aXb")).status in REFUSED, "a dot is a dot"
    cookie = signer.run("sign", "uri-signing", edge.base + "/vod/film/a.m4s", *key.options, "--issuer", "us", "--expires-in", "1m", *folder, "--cookies").strip()
    assert edge.ask(edge.base + "/vod/film/c.m4s", Cookie=cookie).status == 200
