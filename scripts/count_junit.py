#!/usr/bin/env python3
"""Prints "passed failed skipped" of a JUnit XML file as ctest and pytest write it, and to stderr what the first failures said."""
import sys
import xml.etree.ElementTree as ElementTree

MOST_TESTS = 10
MOST_LINES = 12


def words_of(case):
    """The end of what a failed test said; of GoogleTest's the part from its first failure on."""
    texts = [child.text or child.get("message") or "" for child in case if child.tag in ("failure", "error")]
    lines = "\n".join([*texts, case.findtext("system-out") or ""]).strip().splitlines()
    first = next((number for number, line in enumerate(lines) if line.endswith(": Failure")), None)
    return lines[first:first + MOST_LINES] if first is not None else lines[-MOST_LINES:]


def main():
    passed = skipped = 0
    failures = []
    for case in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
        children = {child.tag for child in case}
        if {"failure", "error"} & children or case.get("status") == "fail":
            failures.append(case)
        elif "skipped" in children or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    for case in failures[:MOST_TESTS]:
        print(f"--- {case.get('name')}", *words_of(case), sep="\n    ", file=sys.stderr)
    print(passed, len(failures), skipped)


if __name__ == "__main__":
    main()
