"""The trainings of the whole server: a few run, some wait in a line, the others are told so."""

import threading

from demo.job import Job
from models.errors import LabError

SLOTS = 2  # trainings that run at once
MOST_WAITING = 20


class LineFullError(LabError):
    """So many wait already that one more would wait for long."""

    def __init__(self) -> None:
        super().__init__("train_full", "many are training just now; try again in a minute")


class Jobs:
    """Trainings in the order in which they came; those that nobody wants leave the line."""

    def __init__(self, slots: int = SLOTS, most_waiting: int = MOST_WAITING) -> None:
        self.slots, self.most_waiting = slots, most_waiting
        self.waiting: list[Job] = []
        self.running: list[Job] = []
        self.lock = threading.Lock()

    def check_room(self) -> None:
        """Raises LineFullError where no training could join."""
        with self.lock:
            self.drop_unwanted()
            if len(self.running) >= self.slots and len(self.waiting) >= self.most_waiting:
                raise LineFullError

    def join(self, job: Job) -> None:
        """Puts a training at the line's end; it begins as soon as there is room."""
        with self.lock:
            self.waiting.append(job)
            self.fill()

    def place(self, job: Job) -> tuple[int, int]:
        """How many wait before a training, and how many wait in all."""
        with self.lock:
            self.drop_unwanted()
            ahead = self.waiting.index(job) if job in self.waiting else 0
            return ahead, len(self.waiting)

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
