#!/usr/bin/env python3
"""CloudFront URLs as the AWS SDK for Go signs them: RSA and ECDSA with SHA-1, canned and custom policies."""
import json
import re
import shutil
import subprocess

import oracle

FOLDER = oracle.ROOT / "oracles" / "cloudfront_go"


def main():
    go = shutil.which("go")
    if go is None:
        oracle.skip("go is not installed")
    done = subprocess.run([go, "run", ".", str(oracle.KEYS)], cwd=FOLDER, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        oracle.skip("the AWS SDK for Go cannot be built here: " + done.stderr.strip().splitlines()[-1])
    version = re.search(r"cloudfront/sign (v\S+)", (FOLDER / "go.mod").read_text()).group(1)

    def without_chance(case):
        return {**case, "signed_url": re.sub(r"Signature=[^&]*", "Signature=", case["signed_url"])} if case["key"] == "p256.pem" else case

    oracle.run("cloudfront_go.json", {"source": f"aws-sdk-go-v2/feature/cloudfront/sign {version}", "cases": json.loads(done.stdout)}, without_chance)


main()
