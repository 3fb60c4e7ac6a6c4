#!/usr/bin/env python3
"""Writes the type stubs of the extensions from their own signatures, or checks that those committed are the same.

Usage: generate_stubs.py [--check] FOLDER   (with the package importable; FOLDER is bindings/python/streamforge)
"""

from __future__ import annotations

import argparse
import enum
import importlib
import pathlib
import re
import sys
import types

sys.path = [entry for entry in sys.path if pathlib.Path(entry or ".").resolve() != pathlib.Path(__file__).resolve().parent]  # the installed one

from streamforge._records import fields_of  # noqa: E402

CORE = ("crypto", "http", "storage", "cdn", "manifest", "packaging", "pipeline", "server")
MEDIA = ("media", "pipeline")
HEADER = '''# Made by bindings/python/generate_stubs.py; do not edit.
import builtins
import collections.abc
import datetime
import enum
import fractions
import os
import pathlib
import typing

import typing_extensions

'''
MEDIA_INPUT = "str | os.PathLike[str] | typing_extensions.Buffer | typing.BinaryIO | streamforge._core.ByteSource"
PROTOCOL = {"__enter__": "typing_extensions.Self", "__iter__": "typing_extensions.Self"}


def split(text: str) -> list[str]:
    """Arguments of a signature: at commas outside of brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for i, char in enumerate(text):
        if quote:
            if char == quote and text[i - 1] != "\\":
                quote = ""
        elif char in "'\"":
            quote = char
        elif char in "([{<":
            depth += 1
        elif char in ")]}" or (char == ">" and text[i - 1] != "-"):
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    rest = text[start:].strip()
    return [*parts, rest] if rest else parts


def closing(text: str, start: int) -> int:
    """Position of the bracket that closes the one at `start`."""
    depth, quote = 0, ""
    for i in range(start, len(text)):
        char = text[i]
        if quote:
            if char == quote and text[i - 1] != "\\":
                quote = ""
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                return i
    raise ValueError(f"no closing bracket: {text}")


class Names:
    """Where the names that signatures use live."""

    def __init__(self) -> None:
        self.modules: dict[str, types.ModuleType] = {"streamforge._core": importlib.import_module("streamforge._core")}
        for name in CORE:
            self.modules[f"streamforge._core.{name}"] = sys.modules[f"streamforge._core.{name}"]
        importlib.import_module("streamforge._media")
        for name in MEDIA:
            self.modules[f"streamforge._media.{name}"] = sys.modules[f"streamforge._media.{name}"]

    def qualified(self, text: str) -> str:
        def place(match: re.Match[str]) -> str:
            part, name = match.group(1), match.group(2)
            if name == "StreamForgeError":
                return "streamforge._errors.StreamForgeError"
            for root in ("streamforge._core", "streamforge._media"):
                module = self.modules.get(f"{root}.{part[:-1]}" if part else root)
                if module is not None and hasattr(module, name):
                    return f"{module_name(module)}.{name}"
            raise LookupError(f"nothing is called {match.group(0)}")

        return re.sub(r"\bstreamforge\.(?!_)((?:[a-z]\w*\.)?)([A-Z]\w*)", place, text)

    def find(self, module: types.ModuleType, record: str) -> type:
        return getattr(module, record)  # type: ignore[no-any-return]

    def is_enum(self, text: str) -> bool:
        module, _, name = text.rpartition(".")
        found = getattr(self.modules.get(module), name, None)
        return isinstance(found, type) and issubclass(found, enum.Enum)


def module_name(module: types.ModuleType) -> str:
    return next(name for name, candidate in sys.modules.items() if candidate is module and name.startswith("streamforge._"))


def result_type(text: str, names: Names) -> str:
    text = names.qualified(text.replace("collections.abc.Buffer", "typing_extensions.Buffer"))
    text = {"list": "list[typing.Any]", "dict": "dict[str, typing.Any]"}.get(text, text)
    return text.replace("os.PathLike", "os.PathLike[str]") if "PathLike[" not in text else text


def argument_type(text: str, names: Names) -> str:
    text = text.strip()
    text = re.sub(r"\btuple\[(.+), \.\.\.\]", r"collections.abc.Iterable[\1]", text)
    text = re.sub(r"\b(?:list|collections\.abc\.Sequence)\[", "collections.abc.Sequence[", text)
    text = re.sub(r"\bdict\[", "collections.abc.Mapping[", text) if not text.startswith("dict[typing.Literal") else text
    text = re.sub(r"(?<![\w.])Input(?!\w)", MEDIA_INPUT, text)
    text = text.replace("collections.abc.Buffer", "typing_extensions.Buffer").replace("memoryview", "typing_extensions.Buffer")
    text = names.qualified(text)
    text = re.sub(r"(?<!\w)datetime\.timedelta", "datetime.timedelta | float", text)
    text = re.sub(r"fractions\.Fraction", "fractions.Fraction | float | datetime.timedelta", text)
    text = re.sub(r"streamforge\._core\.Secret\b", "streamforge._core.Secret | str", text)
    text = re.sub(r"streamforge\.\S+?\.\w+(?=[\],| ]|$)", lambda found: f"{found.group(0)} | str" if names.is_enum(found.group(0)) else found.group(0), text)
    text = re.sub(r"os\.PathLike(?!\[)", "os.PathLike[str]", text)
    return re.sub(r"\btyping\.SupportsInt \| typing\.SupportsIndex|\btyping\.SupportsInt", "int", text).replace("typing.SupportsFloat | typing.SupportsIndex", "float")


def default_of(text: str) -> str:
    return text if re.fullmatch(r"-?\d+|-?\d+\.\d+|True|False|None|''|'[\w/.:*, -]*'|\(\)|\[\]", text) else "..."


def fields_signature(cls: type, names: Names) -> list[str]:
    defaults = fields_of(cls())
    return [
        f"{name}: {or_none(argument_type(property_type(cls, name), names), defaults[name])} = {default_of(repr(defaults[name]))}"
        for name in cls.__fields__  # type: ignore[attr-defined]
    ]


def or_none(kind: str, default: object) -> str:
    return f"{kind} | None" if default is None and "None" not in kind else kind


def property_type(cls: type, name: str) -> str:
    return (cls.__dict__[name].fget.__doc__ or "").strip().splitlines()[0].rpartition(" -> ")[2]


def function(name: str, documentation: str, module: types.ModuleType, names: Names, indent: str, decorator: str = "") -> list[str]:
    """The lines of one function, which may be overloaded."""
    signatures = re.findall(rf"^(?:\d+\. )?({re.escape(name)}\(.*\) -> .*)$", documentation, re.M)
    if not signatures:
        raise ValueError(f"no signature: {name}: {documentation}")
    text = "\n".join(line for line in documentation.splitlines() if not line.startswith(name + "(") and not re.match(r"\d+\. |Overloaded", line))
    marker = re.search(r":fields: (\w+)", text)
    text = text.replace(marker.group(0), "") if marker else text
    lines = []
    for signature in signatures:
        end = closing(signature, len(name))
        arguments, keyword_only = [], False
        for argument in split(signature[len(name) + 1 : end]):
            if argument == "*":
                keyword_only = True
                arguments.append("*")
            elif argument.startswith("**"):
                if marker:
                    arguments += [] if keyword_only else ["*"]
                    given = {argument.partition(":")[0] for argument in arguments}
                    fields = fields_signature(names.find(module, marker.group(1)), names)
                    arguments += [field for field in fields if field.partition(":")[0] not in given]
                else:
                    arguments.append("**kwargs: typing.Any")
            elif argument.startswith("*"):
                arguments.append("*args: object")
            elif re.match(r"self(:|$)", argument):
                arguments.append("self")
            else:
                declaration, _, default = argument.partition(" = ")
                word, _, kind = declaration.partition(": ")
                kind = argument_type(kind or "object", names)
                if default == "None" and "None" not in kind and kind != "object":
                    kind += " | None"
                arguments.append(f"{word}: {kind}" + (f" = {default_of(default)}" if default else ""))
        result = PROTOCOL.get(name) or result_type(signature[end + 1 :].replace(" -> ", "", 1).strip(), names)
        if name == "__exit__":
            result = "None"
        if name == "__eq__":
            arguments = ["self", "other: object"]
        lines += ([f"{indent}@typing.overload"] if len(signatures) > 1 else []) + ([f"{indent}@{decorator}"] if decorator else [])
        lines.append(f"{indent}def {name}({', '.join(arguments)}) -> {result}:" + ("" if text.strip() else " ..."))
        if text.strip():
            lines += [f'{indent}    """{line}' if i == 0 else f"{indent}    {line}".rstrip() for i, line in enumerate(text.strip().splitlines())]
            lines[-1] += '"""'
    return lines


