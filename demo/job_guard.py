"""What a training's process is held to, by a thread of its own: also while a long step runs."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.job_process import Session

try:
    import resource
except ImportError:  # Windows keeps no such limits
    resource = None

STOP_WITHIN = 0.6  # s from the order to stop to the ending, whatever the training is doing
LOOK_EVERY = 0.05  # s between two looks
CRASHED = 1  # exit status


@dataclass(frozen=True)
class Limits:
    """What one training may take."""

    seconds: float = 5_400.0  # by the clock, pauses included; the book's CNN takes some 50 minutes
    memory: int = 4 * 2**30  # bytes that it may ask for, beyond what a new process has
    resident: int = 4 * 2**30  # bytes that it may use, for systems that don't hold it to the other
    niceness: int = 19  # the lowest priority: readings wait for no training


def resident_bytes() -> int:
    """The most memory that this process has ever used."""
    if resource is None:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


class Guard:
    """Takes the server's orders, and ends the process if the training does not or may not go on."""

    def __init__(self, session: Session, line: Connection, limits: Limits) -> None:
        self.session, self.line = session, line
        self.most_resident = resident_bytes() + limits.resident
        self.deadline: float | None = None  # s of the monotonic clock, once it is to stop

    def start(self) -> None:
        threading.Thread(target=self.live, daemon=True).start()

    def live(self) -> None:
        """A training that nothing watches over must not go on."""
        try:
            self.watch()
        except Exception:
            sys.excepthook(*sys.exc_info())
        os._exit(CRASHED)

    def watch(self) -> None:
        server = parent_process().sentinel  # ready when the server is no more
        while True:
            ready = wait([self.line, server], LOOK_EVERY)
            if server in ready:
                os._exit(0)
            if self.line in ready:
                self.take_order()
            if resident_bytes() > self.most_resident and self.session.reason is None:
                self.session.reason = "memory"
                self.session.hand_over()
            if self.deadline is not None and time.monotonic() > self.deadline:
                self.session.hand_over()

    def take_order(self) -> None:
        """The next one; a closed pipe means that nobody wants this training any more."""
        try:
            order, value = self.line.recv()
        except (EOFError, OSError):
            os._exit(0)
        self.pass_on(order, value)

    def pass_on(self, order: str, value: object) -> None:
        if order == "stop":
            self.session.reason = self.session.reason or value
            self.deadline = self.deadline or time.monotonic() + STOP_WITHIN
        self.session.orders.put((order, value))
