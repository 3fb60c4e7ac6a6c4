"""The task of examples/python/publish.py as it is written without the library: ffmpeg as a subprocess, boto3, botocore's signer.

Usage: publish_peer.py INPUT s3://BUCKET/PREFIX/ KEY_ID KEY_FILE BASE_URL. The ladder is the same one as ours for a 1080p source.
"""

import datetime
import json
import mimetypes
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

path, to, key_id, pem, base = sys.argv[1:]
bucket, _, prefix = to.removeprefix("s3://").partition("/")
LADDER = [(1080, 6000, 192), (720, 3500, 128), (540, 2000, 128), (360, 1000, 96), (240, 450, 64)]

probed = json.loads(
    subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height,avg_frame_rate", "-of", "json", path],
        check=True, capture_output=True,
    ).stdout
)["streams"][0]
numerator, denominator = map(int, probed["avg_frame_rate"].split("/"))
keyframes = round(4 * numerator / denominator)
rungs = [rung for rung in LADDER if rung[0] <= min(probed["width"], probed["height"])]

with tempfile.TemporaryDirectory() as folder:
    splits = f"[0:v]split={len(rungs)}" + "".join(f"[s{i}]" for i in range(len(rungs)))
    scales = ";".join(f"[s{i}]scale=-2:{height}[v{i}]" for i, (height, _, _) in enumerate(rungs))
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", path, "-filter_complex", f"{splits};{scales}"]
    streams = []
    for i, (height, kbps, audio) in enumerate(rungs):
        command += ["-map", f"[v{i}]", f"-c:v:{i}", "libx264", f"-preset:v:{i}", "veryfast", f"-crf:v:{i}", "23"]
        command += [f"-maxrate:v:{i}", f"{kbps}k", f"-bufsize:v:{i}", f"{2 * kbps}k", f"-g:v:{i}", str(keyframes), f"-sc_threshold:v:{i}", "0"]
        command += ["-map", "0:a:0", f"-c:a:{i}", "aac", f"-b:a:{i}", f"{audio}k"]
        streams.append(f"v:{i},a:{i},name:{height}p")
    command += ["-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-master_pl_name", "master.m3u8"]
    command += ["-var_stream_map", " ".join(streams), "-hls_segment_filename", f"{folder}/%v/seg_%05d.m4s", f"{folder}/%v/playlist.m3u8"]
    for height, _, _ in rungs:
        os.makedirs(f"{folder}/{height}p", exist_ok=True)
    subprocess.run(command, check=True)

    client = boto3.client("s3")
    mimetypes.add_type("application/vnd.apple.mpegurl", ".m3u8")
    mimetypes.add_type("video/iso.segment", ".m4s")

    def upload(file):
        key = prefix + str(file.relative_to(folder))
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        client.upload_file(str(file), bucket, key, ExtraArgs={"ContentType": kind})

    files = [file for file in pathlib.Path(folder).rglob("*") if file.is_file()]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(upload, [file for file in files if file.suffix != ".m3u8"]))
        list(pool.map(upload, [file for file in files if file.suffix == ".m3u8" and file.name != "master.m3u8"]))
    upload(pathlib.Path(folder) / "master.m3u8")


def sign(message):
    key = serialization.load_pem_private_key(pathlib.Path(pem).read_bytes(), password=None)
    return key.sign(message, padding.PKCS1v15(), hashes.SHA1())


signer = CloudFrontSigner(key_id, sign)
url = f"{base}/{prefix}master.m3u8"
expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=300)
policy = signer.build_policy(url.rpartition("/")[0] + "/*", expires)
print(signer.generate_presigned_url(url, policy=policy))
