"""What the processes of jobs that are no trainings share: they tell points, and end once."""

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue

from demo.job_guard import Guard, Limits
from demo.job_process import POINT_EVERY, be_modest
from models.errors import LabError
from models.limits import limit_memory


class LightSession:
    """What the guard watches over. A kind of job says what its `steps_of_work` are, and
    what there is to tell at any time; `reason` is set once it is to end."""

    def __init__(self, line: Connection) -> None:
        self.line = line
        self.orders: SimpleQueue[tuple[str, object]] = SimpleQueue()
        self.sending = threading.Lock()  # the guard tells things, too
        self.reason: str | None = None  # why it is to end, or ended
        self.ending = threading.Lock()  # who has it tells the end; it is never given back
        self.step, self.began = 0, time.monotonic()

    def steps_of_work(self) -> Iterator[None]:
        """All that there is to do, what there is to tell noted after each step. Raises LabError."""
        raise NotImplementedError

    def work(self) -> None:
        """Every step, told of now and then, until all is done or it is to end. Raises LabError."""
        due = 0.0
        for _ in self.steps_of_work():
            if self.reason:
                break
            if time.monotonic() >= due:
                self.tell_news()
                due = time.monotonic() + POINT_EVERY
        self.reason = self.reason or "done"
        self.hand_over()

    def tell_news(self) -> None:
        """A point with what has come since the last one."""
        raise NotImplementedError

    def live(self, limits: Limits, orders: Iterable[tuple[str, object]]) -> None:
        """The process's whole life, as a training's is. `orders`: given while it waited."""
        be_modest(limits.niceness)
        limit_memory(limits.memory)
        guard = Guard(self, self.line, limits)
        for order in orders:
            guard.pass_on(*order)
        guard.start()
        try:
            self.work()
        except LabError as error:
            self.tell("trouble", {"error": error.key, "details": error.details})
        os._exit(0)  # at once: whatever is worth keeping has been told

    def tell(self, kind: str, fact: object) -> None:
        with self.sending, suppress(OSError):  # the server has gone, and the guard ends the process
            self.line.send((kind, fact))

    @property
    def seconds(self) -> float:
        """Since the process began with it."""
        return time.monotonic() - self.began

    def hand_over(self) -> None:
        """The ending, once; the process ends here."""
        if not self.ending.acquire(blocking=False):
            threading.Event().wait()  # for the other thread to end the process
        self.tell_news()
        facts = {"reason": self.reason, "step": self.step, "seconds": self.seconds}
        self.tell("ending", facts | {"cpu_seconds": time.process_time()})
        os._exit(0)
