#!/usr/bin/env python3
"""Puts the tested snippets into pages: every marked block gets the text of the file that it names.

Usage: fill.py PROJECT_ROOT DOCUMENT…
"""

import pathlib
import re
import sys
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/docs"))
from snippets import tagged  # noqa: E402

MARK = re.compile(r"(<!-- snippet: (\S+) \[(\w+)\] -->\n```\w*\n)(.*?)(```)", re.S)


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:]:
        page = pathlib.Path(name)
        text = page.read_text(encoding="utf-8")
        filled = MARK.sub(lambda found: found[1] + textwrap.dedent(tagged(root / found[2], found[3])) + "\n" + found[5], text)
        if filled != text:
            page.write_text(filled, encoding="utf-8")
            print(f"filled {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
