"""Signed streams and background jobs in FastAPI."""

import tempfile

import streamforge as sf

# [fastapi]
from fastapi import FastAPI, HTTPException

app = FastAPI()
store = sf.storage.open_local(tempfile.mkdtemp())
signer = sf.cdn.Local("at least sixteen bytes")


@app.get("/watch/{movie}")
def watch(movie: str):
    url = f"https://cdn.example.com/{movie}/master.m3u8"
    try:
        return {"url": signer.sign(url, scope="prefix", resource=f"https://cdn.example.com/{movie}/", expires_in=300).reveal()}
    except sf.UsageError as error:
        raise HTTPException(422, error.message) from error


@app.get("/objects/{key:path}")
async def describe(key: str):
    try:
        return (await sf.aio.Store(store).head(key)).to_dict()
    except sf.NotFoundError as error:
        raise HTTPException(404, error.code) from error
# [fastapi]
