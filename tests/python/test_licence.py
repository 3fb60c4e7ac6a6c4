"""What may go into a wheel: the guard looks into the libraries themselves."""

import shutil
import subprocess

import pytest

from conftest import ROOT

GUARD = ROOT / "bindings/python/licence_guard.cmake"


def guard(folder, *options):
    if shutil.which("cmake") is None:
        pytest.skip("cmake is not installed")
    return subprocess.run(["cmake", f"-DSTREAMFORGE_BUNDLE_FFMPEG={folder}", *options, "-P", GUARD], capture_output=True, text=True)


def library(folder, configuration):
    (folder / "libavcodec.so.59").write_bytes(b"\x7fELF\0\0" + f"--prefix=/usr {configuration}".encode() + b"\0\1\2")
    return folder


def test_a_gpl_build_is_not_bundled_by_accident(tmp_path):
    ran = guard(library(tmp_path, "--enable-shared --enable-gpl --enable-libx264"))
    assert ran.returncode != 0 and "is under the GPL" in " ".join(ran.stderr.split())
    assert guard(tmp_path, "-DSTREAMFORGE_ALLOW_GPL_BUNDLE=ON").returncode == 0


def test_what_may_not_be_distributed_is_never_bundled(tmp_path):
    ran = guard(library(tmp_path, "--enable-gpl --enable-nonfree"), "-DSTREAMFORGE_ALLOW_GPL_BUNDLE=ON")
    assert ran.returncode != 0 and "may not be distributed" in ran.stderr


def test_an_lgpl_build_may_be_bundled(tmp_path):
    ran = guard(library(tmp_path, "--enable-shared --enable-libopus"))
    assert ran.returncode == 0, ran.stderr


def test_a_folder_without_ffmpeg_is_named(tmp_path):
    ran = guard(tmp_path)
    assert ran.returncode != 0 and "no FFmpeg library" in ran.stderr
