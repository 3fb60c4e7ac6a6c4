#!/usr/bin/env bash
# Builds the wheels, installs them into fresh environments, and runs the tests of the Python package against what was installed.
# Usage: run.sh RESULTS_FOLDER [BUILD_FOLDER]. Prints "ok NAME" or "not ok NAME" for the builds; pytest writes RESULTS_FOLDER/python*.xml.
set -uo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
results=$(mkdir -p "$1" && cd "$1" && pwd)
build=${2:-build/wheel}
python=${PYTHON:-/usr/bin/python3}
venv=$root/build/python-venv
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
rm -f "$results"/python*.xml

# The tools stay in one environment, whose paths the compiler cache knows; the wheel goes into a fresh one each time.
tools=${STREAMFORGE_PYTHON_TOOLS:-$venv-tools}
[ -x "$tools/bin/mypy" ] || {
  "$python" -m venv "$tools" &&
    "$tools/bin/pip" install -q 'pip>=24' 'pybind11>=3.0' 'scikit-build-core>=0.10' ninja pytest hypothesis mypy fastapi httpx django typing-extensions
} >"$results/python-tools.log" 2>&1 || { tail -n 20 "$results/python-tools.log"; echo "not ok python tools (PyPI)"; exit 1; }

# wheel NAME BUILD_FOLDER [pip options]
wheel() {
  local name=$1 folder=$2
  shift 2
  rm -rf "build/wheels/$name"
  if PATH=$tools/bin:$PATH "$tools/bin/pip" wheel . --no-deps --no-build-isolation -w "build/wheels/$name" -C build-dir="$folder" \
      -C cmake.args=-GNinja "$@" >"$results/python-wheel-$name.log" 2>&1; then
    echo "ok wheel $name ($(stat -c %s build/wheels/"$name"/*.whl) bytes)"
  else
    tail -n 40 "$results/python-wheel-$name.log"
    echo "not ok wheel $name"
    exit 1
  fi
}

# tests NAME [pytest arguments]: the tests against the installed wheel, from a folder where nothing else can be imported
tests() {
  local name=$1
  shift
  rm -rf "$venv" && "$python" -m venv "$venv" && "$venv/bin/pip" install -q --no-index "build/wheels/$name"/*.whl || return 1
  echo "$("$tools/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')" >"$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')/tools.pth"
  (cd "$results" && "$venv/bin/python" -B -m pytest -q -p no:cacheprovider -o addopts= --rootdir="$root/tests/python" \
    --junitxml="$results/python-$name.xml" "$@" >"$results/python-$name.log" 2>&1)
  grep -E '^(FAILED|ERROR)' "$results/python-$name.log"
  tail -n 1 "$results/python-$name.log"
}

wheel full "$build" -C cmake.define.STREAMFORGE_PYTHON_CONFORMANCE=ON
PATH=$tools/bin:$PATH cmake --build "$build" --target _conformance >"$results/python-conformance.log" 2>&1 &&
  export STREAMFORGE_CONFORMANCE=$root/$build/conformance
[ -n "${STREAMFORGE_CONFORMANCE:-}" ] || { tail -n 20 "$results/python-conformance.log"; echo "not ok conformance extension"; }
tests full "$root/tests/python"

# The second wheel with Debian's pybind11, the oldest that is to compile.
debian=/usr/lib/cmake/pybind11
wheel small "$build-small" -C cmake.define.STREAMFORGE_MEDIA=OFF $([ -d $debian ] && echo "-C cmake.define.pybind11_DIR=$debian")
tests small "$root/tests/python/test_storage.py" "$root/tests/python/test_cdn.py" "$root/tests/python/test_errors.py" "$root/tests/python/test_small.py"
