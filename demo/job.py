"""One training as the server sees it: its facts so far, and the process that it runs in."""

import os
import signal
import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from demo import climb_process, compare_process, job_process
from demo.climb_process import Climb
from demo.compare_process import Comparison
from demo.job_guard import CRASHED, Limits
from models.recipe import Recipe

ROOT = Path(__file__).resolve().parent.parent
METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
CONTEXT = get_context(METHOD)
if METHOD == "forkserver":
    CONTEXT.set_forkserver_preload(["demo.job_preload"])
# What a process does, by what it is to work on; with a recipe it trains.
PROCESSES = {Climb: climb_process.run, Comparison: compare_process.run}
WAITING, RUNNING, PAUSED = "waiting", "running", "paused"
ENDED, STOPPED, FAILED = "ended", "stopped", "failed"
STATE_AFTER = {  # by the reason of an ending; after any other a training was stopped
    "done": ENDED,
    "diverged": ENDED,
    "memory": FAILED,
    "killed": FAILED,
    "crashed": FAILED,
}
MOST_EARLY = 20  # orders to a training that waits
MOST_POINTS = 2_000  # that are kept of a training
POINTS_A_REPLY = 60  # of 0.25 KB each: an update stays below 25 KB
KILL_AFTER = 1.5  # s without an ending since the order to stop
HAND_OVER_WITHIN = 10.0  # s since then, once it is told: on a busy machine 100 MB take a while
GO_WITHIN = 0.3  # s that a process has to be gone once its pipe is closed
EARLY = 1.0  # s in which an answer to the page may still be under way after it was left
environment = threading.Lock()


def keep_warm() -> None:
    """Starts the process that trainings are forked from, unless it runs; does not wait for it."""
    if METHOD != "forkserver":
        return
    with environment:
        before = os.environ.get("PYTHONPATH")
        # it looks for our modules where the lab was started from, which may be anywhere
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), before]))
        try:
            forkserver.ensure_running()
        finally:
            if before is None:
                del os.environ["PYTHONPATH"]
            else:
                os.environ["PYTHONPATH"] = before


def let_go() -> None:
    """Ends the process that trainings are forked from, which else takes its time."""
    pid = getattr(getattr(forkserver, "_forkserver", None), "_forkserver_pid", None)
    if pid is not None:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def ignore(_network: bytes, _recipe: Recipe) -> None:
    """Nobody keeps the network."""


