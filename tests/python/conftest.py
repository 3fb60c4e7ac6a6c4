import datetime
import pathlib
import shutil
import subprocess

import pytest

import streamforge as sf

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = ROOT / "tests/vectors/keys"
NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)


@pytest.fixture(scope="session")
def has_media():
    try:
        import streamforge.media  # noqa: F401
    except sf.UnsupportedError:
        return False
    return True


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """Six seconds of test picture and tone."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg, which makes the clips, is not installed")
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    make(path, 6)
    return path


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory):
    """A picture that takes long to encode."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg, which makes the clips, is not installed")
    path = tmp_path_factory.mktemp("clips") / "long.mp4"
    make(path, 20, "640x360")
    return path


def make(path, seconds, size="320x180"):
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}",
         "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25",
         "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)],
        check=True,
    )


@pytest.fixture
def store():
    return sf.storage.make_memory_store()


@pytest.fixture
def local_keys():
    return sf.cdn.KeyRing.single("k1", sf.cdn.SymmetricKey.from_text("0123456789abcdef0123456789abcdef"))


@pytest.fixture
def fixed():
    return sf.cdn.SignerOptions(clock=lambda: NOW)
