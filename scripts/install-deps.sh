#!/usr/bin/env bash
# Installs the Debian packages that a task needs and that are not there yet.
# Usage: scripts/install-deps.sh build|demo|test
set -euo pipefail

build=(g++ cmake ninja-build pkg-config ca-certificates git
  libavformat-dev libavcodec-dev libavfilter-dev libavutil-dev libswscale-dev libswresample-dev
  libssl-dev libcurl4-openssl-dev libpugixml-dev libboost-dev nlohmann-json3-dev libfmt-dev libcli11-dev)
demo=("${build[@]}" ffmpeg fonts-dejavu-core)
test=("${demo[@]}" nodejs npm ccache libgtest-dev libgmock-dev libbenchmark-dev libxml2-utils chromium curl util-linux strace
  python3 python3-pytest python3-venv python3-dev pybind11-dev doxygen
  nginx-core varnish varnish-vmod-digest trafficserver trafficserver-experimental-plugins python3-botocore python3-cryptography)

case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  demo) wanted=("${demo[@]}") ;;
  test) wanted=("${test[@]}") ;;
  *) echo "usage: $0 build|demo|test" >&2; exit 2 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  case "$package" in
    nodejs|npm) command -v "${package/nodejs/node}" >/dev/null && continue ;;
  esac
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Install these packages as root first: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