def class_lines(cls: type, module: types.ModuleType, names: Names) -> list[str]:
    if issubclass(cls, enum.Enum):
        return [f"class {cls.__name__}(enum.StrEnum):", f'    """{cls.__doc__}"""', *(enum_line(member.name, str(member.value)) for member in cls)]
    lines = [f"class {cls.__name__}:", *([f'    """{(cls.__doc__ or "").strip()}"""'] if cls.__doc__ else [])]
    is_record = "__fields__" in cls.__dict__
    defaults = fields_of(cls()) if is_record else {}
    if is_record:
        lines.append(f"    def __init__(self, *, {', '.join(fields_signature(cls, names))}) -> None: ...")
        lines.append(f"    def replace(self, *, {', '.join(re.sub(' = .*', ' = ...', item) for item in fields_signature(cls, names))}) -> typing_extensions.Self:")
        lines.append('        """A copy with some fields changed."""')
        lines.append("    def to_dict(self) -> dict[str, typing.Any]:")
        lines.append('        """The record as JSON knows it."""')
    hidden = {"__doc__", "__module__", "__fields__", "__signature__", "__hash__", "__reduce__", "replace", "to_dict", "__new__", "__repr__", "__str__"}
    for name, value in cls.__dict__.items():
        if name in hidden or name.startswith("_pybind11") or (is_record and name in ("__init__", "__eq__")):
            continue
        if isinstance(value, property):
            result = or_none(result_type(property_type(cls, name), names), defaults.get(name, ...))
            lines += ["    @property", f"    def {name}(self) -> {result}:" + ("" if value.__doc__ else " ...")]
            if value.__doc__:
                lines.append(f'        """{value.__doc__.strip()}"""')
        elif isinstance(value, staticmethod):
            lines += function(name, value.__func__.__doc__ or "", module, names, "    ", "staticmethod")
        elif callable(value) and value.__doc__ and "(" in value.__doc__ and " -> " in value.__doc__:
            lines += function(name, value.__doc__, module, names, "    ")
    lines += provider_lines(cls)
    if hasattr(cls, "list"):  # inside of the class the word is the method
        lines = [re.sub(r"(?<![\w.])list\[", "builtins.list[", line) for line in lines]
    return lines if len(lines) > 2 or not lines[-1].endswith(":") else [*lines, "    ..."]


