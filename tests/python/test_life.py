"""Nothing leaks, nothing is needed that is not there, nothing is slow to import."""

import gc
import os
import subprocess
import sys
import threading

import pytest

import streamforge as sf
from conftest import NOW
from test_providers import DictStore, QuerySigner

URL = "https://cdn.example.com/vod/m1/master.m3u8"


def resident_bytes():
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def store_round():
    store = DictStore()
    layered = sf.storage.make_retrying_store(store)
    layered.put("a", bytes(50_000))
    with layered.get("a") as reader:
        reader.read(10)
    view = layered.get_bytes("a").bytes
    del view
    try:
        layered.head("none")
    except sf.NotFoundError:
        pass


def signer_round():
    keys = sf.cdn.KeyRing.single("k1", sf.cdn.SymmetricKey.from_text("0123456789abcdef"))
    for options in (sf.cdn.SignerOptions(clock=lambda: NOW),):
        sf.cdn.make_local_signer(keys, options=options).sign(URL, expires_in=300, data="x" * 1000)
        QuerySigner(keys, options).sign(URL, expires_in=300)


def server_round():
    with sf.server.HttpServer.start(sf.server.with_cors(lambda request: (200, {}, b"x")), threads=1):
        pass


def record_round():
    policy = sf.cdn.SignPolicy(expires_in=300, countries_allowed=["DE"] * 50)
    policy.replace(data="x").to_dict()
    repr(policy)
    try:
        sf.cdn.SignPolicy(expires_in="never")
    except TypeError:
        pass


@pytest.mark.parametrize(("body", "times"), [(store_round, 1000), (signer_round, 1000), (record_round, 1000), (server_round, 100)], ids=lambda x: getattr(x, "__name__", x))
def test_a_thousand_rounds_leave_nothing_behind(body, times):
    for _ in range(times // 10):
        body()
    objects, before = len(gc.get_objects()), resident_bytes()
    for _ in range(times):
        body()
    gc.collect()
    assert len(gc.get_objects()) - objects < times // 20
    assert resident_bytes() - before < 4 << 20, "more than 4 MiB in a thousand rounds"


def python(code, **environment):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env={**os.environ, **environment})


def test_import_loads_neither_ffmpeg_nor_asyncio_nor_numpy():
    code = (
        "import sys, streamforge\n"
        "print([name for name in ('asyncio', 'numpy', 'logging', 'threading', 'ssl', 'inspect') if name in sys.modules])\n"
        "print('libavcodec' in open('/proc/self/maps').read())"
    )
    ran = python(code)
    assert ran.stdout.split("\n")[:2] == ["[]", "False"], ran.stdout + ran.stderr


def test_every_module_imports_alone():
    for name in ("aio", "cdn", "crypto", "http", "manifest", "packaging", "pipeline", "server", "storage"):
        ran = python(f"import streamforge.{name}")
        assert ran.returncode == 0, ran.stderr


def test_a_forked_child_goes_on():
    ran = python(
        "import os, threading, streamforge as sf\n"
        "store = sf.storage.make_memory_store(); store.put('a', b'x')\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    assert store.get_bytes('a').bytes == b'x'\n"
        "    raise SystemExit(7)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )
    assert ran.stdout.strip() == "7", ran.stderr


@pytest.mark.parametrize(
    "code",
    [
        "server = sf.server.HttpServer.start(lambda request: (200, {}, b''))",
        "server = sf.server.HttpServer.start(lambda request: (200, {}, b'')); threading.Thread(target=server.serve_until, daemon=True).start()",
        "store = sf.storage.make_observed_store(sf.storage.make_memory_store(), print); threading.Thread(target=lambda: [store.list('') for _ in iter(int, 1)], daemon=True).start()",
        "import asyncio; store = sf.aio.Store(sf.storage.make_memory_store()); asyncio.run(store.put('a', b'x'))",
    ],
    ids=["server", "serving", "thread", "aio"],
)
def test_the_interpreter_ends_whatever_runs(code):
    ran = python(f"import threading, time, streamforge as sf\n{code}\n", PYTHONFAULTHANDLER="1")
    assert ran.returncode == 0 and "Fatal" not in ran.stderr and "terminate" not in ran.stderr, ran.stderr[-2000:]


def test_ctrl_c_reaches_a_call_that_waits_in_python():
    class Stuck(DictStore):
        def do_head(self, key):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Stuck().head("a")


def test_a_stop_source_stops_every_call_it_was_given(store):
    stop = sf.StopSource()
    assert stop.request_stop() and not stop.request_stop() and stop.stop_requested
    with pytest.raises(sf.CancelledError):
        sf.storage.make_memory_store().list_all(stop=stop) if False else DictStore().put("a", b"x", stop=stop)


def test_threads_and_cancels_meet():
    failures, store = [], DictStore()

    def work(stop):
        try:
            for i in range(50):
                store.put(f"k{i}", b"x", stop=stop)
        except sf.CancelledError:
            pass
        except BaseException as error:
            failures.append(error)

    for _ in range(10):
        stops = [sf.StopSource() for _ in range(4)]
        threads = [threading.Thread(target=work, args=(stop,)) for stop in stops]
        for thread in threads:
            thread.start()
        for stop in stops:
            stop.request_stop()
        for thread in threads:
            thread.join()
    assert not failures
