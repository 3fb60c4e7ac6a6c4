#!/usr/bin/env python3
"""Writes botocore.json: requests signed by botocore with the rules of S3, by header and by query, from a fixed seed.

Usage: make_vectors.py [SEED] > botocore.json   (needs botocore; the result for the fixed seed is committed, so that tests need not have it;
with another seed STREAMFORGE_SIGV4_VECTORS=FILE makes the tests use FILE)
"""
import datetime
import json
import random
import sys
import urllib.parse
from unittest import mock

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

CASES = 60
CHARACTERS = [chr(c) for c in range(0x20, 0x7F) if chr(c) not in "/"] + ["ä", "日", "😀", "/", "/", "+", "%", " "]


class Clock(datetime.datetime):
    now_is = None

    @classmethod
    def utcnow(cls):
        return cls.now_is

    @classmethod
    def now(cls, tz=None):
        return cls.now_is.replace(tzinfo=tz) if tz else cls.now_is


def random_text(rng, low, high):
    return "".join(rng.choice(CHARACTERS) for _ in range(rng.randint(low, high)))


def make_case(rng, index):
    token = "TOKEN/" + random_text(rng, 5, 30).replace("/", "_") if rng.random() < 0.5 else None
    if token:
        token = "".join(c for c in token if 0x20 < ord(c) < 0x7F)
    return {
        "name": f"random-{index:02}",
        "access_key": "AKIDEXAMPLE",
        "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "token": token,
        "region": rng.choice(["us-east-1", "eu-central-1", "auto"]),
        "time": datetime.datetime(2024, rng.randint(1, 12), rng.randint(1, 28), rng.choice([0, 11, 23]), rng.choice([0, 59]),
                                  rng.choice([0, 59])),
        "method": rng.choice(["GET", "PUT", "POST", "DELETE", "HEAD"]),
        "host": rng.choice(["bucket.s3.amazonaws.com", "127.0.0.1:9000"]),
        "key": random_text(rng, 1, 40).lstrip("/") or "k",
        "query": [[n, random_text(rng, 0, 12).replace("/", "_")] for n in rng.sample(["a", "A", "prefix", "uploadId", "partNumber", "x-y"], rng.randint(0, 4))],
        "headers": [["x-amz-meta-" + n, " ".join(["v" * rng.randint(1, 5)] * rng.randint(1, 3))] for n in rng.sample(["a", "b", "z9"], rng.randint(0, 3))]
        + ([["content-type", "video/mp4"]] if rng.random() < 0.5 else []),
        "expires": rng.choice([1, 900, 604800]),
    }


def sign(case, by_query):
    path = "/" + urllib.parse.quote(case["key"], safe="/-_.~")
    query = "&".join(f"{urllib.parse.quote(n, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}" for n, v in case["query"])
    url = f"https://{case['host']}{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method=case["method"], url=url, headers=dict(case["headers"]))
    request.headers["host"] = case["host"]
    request.context["payload_signing_enabled"] = False
    request.context["client_config"] = mock.Mock(s3={"payload_signing_enabled": False})
    credentials = Credentials(case["access_key"], case["secret_key"], case["token"])
    kind = botocore.auth.S3SigV4QueryAuth if by_query else botocore.auth.S3SigV4Auth
    arguments = {"expires": case["expires"]} if by_query else {}
    auth = kind(credentials, "s3", case["region"], **arguments)
    seen = {}
    original_text, original_canonical = auth.string_to_sign, auth.canonical_request
    auth.canonical_request = lambda r: seen.setdefault("canonical_request", original_canonical(r))
    auth.string_to_sign = lambda r, c: seen.setdefault("string_to_sign", original_text(r, c))
    Clock.now_is = Clock.fromtimestamp(case["time"].timestamp())
    with mock.patch("botocore.auth.datetime") as patched, mock.patch("botocore.auth.get_current_datetime", lambda *a, **k: Clock.now_is, create=True):
        patched.datetime = Clock
        auth.add_auth(request)
    if by_query:
        seen["signature"] = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.url).query))["X-Amz-Signature"]
    else:
        seen["signature"] = request.headers["Authorization"].rsplit("Signature=", 1)[1]
    return seen


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20240101)
    cases = []
    for index in range(CASES):
        case = make_case(rng, index)
        case["header"] = sign(case, False)
        case["query_auth"] = sign(case, True)
        case["time"] = case["time"].strftime("%Y-%m-%dT%H:%M:%SZ")
        cases.append(case)
    json.dump({"made_with": f"botocore {botocore.__version__}", "cases": cases}, sys.stdout, indent=1, ensure_ascii=True)
    print()


if __name__ == "__main__":
    main()