def enum_line(name: str, value: str) -> str:
    return f'    {name} = "{value}"' + ("  # type: ignore[assignment]" if hasattr(str, name) else "")


PROVIDERS = {
    "ObjectStore": [
        "def do_put(self, key: str, body: Body, options: PutOptions) -> ObjectInfo: ...",
        "def do_get(self, key: str, options: GetOptions) -> tuple[ObjectInfo, typing_extensions.Buffer | typing.BinaryIO]: ...",
        "def do_head(self, key: str) -> ObjectInfo: ...",
        "def do_list(self, options: ListOptions) -> ListPage: ...",
        "def do_list_uploads(self, options: ListOptions) -> UploadPage: ...",
        "def do_remove(self, key: str) -> None: ...",
        "def do_copy(self, from_key: str, to_key: str, options: CopyOptions) -> ObjectInfo: ...",
        "def do_begin_multipart(self, key: str, options: PutOptions) -> MultipartUpload: ...",
        "def do_resume_multipart(self, key: str, upload_id: str) -> MultipartUpload: ...",
        "def do_presign(self, key: str, options: PresignOptions) -> PresignedRequest: ...",
    ],
    "MultipartUpload": [
        "def do_put_part(self, number: int, body: Body) -> PartInfo: ...",
        "def do_list_parts(self) -> list[PartInfo]: ...",
        "def do_complete(self, parts: list[PartInfo]) -> ObjectInfo: ...",
        "def do_abort(self) -> None: ...",
    ],
    "UrlSigner": [
        "def do_check(self, policy: SignPolicy) -> None: ...",
        "def do_sign(self, request: SignRequest) -> tuple[str, str]: ...",
        "def do_grant(self, request: SignRequest, placement: TokenPlacement) -> GrantToken: ...",
        "def do_cookies(self, request: SignRequest) -> list[TokenParameter]: ...",
    ],
    "UrlVerifier": ["def do_verify(self, request: VerifyRequest, keys: list[KeyEntry]) -> VerifiedGrant: ..."],
}


def provider_lines(cls: type) -> list[str]:
    """Methods that subclasses define: C++ calls them, so no signature of its own tells of them."""
    return [f"    {line}" for line in PROVIDERS.get(cls.__name__, ())]


def module_stub(module: types.ModuleType, names: Names) -> str:
    body: list[str] = []
    for name, value in module.__dict__.items():
        if isinstance(value, types.ModuleType) or (name.startswith("_") and name != "_stop_everything"):
            continue
        if isinstance(value, type):
            body += [*class_lines(value, module, names), ""]
        elif callable(value):
            body += [*function(name, value.__doc__ or "", module, names, ""), ""]
        else:
            body += [f"{name}: {type(value).__name__}", ""]
    own = module_name(module)
    text = "\n".join(body).replace(f"{own}.", "") if own != "streamforge._core" else re.sub(r"streamforge\._core\.(?=[A-Z])", "", "\n".join(body))
    used = sorted({found for found in re.findall(r"streamforge\._\w+(?:\.[a-z]\w*)?(?=\.[A-Z])", text)})
    return HEADER + "".join(f"import {name}\n" for name in used) + "\n" + text.rstrip() + "\n"


def stubs() -> dict[str, str]:
    names = Names()
    files = {}
    for name, module in names.modules.items():
        parts = name.split(".")[1:]
        path = "_core/__init__.pyi" if parts == ["_core"] else "/".join(parts) + ".pyi"
        files[path] = module_stub(module, names)
    files["_media/__init__.pyi"] = "# Made by bindings/python/generate_stubs.py; do not edit.\nfrom . import media as media, pipeline as pipeline\n"
    return files


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    different = 0
    for name, text in stubs().items():
        path = arguments.folder / name
        if arguments.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                print(f"{path} differs from the extension: run generate_stubs.py")
                different += 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
