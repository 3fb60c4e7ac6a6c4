"""Odd cases against moto: many pages, odd keys, versions. moto checks no signatures; the other servers do."""

from __future__ import annotations

import random
import urllib.request

import pytest

from running import files_below
from s3_servers import Server, program as tool
from test_object_storage import cli, some_file


@pytest.fixture(scope="module")
def server():
    if tool("python/bin/python") is None:
        pytest.skip("moto is not installed: run tests/s3/install_servers.sh to install it")
    server = Server("moto")
    yield server
    server.close()


def plain(url: str, method: str, data: bytes | None = None, **headers) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(urllib.request.Request(url, data=data, method=method, headers=headers)).read()


def test_listings_and_removals_go_over_many_pages(program, server, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1203):
        (folder / f"{number:04}.ts").write_bytes(b"x")
    assert cli(program, server, "upload", folder, "s3://bucket/many/", "--parallel", "4", "--json").events[-1]["files"] == 1203
    listed = [e["key"] for e in cli(program, server, "ls", "s3://bucket/many/", "--json").events if e["event"] == "object"]
    assert listed == [f"many/{number:04}.ts" for number in range(1203)]
    assert cli(program, server, "rm", "s3://bucket/many/", "--recursive", "--json").events[-1]["removed"] == 1203
    assert cli(program, server, "ls", "s3://bucket/many/", "--json").events == [{"event": "done", "items": 0}]


def test_odd_keys_come_back_as_they_were(program, server, tmp_path):
    names = ["a b", "a+b", "a%20b", "ä/ö", "x~y!*'()", "quote\"&<>", "emoji 😀", "semi;colon,comma=@:$", "deep/er/and/deeper"]
    source = tmp_path / "odd"
    for number, name in enumerate(names):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        some_file(source / name, 20 + number)
    cli(program, server, "upload", source, "s3://bucket/odd/")
    listed = [e["key"] for e in cli(program, server, "ls", "s3://bucket/odd/", "--recursive", "--json").events if e["event"] == "object"]
    assert sorted(listed) == sorted(f"odd/{name}" for name in names)
    cli(program, server, "download", "s3://bucket/odd/", tmp_path / "back")
    assert files_below(source) == files_below(tmp_path / "back")


def test_a_versioned_bucket_gives_its_newest(program, server, tmp_path):
    plain(f"{server.url}/bucket?versioning", "PUT", b'<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>',
          **{"content-type": "application/xml"})
    for seed in (1, 2):
        cli(program, server, "upload", some_file(tmp_path / "v", 1 << 20, seed), "s3://bucket/versioned")
    cli(program, server, "download", "s3://bucket/versioned", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == random.Random(2).randbytes(1 << 20)
    cli(program, server, "rm", "s3://bucket/versioned")
    assert cli(program, server, "download", "s3://bucket/versioned", tmp_path / "x", "--json", expect=3).error["code"] == "not_found"


def test_uploads_that_were_left_behind_are_swept(program, server):
    for name in ("left-1", "left-2"):
        plain(f"{server.url}/bucket/{name}?uploads", "POST", b"", **{"content-type": "video/mp4"})
    found = [e["key"] for e in cli(program, server, "ls", "s3://bucket/", "--uploads", "--json").events if e["event"] == "upload"]
    assert found == ["left-1", "left-2"]
    cli(program, server, "rm", "s3://bucket/", "--uploads-older-than", "0s")
    assert not [e for e in cli(program, server, "ls", "s3://bucket/", "--uploads", "--json").events if e["event"] == "upload"]
