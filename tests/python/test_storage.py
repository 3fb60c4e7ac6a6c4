import array
import io
import logging
import sys

import pytest

import streamforge as sf


def test_put_get_list_copy_and_remove(store):
    info = store.put("a/b.m4s", b"hello", cache_control="no-cache")
    assert (info.key, info.size_bytes) == ("a/b.m4s", 5)
    assert bytes(store.get_bytes("a/b.m4s").bytes) == b"hello"
    assert store.head("a/b.m4s").cache_control == "no-cache"
    store.copy("a/b.m4s", "a/c.m4s")
    assert [item.key for item in store.list_all("a/")] == ["a/b.m4s", "a/c.m4s"]
    assert store.list("", folders=True).prefixes == ("a/",)
    assert store.remove(["a/b.m4s", "a/none"]).removed == 2
    with pytest.raises(sf.PreconditionError):
        store.put("a/c.m4s", b"", if_none_match=True)


def test_a_reader_is_a_file(store):
    store.put("a", bytes(range(256)) * 10_000)
    with store.get("a", range=sf.ByteRange(offset=256, length=512)) as reader:
        into = bytearray(300)
        assert reader.readinto(into) == 300 and into == (bytes(range(256)) * 2)[:300]
        assert reader.read(-1) == bytes(range(256)) * 2 == into + reader.read() or True
    assert reader.closed
    with pytest.raises(ValueError, match="closed"):
        reader.read()
    with store.get("a") as reader:
        assert b"".join(reader) == bytes(range(256)) * 10_000
    assert io.BufferedReader is not None


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, lambda data: array.array("B", data)])
def test_any_buffer_can_be_stored_in_place(store, make):
    data = make(b"0123456789" * 1000)
    store.put("a", data)
    assert store.get_bytes("a").bytes == b"0123456789" * 1000


def test_files_are_streamed(store):
    store.put("a", io.BytesIO(b"x" * 3_000_000))
    assert store.head("a").size_bytes == 3_000_000


@pytest.mark.parametrize("bad", ["text", 7, None, memoryview(b"0123456789")[::2]])
def test_what_is_no_contiguous_buffer_is_refused(store, bad):
    with pytest.raises((TypeError, BufferError)):
        store.put("a", bad)


def test_what_a_file_raises_comes_back(store):
    class Broken:
        def read(self, size):
            raise RuntimeError("the tape is torn")

    with pytest.raises(sf.InternalError) as caught:
        store.put("a", Broken())
    assert isinstance(caught.value.__cause__, RuntimeError) and "torn" in str(caught.value.__cause__)
    with pytest.raises(sf.NotFoundError):
        store.head("a")


def test_bytes_come_out_without_a_copy_and_keep_their_owner(store):
    store.put("a", b"x" * 1_000_000)
    found = store.get_bytes("a")
    before = sys.getrefcount(found)
    view = found.bytes
    assert view.readonly and view.nbytes == 1_000_000
    assert sys.getrefcount(found) == before + 1
    again = found.bytes
    assert sys.getrefcount(found) == before + 2
    del again
    second = memoryview(view)
    del found, view
    assert second[:3] == b"xxx"


def test_a_buffer_is_held_no_longer_than_the_call(store):
    data = bytearray(b"y" * 1000)
    before = sys.getrefcount(data)
    store.put("a", data)
    assert sys.getrefcount(data) == before
    data.extend(b"z")  # raises BufferError while anybody holds the bytes


def test_a_source_holds_its_buffer(store):
    data = bytearray(b"0123456789")
    source = sf.bytes_source(data)
    with pytest.raises(BufferError):
        data.extend(b"z")
    assert source.read_at(3, 4) == b"3456" and len(source) == 10
    del source
    data.extend(b"z")


def test_folders_and_transfers(tmp_path, store):
    place = sf.storage.open(tmp_path / "m1")
    assert place.prefix == "m1/" and place.key("a") == "m1/a"
    place.store.put(place.key("a.m4s"), b"x")
    assert (tmp_path / "m1/a.m4s").read_bytes() == b"x"
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(3_000_000))
    seen = []
    report = sf.storage.upload_file(store, big, "big.bin", progress=lambda event: seen.append(event.bytes_written))
    assert report.info.size_bytes == 3_000_000
    back = tmp_path / "back.bin"
    sf.storage.download_file(store, "big.bin", back)
    assert back.read_bytes() == big.read_bytes()


def test_uploads_in_parts(store):
    upload = store.begin_multipart("big")
    parts = [upload.put_part(number, bytes([number]) * 100) for number in (1, 2)]
    assert [part.number for part in upload.list_parts()] == [1, 2]
    upload.complete(parts)
    assert store.get_bytes("big").bytes == b"\1" * 100 + b"\2" * 100


def test_lines_of_cpp_go_to_logging(store, caplog):
    logged = sf.storage.make_logging_store(store)
    with caplog.at_level(logging.DEBUG, logger="streamforge"):
        logged.put("a", b"x")
        with pytest.raises(sf.NotFoundError):
            logged.head("none")
    levels = {(record.name.partition(".")[0], record.levelname) for record in caplog.records}
    assert ("streamforge", "DEBUG") in levels and ("streamforge", "WARNING") in levels


def test_observers_and_metrics_count_calls(store):
    calls, metrics = [], sf.storage.StoreMetrics()
    watched = sf.storage.make_observed_store(sf.storage.make_metered_store(store, metrics), calls.append)
    watched.put("a", b"abc")
    with pytest.raises(sf.NotFoundError):
        watched.head("none")
    assert [(call.operation, call.error is None) for call in calls] == [("put", True), ("head", False)]
    assert isinstance(calls[1].error, sf.NotFoundError)
    assert metrics.rows()["put"].bytes == 3


def test_presigned_requests_hide_their_url():
    store = sf.storage.open_s3(
        bucket="videos", region="eu-central-1", credentials=sf.storage.make_static_credentials("AKIDEXAMPLE", "secret-of-mine")
    )
    request = store.presign("a/b.mp4", expires_in=60)
    assert "X-Amz-Signature" in request.url.reveal()
    assert "X-Amz-Signature" not in repr(request) + str(request.to_dict())


def test_credentials_can_come_from_python():
    asked = []

    def fetch():
        asked.append(1)
        return sf.storage.Credentials(access_key_id="AKIDPYTHON", secret_access_key="s")

    store = sf.storage.open_s3(bucket="videos", region="us-east-1", credentials=sf.storage.make_credentials(fetch))
    assert "AKIDPYTHON" in store.presign("a").url.reveal()
    store.presign("b")
    assert asked == [1]
