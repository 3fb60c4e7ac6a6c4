"""Judges manifest.json and report.json against the files that they describe, and the folder against both."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

from judging import hls, oracle
from judging.check_hls import average_rate, peak_rate
from judging.dash import read_mpd
from judging.facts import Facts
from judging.findings import Findings
from judging.presentation import Presentation, Rendition

SSIM_TOLERANCE = 0.01
PSNR_TOLERANCE = 0.5


def load(path: Path, findings: Findings) -> dict:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        findings.expect(False, "reports", path.name, str(error))
        return {}
    findings.expect(isinstance(document, dict), "reports", path.name, "is no JSON object")
    return document


def exact(time: dict) -> Fraction:
    return Fraction(time["exact"])


def check_report_rendition(told: dict, rendition: Rendition, findings: Findings) -> None:
    where = f"report.json {rendition.name}"
    playlist = rendition.playlist
    sizes = [s.where.size for s in playlist.segments]
    findings.expect([s["bytes"] for s in told["segments"]] == sizes, "reports", where, "segment sizes are not the files'")
    whole = sum(sizes) + (playlist.init.size if playlist.init else 0)
    if rendition.kind != "text":
        slack = 4096 + 16 * len(sizes) if playlist.init and playlist.init.length is not None else 0  # The sidx of a single file.
        findings.expect(0 <= told["bytes"] - whole <= slack, "reports", where, f"bytes {told['bytes']}; the files hold {whole}")
        truth = [max(b, Fraction(0)) for b in rendition.boundaries]
        starts = [exact(s["start"]) for s in told["segments"]]
        findings.expect(starts == truth[:-1], "reports", where, "segment starts are not the media's")
        findings.expect(exact(told["duration"]) in (truth[-1], truth[-1] - truth[0]), "reports", where,
                        f"duration {told['duration']}; the media end at {truth[-1]}")
    for name, true in (("peak_bps", peak_rate(playlist.segments, playlist.target_duration)), ("average_bps", average_rate(playlist.segments))):
        findings.expect(abs(told[name] - true) <= 2, "reports", where, f"{name} is {told[name]}, by definition {float(true):.1f}")
    if rendition.kind == "video":
        check_quality_figures(told, rendition, findings)


def check_quality_figures(told: dict, rendition: Rendition, findings: Findings) -> None:
    where = f"report.json {rendition.name}"
    quality = told.get("quality")
    if not findings.expect(quality is not None, "quality", where, "no quality figures"):
        return
    findings.expect(0 < quality["ssim"]["y"] <= 1 and 10 < quality["psnr_db"]["y"] <= 100, "quality", where, f"implausible: {quality}")
    findings.expect(quality["frames"] == len(rendition.samples), "quality", where,
                    f"{quality['frames']} frames measured of {len(rendition.samples)}")
    parts = [s["quality"] for s in told["segments"] if s.get("quality")]
    findings.expect(len(parts) == len(told["segments"]), "quality", where, "some segments have no figures")
    mean = sum(p["ssim"]["y"] * p["frames"] for p in parts) / max(1, sum(p["frames"] for p in parts))
    findings.expect(abs(mean - quality["ssim"]["y"]) < 1e-3, "quality", where, "the whole is not the mean of the segments")


def check_quality(told: dict, rendition: Rendition, source: Path, findings: Findings) -> None:
    """SSIM and PSNR against ffmpeg's own, for a rendition of the source's size and frames."""
    graph = "[0:v]split[a][b];[1:v]format=yuv420p,split[c][d];[a][c]ssim[x];[b][d]psnr[y]"
    done = oracle.run(["ffmpeg", "-v", "info", "-nostdin", "-nostats", "-i", oracle.media_path(rendition.joined), "-i",
                       oracle.media_path(source), "-filter_complex", graph, "-map", "[x]", "-map", "[y]", "-f", "null", "-"])
    ssim = re.search(r"SSIM Y:([\d.]+)", done.stderr)
    psnr = re.search(r"PSNR y:([\d.]+|inf)", done.stderr)
    if not findings.expect(bool(ssim and psnr), "quality", rendition.name, "ffmpeg could not measure: " + done.stderr[-300:]):
        return
    true_ssim, true_psnr = float(ssim.group(1)), min(100.0, float(psnr.group(1)))
    quality = told["quality"]
    findings.expect(abs(quality["ssim"]["y"] - true_ssim) <= SSIM_TOLERANCE, "quality", rendition.name,
                    f"SSIM {quality['ssim']['y']}; ffmpeg measures {true_ssim}")
    findings.expect(abs(quality["psnr_db"]["y"] - true_psnr) <= PSNR_TOLERANCE, "quality", rendition.name,
                    f"PSNR {quality['psnr_db']['y']} dB; ffmpeg measures {true_psnr} dB")


def check_report(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    document = load(presentation.root / "report.json", findings)
    told = {entry["playlist"]: entry for entry in document.get("renditions", [])}
    for rendition in [*presentation.media, *presentation.text]:
        key = str(rendition.playlist.path.relative_to(presentation.root))
        match = next((entry for path, entry in told.items() if path.endswith(key)), None)
        if findings.expect(match is not None, "reports", "report.json", f"does not tell of {key}"):
            check_report_rendition(match, rendition, findings)
            size = (rendition.stream.facts.get("width"), rendition.stream.facts.get("height")) if rendition.kind == "video" else None
            if facts.source and facts.video and size == (facts.video.width, facts.video.height):
                check_quality(match, rendition, facts.source, findings)
    findings.expect(len(told) == len(presentation.media) + len(presentation.text), "reports", "report.json",
                    f"{len(told)} renditions; the playlists have {len(presentation.media) + len(presentation.text)}")


def _numbers(value: object, name: str) -> list[int]:
    """Every integer stored under `name`, anywhere in a JSON document."""
    if isinstance(value, dict):
        own = [v for k, v in value.items() if k == name and isinstance(v, int)]
        return own + [n for v in value.values() for n in _numbers(v, name)]
    if isinstance(value, list):
        return [n for v in value for n in _numbers(v, name)]
    return []


def _texts(value: object) -> set[str]:
    if isinstance(value, dict):
        return {t for v in value.values() for t in _texts(v)}
    if isinstance(value, list):
        return {t for v in value for t in _texts(v)}
    return {value} if isinstance(value, str) else set()


def check_catalogue(presentation: Presentation, findings: Findings) -> None:
    """manifest.json names every playlist and picture, and the peak and average rates of every rendition."""
    document = load(presentation.root / "manifest.json", findings)
    texts = _texts(document)
    wanted = [r.playlist.path for r in [*presentation.media, *presentation.text]]
    for path in [*wanted, presentation.root / "master.m3u8", presentation.root / "manifest.mpd"]:
        name = str(path.relative_to(presentation.root))
        findings.expect(name in texts, "reports", "manifest.json", f"does not name {name}")
    if presentation.video:
        findings.expect("poster.jpg" in texts and "thumbnails/thumbnails.vtt" in texts, "reports", "manifest.json",
                        "does not name the pictures")
    widths = set(_numbers(document, "width_px"))
    for rendition in presentation.video:
        findings.expect(rendition.stream.facts["width"] in widths, "reports", "manifest.json", f"does not tell the width of {rendition.name}")


def check_folder(presentation: Presentation, findings: Findings) -> None:
    """Every file is announced somewhere, and everything announced is there."""
    root = presentation.root
    known = {root / name for name in ("master.m3u8", "manifest.mpd", "manifest.json", "report.json")}
    if presentation.video:
        known |= {root / "poster.jpg", *(root / "thumbnails").glob("sheet_*.jpg"), root / "thumbnails" / "thumbnails.vtt"}
    for rendition in [*presentation.media, *presentation.text]:
        known |= {rendition.playlist.path, *rendition.playlist.files()}
    for words in presentation.master.iframe_variants:
        known.add(hls.resolve(presentation.master.path, words["URI"]))
    known |= {r.file for r in read_mpd(root / "manifest.mpd").representations if r.file is not None}
    present = {p.resolve() for p in root.rglob("*") if not p.is_dir()}
    for path in sorted(present - known):
        findings.expect(False, "folder", str(path.relative_to(root)), "belongs to nothing in the presentation")
    for path in sorted(known - present):
        findings.expect(False, "folder", str(path.relative_to(root)), "is announced but missing")
    findings.expect(True, "folder", str(root), "")
    for rendition in presentation.media:
        pattern = rf"{rendition.kind}/[^/]+/(init\.mp4|seg_\d{{5}}\.m4s|[^/]+\.mp4)$"
        for path in rendition.playlist.files():
            name = str(path.relative_to(root))
            findings.expect(re.fullmatch(pattern, name) is not None, "folder", name, "is not named as the contract says")


def check_reports(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    check_folder(presentation, findings)
    check_report(presentation, facts, findings)
    check_catalogue(presentation, findings)
