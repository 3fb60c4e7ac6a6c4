"""Judges the MPD: valid by the schema, and the same media on the same timeline as the playlists."""

from __future__ import annotations

import os
import shutil
from fractions import Fraction
from pathlib import Path

from judging import oracle
from judging.codec_strings import codec_string, same_codec
from judging.dash import Manifest, Representation, read_mpd
from judging.findings import Findings
from judging.presentation import Presentation, Rendition


def check_schema(path: Path, schema_folder: Path | None, findings: Findings) -> str:
    """Validates with xmllint; gives the reason when it could not be done."""
    if schema_folder is None or not (schema_folder / "DASH-MPD.xsd").exists():
        return "the DASH schema is not there"
    if shutil.which("xmllint") is None:
        return "xmllint is not installed"
    environment = dict(os.environ, XML_CATALOG_FILES=str(schema_folder / "catalog.xml"))
    done = oracle.run(["xmllint", "--nonet", "--noout", "--schema", str(schema_folder / "DASH-MPD.xsd"), str(path)], env=environment)
    findings.expect(done.returncode == 0, "mpd schema", path.name, done.stderr[:500])
    return ""


def starvation_rate(sizes: list[int], starts: list[Fraction], buffer: Fraction) -> Fraction:
    """The least constant rate at which playing `buffer` seconds after the start of any segment never waits for the end of one."""
    best = Fraction(0)
    for first in range(len(sizes)):
        bits = 0
        for last in range(first, len(sizes)):
            bits += 8 * sizes[last]
            best = max(best, bits / (buffer + starts[last] - starts[first]))
    return best


def check_representation(one: Representation, rendition: Rendition, manifest: Manifest, findings: Findings) -> None:
    where = f"representation {one.id}"
    truth = [max(b, Fraction(0)) for b in rendition.boundaries]
    findings.expect([s.path for s in one.segments] == [s.where.path for s in rendition.playlist.segments] and
                    [s.read() for s in one.segments] == [s.where.read() for s in rendition.playlist.segments], "mpd segments", where,
                    "its segments are not those of the playlist")
    findings.expect(one.starts == truth, "mpd timeline", where, _difference(one.starts, truth))
    findings.expect(one.gapless, "mpd timeline", where, "its timeline has gaps or overlaps")
    findings.expect(one.init is not None and one.init.read() == rendition.playlist.init.read(), "mpd segments", where,
                    "its init segment is not the playlist's")
    claimed = int(one.attributes.get("bandwidth", 0))
    needed = starvation_rate([s.size for s in one.segments], truth, manifest.min_buffer)
    findings.expect(needed <= claimed <= needed + 1, "mpd bandwidth", where,
                    f"@bandwidth is {claimed}; with minBufferTime {float(manifest.min_buffer)} s it is {float(needed):.1f}")
    findings.expect(same_codec(one.attributes.get("codecs", ""), codec_string(rendition.stream)), "mpd codecs", where,
                    f"@codecs is {one.attributes.get('codecs')}; the media {codec_string(rendition.stream)}")
    if rendition.kind == "video":
        facts = rendition.stream.facts
        size = (one.attributes.get("width"), one.attributes.get("height"))
        findings.expect(size == (str(facts["width"]), str(facts["height"])), "mpd size", where, f"{size} against {facts['width']}x{facts['height']}")
        if len(rendition.frame_steps) == 1:
            rate = 1 / min(rendition.frame_steps)
            findings.expect(Fraction(one.attributes.get("frameRate", "0")) == rate, "mpd frame rate", where,
                            f"@frameRate is {one.attributes.get('frameRate')}; the pictures come at {rate}")


def _difference(found: list[Fraction], truth: list[Fraction]) -> str:
    if len(found) != len(truth):
        return f"{len(found) - 1} segments in the timeline, {len(truth) - 1} in the media"
    return next((f"boundary {i} is {a} s in the timeline, {b} s in the media" for i, (a, b) in enumerate(zip(found, truth)) if a != b), "")


def check_dash(presentation: Presentation, schema_folder: Path | None, findings: Findings) -> str:
    path = presentation.root / "manifest.mpd"
    skipped = check_schema(path, schema_folder, findings)
    manifest = read_mpd(path)
    by_init = {(r.playlist.init.path, r.playlist.init.offset): r for r in presentation.media}
    described = {}
    for one in manifest.representations:
        if one.init is None:
            continue
        rendition = by_init.get((one.init.path, one.init.offset))
        if findings.expect(rendition is not None, "mpd segments", f"representation {one.id}", f"{one.init.path.name} is in no playlist"):
            described[rendition.name] = one
            check_representation(one, rendition, manifest, findings)
    for rendition in presentation.media:
        findings.expect(rendition.name in described, "mpd segments", rendition.name, "the MPD does not describe it")
    apart = abs(manifest.duration - presentation.end)
    findings.expect(apart <= Fraction(1, 1000), "mpd timeline", "mediaPresentationDuration",
                    f"{float(manifest.duration):.4f} s; the media end at {float(presentation.end):.4f} s")
    return skipped
