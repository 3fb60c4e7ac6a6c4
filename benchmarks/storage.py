#!/usr/bin/env python3
"""Uploads to a server that throws everything away, and to real ones: ours against awscrt, boto3, s5cmd and aws-cli.

Usage: storage.py STREAMFORGE NULL_SERVER [--server NAME=URL] [--large-mib N] [--runs N] [--peers FOLDER]
Peers: awscrt and boto3 are imported (PYTHONPATH), `s5cmd` and `aws` looked for on the PATH; what is absent is left out.
All clients sign without hashing bodies where they can (awscrt, boto3 and ours), and a second row has ours hash them as s5cmd and aws do.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import measure

KEYS = {"AWS_ACCESS_KEY_ID": "test-access-key", "AWS_SECRET_ACCESS_KEY": "test-secret-key-0123456789", "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

AWSCRT = r"""
import os, sys, threading
from awscrt import auth, io, s3, http
endpoint, source, single = sys.argv[1], sys.argv[2], sys.argv[3] == "file"
host = endpoint.split("//")[1]
group = io.EventLoopGroup(2); resolver = io.DefaultHostResolver(group); bootstrap = io.ClientBootstrap(group, resolver)
credentials = auth.AwsCredentialsProvider.new_static(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
signing = s3.create_default_s3_signing_config(region="us-east-1", credential_provider=credentials)
client = s3.S3Client(bootstrap=bootstrap, region="us-east-1", signing_config=signing, tls_mode=s3.S3RequestTlsMode.DISABLED,
                     part_size=8 << 20, throughput_target_gbps=float(os.environ.get("GBPS", "10")))
files = [source] if single else [os.path.join(source, n) for n in sorted(os.listdir(source))]
gate = threading.Semaphore(int(os.environ.get("PARALLEL", "32")))
failed = []
def begin(path):
    size = os.path.getsize(path)
    headers = http.HttpHeaders([("Host", host), ("Content-Length", str(size)), ("Content-Type", "video/mp4")])
    request = http.HttpRequest("PUT", "/bucket/" + os.path.basename(path), headers)
    gate.acquire()
    def done(error=None, **kw):
        if error is not None: failed.append(error)
        gate.release()
    return client.make_request(type=s3.S3RequestType.PUT_OBJECT, request=request, send_filepath=path, on_done=done,
        checksum_config=s3.S3ChecksumConfig(algorithm=s3.S3ChecksumAlgorithm.CRC64NVME, location=s3.S3ChecksumLocation.TRAILER) if os.environ.get("SUMS") else None)
requests = [begin(p) for p in files]
for r in requests:
    r.finished_future.result()
if failed: sys.exit(str(failed[0]))
"""

BOTO3 = r"""
import os, sys, boto3
from concurrent.futures import ThreadPoolExecutor
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
endpoint, source, single = sys.argv[1], sys.argv[2], sys.argv[3] == "file"
client = boto3.client("s3", endpoint_url=endpoint, config=Config(max_pool_connections=32, s3={"payload_signing_enabled": False, "addressing_style": "path"}))
config = TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20)
files = [source] if single else [os.path.join(source, n) for n in sorted(os.listdir(source))]
with ThreadPoolExecutor(1 if single else 16) as pool:
    list(pool.map(lambda p: client.upload_file(p, "bucket", os.path.basename(p), Config=config), files))
