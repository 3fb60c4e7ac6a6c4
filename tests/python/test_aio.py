import asyncio
import threading
import time

import pytest

import streamforge as sf
from test_process import FAST


class SlowStore(sf.storage.ObjectStore):
    def __init__(self):
        super().__init__(sf.storage.Capabilities(backend="slow"))
        self.running, self.most, self.lock = 0, 0, threading.Lock()
        self.release = threading.Event()

    def do_head(self, key):
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.release.wait(10)
        with self.lock:
            self.running -= 1
        return sf.storage.ObjectInfo(key=key)


def test_stores_are_awaited():
    async def main():
        store = await sf.aio.open("mem:")
        await store.put("a", b"x")
        assert (await store.get_bytes("a")).bytes == b"x"
        with pytest.raises(FileNotFoundError):
            await store.head("none")

    asyncio.run(main())


def test_two_hundred_awaits_use_a_bounded_number_of_threads():
    slow = SlowStore()

    async def main():
        store = sf.aio.Store(slow)
        tasks = [asyncio.create_task(store.head(f"k{i}")) for i in range(200)]
        while slow.running < sf.aio.max_threads:
            await asyncio.sleep(0)
        slow.release.set()
        assert len(await asyncio.gather(*tasks)) == 200

    asyncio.run(main())
    assert slow.most == sf.aio.max_threads


def test_a_task_that_waits_for_a_thread_can_be_cancelled():
    slow = SlowStore()

    async def main():
        store = sf.aio.Store(slow)
        busy = [asyncio.create_task(store.head(f"k{i}")) for i in range(sf.aio.max_threads)]
        while slow.running < sf.aio.max_threads:
            await asyncio.sleep(0)
        queued = asyncio.create_task(store.head("queued"))
        await asyncio.sleep(0)
        queued.cancel()
        await asyncio.sleep(0)
        slow.release.set()
        with pytest.raises(asyncio.CancelledError):
            await queued
        assert len(await asyncio.gather(*busy)) == sf.aio.max_threads

    asyncio.run(main())


@pytest.mark.usefixtures("has_media")
def test_cancelling_a_task_stops_its_job(has_media, long_clip, tmp_path):
    if not has_media:
        pytest.skip("this wheel was built without FFmpeg")

    async def main():
        began = threading.Event()
        task = asyncio.create_task(sf.aio.process(long_clip, tmp_path / "out", speed="veryslow", progress=lambda event: began.set()))
        while not began.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not list(tmp_path.glob("**/*.m4s"))  # it has stopped: nothing goes on behind a cancelled task
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await sf.aio.process(long_clip, tmp_path / "other", speed="veryslow")

    asyncio.run(main())


def test_progress_is_iterated_over_and_the_job_awaited(has_media, clip, tmp_path):
    if not has_media:
        pytest.skip("this wheel was built without FFmpeg")

    async def main():
        job = sf.aio.start(clip, tmp_path / "out", **FAST)
        fractions = [event.fraction async for event in job]
        report = await job
        assert fractions == sorted(fractions) and fractions and report.files_written > 3
        async with sf.aio.start(clip, tmp_path / "second", **FAST) as second:
            second.cancel()
        assert second.done()

    asyncio.run(main())
