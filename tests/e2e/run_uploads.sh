#!/usr/bin/env bash
# Uploads from headless Chromium into a MinIO on loopback, with our uploader and with Uppy.
# Usage: run_uploads.sh STREAMFORGE UPLOAD_DESK. Closes with "N passed, N failed"; without a server it says so and tests nothing.
set -euo pipefail
streamforge=$(realpath "${1:?usage: run_uploads.sh STREAMFORGE UPLOAD_DESK}")
desk=$(realpath "${2:?usage: run_uploads.sh STREAMFORGE UPLOAD_DESK}")
here=$(cd "$(dirname "$0")" && pwd)
modules=${STREAMFORGE_E2E_CACHE:-$here/../../build/e2e}
servers=${STREAMFORGE_S3_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/streamforge/s3-servers}
[ -x "$servers/minio" ] || { echo "skipped: minio is not installed: run tests/s3/install_servers.sh to build it"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }

mkdir -p "$modules"
modules=$(cd "$modules" && pwd)
cp "$here/package.json" "$here/package-lock.json" "$modules/"
if [ ! -d "$modules/node_modules/@uppy/aws-s3" ]; then
  (cd "$modules" && npm ci --ignore-scripts --no-audit --no-fund) >"$modules/npm.log" 2>&1 || { cat "$modules/npm.log"; exit 1; }
fi
# One file for the page, as a site's own build would make it.
cat >"$modules/uppy-entry.js" <<'JS'
import Uppy from "@uppy/core";
import AwsS3 from "@uppy/aws-s3";
window.Uppy = Uppy;
window.AwsS3 = AwsS3;
JS
(cd "$modules" && node_modules/.bin/esbuild uppy-entry.js --bundle --log-level=error --outfile=uppy-bundle.js)
cp "$here"/*.mjs "$modules/"
exec node "$modules/upload.mjs" "$streamforge" "$desk" "$servers/minio" "$here/../../apps/uploader/uploader.js" "$modules/uppy-bundle.js"
