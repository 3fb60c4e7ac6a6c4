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
import streamforge._core.cdn
import streamforge._core.storage

class Request:
    """What a client asks, free of any transport."""
    def __init__(self, method: str = 'GET', path: str = '/', *, query: str = '', headers: collections.abc.Mapping[str, str] = ..., body: typing_extensions.Buffer = ..., remote: str = '') -> None: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str:
        """Decoded and safe."""
    @property
    def query(self) -> str:
        """Still encoded."""
    @property
    def headers(self) -> dict[str, typing.Any]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def remote(self) -> str: ...
    def query_parameter(self, name: str) -> str | None: ...

class Response:
    """What is answered."""
    def __init__(self, status: int = 200, *, headers: collections.abc.Mapping[str, str] = ..., body: object = ...) -> None: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> dict[str, typing.Any]: ...
    def read(self) -> bytes:
        """The whole body."""

class Handler:
    """Answers requests; callable, and made to be wrapped."""
    def __call__(self, request: Request) -> Response: ...

class Exchange:
    """One finished exchange, for access logs and counters."""
    def __init__(self, *, method: str = '', target: str = '', status: int = 0, body_bytes: int = 0, complete: bool = True, duration: datetime.timedelta | float = ..., remote: str = '') -> None: ...
    def replace(self, *, method: str = ..., target: str = ..., status: int = ..., body_bytes: int = ..., complete: bool = ..., duration: datetime.timedelta | float = ..., remote: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def method(self) -> str: ...
    @property
    def target(self) -> str:
        """Path only: a query may hold a token."""
    @property
    def status(self) -> int: ...
    @property
    def body_bytes(self) -> int: ...
    @property
    def complete(self) -> bool: ...
    @property
    def duration(self) -> datetime.timedelta: ...
    @property
    def remote(self) -> str: ...

class HttpServerOptions:
    """How a server listens and what it bears."""
    def __init__(self, *, address: str = '127.0.0.1', port: int = 0, threads: int = 0, max_connections: int = 1024, max_header_bytes: int = 16384, max_body_bytes: int = 1048576, header_timeout: datetime.timedelta | float = ..., body_timeout: datetime.timedelta | float = ..., idle_timeout: datetime.timedelta | float = ..., write_timeout: datetime.timedelta | float = ..., stop_grace: datetime.timedelta | float = ..., chunk_bytes: int = 262144) -> None: ...
    def replace(self, *, address: str = ..., port: int = ..., threads: int = ..., max_connections: int = ..., max_header_bytes: int = ..., max_body_bytes: int = ..., header_timeout: datetime.timedelta | float = ..., body_timeout: datetime.timedelta | float = ..., idle_timeout: datetime.timedelta | float = ..., write_timeout: datetime.timedelta | float = ..., stop_grace: datetime.timedelta | float = ..., chunk_bytes: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def address(self) -> str: ...
    @property
    def port(self) -> int:
        """0: any free one."""
    @property
    def threads(self) -> int: ...
    @property
    def max_connections(self) -> int: ...
    @property
    def max_header_bytes(self) -> int: ...
    @property
    def max_body_bytes(self) -> int: ...
    @property
    def header_timeout(self) -> datetime.timedelta: ...
    @property
    def body_timeout(self) -> datetime.timedelta: ...
    @property
    def idle_timeout(self) -> datetime.timedelta: ...
    @property
    def write_timeout(self) -> datetime.timedelta: ...
    @property
    def stop_grace(self) -> datetime.timedelta: ...
    @property
    def chunk_bytes(self) -> int: ...

class OriginOptions:
    """What an origin serves, and how long it may be cached."""
    def __init__(self, *, prefix: str = '', manifest_cache_control: str = ..., media_cache_control: str = ..., other_cache_control: str = ...) -> None: ...
    def replace(self, *, prefix: str = ..., manifest_cache_control: str = ..., media_cache_control: str = ..., other_cache_control: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def prefix(self) -> str: ...
    @property
    def manifest_cache_control(self) -> str: ...
    @property
    def media_cache_control(self) -> str: ...
    @property
    def other_cache_control(self) -> str: ...

class CorsOptions:
    """What pages of other origins may do."""
    def __init__(self, *, allow_origin: str = '*', allow_methods: str = 'GET, HEAD, OPTIONS', allow_headers: str = 'Range, If-Match, If-None-Match, If-Modified-Since, If-Range, Content-Type, Authorization', expose_headers: str = 'Content-Length, Content-Range, Accept-Ranges, ETag, Last-Modified, Date, Age, Cache-Control', max_age: datetime.timedelta | float = ...) -> None: ...
    def replace(self, *, allow_origin: str = ..., allow_methods: str = ..., allow_headers: str = ..., expose_headers: str = ..., max_age: datetime.timedelta | float = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def allow_origin(self) -> str: ...
    @property
    def allow_methods(self) -> str: ...
    @property
    def allow_headers(self) -> str: ...
    @property
    def expose_headers(self) -> str: ...
    @property
    def max_age(self) -> datetime.timedelta: ...

class HttpServer:
    """An HTTP/1.1 server on its own threads; a context manager that stops it."""
    @staticmethod
    def start(handler: object, options: HttpServerOptions | None = None, *, on_exchange: object = None, address: str = '127.0.0.1', port: int = 0, threads: int = 0, max_connections: int = 1024, max_header_bytes: int = 16384, max_body_bytes: int = 1048576, header_timeout: datetime.timedelta | float = ..., body_timeout: datetime.timedelta | float = ..., idle_timeout: datetime.timedelta | float = ..., write_timeout: datetime.timedelta | float = ..., stop_grace: datetime.timedelta | float = ..., chunk_bytes: int = 262144) -> HttpServer:
        """Listens and serves at once. `handler(Request)` is a `Handler` or a function that gives a `Response`."""
    @property
    def port(self) -> int: ...
    @property
    def url(self) -> str: ...
    @property
    def connections(self) -> int: ...
    def stop(self) -> None:
        """Lets running responses finish, then returns."""
    def serve_until(self, stop: streamforge._core.StopSource | None = None) -> None:
        """Serves until Ctrl-C or the `StopSource`, then stops."""
    def __enter__(self) -> typing_extensions.Self: ...
    def __exit__(self, *args: object) -> None: ...

def make_origin(store: streamforge._core.storage.ObjectStore, options: OriginOptions | None = None, *, prefix: str = '', manifest_cache_control: str = ..., media_cache_control: str = ..., other_cache_control: str = ...) -> Handler:
    """Serves what lies in a store."""

def with_cors(handler: object, options: CorsOptions = ...) -> Handler:
    """A handler for pages of other origins."""

def with_player(media: object) -> Handler:
    """The player page at "/" over a handler."""

def with_token_gate(media: object, verifier: streamforge._core.cdn.UrlVerifier) -> Handler:
    """A handler behind tokens."""

def player_has_engines() -> bool:
    """Whether the player page was built with hls.js, dash.js and shaka-player."""

def make_problem(status: int, name: str, detail: str) -> Response:
    """An application/problem+json answer."""
