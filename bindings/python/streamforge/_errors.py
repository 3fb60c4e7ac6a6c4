"""The package's exceptions: one class per family, and finer ones where Python has a name for the thing already."""

from __future__ import annotations

from typing import Any

_MAX_REMEMBERED = 64
_remembered: dict[str, BaseException] = {}
_next_number = 0


class StreamForgeError(Exception):
    """What every call of the package raises when it fails.

    `code` is the stable name that the C++ library, the program's JSON and HTTP problems use; `message` and `context` are safe to
    log; `remote_text` is what a remote or a file said, untrusted.
    """

    default_code = "internal"

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        operation: str = "",
        retryable: bool = False,
        context: dict[str, str] | None = None,
        native_domain: str = "",
        native_code: int = 0,
        remote_text: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code if code is not None else type(self).default_code
        self.operation = operation
        self.retryable = retryable
        self.context = dict(context or {})
        self.native_domain = native_domain
        self.native_code = native_code
        self.remote_text = remote_text

    def __str__(self) -> str:
        facts = [self.code, *(f"{key}={value}" for key, value in self.context.items())]
        start = f"{self.operation}: " if self.operation else ""
        return f"{start}{self.message} ({'; '.join(facts)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, {name: getattr(self, name) for name in _FIELDS})


_FIELDS = ("code", "operation", "retryable", "context", "native_domain", "native_code", "remote_text")


def _rebuild(cls: type[StreamForgeError], message: str, fields: dict[str, Any]) -> StreamForgeError:
    return cls(message, **fields)


class UsageError(StreamForgeError, ValueError):
    """An option or argument cannot be used; the message names it."""

    default_code = "invalid_argument"


class UnsupportedError(UsageError, NotImplementedError):
    """The interface exists, but this backend or build cannot do it."""

    default_code = "unsupported"


class TargetError(StreamForgeError):
    """The named thing is absent, present, of another kind or of another version."""

    default_code = "not_found"


class NotFoundError(TargetError, FileNotFoundError):
    """The file, object or stream does not exist."""

    default_code = "not_found"


class AlreadyExistsError(TargetError, FileExistsError):
    """The target is there already and may not be replaced."""

    default_code = "already_exists"


class NotAFileError(TargetError, IsADirectoryError):
    """A directory or device stands where a file was expected, or the reverse."""

    default_code = "not_a_file"


class PreconditionError(TargetError):
    """A condition (ETag, generation) no longer holds."""

    default_code = "precondition_failed"


class RightsError(StreamForgeError):
    """Somebody may not do this."""

    default_code = "permission_denied"


class PermissionDeniedError(RightsError, PermissionError):
    """The operating system or store refuses access."""

    default_code = "permission_denied"


class UnauthenticatedError(RightsError):
    """Credentials or a key are missing, wrong or expired."""

    default_code = "unauthenticated"


class MediaError(StreamForgeError):
    """The media or document given cannot be used."""

    default_code = "malformed"


class IoError(StreamForgeError, OSError):
    """Reading or writing failed."""

    default_code = "io"


class NetworkError(StreamForgeError, ConnectionError):
    """A connection or a remote service failed."""

    default_code = "network"


class TimedOutError(NetworkError, TimeoutError):
    """A deadline passed."""

    default_code = "timed_out"


class DeniedError(StreamForgeError):
    """A token or signature is not valid for this request; `context["condition"]` says why."""

    default_code = "denied"


class CancelledError(StreamForgeError):
    """The caller asked to stop."""

    default_code = "cancelled"


class InternalError(StreamForgeError, RuntimeError):
    """A promise of the library was broken, or a Python callback raised (then it is the cause)."""

    default_code = "internal"


_BY_CODE: dict[str, type[StreamForgeError]] = {
    "invalid_argument": UsageError,
    "unsupported": UnsupportedError,
    "not_found": NotFoundError,
    "already_exists": AlreadyExistsError,
    "not_a_file": NotAFileError,
    "precondition_failed": PreconditionError,
    "permission_denied": PermissionDeniedError,
    "read_only": RightsError,
    "unauthenticated": UnauthenticatedError,
    "malformed": MediaError,
    "no_streams": MediaError,
    "unsupported_codec": MediaError,
    "encrypted": MediaError,
    "limit_exceeded": MediaError,
    "io": IoError,
    "no_space": IoError,
    "integrity": IoError,
    "network": NetworkError,
    "timed_out": TimedOutError,
    "throttled": NetworkError,
    "unavailable": NetworkError,
    "denied": DeniedError,
    "cancelled": CancelledError,
    "internal": InternalError,
}


def error_class(code: str) -> type[StreamForgeError]:
    """The class that is raised for a code of the library."""
    return _BY_CODE[code]


def _from_error(
    code: str,
    message: str,
    operation: str,
    retryable: bool,
    context: list[tuple[str, str]],
    native_domain: str,
    native_code: int,
    remote_text: str,
) -> BaseException:
    facts = dict(context)
    cause = _remembered.pop(facts.pop("python_exception", ""), None)
    if isinstance(cause, StreamForgeError) and cause.code == code:
        return cause
    if isinstance(cause, (KeyboardInterrupt, SystemExit)):
        return cause
    error = _BY_CODE.get(code, InternalError)(
        message,
        code=code,
        operation=operation,
        retryable=retryable,
        context=facts,
        native_domain=native_domain,
        native_code=native_code,
        remote_text=remote_text,
    )
    if isinstance(error, OSError) and native_domain == "errno":
        error.errno = native_code
    error.__cause__ = cause
    return error


def _remember(raised: BaseException) -> str:
    global _next_number
    _next_number += 1
    number = str(_next_number)
    while len(_remembered) >= _MAX_REMEMBERED:
        _remembered.pop(next(iter(_remembered)))
    _remembered[number] = raised
    return number


def _to_error(raised: BaseException) -> tuple[str, str, bool, list[tuple[str, str]]]:
    """Code, message, retryable and context of what a callback raised. The exception itself waits to become the cause."""
    number = ("python_exception", _remember(raised))
    if isinstance(raised, StreamForgeError):
        return raised.code, raised.message, raised.retryable, [*raised.context.items(), number]
    code = "internal"
    for kind, name in (
        (FileNotFoundError, "not_found"),
        (FileExistsError, "already_exists"),
        (IsADirectoryError, "not_a_file"),
        (PermissionError, "permission_denied"),
        (TimeoutError, "timed_out"),
        (ConnectionError, "network"),
        (OSError, "io"),
        (NotImplementedError, "unsupported"),
    ):
        if isinstance(raised, kind):
            code = name
            break
    return code, f"a Python callback raised {type(raised).__name__}", False, [number]
