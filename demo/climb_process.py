"""A long rung of the ladder in a process of its own: it tells its losses, and can be stopped."""

import os
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import SimpleQueue

from demo.job_guard import Guard, Limits
from demo.job_process import POINT_EVERY, be_modest
from models.foundations import RUNGS
from models.limits import limit_memory

TOLD = 400  # losses of a rung that are told, at even steps


@dataclass(frozen=True)
class Climb:
    """Which rung, and the seed of its numbers."""

    rung: str
    seed: int

    @property
    def every(self) -> int:
        """Epochs from one loss that is told to the next."""
        return max(RUNGS[self.rung].epochs // TOLD, 1)


def run(
    climb: Climb, line: Connection, limits: Limits, orders: Iterable[tuple[str, object]] = ()
) -> None:
    """The process's whole life, as a training's is. `orders`: given while it waited."""
    be_modest(limits.niceness)
    limit_memory(limits.memory)
    session = ClimbSession(climb, line)
    guard = Guard(session, line, limits)
    for order in orders:
        guard.pass_on(*order)
    guard.start()
    session.work()


class ClimbSession:
    """What the guard watches over: a rung, epoch by epoch."""

    def __init__(self, climb: Climb, line: Connection) -> None:
        self.climb, self.line = climb, line
        self.orders: SimpleQueue[tuple[str, object]] = SimpleQueue()
        self.sending = threading.Lock()  # the guard tells things, too
        self.reason: str | None = None  # why it is to end, or ended
        self.ending = threading.Lock()  # who has it tells the end; it is never given back
        self.epoch, self.losses = 0, []
        self.began = time.monotonic()

    def tell(self, kind: str, fact: object) -> None:
        with self.sending, suppress(OSError):  # the server has gone, and the guard ends the process
            self.line.send((kind, fact))

    def work(self) -> None:
        due = 0.0
        rung = RUNGS[self.climb.rung]
        for loss in rung.climb(self.climb.seed):
            if self.reason:
                break
            self.epoch += 1
            if self.epoch % self.climb.every == 1 % self.climb.every or self.epoch == rung.epochs:
                self.losses.append([self.epoch, loss])
            if time.monotonic() >= due:
                self.tell_losses()
                due = time.monotonic() + POINT_EVERY
        self.reason = self.reason or "done"
        self.hand_over()

    def tell_losses(self) -> None:
        losses, self.losses = self.losses, []
        seconds = time.monotonic() - self.began
        self.tell("point", {"step": self.epoch, "seconds": seconds, "losses": losses})

    def hand_over(self) -> None:
        """The ending, once; the process ends here."""
        if not self.ending.acquire(blocking=False):
            threading.Event().wait()  # for the other thread to end the process
        self.tell_losses()
        seconds = time.monotonic() - self.began
        cpu_seconds = time.process_time()
        facts = {"reason": self.reason, "step": self.epoch, "seconds": seconds}
        self.tell("ending", facts | {"cpu_seconds": cpu_seconds})
        os._exit(0)
