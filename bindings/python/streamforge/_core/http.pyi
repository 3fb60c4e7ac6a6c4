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


class TransportOptions:
    """How the transport connects. TLS certificates are always verified."""
    def __init__(self, *, ca_bundle: str = '', proxy: str = '', user_agent: str = 'streamforge', connect_timeout: datetime.timedelta | float = ..., stall: datetime.timedelta | float = ..., idle_connection: datetime.timedelta | float = ..., max_connections: int = 64, threads: int = 0, max_upload_bytes_per_second: int = 0, max_download_bytes_per_second: int = 0) -> None: ...
    def replace(self, *, ca_bundle: str = ..., proxy: str = ..., user_agent: str = ..., connect_timeout: datetime.timedelta | float = ..., stall: datetime.timedelta | float = ..., idle_connection: datetime.timedelta | float = ..., max_connections: int = ..., threads: int = ..., max_upload_bytes_per_second: int = ..., max_download_bytes_per_second: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def ca_bundle(self) -> str:
        """PEM file of trusted authorities; empty: the system's."""
    @property
    def proxy(self) -> str:
        """"http://host:port"; empty: the environment's; "none": no proxy at all."""
    @property
    def user_agent(self) -> str: ...
    @property
    def connect_timeout(self) -> datetime.timedelta: ...
    @property
    def stall(self) -> datetime.timedelta:
        """Fail when nothing moves for so long."""
    @property
    def idle_connection(self) -> datetime.timedelta: ...
    @property
    def max_connections(self) -> int: ...
    @property
    def threads(self) -> int:
        """Move the bytes of exchanges; 0: half of the cores, 2 to 4. With a bandwidth limit there is one."""
    @property
    def max_upload_bytes_per_second(self) -> int:
        """0: no limit."""
    @property
    def max_download_bytes_per_second(self) -> int:
        """0: no limit."""

class RetryPolicy:
    """Exponential waits with full jitter, bounded by attempts and a shared budget."""
    def __init__(self, *, max_attempts: int = 8, transient_base: datetime.timedelta | float = ..., throttling_base: datetime.timedelta | float = ..., max_delay: datetime.timedelta | float = ..., budget_tokens: int = 500, transient_cost: int = 14, throttling_cost: int = 5) -> None: ...
    def replace(self, *, max_attempts: int = ..., transient_base: datetime.timedelta | float = ..., throttling_base: datetime.timedelta | float = ..., max_delay: datetime.timedelta | float = ..., budget_tokens: int = ..., transient_cost: int = ..., throttling_cost: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def max_attempts(self) -> int: ...
    @property
    def transient_base(self) -> datetime.timedelta: ...
    @property
    def throttling_base(self) -> datetime.timedelta: ...
    @property
    def max_delay(self) -> datetime.timedelta: ...
    @property
    def budget_tokens(self) -> int: ...
    @property
    def transient_cost(self) -> int: ...
    @property
    def throttling_cost(self) -> int: ...

class Transport:
    """Sends requests and gives answers."""

def make_curl_transport(options: TransportOptions = ...) -> Transport:
    """A transport on libcurl, with one thread of its own."""