@dataclass(eq=False)
class Job:
    """A training that waits, runs or has ended; a thread of its own works on it as it runs."""

    recipe: Recipe | Climb | Comparison
    limits: Limits = Limits()
    patience: float = 20.0  # s that it goes on without being followed
    kept: Callable[[bytes, Recipe], None] = ignore  # takes the file of the best weights
    clock: Callable[[], float] = time.monotonic
    phase: str = WAITING  # before its end
    points: list[tuple[int, dict]] = field(default_factory=list)  # numbered, a few dropped
    count: int = 0  # points that there were
    view: dict | None = None
    verbs: dict | None = None
    ending: dict | None = None
    trouble: dict | None = None  # why it failed, where a person can mend it
    process: BaseProcess | None = None
    line: Connection | None = None
    early: list[tuple[str, object]] = field(default_factory=list)  # orders given while it waited
    told: dict = field(default_factory=dict)  # the ending, until the process has gone
    has_weights: bool = False  # whether the best ones have arrived
    to_stop: str | None = None  # why it is to stop

    def __post_init__(self) -> None:
        self.sending = threading.Lock()
        self.said = -EARLY  # s of the clock; when the page last said that it hides or leaves
        self.follow()

    # ---- Whether anybody wants it ----

    def follow(self) -> None:
        """The page asks for it, or is seen again."""
        now = self.clock()
        if now >= self.said + EARLY:
            self.wanted_until = now + self.patience

    def hide(self) -> None:
        """The page can't be seen for now and will not ask: it goes on as long as it may."""
        self.said = self.clock()
        self.wanted_until = self.said + self.limits.seconds

    def show(self) -> None:
        self.said = -EARLY
        self.follow()

    def leave(self, within: float) -> None:
        """The page was left, and may be back in a moment if it was only loaded again."""
        self.said = self.clock()
        self.wanted_until = min(self.wanted_until, self.said + within)

    def stop(self, reason: str = "stopped") -> None:
        if self.to_stop is None:
            self.to_stop = reason
            self.order("stop", reason)

    @property
    def is_wanted(self) -> bool:
        return self.to_stop is None and self.clock() <= self.wanted_until

    @property
    def is_under_way(self) -> bool:
        """Not one that is just being stopped."""
        return self.ending is None and self.is_wanted

    @property
    def standing(self) -> tuple[str, dict | None]:
        """Its state and its ending, which another thread may be about to write."""
        ending = self.ending
        return STATE_AFTER.get(ending["reason"], STOPPED) if ending else self.phase, ending

    @property
    def state(self) -> str:
        return self.standing[0]

    # ---- What it tells ----

    def points_from(self, number: int) -> tuple[list[dict], int]:
        """The next points from a number on, and the number after them."""
        points = self.points
        first = bisect_left(points, number, key=lambda pair: pair[0])
        some = points[first : first + POINTS_A_REPLY]
        return [fact for _, fact in some], some[-1][0] + 1 if some else number

    def add_point(self, fact: dict) -> None:
        points = [*self.points, (self.count, fact)]
        if len(points) > MOST_POINTS:
            half = MOST_POINTS // 2
            points = thinned(points[:half]) + points[half:]
        self.points, self.count = points, self.count + 1

    def note(self, kind: str, fact: object) -> None:
        """What the process told."""
        if kind == "point":
            self.add_point(fact)
        elif kind == "network":
            self.has_weights = True
            self.kept(*fact)
        elif kind == "ending":
            self.told = fact
        elif kind in ("phase", "view", "verbs", "trouble"):
            setattr(self, kind, fact)

    def order(self, order: str, value: object = None) -> None:
        """Tells the process what to do, at its beginning if it waits; one that is no more, not."""
        with self.sending:
            if self.phase == WAITING and len(self.early) < MOST_EARLY:
                self.early.append((order, value))
            elif self.line is not None:
                with suppress(OSError):  # the process has just gone
                    self.line.send((order, value))

    # ---- From its start to its end ----

    def run(self) -> None:
        """The training in a process, to its end, whatever that is."""
        try:
            self.begin()
            self.attend()
        finally:
            code = self.bury()
            lost = {} if self.has_weights else {"best_step": None, "best_figures": None}
            unsaid = {"reason": self.to_stop or ("killed" if code < 0 else "crashed")}
            self.end((self.told or unsaid) | lost)

    def begin(self) -> None:
        keep_warm()
        ours, theirs = CONTEXT.Pipe()
        with self.sending:
            self.line, self.phase = ours, RUNNING
        arguments = (self.recipe, theirs, self.limits, self.early)
        run = PROCESSES.get(type(self.recipe), job_process.run)
        self.process = CONTEXT.Process(target=run, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def attend(self) -> None:
        """Takes in what the process tells until it has gone, or is to be made to go."""
        began, stopped = self.clock(), None
        while stopped is None or self.clock() < stopped + self.ends_within:
            try:
                if self.line.poll(0.1):
                    self.note(*self.line.recv())
            except (EOFError, OSError):
                return
            if self.clock() > began + self.limits.seconds:
                self.stop("time")
            if not self.is_wanted:
                self.stop("left")
            if self.to_stop and stopped is None:
                stopped = self.clock()

    @property
    def ends_within(self) -> float:
        """Seconds from the order to stop until the process is killed."""
        return HAND_OVER_WITHIN if self.told else KILL_AFTER

    def bury(self) -> int:
        """Sees to it that the process is no more; gives its exit status."""
        with self.sending:
            line, self.line = self.line, None
        process, self.process = self.process, None
        if line is not None:
            line.close()  # which ends it, too
        if process is None or process.pid is None:
            return CRASHED
        process.join(GO_WITHIN)
        if process.exitcode is None:
            process.kill()
            process.join()
        return process.exitcode

    def end(self, facts: dict) -> None:
        """Closes the record; what was not told is unknown."""
        last = self.points[-1][1] if self.points else {"step": 0, "seconds": 0.0}
        unknown = ("best_step", "figures", "best_figures", "weights_sha256", "cpu_seconds")
        blank = dict.fromkeys(unknown) | {"step": last["step"], "seconds": last["seconds"]}
        self.ending = blank | facts


def thinned(points: list[tuple[int, dict]]) -> list[tuple[int, dict]]:
    """Without every other one that nothing was measured at; if they all were, of all."""
    kept = [pair for at, pair in enumerate(points) if at % 2 or is_measured(pair[1])]
    return kept if len(kept) < len(points) else points[::2]


def is_measured(point: dict) -> bool:
    """Whether a point says how the network does on test images."""
    return point.get("test_loss") is not None or point.get("test_accuracy") is not None
