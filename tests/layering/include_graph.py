#!/usr/bin/env python3
"""Checks every #include against the floors of ARCHITECTURE.md: arrows go down only, third parties stay in their module.

Usage: include_graph.py [PROJECT_ROOT]. Prints each violation; exits 1 when there is one.
"""
import pathlib
import re
import sys

FLOORS = {
    "core": 0,
    "crypto": 1, "http": 1, "manifest": 1,
    "storage": 2, "cdn": 2, "packaging": 2, "media": 2,
    "pipeline": 3, "jobs": 3,
    "server": 4,
}

# pattern of the include → modules (or sub-folders of src) that may hold it, in sources and private headers. Public headers
# may hold none of them.
THIRD_PARTY = {
    r"^lib(av|sw)\w+/": ["media/ffmpeg"],
    r"^openssl/": ["crypto"],
    r"^curl/": ["http"],
    r"^pugixml": ["manifest", "storage"],
    r"^sqlite3|^libpq": ["jobs"],
    r"^boost/": ["server"],
    r"^nlohmann/": list(FLOORS),
    r"^fmt/": list(FLOORS),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1)


def target_module(name):
    parts = name.split("/")
    if parts[0] == "streamforge" and len(parts) > 2:
        return parts[1]
    return parts[0] if parts[0] in FLOORS and len(parts) > 1 else None


def check_file(root, path, module, public):
    place = path.relative_to(root)
    for number, name in includes(path):
        other = target_module(name)
        if other and other not in FLOORS:
            yield f"{place}:{number}: <{name}> names a module that has no floor"
        elif other and other != module and FLOORS[other] >= FLOORS[module]:
            yield f"{place}:{number}: {module} (floor {FLOORS[module]}) includes {other} (floor {FLOORS[other]})"
        for pattern, owners in THIRD_PARTY.items():
            if not re.match(pattern, name):
                continue
            inside = path.relative_to(root / "src").as_posix() if not public else ""
            if public or not any(inside.startswith(owner + "/") for owner in owners):
                yield f"{place}:{number}: <{name}> may be included only in src/{', src/'.join(owners)}"


def check(root):
    for base, public in ((root / "include" / "streamforge", True), (root / "src", False)):
        for path in sorted(base.rglob("*.[ch]pp")):
            module = path.relative_to(base).parts[0]
            if module in FLOORS:
                yield from check_file(root, path, module, public)
            elif path.parent != base:
                yield f"{path.relative_to(root)}: folder {module} is no module of ARCHITECTURE.md"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    violations = list(check(root))
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
