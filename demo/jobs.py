"""The trainings of the whole server: a few run, some wait in a line, the others are told so."""

import threading

from demo.job import Job
from demo.options import SLOTS
from models.errors import LabError

MOST_WAITING = 20
CLOSING = "closing"  # why trainings end with the lab: their pages fetch the weights at once


class LineFullError(LabError):
    """So many wait already that one more would wait for long."""

    def __init__(self) -> None:
        super().__init__("train_full", "many are training just now; try again in a minute")


class StoppingError(LabError):
    """The lab is about to end."""

    def __init__(self) -> None:
        super().__init__("door_stopping", "the lab is closing and takes no new trainings")


class Jobs:
    """Trainings in the order in which they came; those that nobody wants leave the line."""

    def __init__(self, slots: int = SLOTS, most_waiting: int = MOST_WAITING) -> None:
        self.slots, self.most_waiting = slots, most_waiting
        self.waiting: list[Job] = []
        self.running: list[Job] = []
        self.lock = threading.Lock()
        self.idle = threading.Condition(self.lock)
        self.is_closed = False

    def check_room(self) -> None:
        """Raises LineFullError where no training could join, StoppingError once none may."""
        with self.lock:
            if self.is_closed:
                raise StoppingError
            self.drop_unwanted()
            if len(self.running) >= self.slots and len(self.waiting) >= self.most_waiting:
                raise LineFullError

    def join(self, job: Job) -> None:
        """Puts a training at the line's end; it begins as soon as there is room."""
        with self.lock:
            self.waiting.append(job)
            if self.is_closed:
                job.stop(CLOSING)
            self.fill()

    def place(self, job: Job) -> tuple[int, int]:
        """How many wait before a training, and how many wait in all."""
        with self.lock:
            self.drop_unwanted()
            ahead = self.waiting.index(job) if job in self.waiting else 0
            return ahead, len(self.waiting)

    def counts(self) -> tuple[int, int]:
        """How many run, and how many wait."""
        with self.lock:
            self.drop_unwanted()
            return len(self.running), len(self.waiting)

    def drop_unwanted(self) -> None:
        for job in [job for job in self.waiting if not job.is_wanted]:
            self.waiting.remove(job)
            job.end({"reason": job.to_stop or "left"})

    def fill(self) -> None:
        """Gives the slots that are free to those that wait longest."""
        self.drop_unwanted()
        while self.waiting and len(self.running) < self.slots:
            job = self.waiting.pop(0)
            self.running.append(job)
            threading.Thread(target=self.work_off, args=(job,), daemon=True).start()

    def work_off(self, job: Job) -> None:
        """A training to its end; then the next one has its slot, whatever became of this one."""
        try:
            job.run()
        finally:
            with self.lock:
                self.running.remove(job)
                self.fill()
                self.idle.notify_all()

    # ---- The end ----

    def close(self) -> None:
        """Takes no more; those that wait end, and those that run hand over what they have."""
        with self.lock:
            self.is_closed = True
            jobs = [*self.waiting, *self.running]
        for job in jobs:
            job.stop(CLOSING)
        self.counts()

    def wait_until_idle(self, within: float) -> bool:
        """Whether none runs any more, after so many seconds at most."""
        with self.lock:
            return self.idle.wait_for(lambda: not self.running, within)

    def kill(self) -> None:
        """Ends the processes of those that still run."""
        with self.lock:
            processes = [job.process for job in self.running]
        for process in processes:
            if process is not None:
                process.kill()
