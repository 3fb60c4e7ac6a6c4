#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test, and closes with "N passed, N failed, N skipped".
# Usage: scripts/test.sh [--quick] [--no-install] [--no-integration] [--no-edges] [--no-browser] [--no-consumer] [--no-python] [--sanitizers]
#   --quick: unit tests only (the daily round). --sanitizers: units and hostile input again under AddressSanitizer and UBSan.
set -uo pipefail
cd "$(dirname "$0")/.."

install=yes integration=yes edges=yes browser=yes consumer=yes bindings=yes sanitizers=no
for option in "$@"; do
  case "$option" in
    --quick) integration=no edges=no browser=no consumer=no bindings=no ;;
    --no-install) install=no ;;
    --no-integration) integration=no ;;
    --no-edges) edges=no ;;
    --no-browser) browser=no ;;
    --no-consumer) consumer=no ;;
    --no-python) bindings=no ;;
    --sanitizers) sanitizers=yes ;;
    -h|--help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
    *) echo "unknown option: $option" >&2; exit 2 ;;
  esac
done

passed=0 failed=0 skipped=0
results=build/test-results
build=build/test
python=/usr/bin/python3
# One cache serves every checkout: paths are hashed relative to the root.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
mkdir -p "$results"
rm -f "$results"/*.xml

note() { printf '\n== %s (%s)\n' "$1" "$(date +%H:%M:%S)"; }
die() { echo "$1" >&2; printf '%d passed, %d failed\n' "$passed" $((failed + 1)); exit 1; }

# Adds the counts of a JUnit file. A suite that ran nothing counts as a failure: green must mean tested.
count_junit() {
  local name=$1 file=$2 counts
  counts=$("$python" scripts/count_junit.py "$file") || { echo "$name: no results" >&2; failed=$((failed + 1)); return; }
  read -r p f s <<<"$counts"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  echo "$name: $p passed, $f failed, $s skipped"
  if [ $((p + f)) -eq 0 ]; then
    echo "$name: ran no test" >&2
    failed=$((failed + 1))
  fi
}

# Adds the counts of a suite that closes with "N passed, N failed".
count_line() {
  local name=$1 file=$2 line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$file" | tail -n 1)
  [ -n "$line" ] || { echo "$name: ran no test" >&2; failed=$((failed + 1)); return; }
  passed=$((passed + $(sed -E 's/^([0-9]+) passed.*/\1/' <<<"$line")))
  failed=$((failed + $(sed -E 's/.*passed, ([0-9]+) failed.*/\1/' <<<"$line")))
  echo "$name: $line"
}

# run_ctest NAME BUILD_DIR [ctest arguments…]
run_ctest() {
  local name=$1 dir=$2
  shift 2
  ctest --test-dir "$dir" --output-on-failure --test-output-size-passed 100000 -j2 --output-junit "$PWD/$results/$name.xml" "$@" >"$results/$name.log" 2>&1
  grep -E '^\s+[0-9]+ - .*(Failed|Timeout|SEGFAULT|Not Run|Subprocess)' "$results/$name.log"
  count_junit "$name" "$results/$name.xml"
}

if [ "$install" = yes ]; then
  note "packages"
  scripts/install-deps.sh test || die "packages could not be installed"
fi

note "build"
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSTREAMFORGE_BENCHMARKS=ON >"$results/configure.log" 2>&1 ||
  { cat "$results/configure.log"; die "configure failed"; }
cmake --build "$build" >"$results/build.log" 2>&1 || { tail -n 60 "$results/build.log"; die "build failed"; }

# Other people's signers and an edge runtime; without a network the tests that need them say that they are skipped.
if [ "$edges" = yes ] && [ "$install" = yes ] && command -v npm >/dev/null; then
  for folder in tests/oracles tests/edges; do
    npm install --prefix "$folder" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund >"$results/npm-$(basename "$folder").log" 2>&1 ||
      echo "$folder: npm could not fetch its packages; see $results"
  done
fi

# Real S3 servers, and botocore and moto; without a network the tests that need them say that they are skipped.
if [ "$integration" = yes ] && [ "$install" = yes ]; then
  note "S3 servers"
  tests/s3/install_servers.sh >"$results/s3-servers.log" 2>&1 || { echo "S3 servers could not be had; see $results/s3-servers.log"; tail -n 3 "$results/s3-servers.log"; }
fi

note "unit and conformance tests"
run_ctest unit "$build"

