"""nginx's secure_link module with the generated directives."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Edge, Key, Signer, free_port, needs
from verdicts import GONE, REFUSED, check_expiry, check_token


def start(serve, tmp_path: Path, origin: int, snippet: str) -> Edge:
    port = free_port()
    config = tmp_path / "nginx.conf"
    (tmp_path / "temp").mkdir()
    temp = "\n".join(f"{kind}_temp_path {tmp_path}/temp;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config.write_text(f"""
        daemon off; master_process off; pid {tmp_path}/nginx.pid; error_log stderr warn;
        events {{}}
        http {{
          access_log off; {temp}
          server {{
            listen 127.0.0.1:{port};
            location / {{
              {snippet}
              proxy_pass http://127.0.0.1:{origin};
            }}
          }}
        }}""")
    return serve([needs("nginx"), "-p", str(tmp_path), "-c", str(config)], port)


@pytest.mark.parametrize("provider", ["nginx", "gcore"])
@pytest.mark.parametrize("bound", [False, True], ids=["any client", "one client"])
def test_secure_link(provider: str, bound: bool, program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    key, other = make_key("one secret"), make_key("another secret", name="other")
    signer = Signer(program, provider, ["--bind-client"] if bound else [])
    edge = start(serve, tmp_path, origin, signer.snippet("nginx", key))
    client = ("--client-ip", "127.0.0.1") if bound else ()
    check_token(edge, signer, key, other, "/vod/film.mp4", more=client)
    check_token(edge, signer, key, other, "/vod/caf%C3%A9%20film.m3u8", more=client)
    check_expiry(edge, signer, key, "/vod/film.mp4", more=client)
    if bound:
        elsewhere = signer.sign(edge.base + "/vod/film.mp4", key, "--client-ip", "192.0.2.1")
        assert edge.ask(elsewhere).status in REFUSED


def test_parameters_of_a_player_do_not_disturb(program: Path, serve, origin: int, tmp_path: Path, make_key) -> None:
    key = make_key("one secret")
    signer = Signer(program, "nginx")
    edge = start(serve, tmp_path, origin, signer.snippet("nginx", key))
    good = signer.sign(edge.base + "/live/film.m3u8", key)
    assert edge.ask(good + "&_HLS_msn=7&CMCD=bl%3D100").status == 200
