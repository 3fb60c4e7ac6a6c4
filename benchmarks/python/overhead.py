#!/usr/bin/env python3
"""What the bindings cost: import, and `sign` above C++. Run with a Python that has streamforge.

The signer is our own HMAC scheme. The C++ time of the same call is that of `sign_batch` per URL, which crosses into C++ once for 10,000.
"""

import statistics
import subprocess
import sys
import time

PROBE = """
import resource, sys, time
def now(): return time.process_time(), int(open('/proc/self/statm').read().split()[1]) * 4096
a = now()
import {module}
b = now()
print(b[0] - a[0], (b[1] - a[1]) / 2**20)
"""


def imported(module, runs=10):
    rows = []
    for _ in range(runs):
        ran = subprocess.run([sys.executable, "-c", PROBE.format(module=module)], capture_output=True, text=True)
        if ran.returncode:
            return None
        rows.append(tuple(map(float, ran.stdout.split())))
    return min(row[0] for row in rows), min(row[1] for row in rows)


def main():
    for module in ("streamforge", "streamforge.storage", "streamforge.cdn", "streamforge.media", "boto3", "av"):
        cost = imported(module)
        print(f"import {module}: " + ("not installed" if cost is None else f"{cost[0] * 1000:.1f} ms of CPU, {cost[1]:.1f} MiB"))

    import streamforge as sf

    keys = sf.cdn.KeyRing.single("k1", sf.cdn.SymmetricKey.from_text("0123456789abcdef"))
    signer = sf.cdn.make_local_signer(keys)
    url = "https://cdn.example.com/vod/m1/video/1080p/seg_00001.m4s"
    policy = sf.cdn.SignPolicy(expires_in=300)
    count = 10_000
    urls = [url] * count
    one, keyword, batch = [], [], []
    for _ in range(15):
        began = time.perf_counter()
        for _ in range(count):
            signer.sign(url, policy)
        one.append((time.perf_counter() - began) / count)
        began = time.perf_counter()
        for _ in range(count):
            signer.sign(url, expires_in=300)
        keyword.append((time.perf_counter() - began) / count)
        began = time.perf_counter()
        signer.sign_batch(urls, policy)
        batch.append((time.perf_counter() - began) / count)
    base = min(batch)
    print(f"sign(url, policy): {min(one) * 1e6:.2f} µs; sign(url, expires_in=300): {min(keyword) * 1e6:.2f} µs; in a batch: {base * 1e6:.2f} µs")
    print(f"above the batch: {(min(one) - base) * 1e6:.2f} µs and {(min(keyword) - base) * 1e6:.2f} µs; medians {statistics.median(one) * 1e6:.2f}, {statistics.median(keyword) * 1e6:.2f}")


if __name__ == "__main__":
    main()
