"""Whatever is put in: what was meant comes out, or an exception of the package or of Python, never an abort."""

import datetime
import os
import pickle
from fractions import Fraction

import pytest

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, example, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

import streamforge as sf  # noqa: E402
from conftest import NOW  # noqa: E402

settings.register_profile("streamforge", max_examples=150, deadline=None, derandomize="STREAMFORGE_SEED" not in os.environ, suppress_health_check=list(HealthCheck))
settings.load_profile("streamforge")

ALLOWED = (sf.StreamForgeError, TypeError, ValueError, OverflowError, BufferError, UnicodeError)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes() | st.timedeltas() | st.fractions()
    | st.characters(categories=["Cs"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
KEYS = sf.cdn.KeyRing.single("k1", sf.cdn.SymmetricKey.from_text("0123456789abcdef"))
SIGNER = sf.cdn.make_local_signer(KEYS, options=sf.cdn.SignerOptions(clock=lambda: NOW))
VERIFIER = sf.cdn.make_local_verifier(KEYS, options=sf.cdn.VerifierOptions(clock=lambda: NOW))


@example("resource", b"\x80")
@given(st.sampled_from(sf.cdn.SignPolicy.__fields__), anything)
def test_any_value_of_any_policy_field(name, value):
    try:
        policy = sf.cdn.SignPolicy(**{name: value})
    except ALLOWED:
        return
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert sf.cdn.SignPolicy(**{name: getattr(policy, name)}) == policy
    repr(policy), policy.to_dict()


@given(st.sampled_from(sf.storage.S3Options.__fields__), anything)
def test_any_value_of_any_store_option(name, value):
    try:
        options = sf.storage.S3Options(**{name: value})
        options.validate()
    except ALLOWED:
        return
    assert getattr(options, name) == value or name in repr(options)


@given(st.text(), st.integers(min_value=1, max_value=600), st.text(alphabet="abcdef-", max_size=20))
def test_whatever_can_be_signed_is_verified(path, lifetime, session):
    try:
        url = "https://cdn.example.com/" + sf.cdn.encode_path(path)
        signed = SIGNER.sign(url, expires_in=lifetime, session_id=session).reveal()
    except ALLOWED:
        return
    assert VERIFIER.verify(signed).url == url


@given(anything, anything)
def test_any_arguments_of_sign_and_verify(url, policy):
    for call in (lambda: SIGNER.sign(url, policy), lambda: VERIFIER.verify(url, client_ip=policy), lambda: SIGNER.sign(url, expires_in=policy)):
        try:
            call()
        except ALLOWED:
            pass


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_ranges_are_slices(data, begin, length):
    store = sf.storage.make_memory_store()
    store.put("a", data)
    try:
        found = store.get_bytes("a", range=sf.ByteRange(offset=begin, length=length)).bytes
    except sf.UsageError:
        assert begin >= len(data) or length == 0
        return
    assert found == data[begin : begin + length]


@given(st.binary(max_size=2000))
def test_any_bytes_are_no_movie_or_one(data):
    for call in (sf.packaging.read_mp4, lambda bytes_: sf.manifest.parse_hls(bytes_.decode("latin-1")), lambda bytes_: sf.manifest.parse_mpd(bytes_.decode("latin-1"))):
        try:
            call(data)
        except ALLOWED:
            pass


@given(st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=10**6))
def test_times_are_exact(value):
    assert sf.packaging.RemuxOptions(period=value).period == value


@given(st.datetimes(min_value=datetime.datetime(1970, 1, 1), max_value=datetime.datetime(2200, 1, 1), timezones=st.just(datetime.timezone.utc)))
def test_instants_are_kept_to_the_second(value):
    assert sf.cdn.SignPolicy(expires_at=value).expires_at == value.replace(microsecond=0)
    assert sf.storage.ObjectInfo(last_modified=value).last_modified == value


@given(st.text(max_size=60))
def test_keys_are_validated_and_kept(key):
    store = sf.storage.make_memory_store()
    try:
        sf.storage.validate_key(key)
    except ALLOWED:
        with pytest.raises(ALLOWED):
            store.put(key, b"x")
        return
    store.put(key, b"x")
    assert [item.key for item in store.list_all()] == [key]
