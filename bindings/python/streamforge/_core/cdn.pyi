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
import streamforge._core.crypto
import streamforge._core.http
import streamforge._errors

class SymmetricKey:
    """A shared secret; wiped when the last owner goes, and never printed."""
    @staticmethod
    def from_bytes(bytes: typing_extensions.Buffer) -> SymmetricKey: ...
    @staticmethod
    def from_text(text: str) -> SymmetricKey: ...
    @staticmethod
    def from_hex(digits: str) -> SymmetricKey: ...
    @staticmethod
    def from_base64(text: str) -> SymmetricKey: ...
    @property
    def size_bytes(self) -> int: ...
    def reveal(self) -> bytes:
        """The plain bytes. Do not store or log them."""

class KeyEntry:
    """One key and when it is used."""
    def __init__(self, id: str, material: SymmetricKey | streamforge._core.crypto.PrivateKey | streamforge._core.crypto.PublicKey, *, sign_from: datetime.datetime | None = None, sign_until: datetime.datetime | None = None, verify_until: datetime.datetime | None = None) -> None: ...
    @property
    def id(self) -> str: ...
    @property
    def material(self) -> SymmetricKey | streamforge._core.crypto.PrivateKey | streamforge._core.crypto.PublicKey: ...
    @property
    def sign_from(self) -> datetime.datetime | None: ...
    @property
    def sign_until(self) -> datetime.datetime | None: ...
    @property
    def verify_until(self) -> datetime.datetime | None: ...
    def can_sign(self) -> bool: ...
    def signs_at(self, now: datetime.datetime) -> bool: ...
    def verifies_at(self, now: datetime.datetime) -> bool: ...

class KeyRing:
    """The keys of a provider, replaceable while signers use them."""
    def __init__(self, entries: collections.abc.Sequence[KeyEntry]) -> None: ...
    @staticmethod
    def single(id: str, material: SymmetricKey | streamforge._core.crypto.PrivateKey | streamforge._core.crypto.PublicKey) -> KeyRing:
        """One key without limits."""
    def reload(self, entries: collections.abc.Sequence[KeyEntry]) -> None:
        """Puts other keys in place of these, at once for every user of the ring."""
    @property
    def entries(self) -> list[KeyEntry]: ...

def read_key_file(path: os.PathLike[str] | str | bytes) -> streamforge._core.Secret:
    """The text of a key file."""

def read_key_environment(name: str) -> streamforge._core.Secret:
    """The text of an environment variable."""

def parse_private_key(text: streamforge._core.Secret | str) -> streamforge._core.crypto.PrivateKey:
    """From PEM, JWK, or the base64 of either."""

def parse_asymmetric_key(text: streamforge._core.Secret | str) -> SymmetricKey | streamforge._core.crypto.PrivateKey | streamforge._core.crypto.PublicKey:
    """From PEM, JWK, or the base64 of either."""

def encode_path(path: str) -> str:
    """A path with everything percent-encoded that must be."""

def encode_query_value(value: str) -> str:
    """A query value, percent-encoded."""

