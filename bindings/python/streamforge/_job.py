"""A blocking call in the background."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Generic, TypeVar

from ._core import Progress, StopSource

T = TypeVar("T")
_MOST_EVENTS = 256


class Job(Generic[T]):
    """A call that runs in a thread of its own. Iterating gives its progress and ends when it does.

    `with` cancels it on the way out when it still runs, so no thread outlives its block. An iterator that is slow misses the oldest
    events rather than holding the job up.
    """

    def __init__(self, call: Callable[[Callable[[Progress], object], StopSource], T]) -> None:
        self._stop = StopSource()
        self._events: deque[Progress] = deque(maxlen=_MOST_EVENTS)
        self._changed = threading.Condition()
        self._done = False
        self._value: list[T] = []
        self._error: BaseException | None = None
        self._listeners: list[Callable[[], object]] = []
        # A daemon: at the end of the interpreter the call is stopped and waited for by the library itself.
        self._thread = threading.Thread(target=self._run, args=(call,), name="streamforge job", daemon=True)
        self._thread.start()

    def _run(self, call: Callable[[Callable[[Progress], object], StopSource], T]) -> None:
        try:
            self._value.append(call(self._note, self._stop))
        except BaseException as error:
            self._error = error
        with self._changed:
            self._done = True
            self._changed.notify_all()
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def _note(self, event: Progress) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def _listen(self, listener: Callable[[], object]) -> None:
        with self._changed:
            self._listeners.append(listener)

    def _take(self) -> tuple[list[Progress], bool]:
        with self._changed:
            events = list(self._events)
            self._events.clear()
            return events, self._done

    def __iter__(self) -> Iterator[Progress]:
        """The progress as it comes. Ends with the job; an error is raised by `result()`."""
        while True:
            with self._changed:
                while not self._events and not self._done:
                    self._changed.wait()
            events, done = self._take()
            yield from events
            if done and not events:
                return

    events = __iter__

    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._done

    def cancel(self) -> None:
        """Asks it to stop; `result()` then raises `CancelledError`, unless it was done already."""
        self._stop.request_stop()

    def result(self, timeout: float | None = None) -> T:
        """Waits for the end. Ctrl-C stops the job before it is raised.

        *Errors*: what the call raised; `TimeoutError`, and then the job goes on.
        """
        try:
            with self._changed:
                if not self._changed.wait_for(lambda: self._done, timeout):
                    raise TimeoutError("the job has not ended yet")
        except KeyboardInterrupt:
            self.cancel()
            self._thread.join()
            raise
        if self._error is not None:
            raise self._error
        return self._value[0]

    def __enter__(self) -> Job[T]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.cancel()
        self._thread.join()

    def __repr__(self) -> str:
        state = "running" if not self._done else "failed" if self._error is not None else "done"
        return f"<Job {state}>"
