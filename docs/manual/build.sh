#!/usr/bin/env bash
# Builds the manual into build/manual: the pages and the Python reference with MkDocs, the C++ reference with Doxygen. A warning is an error.
# Usage: docs/manual/build.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=build/manual-venv
[ -x "$tools/bin/mkdocs" ] || {
  "${PYTHON:-/usr/bin/python3}" -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check 'mkdocs<2' mkdocs-material 'mkdocstrings[python]' ruff
}
export NO_MKDOCS_2_WARNING=1
"$tools/bin/mkdocs" build --quiet --strict -f docs/manual/mkdocs.yml -d "$PWD/build/manual"
doxygen docs/manual/Doxyfile
echo "build/manual/index.html"
