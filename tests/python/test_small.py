"""The wheel without FFmpeg says so where it is asked for more, and does all the rest."""

import pathlib

import pytest

import streamforge as sf


def test_without_ffmpeg_the_rest_works(has_media, tmp_path):
    if has_media:
        pytest.skip("this wheel was built with FFmpeg")
    for call in (lambda: sf.probe(b"x"), lambda: sf.process(b"x", tmp_path), lambda: sf.pipeline.plan):
        with pytest.raises(sf.UnsupportedError, match="without FFmpeg"):
            call()
    assert not list(pathlib.Path(sf.__file__).parent.glob("_media*.so"))


def test_packaging_needs_no_ffmpeg(clip, tmp_path):
    report = sf.package(clip, tmp_path / "out")
    findings = sf.manifest.lint_presentation("master.m3u8", lambda path: (tmp_path / "out" / path).read_bytes())
    assert report.files_written > 3 and sf.manifest.passes(findings)
