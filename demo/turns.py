"""One at a time, a few in line: for work that would slow everybody down if many did it at once."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TypeVar

from models.errors import LabError

T = TypeVar("T")
NICENESS = 10  # of the thread that works: readings, which one waits for at each stroke, go first


class BusyError(LabError):
    """Somebody else's turn takes longer than one may wait, or the line is full."""

    def __init__(self) -> None:
        super().__init__("tune_busy", "somebody is fine-tuning; try again in some seconds")


class Turns:
    """A line of bounded length, in which each waits a bounded time: a waiting request holds one of
    the server's threads, and the others must stay free for reading."""

    def __init__(
        self, waiting: int, seconds: float, busy: Callable[[], LabError] = BusyError
    ) -> None:
        self.busy = busy  # what is raised where there is no turn to be had
        self.places = threading.Semaphore(waiting + 1)
        self.running = threading.Lock()
        self.seconds = seconds
        self.worker = ThreadPoolExecutor(1, thread_name_prefix="turn", initializer=step_back)

    def work(self, function: Callable[..., T], *values: object) -> T:
        """What a function gives, worked out while no other turn is, by a thread of low priority.

        Raises what `busy` makes, and what the function raises.
        """
        with self.turn():
            return self.worker.submit(function, *values).result()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The body runs while no other does. Raises what `busy` makes."""
        if not self.places.acquire(blocking=False):
            raise self.busy()
        try:
            if not self.running.acquire(timeout=self.seconds):
                raise self.busy()
            try:
                yield
            finally:
                self.running.release()
        finally:
            self.places.release()


def step_back() -> None:
    """Lowers this thread's priority where threads have their own, on Linux."""
    if sys.platform == "linux":
        mine = threading.get_native_id()
        niceness = max(NICENESS, os.getpriority(os.PRIO_PROCESS, mine))
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, mine, niceness)
