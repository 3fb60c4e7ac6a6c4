import datetime
import inspect
import json
import pickle
from fractions import Fraction

import pytest

import streamforge as sf

UTC = datetime.timezone.utc


def records():
    import types

    for module in (sf._core, sf._core.cdn, sf._core.storage, sf._core.manifest, sf._core.packaging, sf._core.pipeline, sf._core.server, sf._core.http):
        for value in vars(module).values():
            if isinstance(value, type) and "__fields__" in vars(value):
                yield value
    del types


@pytest.mark.parametrize("cls", list(records()), ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_every_record_shows_its_defaults_compares_and_tells_itself(cls):
    one = cls()
    assert list(inspect.signature(cls).parameters) == list(cls.__fields__)
    assert repr(one).startswith(cls.__name__ + "(")
    assert list(one.to_dict()) == list(cls.__fields__)
    json.dumps(one.to_dict())
    assert cls.__doc__
    with pytest.raises(TypeError):
        cls(there_is_no_such_field=1)


def test_records_are_frozen_compared_and_replaced():
    policy = sf.cdn.SignPolicy(expires_in=300, countries_allowed=["DE", "FR"])
    with pytest.raises(AttributeError):
        policy.data = "x"
    assert policy.countries_allowed == ("DE", "FR")
    other = policy.replace(data="x")
    assert other != policy and other.replace(data="") == policy
    assert pickle.loads(pickle.dumps(policy)) == policy


def test_text_is_text_in_every_kind_of_field():
    assert sf.storage.PutOptions(metadata={"a": "b", "c": "d"}).metadata == {"a": "b", "c": "d"}
    assert sf.storage.S3WriteDefaults(tags={}).tags == {}
    for wrong in ({"a": b"\xff"}, {b"a": "b"}, {"a": 1}, ["a"], "a", None, 7):
        with pytest.raises(TypeError):
            sf.storage.PutOptions(metadata=wrong)
        with pytest.raises(TypeError):
            sf.storage.S3WriteDefaults(tags=wrong)
    with pytest.raises(TypeError):
        sf.cdn.SignPolicy(data=b"x")
    with pytest.raises(TypeError):
        sf.cdn.SignPolicy(countries_allowed=[b"DE"])


def test_times_are_those_of_python():
    assert sf.cdn.SignPolicy(expires_in=300).expires_in == datetime.timedelta(minutes=5)
    assert sf.cdn.SignPolicy(expires_in=datetime.timedelta(hours=1)).expires_in == datetime.timedelta(hours=1)
    when = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    assert sf.cdn.SignPolicy(expires_at=when).expires_at == when
    assert sf.cdn.SignPolicy(expires_at=1_793_491_200).expires_at == datetime.datetime(2026, 11, 1, tzinfo=UTC)
    assert sf.packaging.RemuxOptions(period=Fraction(1001, 250)).period == Fraction(1001, 250)
    assert sf.packaging.RemuxOptions(period=datetime.timedelta(milliseconds=2500)).period == Fraction(5, 2)


@pytest.mark.parametrize(
    "wrong",
    [datetime.datetime(2026, 11, 1), 2**80, "tomorrow"],
)
def test_times_that_cannot_be_meant_are_refused(wrong):
    with pytest.raises((ValueError, TypeError)):
        sf.cdn.SignPolicy(expires_at=wrong)


def test_half_seconds_are_not_lost_in_silence():
    with pytest.raises(ValueError, match="whole seconds"):
        sf.cdn.SignPolicy(expires_in=0.5)


def test_enumerations_are_text():
    assert sf.cdn.SignPolicy(scope="prefix").scope is sf.cdn.Scope.prefix
    assert sf.cdn.Scope("exact") == "exact"
    with pytest.raises(TypeError, match="scope"):
        sf.cdn.SignPolicy(scope="everything")


def test_secrets_are_never_shown():
    secret = sf.Secret("hunter2")
    assert "hunter2" not in repr(secret) + str(secret) + f"{secret}"
    credentials = sf.storage.Credentials(access_key_id="AK", secret_access_key="hunter2", session_token=secret)
    assert "hunter2" not in repr(credentials) + json.dumps(credentials.to_dict())
    assert credentials.secret_access_key.reveal() == "hunter2"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    key = sf.cdn.SymmetricKey.from_text("hunter2hunter2hunter2")
    assert "hunter2" not in repr(key) + repr(sf.cdn.KeyEntry("a", key)) + repr(sf.cdn.KeyRing.single("a", key))
    write = sf.storage.S3WriteDefaults(customer_key=sf.Secret("hunter2"))
    assert "hunter2" not in repr(sf.storage.S3Options(write=write))


def test_process_shows_the_defaults_of_cpp(has_media):
    if not has_media:
        pytest.skip("this wheel was built without FFmpeg")
    ladder, run = sf.media.LadderPolicy(), sf.pipeline.PlanOptions()
    for call in (sf.process, sf.plan):
        shown = inspect.signature(call).parameters
        for name in sf.media.LadderPolicy.__fields__:
            if name == "pictures":
                continue  # None stands for its defaults
            assert shown[name].default == getattr(ladder, name), name
        assert shown["single_file"].default == run.single_file