"""


def clients(options, endpoint, work):
    """Name to command for one large file or a folder."""
    def ours(signing, *more):
        def command(source):
            target = "s3://bucket/o" if os.path.isfile(source) else "s3://bucket/d/"
            parallel = "8" if os.path.isfile(source) else "32"
            return [options.streamforge, "upload", source, target, "--endpoint-url", endpoint, "--payload-signing", signing, "--no-resume", "--parallel", parallel, *more]
        return command
    kind = lambda source: "file" if os.path.isfile(source) else "folder"
    scripts = {}
    for name, text in (("awscrt", AWSCRT), ("boto3", BOTO3)):
        scripts[name] = work / f"{name}_client.py"
        scripts[name].write_text(text)
    found = {"ours, unsigned bodies": ours("never"), "ours, signed bodies": ours("always")}
    for name, script in scripts.items():
        if subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode == 0:
            found[name] = lambda source, script=script: [sys.executable, str(script), endpoint, source, kind(source)]
    if shutil.which("s5cmd"):
        found["s5cmd"] = lambda source: ["s5cmd", "--endpoint-url", endpoint, "--log", "error", "cp", source + ("" if os.path.isfile(source) else "/"), "s3://bucket/s5/"]
    if shutil.which("aws"):
        found["aws-cli"] = lambda source: ["aws", "--endpoint-url", endpoint, "s3", "cp", "--only-show-errors", source, "s3://bucket/cli/",
                                           *(() if os.path.isfile(source) else ("--recursive",))]
    return found


def bench(title, options, endpoint, source, size, objects, work, skip=()):
    rows = {name: [] for name in clients(options, endpoint, work) if name not in skip}
    for _ in range(options.runs):
        for name, command in clients(options, endpoint, work).items():
            if name in rows:
                rows[name].append(measure.run_once([command(str(source))], ()))
    reference = rows.get("awscrt", rows["ours, unsigned bodies"])
    wall = lambda runs: statistics.median(r.wall for r in runs)
    cpu = lambda runs: statistics.median(r.cpu for r in runs)
    print(f"\n### {title}\n")
    print("| client | wall s | MB/s | objects/s | CPU s | CPU s/GB | peak MiB | speed against awscrt | CPU against awscrt |\n|---|---|---|---|---|---|---|---|---|")
    for name, runs in rows.items():
        print(f"| {name} | {wall(runs):.2f} | {size / wall(runs) / 1e6:.0f} | {objects / wall(runs):.0f} | {cpu(runs):.2f} | {cpu(runs) / size * 1e9:.2f} | "
              f"{max(r.peak_mib for r in runs):.0f} | {wall(reference) / wall(runs):.2f} | {cpu(runs) / cpu(reference):.2f} |", flush=True)


def fill(path, size):
    with open(path, "wb") as file:
        left = size
        while left:
            count = min(left, 1 << 20)
            file.write(os.urandom(count))
            left -= count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("streamforge")
    parser.add_argument("null_server")
    parser.add_argument("--server", action="append", default=[])
    parser.add_argument("--large-mib", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--segments", type=int, default=2000)
    parser.add_argument("--small", type=int, default=10000)
    parser.add_argument("--only", default="")
    parser.add_argument("--skip", default="")
    options = parser.parse_args()
    os.environ.update(KEYS)
    work = pathlib.Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    server = subprocess.Popen([options.null_server], stdout=subprocess.PIPE, text=True)
    try:
        places = {"null server": f"http://127.0.0.1:{int(server.stdout.readline())}", **dict(s.split("=", 1) for s in options.server)}
        cases = {"large": ("one file", options.large_mib << 20, 1), "segments": (f"{options.segments} objects of 1 MiB", 1 << 20, options.segments), "small": (f"{options.small} objects of 100 KiB", 100 << 10, options.small)}
        print(f"On {measure.machine()}; medians of {options.runs}, in turn.")
        for key, (what, size, count) in cases.items():
            if options.only and key not in options.only.split(","):
                continue
            source = work / key
            if count == 1:
                fill(source, size)
            else:
                source.mkdir()
                for index in range(count):
                    fill(source / f"{index:05}.m4s", size)
            for place, endpoint in places.items():
                bench(f"{what}, {size * count >> 20} MiB in all, {place}", options, endpoint, source, size * count, count, work, options.skip.split(","))
            shutil.rmtree(source) if source.is_dir() else source.unlink()
    finally:
        server.kill()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
