"""Our own origin: `streamforge serve --require-token`."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from conftest import Edge, Key, Signer, free_port
from verdicts import REFUSED, check_expiry, check_token

SECRET = "a secret of our own origin"


@pytest.fixture()
def site(program: Path, serve, tmp_path: Path, make_key):
    folder = tmp_path / "site" / "vod"
    folder.mkdir(parents=True)
    for name in ("film.mp4", "a film.mp4", "filn.mp4"):
        (folder / name).write_text("bytes of " + name)
    key = make_key(SECRET, "k1")
    port = free_port()
    edge = serve([str(program), "serve", str(tmp_path / "site"), "--port", str(port), "--require-token", *key.options], port)
    return edge, Signer(program, "local"), key


def test_tokens(site: tuple[Edge, Signer, Key], make_key) -> None:
    edge, signer, key = site
    other = make_key("another secret of some bytes", "k1", name="other")
    good = check_token(edge, signer, key, other, "/vod/film.mp4", time_in_token=r"(?<=k1\.)\d{10}")
    assert edge.ask(good).body == "bytes of film.mp4"
    check_token(edge, signer, key, other, "/vod/a%20film.mp4?x=1", time_in_token=r"(?<=k1\.)\d{10}")
    unknown = Key(key.path, "k2")
    assert edge.ask(signer.sign(edge.base + "/vod/film.mp4", unknown)).status in REFUSED
    assert edge.ask(good + "&CMCD=bl%3D1").status == 200, "a player may add parameters"
    check_expiry(edge, signer, key, "/vod/film.mp4")


def test_refusals_say_why_and_are_not_cached(site: tuple[Edge, Signer, Key]) -> None:
    edge, signer, key = site
    now = int(time.time())
    bare = edge.ask(edge.base + "/vod/film.mp4")
    assert bare.status == 403 and bare.headers["content-type"] == "application/problem+json" and bare.headers["cache-control"] == "no-store"
    assert json.loads(bare.body)["type"].endswith(":missing_token")
    assert bare.headers["access-control-allow-origin"] == "*", "a page may read why"
    assert edge.ask(edge.base + "/nothing").status == 403, "what there is, is told to nobody"
    early = edge.ask(signer.sign(edge.base + "/vod/film.mp4", key, "--starts-at", str(now + 100)))
    assert early.status == 403 and json.loads(early.body)["type"].endswith(":not_yet_valid")
    foreign = edge.ask(signer.sign(edge.base + "/vod/film.mp4", key, "--client-ip", "192.0.2.1"))
    assert foreign.status == 403 and json.loads(foreign.body)["type"].endswith(":wrong_client_ip")
    assert edge.ask(signer.sign(edge.base + "/vod/film.mp4", key, "--client-ip", "127.0.0.0/8")).status == 200


def test_every_place_of_a_folder_token(site: tuple[Edge, Signer, Key]) -> None:
    edge, signer, key = site
    folder = ("--resource", "/vod/")
    in_query = signer.sign(edge.base + "/vod/film.mp4", key, *folder)
    assert edge.ask(in_query.replace("film", "filn")).body == "bytes of filn.mp4"
    in_path = signer.sign(edge.base + "/vod/film.mp4", key, *folder, "--in-path")
    assert in_path.startswith(edge.base + "/sf_token=") and edge.ask(in_path.replace("film", "filn")).body == "bytes of filn.mp4"
    cookie = signer.run("sign", "local", edge.base + "/vod/film.mp4", *key.options, "--expires-in", "1m", *folder, "--cookies").strip()
    assert edge.ask(edge.base + "/vod/filn.mp4", Cookie="a=b; " + cookie).status == 200
    for outside in ("/vod", "/vodka/film.mp4", "/vod/../secret", "/vod/%2e%2e/secret", "/vod/..%2fsecret", "//vod/film.mp4"):
        assert edge.ask(in_query.replace("/vod/film.mp4", outside)).status in (400, 403), outside


def test_player_page_stays_open(site: tuple[Edge, Signer, Key]) -> None:
    edge, _, _ = site
    assert edge.ask(edge.base + "/").status == 200


def test_key_is_needed(program: Path, tmp_path: Path) -> None:
    import subprocess
    for arguments in (["--require-token"], ["--key-env", "X"]):
        done = subprocess.run([str(program), "serve", str(tmp_path), "--port", "0", *arguments], capture_output=True, text=True, timeout=20)
        assert done.returncode in (2, 3) and done.stdout == "", done
