import pickle

import pytest

import streamforge as sf
from streamforge._errors import _BY_CODE


def test_every_code_of_the_library_has_a_class_and_no_other(tmp_path):
    header = (__import__("conftest").ROOT / "include/streamforge/core/error.hpp").read_text()
    import re

    codes = set(re.findall(r"^    (\w+) = \d+,", header, re.M))
    assert codes == set(_BY_CODE)
    for code, cls in _BY_CODE.items():
        assert issubclass(cls, sf.StreamForgeError)
        assert sf.error_class(code) is cls


def test_a_missing_object_is_also_a_missing_file(store):
    with pytest.raises(FileNotFoundError) as caught:
        store.head("nothing")
    error = caught.value
    assert isinstance(error, sf.NotFoundError) and isinstance(error, sf.TargetError)
    assert error.code == "not_found" and error.retryable is False
    assert error.operation == "storage.head" and error.context["key"] == "nothing"
    assert "nothing" in str(error)


@pytest.mark.parametrize(
    ("call", "kind", "builtin"),
    [
        (lambda: sf.storage.open("gopher://x/y"), sf.UnsupportedError, NotImplementedError),
        (lambda: sf.storage.validate_key("../x"), sf.UsageError, ValueError),
        (lambda: sf.open_file("/nowhere/at/all"), sf.NotFoundError, FileNotFoundError),
        (lambda: sf.open_file("/"), sf.NotAFileError, IsADirectoryError),
        (lambda: sf.packaging.read_mp4(b"not a movie at all"), sf.MediaError, sf.StreamForgeError),
        (lambda: sf.manifest.parse_hls("nonsense"), sf.MediaError, sf.StreamForgeError),
    ],
)
def test_families_are_builtin_where_python_has_a_name(call, kind, builtin):
    with pytest.raises(kind) as caught:
        call()
    assert isinstance(caught.value, builtin)


def test_errors_survive_pickling():
    error = sf.NetworkError("broken", code="throttled", operation="s3.put", retryable=True, context={"key": "a"})
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is sf.NetworkError and str(again) == str(error) and again.retryable and again.context == {"key": "a"}


def test_denials_name_their_condition(local_keys):
    verifier = sf.cdn.make_local_verifier(local_keys)
    with pytest.raises(sf.DeniedError) as caught:
        verifier.verify("https://cdn.example.com/a.mp4")
    assert sf.cdn.denial_of(caught.value) == sf.cdn.Denial.missing_token


@pytest.mark.parametrize("bad", [{"nix": 1}, {"content_type": 7}, {"metadata": "x"}, {"if_none_match": "yes"}])
def test_options_of_other_types_are_type_errors(bad):
    with pytest.raises(TypeError, match=next(iter(bad))):
        sf.storage.PutOptions(**bad)
