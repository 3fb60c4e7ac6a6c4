# Made by bindings/python/generate_stubs.py; do not edit.
import builtins
import collections.abc
import datetime
import enum
import fractions
import os
import pathlib
import typing

import typing_extensions

import streamforge._core

class HashAlgorithm(enum.StrEnum):
    """A hash; md5 and sha1 are for formats that demand them."""
    md5 = "md5"
    sha1 = "sha1"
    sha256 = "sha256"
    sha512 = "sha512"

class KeyType(enum.StrEnum):
    """A kind of key pair."""
    rsa = "rsa"
    ecdsa_p256 = "ecdsa_p256"
    ed25519 = "ed25519"

class EcdsaForm(enum.StrEnum):
    """How an ECDSA signature is written."""
    der = "der"
    raw = "raw"

class PublicKey:
    """The half of a key pair that anybody may know."""
    @staticmethod
    def from_pem(pem: str) -> PublicKey: ...
    @staticmethod
    def from_jwk(json: str) -> PublicKey: ...
    @staticmethod
    def from_raw_ed25519(bytes: typing_extensions.Buffer) -> PublicKey: ...
    @property
    def type(self) -> KeyType: ...
    @property
    def size_bits(self) -> int: ...
    def to_pem(self) -> str: ...
    def verify(self, algorithm: HashAlgorithm | str, message: typing_extensions.Buffer, signature: typing_extensions.Buffer, form: EcdsaForm | str = ...) -> None:
        """Raises `DeniedError` unless the signature is this key's over the message."""

class PrivateKey:
    """A key that signs; never printed."""
    @staticmethod
    def from_pem(pem: str, passphrase: str = '') -> PrivateKey: ...
    @staticmethod
    def from_pkcs8(der: typing_extensions.Buffer) -> PrivateKey: ...
    @staticmethod
    def from_jwk(json: str) -> PrivateKey: ...
    @staticmethod
    def from_raw_ed25519(seed: typing_extensions.Buffer) -> PrivateKey: ...
    @staticmethod
    def external(public_key: PublicKey, signer: object) -> PrivateKey:
        """A key held elsewhere (KMS, HSM): `signer(algorithm, digest_or_message) -> bytes`. ECDSA gives DER."""
    @staticmethod
    def generate(type: KeyType | str, rsa_bits: int = 2048) -> PrivateKey: ...
    @property
    def type(self) -> KeyType: ...
    @property
    def size_bits(self) -> int: ...
    def public_key(self) -> PublicKey: ...
    def to_pem(self) -> streamforge._core.Secret:
        """PKCS #8."""
    def sign(self, algorithm: HashAlgorithm | str, message: typing_extensions.Buffer, form: EcdsaForm | str = ...) -> memoryview: ...

def hash(algorithm: HashAlgorithm | str, data: typing_extensions.Buffer) -> str:
    """The hash in hexadecimal."""

def sha256_hex(data: typing_extensions.Buffer) -> str:
    """SHA-256 in hexadecimal."""