# The signer against botocore on requests drawn from a seed; STREAMFORGE_SEED draws others.
s3_python=${STREAMFORGE_S3_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/streamforge/s3-servers}/python/bin/python
if [ "$integration" = yes ] && [ -x "$s3_python" ]; then
  note "signatures against botocore"
  seed=${STREAMFORGE_SEED:-2026}
  if "$s3_python" tests/vectors/sigv4/make_vectors.py "$seed" >"$results/sigv4.json" 2>"$results/sigv4.log"; then
    STREAMFORGE_SIGV4_VECTORS=$PWD/$results/sigv4.json "$build/tests/unit_storage" --gtest_filter='SigV4.*botocore*' \
      --gtest_output="xml:$PWD/$results/sigv4-gtest.xml" >>"$results/sigv4.log" 2>&1 || echo "seed $seed: see $results/sigv4.log"
    count_junit sigv4 "$results/sigv4-gtest.xml"
  fi
fi

if [ "$consumer" = yes ]; then
  note "consumers of the installed package; build without FFmpeg"
  tests/consumer/run.sh "$build" 2>&1 | tee "$results/consumer.log" | grep -E '^(ok|not ok)'
  count_line consumer "$results/consumer.log"
fi

if [ "$bindings" = yes ]; then
  note "the Python package, installed from its wheels"
  tests/python/run.sh "$results" >"$results/python.log" 2>&1
  grep -E '^(ok|not ok|FAILED|ERROR)' "$results/python.log"
  # A build that failed would otherwise only leave its tests out.
  failed=$((failed + $(grep -c '^not ok' "$results/python.log")))
  count_junit python-full "$results/python-full.xml"
  count_junit python-small "$results/python-small.xml"
  note "the manual, with warnings as errors"
  if docs/manual/build.sh >"$results/manual.log" 2>&1; then
    passed=$((passed + 1))
    echo "manual: built"
  else
    failed=$((failed + 1))
    tail -n 20 "$results/manual.log"
  fi
fi

if [ "$integration" = yes ]; then
  note "integration tests"
  STREAMFORGE_BIN=$PWD/$build/apps/streamforge/streamforge "$python" -B -m pytest -q -p no:cacheprovider \
    --junitxml="$results/integration.xml" tests/integration >"$results/integration.log" 2>&1
  grep -E '^(FAILED|ERROR)' "$results/integration.log"
  count_junit integration "$results/integration.xml"
fi

if [ "$edges" = yes ]; then
  note "signed URLs at real edges: nginx, Varnish, workerd, Traffic Server, our origin"
  STREAMFORGE_BIN=$PWD/$build/apps/streamforge/streamforge "$python" -B -m pytest -q -rs -p no:cacheprovider \
    --junitxml="$results/edges.xml" tests/edges >"$results/edges.log" 2>&1
  grep -E '^(FAILED|ERROR|SKIPPED)' "$results/edges.log"
  count_junit edges "$results/edges.xml"
fi

if [ "$browser" = yes ]; then
  note "players in a browser"
  tests/e2e/run.sh "$PWD/$build/apps/streamforge/streamforge" >"$results/browser.log" 2>&1
  grep -E '^not ok|FAIL' "$results/browser.log"
  count_line browser "$results/browser.log"
  note "uploads from a browser"
  tests/e2e/run_uploads.sh "$PWD/$build/apps/streamforge/streamforge" "$PWD/$build/tests/upload_desk" >"$results/browser-uploads.log" 2>&1
  grep -E '^not ok|FAIL|^skipped' "$results/browser-uploads.log"
  count_line browser-uploads "$results/browser-uploads.log"
fi

if [ "$sanitizers" = yes ]; then
  note "units and hostile input under AddressSanitizer and UBSan"
  asan=build/asan-test
  export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
  cmake -S . -B "$asan" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSTREAMFORGE_SANITIZE=address,undefined \
    -DSTREAMFORGE_EXAMPLES=OFF >"$results/asan-configure.log" 2>&1 || die "configure (asan) failed"
  cmake --build "$asan" >"$results/asan-build.log" 2>&1 || { tail -n 40 "$results/asan-build.log"; die "build (asan) failed"; }
  run_ctest asan "$asan"
  STREAMFORGE_SANITIZED=1 STREAMFORGE_BIN=$PWD/$asan/apps/streamforge/streamforge "$python" -B -m pytest -q -p no:cacheprovider \
    --junitxml="$results/asan-hostile.xml" tests/integration/test_hostile.py >"$results/asan-hostile.log" 2>&1
  grep -E '^(FAILED|ERROR)' "$results/asan-hostile.log"
  count_junit asan-hostile "$results/asan-hostile.xml"
fi

# What the tests sign with must show nowhere in what they wrote.
note "secrets in the whole output"
if grep -rlE 'test-secret-key-0123456789|VERY-SECRET|wJalrXUtnFEMI/K7MDENG|X-Amz-Signature=[0-9a-f]{64}' --include='*.log' --include='*.xml' "$results"; then
  echo "secrets: they show in the files above"
  failed=$((failed + 1))
else
  echo "secrets: none"
  passed=$((passed + 1))
fi

echo
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
