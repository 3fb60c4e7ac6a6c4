#!/usr/bin/env python3
"""CloudFront URLs as botocore signs them: RSA with SHA-1, canned and custom policies."""
import datetime

import oracle

try:
    import botocore
    import botocore.signers
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding
except ImportError as error:
    oracle.skip(f"{error} (pip install botocore cryptography)")

KEY_ID = "K2JCJMDEHXQW5F"
PLAIN = [
    "https://d111111abcdef8.cloudfront.net/video.mp4",
    "http://d111111abcdef8.cloudfront.net/a",
    "https://d111111abcdef8.cloudfront.net/vod/m1/master.m3u8?color=red&size=medium",
    "https://media.example.com:8443/caf%C3%A9/a%20b(1).mp4?x=a'b,c;d",
    "https://media.example.com/a~b-c_d.e!$&'()+,;=:@?q=[1]&r=%2F",
]
WILDCARDS = [
    ("https://d111111abcdef8.cloudfront.net/vod/m1/v1/seg-1.m4s", "https://d111111abcdef8.cloudfront.net/vod/m1/*", "prefix"),
    ("https://d111111abcdef8.cloudfront.net/vod/m1/game_download.zip?license=yes",
     "https://d111111abcdef8.cloudfront.net/vod/*game_download.zip*", "pattern"),
    ("https://d111111abcdef8.cloudfront.net/vod/a1.ts", "https://d111111abcdef8.cloudfront.net/vod/a?.ts", "pattern"),
]


def moment(epoch):
    return datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc) if epoch else None


def main():
    key = serialization.load_pem_private_key((oracle.KEYS / "rsa2048.pem").read_bytes(), None)
    signer = botocore.signers.CloudFrontSigner(KEY_ID, lambda text: key.sign(text, padding.PKCS1v15(), hashes.SHA1()))
    cases = []

    def add(name, url, resource, scope, expires, starts=None, client=None):
        canned = resource == url and not starts and not client
        policy = signer.build_policy(resource, moment(expires), moment(starts), client)
        signed = (signer.generate_presigned_url(url, date_less_than=moment(expires)) if canned
                  else signer.generate_presigned_url(url, policy=policy))
        cases.append({"name": name, "url": url, "scope": scope, "resource": "" if scope == "exact" else resource,
                      "key": "rsa2048.pem", "key_id": KEY_ID, "hash": "sha1", "expires": expires, "starts": starts,
                      "client_ip": client, "canned": canned, "policy": policy, "signed_url": signed})

    for index, url in enumerate(PLAIN):
        add(f"canned {index}", url, url, "exact", 1798761600)
        add(f"start {index}", url, url, "exact", 1798761600, starts=1798675200)
        add(f"client {index}", url, url, "exact", 1798761600, client="203.0.113.7")
        add(f"all {index}", url, url, "exact", 1798761600, starts=1798675200, client="203.0.113.0/24")
    for index, (url, resource, scope) in enumerate(WILDCARDS):
        add(f"wildcard {index}", url, resource, scope, 1798761600)
        add(f"wildcard with all {index}", url, resource, scope, 1798761600, starts=1798675200, client="192.0.2.0/25")
    oracle.run("cloudfront_botocore.json", {"source": f"botocore {botocore.__version__}", "cases": cases})


main()
