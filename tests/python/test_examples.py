"""Every example runs: README and manual are cut from these files."""

import json
import subprocess
import sys

import pytest

import streamforge as sf
from conftest import KEYS, ROOT

EXAMPLES = ROOT / "examples/python"


def example(name, *arguments):
    ran = subprocess.run([sys.executable, EXAMPLES / name, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def media(has_media):
    if not has_media:
        pytest.skip("this wheel was built without FFmpeg")


def test_six_lines_publish_a_signed_stream(media, clip, tmp_path):
    out = example("publish.py", clip, tmp_path / "m1", "K2JCJMDEHXQW5F", KEYS / "rsa2048.pem", "https://cdn.example.com")
    assert out.startswith("https://cdn.example.com/m1/master.m3u8?Policy=") and "Signature=" in out
    lines = (EXAMPLES / "publish.py").read_text().split("# [publish]\n")[1].strip().splitlines()
    assert len([line for line in lines if line.strip()]) <= 6


def test_the_quick_start(media, clip, tmp_path):
    out = example("quick.py", clip, tmp_path / "out")
    assert "kb/s" in out and "100%" in out and "already_exists False" in out


def test_a_ladder_of_ones_own(media, clip, tmp_path):
    assert "180p" in example("ladder.py", clip, tmp_path / "out")


def test_a_signer_for_every_cdn():
    out = example("signing.py", KEYS / "rsa2048.pem").splitlines()
    assert len(out) >= 8 and all("token]" in line for line in out[:-1])


def test_fastapi():
    pytest.importorskip("fastapi")
    testclient = pytest.importorskip("fastapi.testclient")
    sys.path.insert(0, str(EXAMPLES))
    from fastapi_app import app, store

    client = testclient.TestClient(app)
    assert "sf_token" in client.get("/watch/m1").json()["url"]
    store.put("a/b.txt", b"hello")
    assert client.get("/objects/a/b.txt").json()["size_bytes"] == 5
    assert client.get("/objects/none").status_code == 404


def test_django():
    django = pytest.importorskip("django")
    from django.conf import settings

    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=[])
        django.setup()
    sys.path.insert(0, str(EXAMPLES))
    import django_views
    from django.test import RequestFactory

    assert "sf_token" in json.loads(django_views.watch(RequestFactory().get("/"), "m1").content)["url"]
    answer = django_views.sign_parts(RequestFactory().post("/", data="{}", content_type="application/json"))
    assert "error" in json.loads(answer.content)
    assert isinstance(django_views.bucket, sf.storage.ObjectStore)


@pytest.mark.parametrize("page", sorted((ROOT / "docs/manual/pages").rglob("*.md")) + [ROOT / "README.md"], ids=lambda page: page.stem)
def test_pages_are_cut_from_tested_files(page):
    text = page.read_text(encoding="utf-8")
    if "```python" not in text and "```cpp" not in text:
        return
    marked, fenced = text.count("<!-- snippet:"), text.count("```python") + text.count("```cpp")
    ran = subprocess.run([sys.executable, ROOT / "tests/docs/snippets.py", ROOT, page.relative_to(ROOT)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    assert page.name == "README.md" or marked >= fenced
