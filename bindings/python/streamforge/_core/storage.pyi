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
import streamforge._core.http
import streamforge._errors

class PresignMethod(enum.StrEnum):
    """What a presigned request may do."""
    get = "get"
    head = "head"
    put = "put"
    post = "post"
    begin_multipart = "begin_multipart"
    put_part = "put_part"
    list_parts = "list_parts"
    complete_multipart = "complete_multipart"
    abort_multipart = "abort_multipart"

class StoreEventKind(enum.StrEnum):
    """What happened to an object."""
    created = "created"
    removed = "removed"
    restored = "restored"
    other = "other"

class S3Addressing(enum.StrEnum):
    """Where the bucket's name goes."""
    automatic = "automatic"
    virtual_host = "virtual_host"
    path = "path"

class S3PayloadSigning(enum.StrEnum):
    """Whether a signature covers the body."""
    automatic = "automatic"
    always = "always"
    never = "never"

class S3Checksum(enum.StrEnum):
    """Which checksum goes with every object and part."""
    automatic = "automatic"
    none = "none"
    crc32c = "crc32c"
    crc64nvme = "crc64nvme"

class Capabilities:
    """What a backend can do."""
    def __init__(self, *, backend: str = '', place: str = '', put_if_none_match: bool = False, put_if_match: bool = False, stores_headers: bool = False, stores_metadata: bool = False, multipart: bool = False, presign: bool = False, atomic_publish_tree: bool = False, uniform_parts: bool = False, max_object_bytes: int = 18446744073709551615, max_put_bytes: int = 18446744073709551615, min_part_bytes: int = 1, max_part_bytes: int = 18446744073709551615, max_parts: int = 10000, part_checksum: str = '') -> None: ...
    def replace(self, *, backend: str = ..., place: str = ..., put_if_none_match: bool = ..., put_if_match: bool = ..., stores_headers: bool = ..., stores_metadata: bool = ..., multipart: bool = ..., presign: bool = ..., atomic_publish_tree: bool = ..., uniform_parts: bool = ..., max_object_bytes: int = ..., max_put_bytes: int = ..., min_part_bytes: int = ..., max_part_bytes: int = ..., max_parts: int = ..., part_checksum: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def backend(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def put_if_none_match(self) -> bool: ...
    @property
    def put_if_match(self) -> bool: ...
    @property
    def stores_headers(self) -> bool: ...
    @property
    def stores_metadata(self) -> bool: ...
    @property
    def multipart(self) -> bool: ...
    @property
    def presign(self) -> bool: ...
    @property
    def atomic_publish_tree(self) -> bool: ...
    @property
    def uniform_parts(self) -> bool: ...
    @property
    def max_object_bytes(self) -> int: ...
    @property
    def max_put_bytes(self) -> int: ...
    @property
    def min_part_bytes(self) -> int: ...
    @property
    def max_part_bytes(self) -> int: ...
    @property
    def max_parts(self) -> int: ...
    @property
    def part_checksum(self) -> str: ...

class ObjectInfo:
    """What a store knows of one object."""
    def __init__(self, *, key: str = '', size_bytes: int = 0, etag: str = '', content_type: str = '', cache_control: str = '', last_modified: datetime.datetime = ..., metadata: collections.abc.Mapping[str, str] = ..., checksum: str = '') -> None: ...
    def replace(self, *, key: str = ..., size_bytes: int = ..., etag: str = ..., content_type: str = ..., cache_control: str = ..., last_modified: datetime.datetime = ..., metadata: collections.abc.Mapping[str, str] = ..., checksum: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def key(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def etag(self) -> str:
        """Opaque, with its quotes."""
    @property
    def content_type(self) -> str: ...
    @property
    def cache_control(self) -> str: ...
    @property
    def last_modified(self) -> datetime.datetime: ...
    @property
    def metadata(self) -> dict[str, str]: ...
    @property
    def checksum(self) -> str: ...

class ObjectBytes:
    """An object in memory; `bytes` is a view that keeps it."""
    def __init__(self, *, info: ObjectInfo = ..., bytes: typing_extensions.Buffer = ...) -> None: ...
    def replace(self, *, info: ObjectInfo = ..., bytes: typing_extensions.Buffer = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def info(self) -> ObjectInfo: ...
    @property
    def bytes(self) -> memoryview: ...

class PutOptions:
    """How an object is stored."""
    def __init__(self, *, content_type: str = '', cache_control: str = '', metadata: collections.abc.Mapping[str, str] = ..., if_none_match: bool = False, if_match: str = '', parts_by_others: bool = False) -> None: ...
    def replace(self, *, content_type: str = ..., cache_control: str = ..., metadata: collections.abc.Mapping[str, str] = ..., if_none_match: bool = ..., if_match: str = ..., parts_by_others: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def content_type(self) -> str:
        """Empty: from the key's extension."""
    @property
    def cache_control(self) -> str: ...
    @property
    def metadata(self) -> dict[str, str]: ...
    @property
    def if_none_match(self) -> bool:
        """Create only."""
    @property
    def if_match(self) -> str:
        """Replace only this version."""
    @property
    def parts_by_others(self) -> bool: ...

class GetOptions:
    """What of an object is read."""
    def __init__(self, *, range: streamforge._core.ByteRange | None = None, if_match: str = '') -> None: ...
    def replace(self, *, range: streamforge._core.ByteRange | None = ..., if_match: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def range(self) -> streamforge._core.ByteRange | None: ...
    @property
    def if_match(self) -> str: ...

class CopyOptions:
    """How an object is copied."""
    def __init__(self, *, if_none_match: bool = False) -> None: ...
    def replace(self, *, if_none_match: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def if_none_match(self) -> bool: ...

class ListOptions:
    """Which keys are listed."""
    def __init__(self, *, prefix: str = '', folders: bool = False, page_token: str = '', max_keys: int = 1000) -> None: ...
    def replace(self, *, prefix: str = ..., folders: bool = ..., page_token: str = ..., max_keys: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def prefix(self) -> str: ...
    @property
    def folders(self) -> bool: ...
    @property
    def page_token(self) -> str: ...
    @property
    def max_keys(self) -> int: ...

class ListPage:
    """One page of keys."""
    def __init__(self, *, objects: collections.abc.Iterable[ObjectInfo] = (), prefixes: collections.abc.Iterable[str] = (), next_page_token: str = '') -> None: ...
    def replace(self, *, objects: collections.abc.Iterable[ObjectInfo] = ..., prefixes: collections.abc.Iterable[str] = ..., next_page_token: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def objects(self) -> tuple[ObjectInfo, ...]: ...
    @property
    def prefixes(self) -> tuple[str, ...]: ...
    @property
    def next_page_token(self) -> str:
        """Empty on the last page."""

class UploadInfo:
    """An upload that was begun and neither completed nor aborted."""
    def __init__(self, *, key: str = '', upload_id: str = '', started: datetime.datetime = ...) -> None: ...
    def replace(self, *, key: str = ..., upload_id: str = ..., started: datetime.datetime = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def key(self) -> str: ...
    @property
    def upload_id(self) -> str: ...
    @property
    def started(self) -> datetime.datetime: ...

class UploadPage:
    """One page of unfinished uploads."""
    def __init__(self, *, uploads: collections.abc.Iterable[UploadInfo] = (), next_page_token: str = '') -> None: ...
    def replace(self, *, uploads: collections.abc.Iterable[UploadInfo] = ..., next_page_token: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def uploads(self) -> tuple[UploadInfo, ...]: ...
    @property
    def next_page_token(self) -> str: ...

class PartInfo:
    """One stored part of an unfinished upload."""
    def __init__(self, *, number: int = 0, size_bytes: int = 0, etag: str = '', checksum: str = '') -> None: ...
    def replace(self, *, number: int = ..., size_bytes: int = ..., etag: str = ..., checksum: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def number(self) -> int: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def etag(self) -> str: ...
    @property
    def checksum(self) -> str: ...

class RemoveReport:
    """What a removal did."""
    def __init__(self, *, removed: int = 0, failed: collections.abc.Iterable[tuple[str, streamforge._errors.StreamForgeError]] = ()) -> None: ...
    def replace(self, *, removed: int = ..., failed: collections.abc.Iterable[tuple[str, streamforge._errors.StreamForgeError]] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def removed(self) -> int:
        """Keys that are gone now, whether they were there or not."""
    @property
    def failed(self) -> tuple[tuple[str, streamforge._errors.StreamForgeError], ...]:
        """Keys that stayed, with the reason."""

class StoreEvent:
    """What a bucket tells of one of its objects."""
    def __init__(self, *, kind: StoreEventKind | str = ..., name: str = '', bucket: str = '', key: str = '', version_id: str = '', etag: str = '', size_bytes: int | None = None, sequencer: str = '', region: str = '', time: datetime.datetime | None = None) -> None: ...
    def replace(self, *, kind: StoreEventKind | str = ..., name: str = ..., bucket: str = ..., key: str = ..., version_id: str = ..., etag: str = ..., size_bytes: int | None = ..., sequencer: str = ..., region: str = ..., time: datetime.datetime | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def kind(self) -> StoreEventKind: ...
    @property
    def name(self) -> str: ...
    @property
    def bucket(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def version_id(self) -> str: ...
    @property
    def etag(self) -> str: ...
    @property
    def size_bytes(self) -> int | None: ...
    @property
    def sequencer(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def time(self) -> datetime.datetime | None: ...
    def deduplication_key(self) -> str:
        """The same text for every delivery of the same event."""

class PresignOptions:
    """What a presigned request may do."""
    def __init__(self, *, method: PresignMethod | str = ..., expires_in: datetime.timedelta | float = ..., content_type: str = '', upload_id: str = '', part_number: int = 0, checksum: str = '', min_bytes: int = 0, max_bytes: int = 5368709120) -> None: ...
    def replace(self, *, method: PresignMethod | str = ..., expires_in: datetime.timedelta | float = ..., content_type: str = ..., upload_id: str = ..., part_number: int = ..., checksum: str = ..., min_bytes: int = ..., max_bytes: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def method(self) -> PresignMethod: ...
    @property
    def expires_in(self) -> datetime.timedelta:
        """1 s to 7 days."""
    @property
    def content_type(self) -> str: ...
    @property
    def upload_id(self) -> str: ...
    @property
    def part_number(self) -> int: ...
    @property
    def checksum(self) -> str: ...
    @property
    def min_bytes(self) -> int: ...
    @property
    def max_bytes(self) -> int: ...

class PresignedRequest:
    """A request that anyone may send until it expires."""
    def __init__(self, *, method: str = '', url: streamforge._core.Secret | str = ..., headers: collections.abc.Iterable[tuple[str, str]] = (), fields: collections.abc.Iterable[tuple[str, streamforge._core.Secret | str]] = (), expires_at: datetime.datetime = ...) -> None: ...
    def replace(self, *, method: str = ..., url: streamforge._core.Secret | str = ..., headers: collections.abc.Iterable[tuple[str, str]] = ..., fields: collections.abc.Iterable[tuple[str, streamforge._core.Secret | str]] = ..., expires_at: datetime.datetime = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def method(self) -> str: ...
    @property
    def url(self) -> streamforge._core.Secret:
        """Whoever has it has the right."""
    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """To be sent exactly so."""
    @property
    def fields(self) -> tuple[tuple[str, streamforge._core.Secret], ...]:
        """Of a form."""
    @property
    def expires_at(self) -> datetime.datetime: ...

class Credentials:
    """Who signs. Without an access key id: nobody."""
    def __init__(self, *, access_key_id: str = '', secret_access_key: streamforge._core.Secret | str = ..., session_token: streamforge._core.Secret | str = ..., expires_at: datetime.datetime | None = None) -> None: ...
    def replace(self, *, access_key_id: str = ..., secret_access_key: streamforge._core.Secret | str = ..., session_token: streamforge._core.Secret | str = ..., expires_at: datetime.datetime | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def access_key_id(self) -> str: ...
    @property
    def secret_access_key(self) -> streamforge._core.Secret: ...
    @property
    def session_token(self) -> streamforge._core.Secret: ...
    @property
    def expires_at(self) -> datetime.datetime | None: ...

class CredentialsProvider:
    """Gives credentials and keeps them fresh."""

def make_static_credentials(access_key_id: str, secret_access_key: str, session_token: str = '') -> CredentialsProvider:
    """The same credentials always."""

def make_anonymous_credentials() -> CredentialsProvider:
    """Requests go unsigned."""

def make_credentials(fetch: object) -> CredentialsProvider:
    """Credentials of a function of yours, called once and again shortly before they expire: `fetch() -> Credentials`."""

def make_default_credentials(*, profile: str = '', region: str = '', machine_metadata: bool = True) -> CredentialsProvider:
    """What AWS tools use: environment, shared files, web identity, container, machine."""

class S3WriteDefaults:
    """What every object that the store writes gets."""
    def __init__(self, *, storage_class: str = '', acl: str = '', tags: collections.abc.Mapping[str, str] = ..., server_side_encryption: str = '', kms_key_id: str = '', customer_key: streamforge._core.Secret | str | None = None) -> None: ...
    def replace(self, *, storage_class: str = ..., acl: str = ..., tags: collections.abc.Mapping[str, str] = ..., server_side_encryption: str = ..., kms_key_id: str = ..., customer_key: streamforge._core.Secret | str | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def storage_class(self) -> str: ...
    @property
    def acl(self) -> str: ...
    @property
    def tags(self) -> dict[str, str]: ...
    @property
    def server_side_encryption(self) -> str: ...
    @property
    def kms_key_id(self) -> str: ...
    @property
    def customer_key(self) -> streamforge._core.Secret | None:
        """SSE-C: a Secret of 32 bytes."""

class S3Options:
    """Where a bucket is and how it is spoken to."""
    def __init__(self, *, bucket: str = '', region: str = '', endpoint_url: str = '', provider: str = '', profile: str = '', addressing: S3Addressing | str = ..., payload_signing: S3PayloadSigning | str = ..., checksum: S3Checksum | str = ..., dualstack: bool = False, accelerate: bool = False, fips: bool = False, write: S3WriteDefaults = ..., part_bytes: int = 16777216, memory_bytes: int = 100663296, parallel_parts: int = 4, credentials: CredentialsProvider | None = None, transport: streamforge._core.http.Transport | None = None, connection: streamforge._core.http.TransportOptions = ..., retry: streamforge._core.http.RetryPolicy = ...) -> None: ...
    def replace(self, *, bucket: str = ..., region: str = ..., endpoint_url: str = ..., provider: str = ..., profile: str = ..., addressing: S3Addressing | str = ..., payload_signing: S3PayloadSigning | str = ..., checksum: S3Checksum | str = ..., dualstack: bool = ..., accelerate: bool = ..., fips: bool = ..., write: S3WriteDefaults = ..., part_bytes: int = ..., memory_bytes: int = ..., parallel_parts: int = ..., credentials: CredentialsProvider | None = ..., transport: streamforge._core.http.Transport | None = ..., connection: streamforge._core.http.TransportOptions = ..., retry: streamforge._core.http.RetryPolicy = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def bucket(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def endpoint_url(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def profile(self) -> str: ...
    @property
    def addressing(self) -> S3Addressing: ...
    @property
    def payload_signing(self) -> S3PayloadSigning: ...
    @property
    def checksum(self) -> S3Checksum: ...
    @property
    def dualstack(self) -> bool: ...
    @property
    def accelerate(self) -> bool: ...
    @property
    def fips(self) -> bool: ...
    @property
    def write(self) -> S3WriteDefaults: ...
    @property
    def part_bytes(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...
    @property
    def parallel_parts(self) -> int: ...
    @property
    def credentials(self) -> CredentialsProvider | None:
        """None: the default chain."""
    @property
    def transport(self) -> streamforge._core.http.Transport | None:
        """None: one of its own."""
    @property
    def connection(self) -> streamforge._core.http.TransportOptions: ...
    @property
    def retry(self) -> streamforge._core.http.RetryPolicy: ...
    def validate(self) -> None: ...

class ObjectReader:
    """The bytes of one version of an object, in order; a binary file for reading."""
    @property
    def info(self) -> ObjectInfo:
        """Of the whole object."""
    @property
    def range(self) -> streamforge._core.ByteRange:
        """The part that is read."""
    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; b"" after the last."""
    def readinto(self, buffer: typing_extensions.Buffer) -> int:
        """Fills the buffer in place; how many bytes, 0 after the last."""
    def readable(self) -> bool: ...
    def close(self) -> None: ...
    @property
    def closed(self) -> bool: ...
    def __enter__(self) -> typing_extensions.Self: ...
    def __exit__(self, *args: object) -> None: ...
    def __iter__(self) -> typing_extensions.Self: ...
    def __next__(self) -> bytes: ...

class Body:
    """The bytes of a put, for stores that are written in Python; good during the call only."""
    @property
    def size_bytes(self) -> int | None: ...
    def read(self, size: int = -1) -> bytes: ...
    def readinto(self, buffer: typing_extensions.Buffer) -> int: ...
    def rewind(self) -> None: ...

class MultipartUpload:
    """An object being made from parts, invisible until `complete`. Subclasses define do_put_part, do_list_parts, do_complete and do_abort."""
    def __init__(self, key: str, upload_id: str, max_parts: int = 10000) -> None: ...
    @property
    def key(self) -> str: ...
    @property
    def upload_id(self) -> str:
        """Names the upload across processes."""
    def put_part(self, number: int, data: object, *, stop: streamforge._core.StopSource | None = None) -> PartInfo: ...
    def list_parts(self, *, stop: streamforge._core.StopSource | None = None) -> list[PartInfo]: ...
    def complete(self, parts: collections.abc.Sequence[PartInfo], *, stop: streamforge._core.StopSource | None = None) -> ObjectInfo: ...
    def abort(self) -> None: ...
    def do_put_part(self, number: int, body: Body) -> PartInfo: ...
    def do_list_parts(self) -> list[PartInfo]: ...
    def do_complete(self, parts: list[PartInfo]) -> ObjectInfo: ...
    def do_abort(self) -> None: ...

class ObjectStore:
    """Objects by key: a folder, memory, or a bucket. Subclasses define do_put, do_get, do_head, do_list, do_remove and do_copy, and where they can do_list_uploads, do_begin_multipart, do_resume_multipart and do_presign."""
    def __init__(self, capabilities: Capabilities = ...) -> None: ...
    @property
    def capabilities(self) -> Capabilities: ...
    def get(self, key: str, *, range: streamforge._core.ByteRange | None = None, if_match: str = '', stop: streamforge._core.StopSource | None = None) -> ObjectReader:
        """Opens an object for reading."""
    def get_bytes(self, key: str, *, range: streamforge._core.ByteRange | None = None, if_match: str = '', max_bytes: int = 1073741824, stop: streamforge._core.StopSource | None = None) -> ObjectBytes:
        """The whole object, or a range, in memory."""
    def head(self, key: str, *, stop: streamforge._core.StopSource | None = None) -> ObjectInfo:
        """What the store knows of an object."""
    def list(self, prefix: str = '', *, folders: bool = False, page_token: str = '', max_keys: int = 1000, stop: streamforge._core.StopSource | None = None) -> ListPage:
        """One page of keys."""
    def list_all(self, prefix: str = '', *, max_keys: int = 1000000, stop: streamforge._core.StopSource | None = None) -> builtins.list[ObjectInfo]:
        """All objects below a prefix."""
    def list_uploads(self, prefix: str = '', *, page_token: str = '', stop: streamforge._core.StopSource | None = None) -> UploadPage:
        """Unfinished uploads."""
    def put(self, key: str, data: object, options: PutOptions | None = None, *, stop: streamforge._core.StopSource | None = None, content_type: str = '', cache_control: str = '', metadata: collections.abc.Mapping[str, str] = ..., if_none_match: bool = False, if_match: str = '', parts_by_others: bool = False) -> ObjectInfo:
        """Stores bytes or a binary file as `key`, whole or not at all."""
    def remove(self, keys: str | collections.abc.Sequence[str], *, stop: streamforge._core.StopSource | None = None) -> RemoveReport:
        """Removes one key or several; absent ones count as removed."""
    def copy(self, from_key: str, to_key: str, *, if_none_match: bool = False, stop: streamforge._core.StopSource | None = None) -> ObjectInfo:
        """Copies inside the store."""
    def begin_multipart(self, key: str, options: PutOptions | None = None, *, stop: streamforge._core.StopSource | None = None, content_type: str = '', cache_control: str = '', metadata: collections.abc.Mapping[str, str] = ..., if_none_match: bool = False, if_match: str = '', parts_by_others: bool = False) -> MultipartUpload:
        """Begins an upload in parts."""
    def resume_multipart(self, key: str, upload_id: str, options: PutOptions | None = None, *, stop: streamforge._core.StopSource | None = None, content_type: str = '', cache_control: str = '', metadata: collections.abc.Mapping[str, str] = ..., if_none_match: bool = False, if_match: str = '', parts_by_others: bool = False) -> MultipartUpload:
        """Takes up an upload begun earlier, with the conditions it was begun with."""
    def presign(self, key: str, options: PresignOptions | None = None, *, method: PresignMethod | str = ..., expires_in: datetime.timedelta | float = ..., content_type: str = '', upload_id: str = '', part_number: int = 0, checksum: str = '', min_bytes: int = 0, max_bytes: int = 5368709120) -> PresignedRequest:
        """A request that lets its bearer do one thing to `key` for a while."""
    def do_put(self, key: str, body: Body, options: PutOptions) -> ObjectInfo: ...
    def do_get(self, key: str, options: GetOptions) -> tuple[ObjectInfo, typing_extensions.Buffer | typing.BinaryIO]: ...
    def do_head(self, key: str) -> ObjectInfo: ...
    def do_list(self, options: ListOptions) -> ListPage: ...
    def do_list_uploads(self, options: ListOptions) -> UploadPage: ...
    def do_remove(self, key: str) -> None: ...
    def do_copy(self, from_key: str, to_key: str, options: CopyOptions) -> ObjectInfo: ...
    def do_begin_multipart(self, key: str, options: PutOptions) -> MultipartUpload: ...
    def do_resume_multipart(self, key: str, upload_id: str) -> MultipartUpload: ...
    def do_presign(self, key: str, options: PresignOptions) -> PresignedRequest: ...

class Location:
    """A place in a store: objects go to `prefix` + name."""
    def __init__(self, store: ObjectStore, prefix: str = '') -> None: ...
    @property
    def store(self) -> ObjectStore: ...
    @property
    def prefix(self) -> str:
        """Empty, or ends with '/'."""
    def key(self, name: str) -> str:
        """The key of `name` in the store."""

def open(url: os.PathLike[str] | str | bytes, s3: S3Options | None = None, *, durable: bool = False, bucket: str = '', region: str = '', endpoint_url: str = '', provider: str = '', profile: str = '', addressing: S3Addressing | str = ..., payload_signing: S3PayloadSigning | str = ..., checksum: S3Checksum | str = ..., dualstack: bool = False, accelerate: bool = False, fips: bool = False, write: S3WriteDefaults = ..., part_bytes: int = 16777216, memory_bytes: int = 100663296, parallel_parts: int = 4, credentials: CredentialsProvider | None = None, transport: streamforge._core.http.Transport | None = None, connection: streamforge._core.http.TransportOptions = ..., retry: streamforge._core.http.RetryPolicy = ...) -> Location:
    """The place that a URL or path names: a folder, "mem:", "s3://bucket/prefix"."""

def open_local(root: os.PathLike[str] | str | bytes, *, durable: bool = False) -> ObjectStore:
    """A folder as a store."""

def open_s3(options: S3Options | None = None, *, bucket: str = '', region: str = '', endpoint_url: str = '', provider: str = '', profile: str = '', addressing: S3Addressing | str = ..., payload_signing: S3PayloadSigning | str = ..., checksum: S3Checksum | str = ..., dualstack: bool = False, accelerate: bool = False, fips: bool = False, write: S3WriteDefaults = ..., part_bytes: int = 16777216, memory_bytes: int = 100663296, parallel_parts: int = 4, credentials: CredentialsProvider | None = None, transport: streamforge._core.http.Transport | None = None, connection: streamforge._core.http.TransportOptions = ..., retry: streamforge._core.http.RetryPolicy = ...) -> ObjectStore:
    """A bucket as a store. Nothing is sent before the first call."""

def make_memory_store() -> ObjectStore:
    """A store in memory."""

def open_object(store: ObjectStore, key: str, window_bytes: int = 4194304) -> streamforge._core.ByteSource:
    """An object as random access bytes, pinned to the version that it has now."""

def remove_local_leftovers(root: os.PathLike[str] | str | bytes, older_than: datetime.timedelta | float) -> int:
    """Removes what a crash left in a folder; returns how many files."""

max_key_bytes: int

def content_type_for(key: str) -> str:
    """The media type that the key's extension stands for."""

def validate_key(key: str) -> None:
    """Raises unless the key is good on every backend."""

def validate_prefix(prefix: str) -> None:
    """Raises unless it may begin a key."""

def join_key(prefix: str, name: str) -> str:
    """Both with exactly one '/' between them."""

def make_staging_prefix(final_prefix: str) -> str:
    """A fresh prefix beside it, to write into before `publish_tree`."""

def staging_prefix_of(final_prefix: str) -> str:
    """How all staging prefixes of it begin."""

def publish_tree(store: ObjectStore, staging_prefix: str, final_prefix: str, *, stop: streamforge._core.StopSource | None = None) -> None:
    """Makes what lies under one prefix the whole content of another."""

def remove_tree(store: ObjectStore, prefix: str, *, stop: streamforge._core.StopSource | None = None) -> None:
    """Removes everything under a prefix."""

def parse_store_events(message: str) -> list[StoreEvent]:
    """The events in a bucket's message: S3, MinIO, SNS, SQS, EventBridge."""

def happened_before(a: StoreEvent, b: StoreEvent) -> bool | None:
    """Whether `a` is older; None when that cannot be said."""

class TransferOptions:
    """How a transfer is made."""
    def __init__(self, *, part_bytes: int = 0, parallel: int = 8, memory_bytes: int = 100663296, journal: pathlib.Path = ...) -> None: ...
    def replace(self, *, part_bytes: int = ..., parallel: int = ..., memory_bytes: int = ..., journal: pathlib.Path = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def part_bytes(self) -> int:
        """0: chosen by the length."""
    @property
    def parallel(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...
    @property
    def journal(self) -> pathlib.Path:
        """Where the state is kept; empty: nowhere."""

class UploadReport:
    """What an upload did."""
    def __init__(self, *, info: ObjectInfo = ..., sent_bytes: int = 0, sent_parts: int = 0, kept_parts: int = 0, resumed: bool = False) -> None: ...
    def replace(self, *, info: ObjectInfo = ..., sent_bytes: int = ..., sent_parts: int = ..., kept_parts: int = ..., resumed: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def info(self) -> ObjectInfo: ...
    @property
    def sent_bytes(self) -> int: ...
    @property
    def sent_parts(self) -> int: ...
    @property
    def kept_parts(self) -> int: ...
    @property
    def resumed(self) -> bool: ...

class FileUploadItem:
    """A file and where it goes."""
    def __init__(self, *, path: pathlib.Path = ..., key: str = '', journal: pathlib.Path = ...) -> None: ...
    def replace(self, *, path: pathlib.Path = ..., key: str = ..., journal: pathlib.Path = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def path(self) -> pathlib.Path: ...
    @property
    def key(self) -> str: ...
    @property
    def journal(self) -> pathlib.Path: ...

class FilesReport:
    """What an upload of many files did."""
    def __init__(self, *, files: int = 0, bytes: int = 0, sent_bytes: int = 0, kept_parts: int = 0, resumed_files: int = 0) -> None: ...
    def replace(self, *, files: int = ..., bytes: int = ..., sent_bytes: int = ..., kept_parts: int = ..., resumed_files: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def files(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def sent_bytes(self) -> int: ...
    @property
    def kept_parts(self) -> int: ...
    @property
    def resumed_files(self) -> int: ...

class DownloadReport:
    """What a download did."""
    def __init__(self, *, info: ObjectInfo = ..., received_bytes: int = 0, kept_bytes: int = 0, resumed: bool = False, verified: bool = False) -> None: ...
    def replace(self, *, info: ObjectInfo = ..., received_bytes: int = ..., kept_bytes: int = ..., resumed: bool = ..., verified: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def info(self) -> ObjectInfo: ...
    @property
    def received_bytes(self) -> int: ...
    @property
    def kept_bytes(self) -> int: ...
    @property
    def resumed(self) -> bool: ...
    @property
    def verified(self) -> bool: ...

class SweepReport:
    """What a sweep of unfinished uploads did."""
    def __init__(self, *, found: int = 0, aborted: int = 0) -> None: ...
    def replace(self, *, found: int = ..., aborted: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def found(self) -> int: ...
    @property
    def aborted(self) -> int: ...

def upload_file(store: ObjectStore, path: os.PathLike[str] | str | bytes, key: str, *, put: PutOptions = ..., options: TransferOptions | None = None, progress: object = None, stop: streamforge._core.StopSource | None = None) -> UploadReport:
    """Stores a file, in parallel parts when it is long."""

def upload_body(store: ObjectStore, data: str | os.PathLike[str] | typing_extensions.Buffer | typing.BinaryIO | streamforge._core.ByteSource, key: str, *, put: PutOptions = ..., options: TransferOptions | None = None, progress: object = None, stop: streamforge._core.StopSource | None = None) -> UploadReport:
    """Stores bytes or an open file of any length."""

def upload_files(store: ObjectStore, files: collections.abc.Sequence[FileUploadItem], *, put: PutOptions = ..., options: TransferOptions | None = None, progress: object = None, stop: streamforge._core.StopSource | None = None) -> FilesReport:
    """Stores many files at once."""

def download_file(store: ObjectStore, key: str, path: os.PathLike[str] | str | bytes, *, options: TransferOptions | None = None, progress: object = None, stop: streamforge._core.StopSource | None = None) -> DownloadReport:
    """Fetches an object to a file by parallel ranges of one version."""

def sweep_uploads(store: ObjectStore, prefix: str, older_than: datetime.timedelta | float, now: datetime.datetime | None = None, *, stop: streamforge._core.StopSource | None = None) -> SweepReport:
    """Aborts uploads that were begun long ago and never ended."""

class BrowserUploadPolicy:
    """What browsers may do, and how."""
    def __init__(self, *, prefix: str = '', part_bytes: int = 10485760, max_object_bytes: int = 1099511627776, expires_in: datetime.timedelta | float = ..., cache_control: str = '') -> None: ...
    def replace(self, *, prefix: str = ..., part_bytes: int = ..., max_object_bytes: int = ..., expires_in: datetime.timedelta | float = ..., cache_control: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def prefix(self) -> str:
        """Uploads go below it."""
    @property
    def part_bytes(self) -> int: ...
    @property
    def max_object_bytes(self) -> int: ...
    @property
    def expires_in(self) -> datetime.timedelta: ...
    @property
    def cache_control(self) -> str: ...

class UploadPlan:
    """An upload that a browser is to make."""
    def __init__(self, *, key: str = '', upload_id: str = '', size_bytes: int = 0, part_bytes: int = 0, parts: int = 0, checksums: bool = False) -> None: ...
    def replace(self, *, key: str = ..., upload_id: str = ..., size_bytes: int = ..., part_bytes: int = ..., parts: int = ..., checksums: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def key(self) -> str: ...
    @property
    def upload_id(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def part_bytes(self) -> int: ...
    @property
    def parts(self) -> int: ...
    @property
    def checksums(self) -> bool: ...

class PartToSign:
    """A part that a client wants to send."""
    def __init__(self, *, number: int = 0, checksum: str = '') -> None: ...
    def replace(self, *, number: int = ..., checksum: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def number(self) -> int: ...
    @property
    def checksum(self) -> str: ...

class SentPart:
    """What a client says of a part that it sent."""
    def __init__(self, *, number: int = 0, etag: str = '', checksum: str = '') -> None: ...
    def replace(self, *, number: int = ..., etag: str = ..., checksum: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def number(self) -> int: ...
    @property
    def etag(self) -> str: ...
    @property
    def checksum(self) -> str: ...

class FinishedUpload:
    """A completed upload."""
    def __init__(self, *, info: ObjectInfo = ..., verified: bool = False) -> None: ...
    def replace(self, *, info: ObjectInfo = ..., verified: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def info(self) -> ObjectInfo: ...
    @property
    def verified(self) -> bool: ...

class BrowserUploads:
    """The back end's half of uploads from browsers straight into a bucket."""
    def __init__(self, store: ObjectStore, policy: BrowserUploadPolicy = ..., *, key_for: object = None) -> None: ...
    def create(self, name: str, size_bytes: int, content_type: str = '', *, client_checksums: bool = False, stop: streamforge._core.StopSource | None = None) -> UploadPlan:
        """Begins an upload."""
    def sign_parts(self, key: str, upload_id: str, parts: collections.abc.Sequence[PartToSign]) -> list[typing.Any]:
        """A presigned PUT for each part."""
    def sign_request(self, method: str, key: str, upload_id: str = '', part_number: int = 0) -> PresignedRequest:
        """Any one request of an upload."""
    def list_parts(self, key: str, upload_id: str, *, stop: streamforge._core.StopSource | None = None) -> list[PartInfo]:
        """The parts that the store has."""
    def complete(self, key: str, upload_id: str, parts: collections.abc.Sequence[SentPart] = [], *, stop: streamforge._core.StopSource | None = None) -> FinishedUpload:
        """Joins all parts after comparing them with what the client sent."""
    def abort(self, key: str, upload_id: str, *, stop: streamforge._core.StopSource | None = None) -> None: ...
    def answer(self, json: str, *, stop: streamforge._core.StopSource | None = None) -> str:
        """Answers one message of the JavaScript uploader, JSON for JSON."""

class StoreCall:
    """One finished call on a store."""
    def __init__(self, *, operation: str = '', key: str = '', duration: datetime.timedelta | float = ..., bytes: int = 0, error: streamforge._errors.StreamForgeError | None = None) -> None: ...
    def replace(self, *, operation: str = ..., key: str = ..., duration: datetime.timedelta | float = ..., bytes: int = ..., error: streamforge._errors.StreamForgeError | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def operation(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def duration(self) -> datetime.timedelta: ...
    @property
    def bytes(self) -> int: ...
    @property
    def error(self) -> streamforge._errors.StreamForgeError | None:
        """None when it went well."""

def make_observed_store(inner: ObjectStore, observer: object) -> ObjectStore:
    """A store that tells `observer(StoreCall)` of each call, from the calling thread."""

def make_logging_store(inner: ObjectStore) -> ObjectStore:
    """A store that writes a line for each call to `logging`."""

class StoreMetricsRow:
    """Counts of one operation."""
    def __init__(self, *, calls: int = 0, errors: int = 0, bytes: int = 0, total: datetime.timedelta | float = ..., longest: datetime.timedelta | float = ...) -> None: ...
    def replace(self, *, calls: int = ..., errors: int = ..., bytes: int = ..., total: datetime.timedelta | float = ..., longest: datetime.timedelta | float = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def calls(self) -> int: ...
    @property
    def errors(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def total(self) -> datetime.timedelta: ...
    @property
    def longest(self) -> datetime.timedelta: ...

class StoreMetrics:
    """Counts of calls by operation."""
    def __init__(self) -> None: ...
    def rows(self) -> dict[str, StoreMetricsRow]: ...
    def text(self) -> str:
        """In the text format of Prometheus."""

def make_metered_store(inner: ObjectStore, metrics: StoreMetrics) -> ObjectStore:
    """A store whose calls are counted."""

def make_retrying_store(inner: ObjectStore, policy: streamforge._core.http.RetryPolicy = ...) -> ObjectStore:
    """A store whose calls are made again where that may help."""

def make_mirrored_store(stores: collections.abc.Sequence[ObjectStore], *, least_copies: int = 0, verify: bool = True, failures_to_open: int = 3, open_for: datetime.timedelta | float = 30) -> ObjectStore:
    """One store over several."""
