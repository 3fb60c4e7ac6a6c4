"""What the vector makers share: where vectors lie, and the two ways to run one.

`maker.py --write` writes its vectors; `maker.py --check` makes them anew with the program installed here and compares. A maker
whose program is missing says so and exits with 77, which CTest shows as skipped.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
VECTORS = ROOT / "vectors"
KEYS = VECTORS / "keys"
SKIP = 77


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIP)


def run(name, document, comparable=lambda case: case):
    """`comparable` strips what changes from run to run, such as ECDSA signatures."""
    path = VECTORS / name
    if "--write" in sys.argv:
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {len(document['cases'])} cases to {path}")
        return
    known = json.loads(path.read_text(encoding="utf-8"))
    differing = [
        case["name"]
        for case, old in zip(document["cases"], known["cases"])
        if comparable(case) != comparable(old)
    ]
    if len(document["cases"]) != len(known["cases"]) or differing:
        print(f"{path} is not what {document['source']} makes now: {differing or 'another number of cases'}")
        sys.exit(1)
    print(f"{len(known['cases'])} cases agree with {document['source']}")
