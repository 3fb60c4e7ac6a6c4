"""Signed URLs, cookies and tokens for every CDN, both sides.

    signer = streamforge.cdn.CloudFront(key_id, pem)
    signer.sign("https://cdn.example.com/vod/a.mp4", expires_in=300).reveal()

The classes in capitals make the signer of one provider from what its console shows; `make_…_signer` and `make_…_verifier` are the
C++ library's own, with key rings, rotation and every option.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ._core.cdn import *  # noqa: F403
from ._core.cdn import (
    KeyRing,
    ProviderSettings,
    SignerOptions,
    UrlSigner,
    UrlVerifier,
    VerifierOptions,
    make_signer,
    make_verifier,
    parse_provider_key,
)


def _text(key: str | bytes | os.PathLike[str]) -> str:
    if isinstance(key, bytes):
        return key.decode()
    if isinstance(key, os.PathLike):
        with open(key, encoding="utf-8") as file:
            return file.read().strip()
    return key


def signer(
    provider: str,
    key: str | bytes | os.PathLike[str],
    *,
    key_id: str = "",
    max_lifetime: float | timedelta = timedelta(days=7),
    allowed_hosts: Sequence[str] = (),
    **settings: Any,
) -> UrlSigner:
    """A provider's signer by name, from one key as the provider's console shows it (or the path of a file with it)."""
    keys = KeyRing.single(key_id, parse_provider_key(provider, _text(key)))
    options = SignerOptions(max_lifetime=max_lifetime, allowed_hosts=list(allowed_hosts))
    return make_signer(provider, keys, ProviderSettings(**settings), options)


def verifier(
    provider: str,
    key: str | bytes | os.PathLike[str],
    *,
    key_id: str = "",
    skew: float | timedelta = 0,
    **settings: Any,
) -> UrlVerifier:
    """A provider's verifier by name, from one key; public keys will do where the provider has pairs."""
    keys = KeyRing.single(key_id, parse_provider_key(provider, _text(key)))
    return make_verifier(provider, keys, ProviderSettings(**settings), VerifierOptions(skew=skew))


def CloudFront(key_id: str, pem: str | bytes | os.PathLike[str], **options: Any) -> UrlSigner:
    """Amazon CloudFront: the public key's id and the private key (RSA or ECDSA P-256)."""
    return signer("cloudfront", pem, key_id=key_id, **options)


def CloudflareStream(key_id: str, key: str | bytes | os.PathLike[str], **options: Any) -> UrlSigner:
    """Cloudflare Stream: a signing key as PEM or JWK."""
    return signer("cloudflare-stream", key, key_id=key_id, **options)


def Cloudflare(key: str | bytes, **options: Any) -> UrlSigner:
    """Cloudflare's timed HMAC for WAF rules."""
    return signer("cloudflare", key, **options)


def Akamai(key: str | bytes, **options: Any) -> UrlSigner:
    """Akamai EdgeAuth 2.0: the property's key in hexadecimal."""
    return signer("akamai", key, **options)


def Fastly(key: str | bytes, **options: Any) -> UrlSigner:
    """Fastly's documented token layout: the key in base64."""
    return signer("fastly", key, **options)


def Bunny(key: str | bytes, **options: Any) -> UrlSigner:
    """Bunny's token authentication, version 2."""
    return signer("bunny", key, **options)


def GoogleCdn(key_id: str, key: str | bytes, **options: Any) -> UrlSigner:
    """Google's Cloud CDN: the KeyName and its base64url key."""
    return signer("google", key, key_id=key_id, **options)


def MediaCdn(key_id: str, key: str | bytes, **options: Any) -> UrlSigner:
    """Google's Media CDN: the KeyName and the Ed25519 key."""
    return signer("google-media", key, key_id=key_id, **options)


def Nginx(key: str | bytes, **options: Any) -> UrlSigner:
    """nginx's secure_link module."""
    return signer("nginx", key, **options)


def Jwt(key_id: str, key: str | bytes | os.PathLike[str], **options: Any) -> UrlSigner:
    """A JSON Web Token in one parameter, for edges that run a program of yours."""
    return signer("jwt", key, key_id=key_id, **options)


def Cat(key_id: str, key: str | bytes | os.PathLike[str], **options: Any) -> UrlSigner:
    """CTA-5007 Common Access Tokens."""
    return signer("cat", key, key_id=key_id, **options)


def Local(key: str | bytes, *, key_id: str = "k1", **options: Any) -> UrlSigner:
    """The scheme of the package's own origin: HMAC-SHA256 with a key of at least 16 bytes, as text."""
    return signer("local", key, key_id=key_id, **options)
