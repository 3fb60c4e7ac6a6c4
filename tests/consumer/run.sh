#!/usr/bin/env bash
# Uses the library as strangers do: installed and moved, by find_package, pkg-config and add_subdirectory, and without FFmpeg.
# Usage: run.sh BUILD_DIR (a configured and built tree). Prints "ok NAME" or "not ok NAME" and a closing count.
set -uo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export root
# Beside the given build, as deep as it: the compiler cache then knows the objects.
export beside=$build
passed=0 failed=0

check() {
  local name=$1
  shift
  if "$@" >"$work/$name.log" 2>&1; then
    echo "ok $name"
    passed=$((passed + 1))
  else
    echo "not ok $name"
    tail -n 25 "$work/$name.log"
    failed=$((failed + 1))
  fi
}

install_and_move() {
  cmake --install "$build" --prefix "$work/first" && mv "$work/first" "$work/moved"
}
by_find_package() {
  cmake -S . -B "$work/find" -G Ninja -DCMAKE_PREFIX_PATH="$work/moved" -DCONSUMER_WITH_MEDIA="$1" &&
    cmake --build "$work/find" --clean-first && "$work/find/consumer"
}
by_add_subdirectory() {
  cmake -S . -B "$beside-media-$1" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache)" -DCONSUMER_SOURCE_DIR="$root" -DSTREAMFORGE_MEDIA="$1" \
    -DCONSUMER_WITH_MEDIA="$1" &&
    cmake --build "$beside-media-$1" --target consumer && "$beside-media-$1/consumer"
}
# Runs a command where FFmpeg's headers and descriptions cannot be seen, where the system lets us hide them.
without_ffmpeg() {
  local hidden
  hidden=$(find /usr/include /usr/local/include -maxdepth 2 -type d \( -name 'libav*' -o -name 'libsw*' -o -name 'libpostproc' \) 2>/dev/null)
  export PKG_CONFIG_LIBDIR=$work/no-ffmpeg
  mkdir -p "$PKG_CONFIG_LIBDIR"
  cp $(find /usr -path '*/pkgconfig/*.pc' ! -name 'libav*' ! -name 'libsw*' 2>/dev/null) "$PKG_CONFIG_LIBDIR"
  if unshare --mount true 2>/dev/null; then
    unshare --mount bash -c 'for folder in $0; do mount -t tmpfs none "$folder" || exit 1; done; "$@"' "$hidden" "$@"
  else
    echo "FFmpeg's headers cannot be hidden here" && "$@"
  fi
}
build_and_test_without_media() {
  cmake -S "$root" -B "$beside-without-media" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSTREAMFORGE_MEDIA=OFF &&
    cmake --build "$beside-without-media" --target streamforge_app unit_core unit_packaging unit_pipeline unit_server &&
    ctest --test-dir "$beside-without-media" -j2 --output-on-failure --no-tests=error -L 'unit/(core|packaging|pipeline|server)'
}
export -f build_and_test_without_media
by_pkg_config() {
  local config
  config=$(find "$work/moved" -name pkgconfig -type d)
  PKG_CONFIG_PATH=$config pkg-config --validate streamforge-manifest &&
    g++ -std=c++20 consumer.cpp $(PKG_CONFIG_PATH=$config pkg-config --static --cflags --libs streamforge-packaging streamforge-manifest) \
      -o "$work/pc" && "$work/pc"
}
shared_build() {
  cmake -S "$root" -B "$beside-shared" -G Ninja -DBUILD_SHARED_LIBS=ON -DSTREAMFORGE_MEDIA=OFF -DSTREAMFORGE_TESTS=OFF \
    -DSTREAMFORGE_EXAMPLES=OFF -DSTREAMFORGE_APPS=OFF -DCMAKE_BUILD_TYPE=Release &&
    cmake --build "$beside-shared" && cmake --install "$beside-shared" --prefix "$work/shared-prefix" &&
    cmake -S . -B "$work/shared-consumer" -G Ninja -DCMAKE_PREFIX_PATH="$work/shared-prefix" -DCONSUMER_WITH_MEDIA=OFF &&
    cmake --build "$work/shared-consumer" && "$work/shared-consumer/consumer" &&
    [ -L "$(find "$work/shared-prefix" -name 'libstreamforge_core.so')" ]
}

check install_and_move install_and_move
check find_package_with_media by_find_package ON
check find_package_without_media by_find_package OFF
check pkg_config by_pkg_config
check add_subdirectory_with_media by_add_subdirectory ON
check add_subdirectory_without_media by_add_subdirectory OFF
check build_and_tests_without_ffmpeg without_ffmpeg bash -c build_and_test_without_media
check shared_libraries shared_build
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
