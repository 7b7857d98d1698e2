"""One at a time, a few in line: for work that would slow everybody down if many did it at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from models.errors import LabError


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
