"""The same calls for asyncio: awaitables and async iterators whose cancellation stops the work itself.

    report = await streamforge.aio.process("movie.mov", "out/movie")

Each call runs in one of a bounded number of threads of the package's own, with the GIL released. Cancelling its task stops the call
and waits until it has stopped, so nothing goes on behind a cancelled task.
"""

from __future__ import annotations

import asyncio
import functools
import queue
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import storage as _storage
from ._core import Progress, StopSource
from ._errors import CancelledError
from ._job import Job as _BlockingJob

if TYPE_CHECKING:
    from . import media, pipeline
    from ._process import Input, Place

T = TypeVar("T")

__all__ = ["Job", "Store", "max_threads", "open", "package", "plan", "probe", "process", "run", "start"]

max_threads = 32


class _Pool:
    """Daemon threads, made as they are needed. At the end of the interpreter the library stops what they run."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._unfinished = 0

    def submit(self, call: Callable[[], object]) -> None:
        with self._lock:
            self._unfinished += 1
            if self._unfinished > self._threads and self._threads < max_threads:
                self._threads += 1
                threading.Thread(target=self._run, name="streamforge aio", daemon=True).start()
        self._work.put(call)

    def _run(self) -> None:
        while True:
            self._work.get()()
            with self._lock:
                self._unfinished -= 1


_pool = _Pool()


async def run(call: Callable[..., T], /, *arguments: Any, **keywords: Any) -> T:
    """Awaits a blocking call of the package that takes `stop`."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    stop = StopSource()

    def settle(value: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)  # type: ignore[arg-type]

    def work() -> None:
        value: T | None = None
        error: BaseException | None = None
        if stop.stop_requested:
            loop.call_soon_threadsafe(settle, None, CancelledError("the task was cancelled before its call began"))
            return
        try:
            value = call(*arguments, stop=stop, **keywords)
        except BaseException as raised:
            error = raised
        try:
            loop.call_soon_threadsafe(settle, value, error)
        except RuntimeError:
            pass  # the loop is closed: nobody waits any more

    _pool.submit(work)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        stop.request_stop()
        while not future.done():
            try:
                await asyncio.shield(asyncio.wait([future]))
            except asyncio.CancelledError:
                continue  # asked again: it still has to stop first
        if not future.cancelled():
            future.exception()
        raise


async def probe(input: Input, **options: Any) -> media.MediaInfo:
    """As `streamforge.probe`."""
    from . import _process

    return await run(_process.probe, input, **options)


async def plan(input: Input, **options: Any) -> pipeline.Plan:
    """As `streamforge.plan`."""
    from . import _process

    return await run(_process.plan, input, **options)


async def process(input: Input, to: Place, **options: Any) -> pipeline.Report:
    """As `streamforge.process`. `progress` is called from the job's thread."""
    from . import _process

    return await run(_process.process, input, to, **options)


async def package(inputs: Any, to: Place, **options: Any) -> pipeline.Report:
    """As `streamforge.package`."""
    from . import _process

    return await run(_process.package, inputs, to, **options)


class Job(Generic[T]):
    """A job to be awaited, whose progress can be iterated over: `async for event in job`, then `await job`."""

    def __init__(self, job: _BlockingJob[T]) -> None:
        self._job = job
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        job._listen(self._note)

    def _note(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._changed.set)
        except RuntimeError:
            pass  # the loop is closed

    async def _wait(self) -> T:
        try:
            while not self._job.done():
                self._changed.clear()
                if not self._job.done():
                    await self._changed.wait()
        except asyncio.CancelledError:
            self._job.cancel()
            while not self._job.done():
                await asyncio.sleep(0.005)
            raise
        return self._job.result()

    def __await__(self) -> Generator[Any, None, T]:
        return self._wait().__await__()

    async def __aiter__(self) -> AsyncIterator[Progress]:
        while True:
            self._changed.clear()
            events, done = self._job._take()
            for event in events:
                yield event
            if done and not events:
                return
            if not events:
                await self._changed.wait()

    events = __aiter__

    def cancel(self) -> None:
        """Asks it to stop."""
        self._job.cancel()

    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._job.done()

    async def __aenter__(self) -> Job[T]:
        return self

    async def __aexit__(self, *error: object) -> None:
        self._job.cancel()
        while not self._job.done():
            await asyncio.sleep(0.005)


def start(input: Input, to: Place, **options: Any) -> Job[pipeline.Report]:
    """As `streamforge.start`, inside of a running loop."""
    from . import _process

    return Job(_process.start(input, to, **options))


class Store:
    """An `ObjectStore` whose calls are awaited. Methods and arguments are the store's."""

    def __init__(self, store: _storage.ObjectStore) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        return functools.partial(run, getattr(self.store, name))

    async def presign(self, key: str, **options: Any) -> _storage.PresignedRequest:
        """As `ObjectStore.presign`; credentials may have to be fetched first."""
        return await run(lambda *, stop: self.store.presign(key, **options))


async def open(url: Any, **options: Any) -> Store:
    """As `storage.open`, for awaited calls; keys are those of the store."""
    return Store(_storage.open(url, **options).store)