class VerifiedJwt:
    """What a good JSON Web Token says."""
    def __init__(self, *, claims_json: str = '', key_id: str = '', expires: datetime.datetime = ..., starts: datetime.datetime | None = None) -> None: ...
    def replace(self, *, claims_json: str = ..., key_id: str = ..., expires: datetime.datetime = ..., starts: datetime.datetime | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def claims_json(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    @property
    def expires(self) -> datetime.datetime: ...
    @property
    def starts(self) -> datetime.datetime | None: ...

def sign_jwt(claims_json: str, key: KeyEntry) -> str:
    """A JSON Web Token over the claims as they are."""

def verify_jwt(token: str, keys: KeyRing, now: datetime.datetime) -> VerifiedJwt:
    """What a good token says; its times are not checked."""

class Scope(enum.StrEnum):
    """What one signature covers."""
    exact = "exact"
    prefix = "prefix"
    pattern = "pattern"

class TokenPlacement(enum.StrEnum):
    """Where a token lies in a URL."""
    query = "query"
    path = "path"

class SameSite(enum.StrEnum):
    """Where a browser sends a cookie."""
    strict = "strict"
    lax = "lax"
    none = "none"

class Denial(enum.StrEnum):
    """Why a request is refused."""
    malformed_url = "malformed_url"
    missing_token = "missing_token"
    malformed_token = "malformed_token"
    unknown_key = "unknown_key"
    weak_algorithm = "weak_algorithm"
    wrong_signature = "wrong_signature"
    wrong_scope = "wrong_scope"
    not_yet_valid = "not_yet_valid"
    expired = "expired"
    lifetime_too_long = "lifetime_too_long"
    wrong_client_ip = "wrong_client_ip"
    wrong_country = "wrong_country"
    unsupported_claim = "unsupported_claim"

class Player(enum.StrEnum):
    """What plays a stream."""
    hls_js = "hls_js"
    dash_js = "dash_js"
    shaka = "shaka"
    video_js = "video_js"
    safari = "safari"
    avplayer = "avplayer"
    exoplayer = "exoplayer"
    cast = "cast"
    ffmpeg = "ffmpeg"

class DeliveryMethod(enum.StrEnum):
    """How a token reaches every request of a stream."""
    path_token = "path_token"
    define_query = "define_query"
    annex_i = "annex_i"
    cookies = "cookies"
    rewritten = "rewritten"
    player_query = "player_query"

class ManifestFormat(enum.StrEnum):
    """HLS or DASH."""
    hls = "hls"
    dash = "dash"

class SignPolicy:
    """"This viewer may fetch this, from then until then"."""
    def __init__(self, *, scope: Scope | str = ..., resource: str = '', expires_at: datetime.datetime | None = None, expires_in: datetime.timedelta | float = ..., expiry_bucket: datetime.timedelta | float = ..., starts_at: datetime.datetime | None = None, client_ip: str | None = None, session_id: str = '', data: str = '', countries_allowed: collections.abc.Iterable[str] = (), countries_blocked: collections.abc.Iterable[str] = (), allow_host_wildcard: bool = False, allow_everything: bool = False) -> None: ...
    def replace(self, *, scope: Scope | str = ..., resource: str = ..., expires_at: datetime.datetime | None = ..., expires_in: datetime.timedelta | float = ..., expiry_bucket: datetime.timedelta | float = ..., starts_at: datetime.datetime | None = ..., client_ip: str | None = ..., session_id: str = ..., data: str = ..., countries_allowed: collections.abc.Iterable[str] = ..., countries_blocked: collections.abc.Iterable[str] = ..., allow_host_wildcard: bool = ..., allow_everything: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def scope(self) -> Scope: ...
    @property
    def resource(self) -> str:
        """The prefix with its final slash, or the pattern."""
    @property
    def expires_at(self) -> datetime.datetime | None:
        """Exclusive. Either this or `expires_in`."""
    @property
    def expires_in(self) -> datetime.timedelta:
        """From the signer's clock; 0: `expires_at` is used."""
    @property
    def expiry_bucket(self) -> datetime.timedelta:
        """Rounds the end up, so that caches work. 0: off."""
    @property
    def starts_at(self) -> datetime.datetime | None: ...
    @property
    def client_ip(self) -> str | None:
        """Only clients in this network."""
    @property
    def session_id(self) -> str: ...
    @property
    def data(self) -> str: ...
    @property
    def countries_allowed(self) -> tuple[str, ...]: ...
    @property
    def countries_blocked(self) -> tuple[str, ...]: ...
    @property
    def allow_host_wildcard(self) -> bool: ...
    @property
    def allow_everything(self) -> bool: ...
    def validate(self) -> None: ...

class Capabilities:
    """What a provider's scheme can do."""
    def __init__(self, *, provider: str = '', exact: bool = True, prefix: bool = False, prefix_direct_children_only: bool = False, pattern: bool = False, cookies: bool = False, query_token: bool = True, path_token: bool = False, start_time: bool = False, client_ip: bool = False, client_ipv6: bool = False, client_network: bool = False, session_id: bool = False, data: bool = False, countries: bool = False, expiry_in_token: bool = True, covers_host: bool = False, covers_query: bool = False, append_query_exact: bool = False, append_query_prefix: bool = False, query_values_clean: bool = False, query_values_plain: bool = False, pattern_question_mark: bool = False, pattern_covers_query: bool = False, reserved_parameters: collections.abc.Iterable[str] = (), max_lifetime: datetime.timedelta | float | None = None) -> None: ...
    def replace(self, *, provider: str = ..., exact: bool = ..., prefix: bool = ..., prefix_direct_children_only: bool = ..., pattern: bool = ..., cookies: bool = ..., query_token: bool = ..., path_token: bool = ..., start_time: bool = ..., client_ip: bool = ..., client_ipv6: bool = ..., client_network: bool = ..., session_id: bool = ..., data: bool = ..., countries: bool = ..., expiry_in_token: bool = ..., covers_host: bool = ..., covers_query: bool = ..., append_query_exact: bool = ..., append_query_prefix: bool = ..., query_values_clean: bool = ..., query_values_plain: bool = ..., pattern_question_mark: bool = ..., pattern_covers_query: bool = ..., reserved_parameters: collections.abc.Iterable[str] = ..., max_lifetime: datetime.timedelta | float | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def provider(self) -> str: ...
    @property
    def exact(self) -> bool: ...
    @property
    def prefix(self) -> bool: ...
    @property
    def prefix_direct_children_only(self) -> bool: ...
    @property
    def pattern(self) -> bool: ...
    @property
    def cookies(self) -> bool: ...
    @property
    def query_token(self) -> bool: ...
    @property
    def path_token(self) -> bool: ...
    @property
    def start_time(self) -> bool: ...
    @property
    def client_ip(self) -> bool: ...
    @property
    def client_ipv6(self) -> bool: ...
    @property
    def client_network(self) -> bool: ...
    @property
    def session_id(self) -> bool: ...
    @property
    def data(self) -> bool: ...
    @property
    def countries(self) -> bool: ...
    @property
    def expiry_in_token(self) -> bool: ...
    @property
    def covers_host(self) -> bool: ...
    @property
    def covers_query(self) -> bool: ...
    @property
    def append_query_exact(self) -> bool: ...
    @property
    def append_query_prefix(self) -> bool: ...
    @property
    def query_values_clean(self) -> bool: ...
    @property
    def query_values_plain(self) -> bool: ...
    @property
    def pattern_question_mark(self) -> bool: ...
    @property
    def pattern_covers_query(self) -> bool: ...
    @property
    def reserved_parameters(self) -> tuple[str, ...]: ...
    @property
    def max_lifetime(self) -> datetime.timedelta | None: ...

class TokenParameter:
    """A name and a value as they stand on the wire."""
    def __init__(self, *, name: str = '', value: str = '') -> None: ...
    def replace(self, *, name: str = ..., value: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...

class CookieAttributes:
    """Where a browser sends the cookies back."""
    def __init__(self, *, domain: str = '', path: str = '', same_site: SameSite | str = ..., http_only: bool = True, secure: bool = True, partitioned: bool = False) -> None: ...
    def replace(self, *, domain: str = ..., path: str = ..., same_site: SameSite | str = ..., http_only: bool = ..., secure: bool = ..., partitioned: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def domain(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def same_site(self) -> SameSite: ...
    @property
    def http_only(self) -> bool: ...
    @property
    def secure(self) -> bool: ...
    @property
    def partitioned(self) -> bool: ...

class SignerOptions:
    """What every signer is told, whatever its provider."""
    def __init__(self, *, clock: collections.abc.Callable[[], datetime.datetime] = ..., max_lifetime: datetime.timedelta | float = ..., allowed_hosts: collections.abc.Iterable[str] = ()) -> None: ...
    def replace(self, *, clock: collections.abc.Callable[[], datetime.datetime] = ..., max_lifetime: datetime.timedelta | float = ..., allowed_hosts: collections.abc.Iterable[str] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def clock(self) -> collections.abc.Callable[[], datetime.datetime]: ...
    @property
    def max_lifetime(self) -> datetime.timedelta: ...
    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Empty: any. Set it where URLs come from users."""

class VerifierOptions:
    """What every verifier is told."""
    def __init__(self, *, clock: collections.abc.Callable[[], datetime.datetime] = ..., skew: datetime.timedelta | float = ..., max_lifetime: datetime.timedelta | float = ...) -> None: ...
    def replace(self, *, clock: collections.abc.Callable[[], datetime.datetime] = ..., skew: datetime.timedelta | float = ..., max_lifetime: datetime.timedelta | float = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def clock(self) -> collections.abc.Callable[[], datetime.datetime]: ...
    @property
    def skew(self) -> datetime.timedelta: ...
    @property
    def max_lifetime(self) -> datetime.timedelta: ...

class VerifyRequest:
    """What an edge knows of a request."""
    def __init__(self, *, url: str = '', client_ip: str = '', cookies: str = '', user_agent: str = '', method: str = '', headers: collections.abc.Iterable[TokenParameter] = (), country: str = '', now: datetime.datetime | None = None) -> None: ...
    def replace(self, *, url: str = ..., client_ip: str = ..., cookies: str = ..., user_agent: str = ..., method: str = ..., headers: collections.abc.Iterable[TokenParameter] = ..., country: str = ..., now: datetime.datetime | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def url(self) -> str: ...
    @property
    def client_ip(self) -> str: ...
    @property
    def cookies(self) -> str: ...
    @property
    def user_agent(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def headers(self) -> tuple[TokenParameter, ...]: ...
    @property
    def country(self) -> str: ...
    @property
    def now(self) -> datetime.datetime | None: ...

class VerifiedGrant:
    """What a good token says."""
    def __init__(self, *, policy: SignPolicy = ..., key_id: str = '', url: str = '') -> None: ...
    def replace(self, *, policy: SignPolicy = ..., key_id: str = ..., url: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def policy(self) -> SignPolicy: ...
    @property
    def key_id(self) -> str: ...
    @property
    def url(self) -> str:
        """The request's URL without the token."""

class GrantToken:
    """What a provider makes for a prefix or pattern."""
    def __init__(self, *, parameters: collections.abc.Iterable[TokenParameter] = (), component: str = '', component_at: int = 0, component_replaces: int = 0) -> None: ...
    def replace(self, *, parameters: collections.abc.Iterable[TokenParameter] = ..., component: str = ..., component_at: int = ..., component_replaces: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def parameters(self) -> tuple[TokenParameter, ...]: ...
    @property
    def component(self) -> str: ...
    @property
    def component_at(self) -> int: ...
    @property
    def component_replaces(self) -> int: ...

class SignRequest:
    """A policy after its times were settled, and the key that was chosen."""
    @property
    def url(self) -> str:
        """Empty when a grant is made."""
    @property
    def policy(self) -> SignPolicy: ...
    @property
    def key(self) -> KeyEntry: ...
    @property
    def now(self) -> datetime.datetime: ...
    @property
    def expires(self) -> datetime.datetime: ...
    @property
    def starts(self) -> datetime.datetime | None: ...
    @property
    def prefix_origin(self) -> str: ...
    @property
    def prefix_path(self) -> str: ...

class SignedUrl:
    """A URL that opens what it names to whoever holds it. Printing it hides the token."""
    def reveal(self) -> str:
        """The URL itself. Do not log it."""
    def redacted(self) -> str:
        """"https://cdn.example.com/a.mp4?[token]"."""
    def __eq__(self, other: object) -> bool: ...

class CookieSet:
    """The cookies of one grant. Printing it shows names only."""
    def reveal(self) -> dict[str, typing.Any]:
        """Names and values. Do not log them."""
    @property
    def attributes(self) -> CookieAttributes: ...
    def set_cookie_headers(self) -> list[str]:
        """One value of a Set-Cookie header per cookie."""
    def cookie_header(self) -> str:
        """What a client sends back."""
    def redacted(self) -> str: ...

class PrefixGrant:
    """One signature, good for every URL within a prefix or pattern until it expires."""
    @property
    def resource(self) -> str: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def placement(self) -> TokenPlacement: ...
    @property
    def expires_at(self) -> datetime.datetime: ...
    def parameters(self) -> list[TokenParameter]:
        """What to put on each URL. Do not log it."""
    def query(self) -> str:
        """The parameters as text. Do not log it."""
    def path_component(self) -> str: ...
    def url(self, url: str) -> SignedUrl:
        """`url` with the token."""
    def overhead_bytes(self) -> int: ...

class UrlSigner:
    """Signs URLs for one provider. Subclasses define do_sign, and where they can do_check, do_grant and do_cookies."""
    def __init__(self, capabilities: Capabilities, keys: KeyRing, options: SignerOptions = ...) -> None: ...
    @property
    def capabilities(self) -> Capabilities: ...
    def sign(self, url: str, policy: SignPolicy | None = None, *, scope: Scope | str = ..., resource: str = '', expires_at: datetime.datetime | None = None, expires_in: datetime.timedelta | float = ..., expiry_bucket: datetime.timedelta | float = ..., starts_at: datetime.datetime | None = None, client_ip: str | None = None, session_id: str = '', data: str = '', countries_allowed: collections.abc.Iterable[str] = (), countries_blocked: collections.abc.Iterable[str] = (), allow_host_wildcard: bool = False, allow_everything: bool = False) -> SignedUrl:
        """`url`, signed. With a prefix or pattern it must lie within it."""
    def sign_batch(self, urls: collections.abc.Sequence[str], policy: SignPolicy | None = None, *, scope: Scope | str = ..., resource: str = '', expires_at: datetime.datetime | None = None, expires_in: datetime.timedelta | float = ..., expiry_bucket: datetime.timedelta | float = ..., starts_at: datetime.datetime | None = None, client_ip: str | None = None, session_id: str = '', data: str = '', countries_allowed: collections.abc.Iterable[str] = (), countries_blocked: collections.abc.Iterable[str] = (), allow_host_wildcard: bool = False, allow_everything: bool = False) -> list[SignedUrl]:
        """All of them under one policy, in order."""
    def grant(self, policy: SignPolicy | None = None, *, placement: TokenPlacement | str = ..., scope: Scope | str = ..., resource: str = '', expires_at: datetime.datetime | None = None, expires_in: datetime.timedelta | float = ..., expiry_bucket: datetime.timedelta | float = ..., starts_at: datetime.datetime | None = None, client_ip: str | None = None, session_id: str = '', data: str = '', countries_allowed: collections.abc.Iterable[str] = (), countries_blocked: collections.abc.Iterable[str] = (), allow_host_wildcard: bool = False, allow_everything: bool = False) -> PrefixGrant:
        """One signature for every URL within a prefix or pattern."""
    def sign_cookies(self, url: str, policy: SignPolicy | None = None, *, attributes: CookieAttributes = ..., scope: Scope | str = ..., resource: str = '', expires_at: datetime.datetime | None = None, expires_in: datetime.timedelta | float = ..., expiry_bucket: datetime.timedelta | float = ..., starts_at: datetime.datetime | None = None, client_ip: str | None = None, session_id: str = '', data: str = '', countries_allowed: collections.abc.Iterable[str] = (), countries_blocked: collections.abc.Iterable[str] = (), allow_host_wildcard: bool = False, allow_everything: bool = False) -> CookieSet:
        """The same as cookies."""
    def do_check(self, policy: SignPolicy) -> None: ...
    def do_sign(self, request: SignRequest) -> tuple[str, str]: ...
    def do_grant(self, request: SignRequest, placement: TokenPlacement) -> GrantToken: ...
    def do_cookies(self, request: SignRequest) -> list[TokenParameter]: ...

class GrantCache:
    """Keeps grants, so that a prefix is signed once for all viewers and segments."""
    def __init__(self, signer: UrlSigner, capacity: int = 1024) -> None: ...
    def grant(self, policy: SignPolicy | None = None, *, placement: TokenPlacement | str = ..., scope: Scope | str = ..., resource: str = '', expires_at: datetime.datetime | None = None, expires_in: datetime.timedelta | float = ..., expiry_bucket: datetime.timedelta | float = ..., starts_at: datetime.datetime | None = None, client_ip: str | None = None, session_id: str = '', data: str = '', countries_allowed: collections.abc.Iterable[str] = (), countries_blocked: collections.abc.Iterable[str] = (), allow_host_wildcard: bool = False, allow_everything: bool = False) -> PrefixGrant:
        """As `UrlSigner.grant`, from the cache where it can."""
    def sign(self, url: str, policy: SignPolicy | None = None, *, scope: Scope | str = ..., resource: str = '', expires_at: datetime.datetime | None = None, expires_in: datetime.timedelta | float = ..., expiry_bucket: datetime.timedelta | float = ..., starts_at: datetime.datetime | None = None, client_ip: str | None = None, session_id: str = '', data: str = '', countries_allowed: collections.abc.Iterable[str] = (), countries_blocked: collections.abc.Iterable[str] = (), allow_host_wildcard: bool = False, allow_everything: bool = False) -> SignedUrl:
        """As `UrlSigner.sign`."""
    def clear(self) -> None: ...
    @property
    def hits(self) -> int: ...
    @property
    def misses(self) -> int: ...
    def __len__(self) -> int: ...

class UrlVerifier:
    """Decides whether a request may pass. Subclasses define do_verify."""
    def __init__(self, capabilities: Capabilities, keys: KeyRing, options: VerifierOptions = ...) -> None: ...
    @property
    def capabilities(self) -> Capabilities: ...
    def verify(self, url: str, request: VerifyRequest | None = None, *, client_ip: str = '', cookies: str = '', user_agent: str = '', method: str = '', headers: collections.abc.Iterable[TokenParameter] = (), country: str = '', now: datetime.datetime | None = None) -> VerifiedGrant:
        """What a good token says; raises `DeniedError` with the condition that failed."""
    def do_verify(self, request: VerifyRequest, keys: list[KeyEntry]) -> VerifiedGrant: ...

def denial_of(error: streamforge._errors.StreamForgeError) -> Denial | None:
    """The condition that failed, of an error from `verify`; None for others."""

def make_denial(denial: Denial | str, message: str) -> streamforge._errors.StreamForgeError:
    """The error that says so, to be raised by verifiers of your own."""

class EdgeProgram(enum.StrEnum):
    """A program that checks tokens at an edge."""
    fastly_vcl = "fastly_vcl"
    varnish_vcl = "varnish_vcl"
    nginx = "nginx"
    workers_js = "workers_js"
    cloudflare_rule = "cloudflare_rule"

class CloudFrontOptions:
    """Signed URLs and cookies of Amazon CloudFront."""
    def __init__(self, *, hash: streamforge._core.crypto.HashAlgorithm | str = ...) -> None: ...
    def replace(self, *, hash: streamforge._core.crypto.HashAlgorithm | str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def hash(self) -> streamforge._core.crypto.HashAlgorithm: ...

class CloudFrontVerifierOptions:
    """How CloudFront's tokens are verified."""
    def __init__(self, *, allow_sha1: bool = True) -> None: ...
    def replace(self, *, allow_sha1: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def allow_sha1(self) -> bool: ...

class AkamaiOptions:
    """Akamai's EdgeAuth 2.0 tokens."""
    def __init__(self, *, name: str = '__token__', hash: streamforge._core.crypto.HashAlgorithm | str = ..., escape_early: bool = False, salt: str = '') -> None: ...
    def replace(self, *, name: str = ..., hash: streamforge._core.crypto.HashAlgorithm | str = ..., escape_early: bool = ..., salt: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def name(self) -> str: ...
    @property
    def hash(self) -> streamforge._core.crypto.HashAlgorithm: ...
    @property
    def escape_early(self) -> bool: ...
    @property
    def salt(self) -> str: ...

class BunnyOptions:
    """Bunny's tokens of version 2."""
    def __init__(self, *, ignore_params: bool = False, speed_limit_kbps: int = 0) -> None: ...
    def replace(self, *, ignore_params: bool = ..., speed_limit_kbps: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def ignore_params(self) -> bool: ...
    @property
    def speed_limit_kbps(self) -> int: ...

class CatOptions:
    """CTA-5007 Common Access Tokens."""
    def __init__(self, *, parameter: str = 'CAT', cookie: str = 'CTA-Common-Access-Token', issuer: str = '', audience: str = '', subject: str = '', methods: collections.abc.Iterable[str] = ()) -> None: ...
    def replace(self, *, parameter: str = ..., cookie: str = ..., issuer: str = ..., audience: str = ..., subject: str = ..., methods: collections.abc.Iterable[str] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def parameter(self) -> str: ...
    @property
    def cookie(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def audience(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def methods(self) -> tuple[str, ...]: ...

class CloudflareStreamOptions:
    """Cloudflare Stream's signed tokens."""
    def __init__(self, *, downloadable: bool = False) -> None: ...
    def replace(self, *, downloadable: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def downloadable(self) -> bool: ...

class MediaCdnTokenOptions:
    """Media CDN's tokens for dual-token authentication."""
    def __init__(self, *, name: str = 'edge-cache-token', hash: streamforge._core.crypto.HashAlgorithm | str = ..., headers: collections.abc.Iterable[TokenParameter] = ()) -> None: ...
    def replace(self, *, name: str = ..., hash: streamforge._core.crypto.HashAlgorithm | str = ..., headers: collections.abc.Iterable[TokenParameter] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def name(self) -> str: ...
    @property
    def hash(self) -> streamforge._core.crypto.HashAlgorithm: ...
    @property
    def headers(self) -> tuple[TokenParameter, ...]: ...

class JwtOptions:
    """URLs with a JSON Web Token in one parameter."""
    def __init__(self, *, parameter: str = 'token', issuer: str = '', audience: str = '', subject: str = '', path_claim: str = 'path', prefix_claim: str = 'path_prefix', client_claim: str = 'client_ip', session_claim: str = 'sid', data_claim: str = 'data') -> None: ...
    def replace(self, *, parameter: str = ..., issuer: str = ..., audience: str = ..., subject: str = ..., path_claim: str = ..., prefix_claim: str = ..., client_claim: str = ..., session_claim: str = ..., data_claim: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def parameter(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def audience(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def path_claim(self) -> str: ...
    @property
    def prefix_claim(self) -> str: ...
    @property
    def client_claim(self) -> str: ...
    @property
    def session_claim(self) -> str: ...
    @property
    def data_claim(self) -> str: ...

class LocalOptions:
    """The scheme of our own origin."""
    def __init__(self, *, name: str = 'sf_token') -> None: ...
    def replace(self, *, name: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def name(self) -> str: ...

class UriSigningOptions:
    """CDNI URI signing, RFC 9246."""
    def __init__(self, *, parameter: str = 'URISigningPackage', issuer: str = '') -> None: ...
    def replace(self, *, parameter: str = ..., issuer: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def parameter(self) -> str: ...
    @property
    def issuer(self) -> str: ...

class ProviderSettings:
    """The settings that several providers have in common."""
    def __init__(self, *, hash: streamforge._core.crypto.HashAlgorithm | str | None = None, parameter: str = '', rule_lifetime: datetime.timedelta | float | None = None, prefix_bytes: int = 0, bind_client: bool = False, ignore_params: bool = False, escape_early: bool = False, salt: str = '', issuer: str = '', audience: str = '') -> None: ...
    def replace(self, *, hash: streamforge._core.crypto.HashAlgorithm | str | None = ..., parameter: str = ..., rule_lifetime: datetime.timedelta | float | None = ..., prefix_bytes: int = ..., bind_client: bool = ..., ignore_params: bool = ..., escape_early: bool = ..., salt: str = ..., issuer: str = ..., audience: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def hash(self) -> streamforge._core.crypto.HashAlgorithm | None: ...
    @property
    def parameter(self) -> str: ...
    @property
    def rule_lifetime(self) -> datetime.timedelta | None: ...
    @property
    def prefix_bytes(self) -> int: ...
    @property
    def bind_client(self) -> bool: ...
    @property
    def ignore_params(self) -> bool: ...
    @property
    def escape_early(self) -> bool: ...
    @property
    def salt(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def audience(self) -> str: ...

def providers() -> dict[str, typing.Any]:
    """Every provider by name, with a line about it."""

def make_signer(provider: str, keys: KeyRing, settings: ProviderSettings = ..., options: SignerOptions = ...) -> UrlSigner:
    """A provider's signer by its name."""

def make_verifier(provider: str, keys: KeyRing, settings: ProviderSettings = ..., options: VerifierOptions = ...) -> UrlVerifier:
    """A provider's verifier by its name."""

def parse_provider_key(provider: str, text: str) -> SymmetricKey | streamforge._core.crypto.PrivateKey | streamforge._core.crypto.PublicKey:
    """A key in the form that the provider's console shows it."""

def edge_snippet(provider: str, program: EdgeProgram | str, *, settings: ProviderSettings = ..., key: str = '', max_lifetime: datetime.timedelta | float = ...) -> str:
    """The edge's half of a provider's layout, as text."""

def make_cloudfront_signer(keys: KeyRing, cloudfront: CloudFrontOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_cloudfront_verifier(keys: KeyRing, cloudfront: CloudFrontVerifierOptions = ..., options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_akamai_signer(keys: KeyRing, akamai: AkamaiOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_akamai_verifier(keys: KeyRing, akamai: AkamaiOptions = ..., options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_bunny_signer(keys: KeyRing, bunny: BunnyOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_bunny_verifier(keys: KeyRing, options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_cat_signer(keys: KeyRing, cat: CatOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_cat_verifier(keys: KeyRing, cat: CatOptions = ..., options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_cloudflare_stream_signer(keys: KeyRing, cloudflare_stream: CloudflareStreamOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_cloudflare_stream_verifier(keys: KeyRing, options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_google_cdn_signer(keys: KeyRing, options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_google_cdn_verifier(keys: KeyRing, options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_media_cdn_signer(keys: KeyRing, options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_media_cdn_verifier(keys: KeyRing, options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_media_cdn_token_signer(keys: KeyRing, media_cdn_token: MediaCdnTokenOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_media_cdn_token_verifier(keys: KeyRing, media_cdn_token: MediaCdnTokenOptions = ..., options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_jwt_signer(keys: KeyRing, jwt: JwtOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_jwt_verifier(keys: KeyRing, jwt: JwtOptions = ..., options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_local_signer(keys: KeyRing, local: LocalOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_local_verifier(keys: KeyRing, local: LocalOptions = ..., options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

def make_uri_signing_signer(keys: KeyRing, uri_signing: UriSigningOptions = ..., options: SignerOptions = ...) -> UrlSigner:
    """The provider's signer."""

def make_uri_signing_verifier(keys: KeyRing, uri_signing: UriSigningOptions = ..., options: VerifierOptions = ...) -> UrlVerifier:
    """The provider's verifier."""

class ManifestFile:
    """A manifest and where it lies."""
    def __init__(self, *, url: str = '', text: str = '') -> None: ...
    def replace(self, *, url: str = ..., text: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def url(self) -> str:
        """Absolute."""
    @property
    def text(self) -> str: ...

class StreamRequest:
    """What a viewer is to get."""
    def __init__(self, *, entry: ManifestFile = ..., playlists: collections.abc.Iterable[ManifestFile] = (), policy: SignPolicy = ..., players: collections.abc.Iterable[Player | str] = ..., methods: collections.abc.Iterable[DeliveryMethod | str] = (), cookies: CookieAttributes = ...) -> None: ...
    def replace(self, *, entry: ManifestFile = ..., playlists: collections.abc.Iterable[ManifestFile] = ..., policy: SignPolicy = ..., players: collections.abc.Iterable[Player | str] = ..., methods: collections.abc.Iterable[DeliveryMethod | str] = ..., cookies: CookieAttributes = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def entry(self) -> ManifestFile: ...
    @property
    def playlists(self) -> tuple[ManifestFile, ...]:
        """HLS: those that the entry names."""
    @property
    def policy(self) -> SignPolicy:
        """Scope and resource are set here."""
    @property
    def players(self) -> tuple[Player, ...]: ...
    @property
    def methods(self) -> tuple[DeliveryMethod, ...]:
        """Tried in this order; empty: all."""
    @property
    def cookies(self) -> CookieAttributes: ...

class Rejection:
    """Why a method was not chosen."""
    def __init__(self, *, method: DeliveryMethod | str = ..., reason: str = '') -> None: ...
    def replace(self, *, method: DeliveryMethod | str = ..., reason: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def method(self) -> DeliveryMethod: ...
    @property
    def reason(self) -> str: ...

class StreamGrant:
    """Everything that a back end hands to its page, player or edge."""
    @property
    def method(self) -> DeliveryMethod: ...
    @property
    def entry_url(self) -> SignedUrl:
        """What the player opens."""
    @property
    def cookies(self) -> CookieSet | None: ...
    @property
    def manifests(self) -> list[ManifestFile]:
        """What to serve at each URL."""
    @property
    def query(self) -> str:
        """What to add to each request. Do not log it."""
    @property
    def manifests_are_personal(self) -> bool: ...
    @property
    def notes(self) -> list[str]: ...
    @property
    def rejected(self) -> list[Rejection]: ...

def authorize_stream(signer: UrlSigner, request: StreamRequest) -> StreamGrant:
    """Grants one viewer a whole stream: the entry manifest and everything that it names."""

def method_problem(method: DeliveryMethod | str, format: ManifestFormat | str, can: Capabilities, players: collections.abc.Sequence[Player | str]) -> str:
    """Why a method cannot serve these players; empty when it can."""

class CdnCondition(enum.StrEnum):
    """How a CDN of several is."""
    serving = "serving"
    resting = "resting"
    probing = "probing"
    drained = "drained"

class SelectorOptions:
    """How a selector judges."""
    def __init__(self, *, clock: collections.abc.Callable[[], datetime.datetime] = ..., half_life: datetime.timedelta | float = ..., open_at: float = 0.5, close_at: float = 0.1, min_observations: float = 10.0, rest: datetime.timedelta | float = ...) -> None: ...
    def replace(self, *, clock: collections.abc.Callable[[], datetime.datetime] = ..., half_life: datetime.timedelta | float = ..., open_at: float = ..., close_at: float = ..., min_observations: float = ..., rest: datetime.timedelta | float = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def clock(self) -> collections.abc.Callable[[], datetime.datetime]: ...
    @property
    def half_life(self) -> datetime.timedelta: ...
    @property
    def open_at(self) -> float: ...
    @property
    def close_at(self) -> float: ...
    @property
    def min_observations(self) -> float: ...
    @property
    def rest(self) -> datetime.timedelta: ...

class CdnHealth:
    """How a CDN was lately."""
    def __init__(self, *, condition: CdnCondition | str = ..., failure_share: float = 0.0, observations: float = 0.0, time_to_first_byte: datetime.timedelta | float = ...) -> None: ...
    def replace(self, *, condition: CdnCondition | str = ..., failure_share: float = ..., observations: float = ..., time_to_first_byte: datetime.timedelta | float = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def condition(self) -> CdnCondition: ...
    @property
    def failure_share(self) -> float: ...
    @property
    def observations(self) -> float: ...
    @property
    def time_to_first_byte(self) -> datetime.timedelta: ...

class CdnMember:
    """One CDN of several that deliver the same files."""
    def __init__(self, *, id: str = '', host: str = '', weight: int = 1, drained: bool = False, regions: collections.abc.Iterable[str] = (), signer: UrlSigner | None = None) -> None: ...
    def replace(self, *, id: str = ..., host: str = ..., weight: int = ..., drained: bool = ..., regions: collections.abc.Iterable[str] = ..., signer: UrlSigner | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def id(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def weight(self) -> int: ...
    @property
    def drained(self) -> bool: ...
    @property
    def regions(self) -> tuple[str, ...]: ...
    @property
    def signer(self) -> UrlSigner | None:
        """None: its files are open."""

class CdnSelector:
    """Chooses among CDNs: by weight, the same for a session each time, away from what fails."""
    def __init__(self, members: collections.abc.Sequence[CdnMember], options: SelectorOptions = ...) -> None: ...
    def rank(self, session: str, region: str = '') -> list[str]:
        """Ids in the order in which the session should try them."""
    def report(self, id: str, succeeded: bool, time_to_first_byte: datetime.timedelta | float = 0) -> None:
        """One request's outcome."""
    def health(self, id: str) -> CdnHealth: ...
    def set_weight(self, id: str, weight: int) -> None: ...
    def set_drained(self, id: str, drained: bool) -> None: ...
    def member(self, id: str) -> CdnMember: ...

class PathwayClone:
    """A pathway made from another by other hosts and parameters."""
    def __init__(self, *, base_id: str = '', id: str = '', host: str = '', parameters: collections.abc.Iterable[TokenParameter] = ()) -> None: ...
    def replace(self, *, base_id: str = ..., id: str = ..., host: str = ..., parameters: collections.abc.Iterable[TokenParameter] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def base_id(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def parameters(self) -> tuple[TokenParameter, ...]: ...

class SteeringDocument:
    """What a steering server answers."""
    def __init__(self, *, ttl: datetime.timedelta | float = ..., reload_uri: str = '', priority: collections.abc.Iterable[str] = (), clones: collections.abc.Iterable[PathwayClone] = ()) -> None: ...
    def replace(self, *, ttl: datetime.timedelta | float = ..., reload_uri: str = ..., priority: collections.abc.Iterable[str] = ..., clones: collections.abc.Iterable[PathwayClone] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def ttl(self) -> datetime.timedelta: ...
    @property
    def reload_uri(self) -> str: ...
    @property
    def priority(self) -> tuple[str, ...]: ...
    @property
    def clones(self) -> tuple[PathwayClone, ...]: ...

class SteeringQuery:
    """What a player tells a steering server."""
    def __init__(self, *, pathways: collections.abc.Iterable[str] = (), throughput_bps: int | None = None) -> None: ...
    def replace(self, *, pathways: collections.abc.Iterable[str] = ..., throughput_bps: int | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def pathways(self) -> tuple[str, ...]: ...
    @property
    def throughput_bps(self) -> int | None: ...

class SteeringRequest:
    """Whom to steer."""
    def __init__(self, *, session: str = '', region: str = '', base_id: str = '', path_prefix: str = '', policy: SignPolicy = ..., ttl: datetime.timedelta | float = ..., reload_uri: str = '') -> None: ...
    def replace(self, *, session: str = ..., region: str = ..., base_id: str = ..., path_prefix: str = ..., policy: SignPolicy = ..., ttl: datetime.timedelta | float = ..., reload_uri: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def session(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def base_id(self) -> str: ...
    @property
    def path_prefix(self) -> str: ...
    @property
    def policy(self) -> SignPolicy: ...
    @property
    def ttl(self) -> datetime.timedelta: ...
    @property
    def reload_uri(self) -> str: ...

def write_steering(document: SteeringDocument) -> str:
    """As JSON."""

def parse_steering(json: str) -> SteeringDocument:
    """From JSON."""

def parse_steering_query(query: str) -> SteeringQuery:
    """What a player tells."""

def steer(selector: CdnSelector, request: SteeringRequest) -> SteeringDocument:
    """The document for one session."""

class CloudflarePlan(enum.StrEnum):
    """Decides rate and size of Cloudflare's purges."""
    free = "free"
    pro = "pro"
    business = "business"
    enterprise = "enterprise"

class PurgeRequest:
    """What caches must forget."""
    def __init__(self, *, urls: collections.abc.Iterable[str] = (), prefixes: collections.abc.Iterable[str] = (), tags: collections.abc.Iterable[str] = (), hosts: collections.abc.Iterable[str] = (), everything: bool = False, soft: bool = False, reference: str = '') -> None: ...
    def replace(self, *, urls: collections.abc.Iterable[str] = ..., prefixes: collections.abc.Iterable[str] = ..., tags: collections.abc.Iterable[str] = ..., hosts: collections.abc.Iterable[str] = ..., everything: bool = ..., soft: bool = ..., reference: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def urls(self) -> tuple[str, ...]: ...
    @property
    def prefixes(self) -> tuple[str, ...]: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def hosts(self) -> tuple[str, ...]: ...
    @property
    def everything(self) -> bool: ...
    @property
    def soft(self) -> bool: ...
    @property
    def reference(self) -> str: ...

class PurgeCapabilities:
    """What a provider can purge."""
    def __init__(self, *, provider: str = '', urls: bool = True, prefixes: bool = False, tags: bool = False, hosts: bool = False, everything: bool = False, soft: bool = False, soft_everything: bool = False, max_items: int = 0, max_prefixes: int = 0) -> None: ...
    def replace(self, *, provider: str = ..., urls: bool = ..., prefixes: bool = ..., tags: bool = ..., hosts: bool = ..., everything: bool = ..., soft: bool = ..., soft_everything: bool = ..., max_items: int = ..., max_prefixes: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def provider(self) -> str: ...
    @property
    def urls(self) -> bool: ...
    @property
    def prefixes(self) -> bool: ...
    @property
    def tags(self) -> bool: ...
    @property
    def hosts(self) -> bool: ...
    @property
    def everything(self) -> bool: ...
    @property
    def soft(self) -> bool: ...
    @property
    def soft_everything(self) -> bool: ...
    @property
    def max_items(self) -> int: ...
    @property
    def max_prefixes(self) -> int: ...

class PurgeCall:
    """One request to a provider, without its credentials."""
    def __init__(self, *, method: str = '', url: str = '', headers: collections.abc.Iterable[tuple[str, str]] = (), body: str = '', items: collections.abc.Iterable[str] = ()) -> None: ...
    def replace(self, *, method: str = ..., url: str = ..., headers: collections.abc.Iterable[tuple[str, str]] = ..., body: str = ..., items: collections.abc.Iterable[str] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def body(self) -> str: ...
    @property
    def items(self) -> tuple[str, ...]: ...

class PurgeOutcome:
    """What became of one call."""
    def __init__(self, *, call: PurgeCall = ..., id: str = '', error: streamforge._errors.StreamForgeError | None = None) -> None: ...
    def replace(self, *, call: PurgeCall = ..., id: str = ..., error: streamforge._errors.StreamForgeError | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def call(self) -> PurgeCall: ...
    @property
    def id(self) -> str: ...
    @property
    def error(self) -> streamforge._errors.StreamForgeError | None:
        """Why it failed, or None."""

class PurgeReport:
    """What became of a purge."""
    def __init__(self, *, outcomes: collections.abc.Iterable[PurgeOutcome] = ()) -> None: ...
    def replace(self, *, outcomes: collections.abc.Iterable[PurgeOutcome] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def outcomes(self) -> tuple[PurgeOutcome, ...]: ...
    def succeeded(self) -> bool: ...

class Purger:
    """Tells one provider's caches to forget."""
    @property
    def capabilities(self) -> PurgeCapabilities: ...
    def plan(self, request: PurgeRequest) -> list[PurgeCall]:
        """The calls that `purge` would make."""
    def purge(self, request: PurgeRequest, *, stop: streamforge._core.StopSource | None = None) -> PurgeReport:
        """Makes the calls, within the provider's rate."""

def make_cloudfront_purger(distribution_id: str, *, access_key_id: str, secret_access_key: str, session_token: str = '', endpoint: str = '', transport: streamforge._core.http.Transport) -> Purger:
    """Invalidations at CloudFront."""

def make_cloudflare_purger(zone_id: str, *, api_token: str, plan: CloudflarePlan | str = ..., endpoint: str = '', transport: streamforge._core.http.Transport) -> Purger:
    """Purges at Cloudflare."""

def make_fastly_purger(service_id: str, *, api_token: str, endpoint: str = '', transport: streamforge._core.http.Transport) -> Purger:
    """Purges at Fastly."""
