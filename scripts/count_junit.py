#!/usr/bin/env python3
"""Prints "passed failed skipped" of a JUnit XML file as ctest and pytest write it."""
import sys
import xml.etree.ElementTree as ElementTree


def main():
    passed = failed = skipped = 0
    for case in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
        children = {child.tag for child in case}
        if {"failure", "error"} & children or case.get("status") == "fail":
            failed += 1
        elif "skipped" in children or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    print(passed, failed, skipped)


if __name__ == "__main__":
    main()
