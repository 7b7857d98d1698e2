"""Long work in a thread of its own, one visitor's at a time: in line, counted, stopped."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from models.errors import LabError

T = TypeVar("T")
MOST_IN_LINE = 8  # jobs, the running one among them
PATIENCE = 20.0  # s; a job that nobody follows for so long is given up
WAITING, RUNNING, ENDED, STOPPED, FAILED = "waiting", "running", "ended", "stopped", "failed"


class LineFullError(LabError):
    """So many wait already that one more would wait for minutes."""

    def __init__(self) -> None:
        super().__init__("measure_full", "many are measuring just now; try again in a minute")


class Job(Generic[T]):
    """Work that tells after each piece how much that was, and a fact where one is complete."""

    def __init__(self, work: Iterator[tuple[int, T | None]], total: int) -> None:
        self.work, self.total = work, total
        self.done = 0
        self.facts: list[T] = []
        self.state = WAITING
        self.trouble: LabError | None = None  # why it failed, where a person can mend it
        self.stopping = False
        self.followed = 0.0  # s of the line's clock: when somebody asked for it last

    def stop(self) -> None:
        """It ends after the piece at which it is."""
        self.stopping = True

    def count(self, size: int, fact: T | None) -> None:
        self.done += size
        if fact is not None:
            self.facts.append(fact)


class Line:
    """Jobs one after another; those that nobody follows leave the line."""

    def __init__(
        self,
        most: int = MOST_IN_LINE,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most, self.patience, self.clock = most, patience, clock
        self.jobs: list[Job] = []  # the first one runs
        self.lock = threading.Lock()

    def join(self, job: Job) -> None:
        """Puts a job at the line's end. Raises LineFullError."""
        with self.lock:
            self.drop_unwanted()
            if len(self.jobs) >= self.most:
                raise LineFullError
            job.followed = self.clock()
            self.jobs.append(job)
            if len(self.jobs) == 1:
                self.begin()

    def follow(self, job: Job) -> int:
        """How many jobs are to end before this one begins; asking keeps it in the line."""
        with self.lock:
            job.followed = self.clock()
            self.drop_unwanted()
            return self.jobs.index(job) if job in self.jobs else 0

    def is_unwanted(self, job: Job) -> bool:
        return job.stopping or self.clock() - job.followed > self.patience

    def drop_unwanted(self) -> None:
        """Takes jobs out that have not begun."""
        for job in [job for job in self.jobs[1:] if self.is_unwanted(job)]:
            job.state = STOPPED
            self.jobs.remove(job)

    def begin(self) -> None:
        threading.Thread(target=self.run, args=(self.jobs[0],), daemon=True).start()

    def run(self, job: Job) -> None:
        """The job to its end; then the next one has its thread, whatever became of this one."""
        try:
            job.state = self.work_off(job)
        except LabError as error:
            job.trouble = error
        finally:
            if job.state == RUNNING:
                job.state = FAILED
            self.leave(job)

    def work_off(self, job: Job) -> str:
        job.state = RUNNING
        for size, fact in job.work:
            if self.is_unwanted(job):
                return STOPPED
            job.count(size, fact)
        return ENDED

    def leave(self, job: Job) -> None:
        with self.lock:
            self.jobs.remove(job)
            self.drop_unwanted()
            if self.jobs:
                self.begin()
