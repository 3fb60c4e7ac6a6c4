#!/usr/bin/env python3
"""Checks that each quoted snippet of a document stands, line by line, in the tested file that it names.

A document marks a fenced block with a comment line before it: <!-- snippet: examples/process.cpp [process] -->
Usage: snippets.py PROJECT_ROOT DOCUMENT…. Prints each difference; exits 1 when there is one or no snippet at all.
"""
import pathlib
import re
import sys
import textwrap

MARK = re.compile(r"<!-- snippet: (\S+) \[(\w+)\] -->\n```\w*\n(.*?)```", re.S)


def tagged(path, tag):
    inside, lines = False, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if f"[{tag}]" in line:
            inside = not inside
        elif inside:
            lines.append(line)
    return textwrap.dedent("\n".join(lines)).strip()


def main():
    root = pathlib.Path(sys.argv[1])
    found, wrong = 0, 0
    for name in sys.argv[2:]:
        for source, tag, text in MARK.findall((root / name).read_text(encoding="utf-8")):
            found += 1
            if tagged(root / source, tag) != textwrap.dedent(text).strip():
                wrong += 1
                print(f"{name}: the snippet {source} [{tag}] differs from the file")
    if not found:
        print("no snippet was found")
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main())
