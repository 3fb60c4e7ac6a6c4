"""Judges one presentation: `judge(folder, facts)` for tests, `judge.py FOLDER SOURCE` for people."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

from judging.check_dash import check_dash
from judging.check_hls import check_hls
from judging.check_media import check_media
from judging.check_picture import check_picture
from judging.check_pictures import check_pictures
from judging.check_reports import check_reports
from judging.check_sound import check_sound
from judging.check_text import check_text
from judging.facts import Facts, facts_of
from judging.findings import Findings
from judging.hls import PlaylistError
from judging.presentation import open_presentation

SHARED = Path(os.environ.get("STREAMFORGE_SHARED", Path(__file__).resolve().parents[3] / "shared"))


@dataclass
class Verdict:
    findings: Findings
    skipped: str = ""   # What could not be judged, and why.


PARTS = {
    "media": check_media,
    "hls": lambda presentation, facts, findings: check_hls(presentation, findings),
    "dash": lambda presentation, facts, findings: check_dash(presentation, SHARED / "schema", findings),
    "picture": check_picture,
    "sound": check_sound,
    "text": check_text,
    "pictures": check_pictures,
    "reports": check_reports,
}


def judge(folder: Path, facts: Facts, parts: tuple[str, ...] = tuple(PARTS)) -> Verdict:
    """Runs the named parts, all by default, and gives what they found."""
    findings, skipped = Findings(), []
    scratch = Path(tempfile.mkdtemp(prefix="judge-"))
    try:
        presentation = open_presentation(folder, scratch)
        if len(parts) > 1:
            presentation.prepare()
        for part in parts:
            skipped.append(PARTS[part](presentation, facts, findings) or "")
    except (PlaylistError, OSError, ParseError) as error:
        findings.expect(False, "readable", str(folder), f"{type(error).__name__}: {error}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Verdict(findings, "; ".join(filter(None, skipped)))


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: judge.py FOLDER SOURCE", file=sys.stderr)
        return 2
    verdict = judge(Path(sys.argv[1]), facts_of(Path(sys.argv[2])))
    for finding in verdict.findings.found:
        print(finding)
    counted = sum(verdict.findings.seen.values())
    print(f"{counted} checks, {len(verdict.findings.found)} findings" + (f"; skipped: {verdict.skipped}" if verdict.skipped else ""))
    return 1 if verdict.findings.found else 0


if __name__ == "__main__":
    sys.exit(main())
