#!/usr/bin/env python3
"""Tokens of the documented layouts, each written out by hand from its provider's page with Python's hmac and hashlib."""
import base64
import hashlib
import hmac
import urllib.parse

import oracle

EXPIRES = 1798761600
KEY = base64.b64encode(bytes(range(32))).decode()
AGENT = "Mozilla/5.0 (test)"


def url64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def main():
    raw = base64.b64decode(KEY)
    cases = []

    def add(name, layout, key, url, message, signed_url, **more):
        cases.append({"name": name, "layout": layout, "key": key, "url": url, "expires": EXPIRES, "message": message,
                      "signed_url": signed_url, **more})

    for digest in ("sha1", "sha256"):
        def mac(text, digest=digest):
            return hmac.new(raw, text.encode(), digest)

        path = "/vod/a%20b.mp4"
        message = f"{path}{EXPIRES}"
        add(f"fastly path {digest}", "fastly-path", KEY, f"https://cdn.example.com{path}?x=1", message,
            f"https://cdn.example.com{path}?x=1&token={EXPIRES}_{mac(message).hexdigest()}", hash=digest)
        message = f"{path}?x=1&y=2{EXPIRES}"
        add(f"fastly query {digest}", "fastly-query", KEY, f"https://cdn.example.com{path}?x=1&y=2", message,
            f"https://cdn.example.com{path}?x=1&y=2&token={EXPIRES}_{mac(message).hexdigest()}", hash=digest)
        message = f"{path}{EXPIRES}"
        add(f"fastly query without one {digest}", "fastly-query", KEY, f"https://cdn.example.com{path}", message,
            f"https://cdn.example.com{path}?token={EXPIRES}_{mac(message).hexdigest()}", hash=digest)
        message = f"{path}?x=1{EXPIRES}{AGENT}"
        add(f"fastly agent {digest}", "fastly-agent", KEY, f"https://cdn.example.com{path}?x=1", message,
            f"https://cdn.example.com{path}?x=1&token={EXPIRES}_{url64(mac(message).digest())}", hash=digest, data=AGENT)

    path, client, secret = "/videos/caf%C3%A9/a.m3u8", "203.0.113.7", "se cret"
    decoded = urllib.parse.unquote(path)
    for name, layout in (("nginx", "nginx"), ("gcore", "gcore")):
        message = f"{EXPIRES}{decoded} {secret}"
        add(name, layout, secret, f"https://cdn.example.com{path}", message,
            f"https://cdn.example.com{path}?md5={url64(hashlib.md5(message.encode()).digest())}&expires={EXPIRES}")
        message = f"{EXPIRES}{decoded}{client} {secret}"
        add(f"{name} with client", f"{layout}-client", secret, f"https://cdn.example.com{path}?a=b", message,
            f"https://cdn.example.com{path}?a=b&md5={url64(hashlib.md5(message.encode()).digest())}&expires={EXPIRES}", client_ip=client)
    message = f"{path}{secret}{EXPIRES}"
    add("keycdn", "keycdn", secret, f"https://cdn.example.com{path}", message,
        f"https://cdn.example.com{path}?token={url64(hashlib.md5(message.encode()).digest())}&expire={EXPIRES}")
    message = f"{EXPIRES}{path.rsplit('/', 1)[0]}{secret}"
    token = base64.b64encode(hashlib.md5(message.encode()).digest()).decode().replace("+", "-").replace("/", "_")
    add("cdn77", "cdn77", secret, f"https://cdn.example.com{path}?a=b", message, f"https://cdn.example.com/{token},{EXPIRES}{path}?a=b")

    issued, secret = EXPIRES - 10800, "mysecrettoken"
    for own in ("", "?width=100"):
        message = f"/images/cat.jpg{own}{issued}"
        raw_mac = hmac.new(secret.encode(), message.encode(), "sha256").digest()
        start = f"https://example.com/images/cat.jpg{own}{'&' if own else '?'}verify={issued}-"
        add(f"cloudflare s{own}", "cloudflare", secret, f"https://example.com/images/cat.jpg{own}", message, start + url64(raw_mac))
        add(f"cloudflare{own}", "cloudflare-standard", secret, f"https://example.com/images/cat.jpg{own}", message,
            start + urllib.parse.quote(base64.b64encode(raw_mac).decode(), safe=""))
        message = f"/account/id/mobile{own}{'&' if own else '?'}exp={EXPIRES}"
        sig = hmac.new(secret.encode(), message.encode(), "sha256").hexdigest()
        add(f"images{own}", "cloudflare-images", secret, f"https://imagedelivery.net/account/id/mobile{own}", message,
            f"https://imagedelivery.net{message}&sig={sig}")
    oracle.run("token_layouts.json", {"source": "Python's hmac and hashlib", "cases": cases})


main()
