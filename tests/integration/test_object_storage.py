"""The program against real S3 servers: uploads, downloads, listings, whole jobs into a bucket, and what a killed one leaves."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from fixtures import ffmpeg
from running import files_below, run
from s3_servers import CountingProxy, Server, program as server_program

SECRETS = ("test-secret-key-0123456789", "VERY-SECRET-TOKEN")


@pytest.fixture(scope="module", params=["versitygw", "minio"])
def server(request):
    if server_program(request.param) is None:
        pytest.skip(f"{request.param} is not installed: run tests/s3/install_servers.sh to build it")
    server = Server(request.param)
    yield server
    server.close()


@pytest.fixture
def proxy(server):
    proxy = CountingProxy(server.url)
    yield proxy
    proxy.close()


def cli(program: Path, server: Server, *arguments, url: str | None = None, expect: int = 0, **more):
    outcome = run(program, *arguments, environment={**server.environment(url), **more.pop("environment", {})}, **more)
    assert outcome.code == expect, str(outcome)
    for secret in SECRETS:
        assert secret not in outcome.out + outcome.err, "a secret shows"
    return outcome


def some_file(path: Path, size: int, seed: int = 1) -> Path:
    path.write_bytes(random.Random(seed).randbytes(size))
    return path


def same(a: Path, b: Path) -> bool:
    return hashlib.sha256(a.read_bytes()).digest() == hashlib.sha256(b.read_bytes()).digest()


def test_a_file_goes_up_and_comes_back(program, server, tmp_path):
    source = some_file(tmp_path / "movie.mp4", 21 << 20)
    done = cli(program, server, "upload", source, "s3://bucket/in/", "--json").events[-1]
    assert (done["event"], done["files"], done["bytes"], done["sent_bytes"]) == ("done", 1, 21 << 20, 21 << 20)
    listed = cli(program, server, "ls", "s3://bucket/in/", "--json").events
    assert [e["key"] for e in listed if e["event"] == "object"] == ["in/movie.mp4"]
    cli(program, server, "download", "s3://bucket/in/movie.mp4", tmp_path / "back.mp4")
    assert same(source, tmp_path / "back.mp4")
    again = cli(program, server, "download", "s3://bucket/in/movie.mp4", "-", "--json", expect=0)
    assert len(again.out.encode("utf-8", "replace")) > 0
    cli(program, server, "rm", "s3://bucket/in/movie.mp4")
    assert cli(program, server, "ls", "s3://bucket/in/", "--json").events == [{"event": "done", "items": 0}]


def test_a_folder_goes_up_and_comes_back(program, server, tmp_path):
    source = tmp_path / "tree"
    for name, size in (("a.m3u8", 10), ("video/1.m4s", 100_000), ("video/2.m4s", 0), ("sound/ä b+c.m4s", 5)):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        some_file(source / name, size)
    cli(program, server, "upload", source, "s3://bucket/tree/")
    cli(program, server, "download", "s3://bucket/tree/", tmp_path / "back")
    assert files_below(source) == files_below(tmp_path / "back")
    prefixes = [e["prefix"] for e in cli(program, server, "ls", "s3://bucket/tree/", "--json").events if e["event"] == "prefix"]
    assert prefixes == ["tree/sound/", "tree/video/"]
    cli(program, server, "rm", "s3://bucket/tree/", "--recursive")
    assert not [e for e in cli(program, server, "ls", "s3://bucket/tree/", "--recursive", "--json").events if e["event"] == "object"]


def test_a_pipe_goes_up(program, server, tmp_path):
    source = some_file(tmp_path / "stream", 18 << 20, 7)
    cli(program, server, "upload", "-", "s3://bucket/piped", stdin=source)
    cli(program, server, "download", "s3://bucket/piped", tmp_path / "back")
    assert same(source, tmp_path / "back")


def test_presigned_urls_work_and_expire_is_checked(program, server, tmp_path):
    put = cli(program, server, "presign", "s3://bucket/signed", "--method", "PUT", "--json").events[-1]
    request = urllib.request.Request(put["url"], data=b"bytes", method="PUT")
    assert urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).status == 200
    get = cli(program, server, "presign", "s3://bucket/signed", "--expires-in", "60").out.strip()
    assert urllib.request.build_opener(urllib.request.ProxyHandler({})).open(get).read() == b"bytes"
    tampered = get.replace("signed?", "other?")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(tampered)
    assert cli(program, server, "presign", "s3://bucket/signed", "--expires-in", "604801", expect=2)


def test_an_endpoint_option_beats_the_variables(program, server, tmp_path):
    source = some_file(tmp_path / "f", 10)
    cli(program, server, "upload", source, "s3://bucket/f", "--endpoint-url", server.url, url="http://127.0.0.1:1")
    cli(program, server, "upload", source, "s3://bucket/f", url="http://127.0.0.1:1", environment={"AWS_ENDPOINT_URL_S3": server.url})


def test_profiles_and_tokens_are_read(program, server, tmp_path):
    (tmp_path / "config").write_text(f"[profile there]\nregion = us-east-1\nendpoint_url = {server.url}\n")
    (tmp_path / "credentials").write_text("[there]\naws_access_key_id = test-access-key\naws_secret_access_key = test-secret-key-0123456789\n")
    without = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_ENDPOINT_URL": "", "AWS_REGION": "", "AWS_EC2_METADATA_DISABLED": "true",
               "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"), "AWS_PROFILE": "there"}
    cli(program, server, "upload", some_file(tmp_path / "f", 10), "s3://bucket/profile", environment=without)
    refused = cli(program, server, "ls", "s3://bucket/", "--json", expect=4, environment={"AWS_SESSION_TOKEN": "VERY-SECRET-TOKEN", "AWS_ACCESS_KEY_ID": "unknown"})
    assert refused.error["code"] in ("unauthenticated", "permission_denied")


def test_failures_have_their_codes(program, server, tmp_path):
    assert cli(program, server, "download", "s3://bucket/absent", tmp_path / "x", "--json", expect=3).error["code"] == "not_found"
    assert cli(program, server, "ls", "s3://no-such-bucket-here/", "--json", expect=3).error["code"] == "not_found"
    wrong = cli(program, server, "ls", "s3://bucket/", "--json", expect=4, environment={"AWS_SECRET_ACCESS_KEY": "wrong"})
    assert wrong.error["code"] in ("unauthenticated", "permission_denied")
    assert not (tmp_path / "x").exists()


def kill_once(command, environment, condition) -> bool:
    """Runs until `condition` holds, then SIGKILL; whether it was killed."""
    process = subprocess.Popen(list(map(str, command)), env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        if condition():
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.002)
    return False


def test_a_killed_upload_goes_on_when_run_again(program, server, proxy, tmp_path):
    source = some_file(tmp_path / "big.mov", 60 << 20, 3)
    command = [program, "upload", source, "s3://bucket/resumed", "--part-size", "5", "--limit-rate", "60M"]
    assert kill_once(command, server.environment(proxy.url), lambda: len(proxy.stored()) >= 4)
    acknowledged = set(proxy.stored())
    proxy.lines.clear()
    done = cli(program, server, "upload", source, "s3://bucket/resumed", "--part-size", "5", "--json", url=proxy.url).events[-1]
    assert done["resumed"] and done["kept_parts"] >= 4 and done["sent_bytes"] < 60 << 20
    assert not acknowledged & set(proxy.stored()), "a part that was acknowledged was sent again"
    cli(program, server, "download", "s3://bucket/resumed", tmp_path / "back")
    assert same(source, tmp_path / "back")
    assert kill_once([*command[:3], "s3://bucket/changed", *command[4:]], server.environment(proxy.url), lambda: len([p for p in proxy.stored() if "changed" in p]) >= 2)
    some_file(source, 30 << 20, 4)
    done = cli(program, server, "upload", source, "s3://bucket/changed", "--part-size", "5", "--json", url=proxy.url).events[-1]
    assert not done["resumed"] and done["sent_bytes"] == 30 << 20
    cli(program, server, "download", "s3://bucket/changed", tmp_path / "back2")
    assert same(source, tmp_path / "back2")
    assert not [e for e in cli(program, server, "ls", "s3://bucket/", "--uploads", "--json").events if e["event"] == "upload"]


def test_a_killed_download_goes_on_when_run_again(program, server, tmp_path):
    source = some_file(tmp_path / "big", 48 << 20, 5)
    cli(program, server, "upload", source, "s3://bucket/down")
    target = tmp_path / "target"
    partial = Path(f"{target}.streamforge-part")
    command = [program, "download", "s3://bucket/down", target, "--part-size", "4", "--limit-rate", "60M", "--parallel", "2"]
    state = server.folder / "state/streamforge/transfers"

    def two_parts():
        return partial.exists() and any(b'"part":2' in p.read_bytes() for p in state.glob("*.journal"))
    assert kill_once(command, server.environment(), two_parts)
    assert not target.exists()
    done = cli(program, server, "download", "s3://bucket/down", target, "--part-size", "4", "--json").events[-1]
    assert done["resumed"] and done["received_bytes"] < 48 << 20
    assert same(source, target) and not partial.exists()


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25", "-f", "lavfi", "-i", "sine=440:r=48000", "-t", "12", "-c:v", "libx264", "-preset", "ultrafast",
           "-c:a", "aac", path)
    return path


# One encoder thread: with several the encoder does not give the same bytes twice.
JOB = ("--threads", "1", "--speed", "ultrafast", "--segment", "1s", "--max-height", "240", "--no-pictures", "--no-quality")


def test_a_job_goes_into_a_bucket_segments_first_manifests_last(program, server, proxy, clip, tmp_path):
    cli(program, server, "process", clip, "--to", "s3://bucket/m1/", *JOB, url=proxy.url)
    order = [target.split("?")[0].removeprefix("/bucket/m1/") for target in proxy.stored()]
    assert order[-2:] == ["manifest.mpd", "master.m3u8"], order
    last_media = max(i for i, name in enumerate(order) if name.endswith((".m4s", "init.mp4")))
    first_playlist = min(i for i, name in enumerate(order) if name.endswith((".m3u8", ".mpd")))
    assert last_media < first_playlist, order
    cli(program, server, "download", "s3://bucket/m1/", tmp_path / "m1")
    lint = run(program, "lint", tmp_path / "m1" / "master.m3u8", "--json")
    assert lint.code == 0, str(lint)
    assert ".unfinished" not in files_below(tmp_path / "m1")


def test_a_killed_job_resumes_without_sending_again(program, server, proxy, clip, tmp_path):
    command = [program, "process", clip, "--to", "s3://bucket/killed/", *JOB]
    segments = lambda: [t for t in proxy.stored() if t.endswith(".m4s")]
    assert kill_once(command, server.environment(proxy.url), lambda: len(segments()) >= 3)
    before = set(segments())
    keys = [e["key"] for e in cli(program, server, "ls", "s3://bucket/killed/", "--recursive", "--json").events if e["event"] == "object"]
    assert not [k for k in keys if k.endswith((".m3u8", ".mpd"))], "announced before it was whole"
    proxy.lines.clear()
    cli(program, server, *command[1:], url=proxy.url)
    assert not before & set(segments()), "a segment that had arrived was sent again"
    assert segments(), "nothing was left to send: the job was killed too late"
    cli(program, server, "process", clip, "--to", "s3://bucket/whole/", *JOB)
    cli(program, server, "download", "s3://bucket/killed/", tmp_path / "killed")
    cli(program, server, "download", "s3://bucket/whole/", tmp_path / "whole")
    media = lambda folder: {n: b for n, b in files_below(folder).items() if n.endswith((".m4s", ".mp4", ".m3u8", ".mpd"))}
    assert media(tmp_path / "killed") == media(tmp_path / "whole")
