"""What all records of the package have in common, by their fields' names."""

from __future__ import annotations

from typing import Any

_LONGEST_SEQUENCE = 6


def fields_of(record: Any) -> dict[str, Any]:
    """The record's fields by name, as they are."""
    return {name: getattr(record, name) for name in type(record).__fields__}


def _shorten(value: Any) -> str:
    if isinstance(value, tuple) and len(value) > _LONGEST_SEQUENCE:
        shown = ", ".join(_shorten(item) for item in value[:3])
        return f"({shown}, … {len(value) - 3} more)"
    if isinstance(value, memoryview):
        return f"<{value.nbytes} bytes>"
    return repr(value)


def _repr(self: Any) -> str:
    inside = ", ".join(f"{name}={_shorten(value)}" for name, value in fields_of(self).items())
    return f"{type(self).__qualname__}({inside})"


def _eq(self: Any, other: Any) -> Any:
    if type(self) is not type(other):
        return NotImplemented
    return fields_of(self) == fields_of(other)


def _plain(value: Any) -> Any:
    """As JSON knows it: records become dicts, exact fractions and times text, secrets "***"."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if hasattr(type(value), "__fields__"):
        return {name: _plain(item) for name, item in fields_of(value).items()}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, memoryview):
        return value.tobytes().hex()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "total_seconds"):
        return value.total_seconds()
    if isinstance(value, BaseException):
        return repr(value)
    return str(value)


def _to_dict(self: Any) -> dict[str, Any]:
    """The record as JSON knows it: numbers, text, lists and dicts; exact fractions and times are text, secrets "***"."""
    plain: dict[str, Any] = _plain(self)
    return plain


def _replace(self: Any, **changes: Any) -> Any:
    """A copy with some fields changed."""
    return type(self)(**{**fields_of(self), **changes})


def _rebuild(cls: type, fields: dict[str, Any]) -> Any:
    return cls(**fields)


def _bare(value: Any) -> Any:
    return value.tobytes() if isinstance(value, memoryview) else value


def _reduce(self: Any) -> tuple[Any, ...]:
    return _rebuild, (type(self), {name: _bare(value) for name, value in fields_of(self).items()})


class _Signature:
    """Computed when somebody asks: the defaults are C++'s own."""

    def __get__(self, record: Any, cls: type) -> Any:
        import inspect

        defaults = fields_of(cls())
        return inspect.Signature(
            [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default) for name, default in defaults.items()]
        )


def finish(cls: Any, names: tuple[str, ...]) -> None:
    cls.__fields__ = names
    cls.__repr__ = _repr
    cls.__eq__ = _eq
    cls.__hash__ = None
    cls.__reduce__ = _reduce
    cls.__signature__ = _Signature()
    cls.to_dict = _to_dict
    cls.replace = _replace
