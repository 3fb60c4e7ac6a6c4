"""Used by mypy: what users write is well typed."""

import datetime
import pathlib
from fractions import Fraction

import streamforge as sf


def publish(path: pathlib.Path) -> str:
    store = sf.storage.open("s3://videos/m1/", region="eu-central-1", addressing="path", part_bytes=8 << 20)
    report = sf.process(path, store, speed="veryfast", codecs=["h264"], segment=Fraction(4), progress=lambda event: print(event.fraction))
    duration: Fraction = report.duration
    signer: sf.cdn.UrlSigner = sf.cdn.CloudFront("K1", path, max_lifetime=datetime.timedelta(days=1))
    signed = signer.sign(f"https://cdn.example.com/{report.hls_key}", expires_in=300, scope="exact", countries_allowed=["DE"])
    for rendition in report.renditions:
        bits: int = rendition.average_bps
        print(bits, duration)
    return signed.reveal()


async def publish_later(path: str) -> sf.pipeline.Report:
    job = sf.aio.start(path, "out")
    async for event in job:
        stage: str = event.stage
        print(stage)
    return await job


class Store(sf.storage.ObjectStore):
    def __init__(self) -> None:
        super().__init__(sf.storage.Capabilities(backend="mine"))

    def do_head(self, key: str) -> sf.storage.ObjectInfo:
        return sf.storage.ObjectInfo(key=key, size_bytes=3)


def read(store: sf.storage.ObjectStore) -> bytes:
    with store.get("a", range=sf.ByteRange(offset=0, length=3)) as reader:
        return reader.read()
