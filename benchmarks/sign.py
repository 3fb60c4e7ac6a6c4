#!/usr/bin/env python3
"""What signing costs beside the cryptography in it: our benchmark program, `openssl speed`, the AWS signer for JavaScript and botocore, in turn.

Usage: sign.py BENCHMARK_CDN [ROUNDS]. Everything is counted in processor time, so that other work on the machine blurs the ratios
little; the two-thread row needs an idle machine. The JavaScript signer is found in tests/oracles (npm install); botocore where it is installed.
"""
import json
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEYS = ROOT / "tests" / "vectors" / "keys"
URL = "https://d111111abcdef8.cloudfront.net/vod/m1/video/1080p/seg_00001.m4s"

JAVASCRIPT = f"""
import fs from 'node:fs';
import {{ getSignedUrl }} from '@aws-sdk/cloudfront-signer';
const rates = {{}};
for (const [name, file] of [['rsa', 'rsa2048.pem'], ['p256', 'p256.pem']]) {{
  const options = {{ url: '{URL}', keyPairId: 'K2JCJMDEHXQW5F', privateKey: fs.readFileSync('{KEYS}/' + file, 'utf8'),
                    dateLessThan: new Date(Date.now() + 300000).toISOString(), algorithm: 'SHA256' }};
  getSignedUrl(options);
  const before = process.cpuUsage();
  let count = 0, used = 0;
  while (used < 5e5) {{ for (let i = 0; i < 50; ++i) getSignedUrl(options); count += 50; const u = process.cpuUsage(before); used = u.user + u.system; }}
  rates[name] = count / used * 1e6;
}}
console.log(JSON.stringify(rates));
"""


def ours(program):
    text = subprocess.run([program, "--benchmark_format=json", "--benchmark_min_time=0.3"], capture_output=True, text=True, check=True).stdout
    return {item["name"]: item for item in json.loads(text)["benchmarks"]}


def openssl():
    text = subprocess.run(["openssl", "speed", "-seconds", "1", "rsa2048", "ecdsap256"], capture_output=True, text=True, check=True).stdout
    rates = {name: float(re.search(line + r".*?(\d+\.\d)\s+\d+\.\d\s*$", text, re.M).group(1)) for name, line in (("rsa", r"^rsa 2048"), ("p256", r"nistp256"))}
    text = subprocess.run(["openssl", "speed", "-seconds", "1", "-hmac", "sha256", "-bytes", "149"], capture_output=True, text=True, check=True).stdout
    rates["hmac"] = float(re.search(r"hmac\(sha256\)\s+([\d.]+)k", text).group(1)) * 1000 / 149
    return rates


def javascript():
    try:
        done = subprocess.run(["node", "--input-type=module", "-e", JAVASCRIPT], cwd=ROOT / "tests" / "oracles", capture_output=True, text=True, timeout=120)
        return json.loads(done.stdout)
    except (OSError, ValueError):
        return {}


def botocore():
    try:
        from botocore.signers import CloudFrontSigner
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, padding
    except ImportError:
        return {}
    import datetime
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
    rates = {}
    for name, file in (("rsa", "rsa2048.pem"), ("p256", "p256.pem")):
        key = serialization.load_pem_private_key((KEYS / file).read_bytes(), None)
        sign = (lambda text: key.sign(text, padding.PKCS1v15(), hashes.SHA256())) if name == "rsa" else (lambda text: key.sign(text, ec.ECDSA(hashes.SHA256())))
        signer = CloudFrontSigner("K2JCJMDEHXQW5F", sign)
        begin, count = time.process_time(), 0
        while (used := time.process_time() - begin) < 0.5:
            signer.generate_presigned_url(URL, date_less_than=end)
            count += 1
        rates[name] = count / used
    return rates


def per_second(item):
    unit = {"ns": 1e9, "us": 1e6, "ms": 1e3}[item["time_unit"]]
    return unit / item["cpu_time"]


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    table = {}

    def note(name, value):
        table.setdefault(name, []).append(value)

    for _ in range(rounds):
        mine, raw, js, boto = ours(program), openssl(), javascript(), botocore()
        note("RSA-2048 URLs / openssl speed (target 0.95)", per_second(mine["rsa_url"]) / raw["rsa"])
        note("P-256 URLs / openssl speed (0.85)", per_second(mine["p256_url"]) / raw["p256"])
        note("HMAC-SHA256 URLs / openssl speed, 149 bytes (0.55)", per_second(mine["hmac_url"]) / raw["hmac"])
        for peer, rates, target in (("AWS JavaScript signer", js, "20"), ("botocore", boto, "3.5")):
            if rates:
                note(f"P-256 URLs / {peer} ({target})", per_second(mine["p256_url"]) / rates["p256"])
                note(f"RSA-2048 URLs / {peer}", per_second(mine["rsa_url"]) / rates["rsa"])
        note("million URLs a second from a cached prefix (4)", per_second(mine["url_of_a_cached_prefix"]) / 1e6)
        note("heap allocations of these (0)", mine["url_of_a_cached_prefix"]["allocations"])
        for name in ("rsa", "p256", "hmac"):
            pair = [mine[f"{name}_url/real_time/threads:{n}"]["items_per_second"] for n in (1, 2)]
            note(f"two threads / one, {name} (1.9)", pair[1] / pair[0])
        note("ms for a playlist of 10,000 segments by wildcard (5)", mine["authorise_10000_segments/3"]["cpu_time"])
        note("ms for 10,000 URLs by wildcard (5)", mine["batch_of_10000_by_wildcard"]["cpu_time"])
        note("million HMAC URLs verified a second", per_second(mine["verify_hmac_url"]) / 1e6)
        note("thousand Common Access Tokens verified a second (300)", per_second(mine["verify_common_access_token"]) / 1e3)
    print(f"median of {rounds} rounds\n\n| what (target) | value |\n|---|---|")
    for name, values in table.items():
        print(f"| {name} | {statistics.median(values):.3g} |")


if __name__ == "__main__":
    main()
