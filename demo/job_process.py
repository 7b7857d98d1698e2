"""One training in a process of its own: what it tells the server, and the orders that it takes.

Pairs of a kind and a fact go through the pipe to the server: "state", "point", "view", "verbs",
and at the end "trouble" or "ending" and "network". Pairs of an order and its value come back.
"""

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from queue import SimpleQueue

import torch
from torch import Tensor, nn

from demo.job_guard import Guard, Limits, limit_memory
from models.best import Best
from models.checkpoint import as_bytes
from models.companion import Companion
from models.data import load_mnist
from models.engine import Training, train
from models.errors import LabError
from models.final import final_figures
from models.recipe import Recipe, RecipeError
from models.snapshot import Snapshot
from models.watch import finite, point, view

POINT_EVERY = 0.12  # s between two points: eight a second
VIEW_EVERY = 0.25  # s between two views of the network
VIEW_SHARE = 0.1  # of the time, at most, that views take
CLEANED = 1_000  # test images that a cleaner's figures are of; all of them take a minute


def run(recipe: Recipe, line: Connection, limits: Limits) -> None:
    """The process's whole life: it ends with the training, or when the server has gone."""
    be_modest()
    limit_memory(limits.memory)
    session = Session(recipe, line)
    Guard(session, line, limits).start()
    try:
        session.work()
    except LabError as error:
        session.tell("trouble", {"error": error.key, "details": error.details})
    os._exit(0)  # at once: whatever is worth keeping has been told


def be_modest() -> None:
    """One thread at the lowest priority, and no part in the terminal's Ctrl+C."""
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(19)


def is_out_of_memory(error: Exception) -> bool:
    """PyTorch raises a plain RuntimeError, too, when it gets no memory."""
    return isinstance(error, MemoryError) or "allocate memory" in str(error)


class Session(Companion):
    """Goes along with a training: obeys orders between its steps, and tells the server of it."""

    def __init__(self, recipe: Recipe, line: Connection) -> None:
        self.recipe, self.line = recipe, line
        self.sending = threading.Lock()  # the guard tells things, too
        self.ending = threading.Lock()  # who has it tells the end; it is never given back
        self.orders: SimpleQueue[tuple[str, object]] = SimpleQueue()
        self.best, self.run, self.last = Best(), None, None
        self.reason: str | None = None  # why it ended, or is to end
        self.paused = self.stepping = False
        self.next_point = self.next_view = 0.0
        self.end: dict[str, object] = {}  # what has been measured of it
        self.best_figures: dict[str, object] = {}

    def tell(self, kind: str, fact: object) -> None:
        try:
            with self.sending:
                self.line.send((kind, fact))
        except OSError:  # the server has gone
            os._exit(0)

    # ---- Between the steps ----

    def begin(self, run: Training) -> None:
        self.run = run

    def before_step(self, run: Training) -> None:
        while self.paused or not self.orders.empty():
            order, value = self.orders.get()
            OBEY[order](self, value)

    def pause(self, _: object = None) -> None:
        self.paused = True
        self.tell("state", "paused")
        self.show()

    def resume(self, _: object) -> None:
        self.paused = False
        self.tell("state", "running")

    def step(self, _: object) -> None:
        self.paused, self.stepping = False, True
        self.run.explain_next()

    def stop(self, _: object) -> None:
        self.paused = False
        self.run.stop()

    def change_rate(self, rate: object) -> None:
        with suppress(RecipeError):  # as many changes as a recipe takes were made before
            self.run.change_rate(rate)

    def wants_snapshot(self, run: Training) -> bool:
        return self.stepping or time.monotonic() >= self.next_point

    # ---- What it tells ----

    def tell_of(self, snapshot: Snapshot) -> None:
        self.next_point = time.monotonic() + POINT_EVERY
        self.last = snapshot
        self.best.offer(snapshot, self.run.network)
        self.tell("point", point(snapshot))
        if self.stepping:
            self.stepping = False
            self.tell("verbs", self.run.verbs)
            self.pause()
        elif time.monotonic() >= self.next_view:
            self.show()

    def show(self) -> None:
        """A view of the network, and when the next one is due."""
        began = time.monotonic()
        self.tell("view", view(self.run))
        taken = time.monotonic() - began
        self.next_view = began + max(VIEW_EVERY, taken / VIEW_SHARE)

    # ---- From the first step to the end ----

    def work(self) -> None:
        """Trains, measures what came of it and hands it over. Raises LabError."""
        try:
            for snapshot in train(self.recipe, companion=self):
                self.tell_of(snapshot)
            diverged = self.last is not None and self.last.diverged
            self.reason = self.reason or ("diverged" if diverged else "done")
            if self.last is not None:
                self.measure()
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            self.reason = "memory"
        self.hand_over()

    def measure(self) -> None:
        """The figures of the last weights, then of the best ones, which the network has then."""
        network = self.run.network
        self.show()
        self.end = self.figures_of(network)
        if self.best.weights is None:
            self.best.offer(replace(self.last, held_out_loss=0.0), network)
        if self.best.step == self.last.step:
            self.best_figures = self.end
        elif self.best.weights is not None:
            network.load_state_dict(self.best.weights)
            self.best_figures = self.figures_of(network)

    def figures_of(self, network: nn.Module) -> dict[str, object]:
        mnist = load_mnist()
        if self.recipe.is_cleaner:
            first = {"test_images": mnist.test_images[:CLEANED]}
            mnist = replace(mnist, **first, test_labels=mnist.test_labels[:CLEANED])
        figures = final_figures(network, self.recipe, mnist)
        return figures | {"test_images": len(mnist.test_images)}

    def hand_over(self) -> None:
        """The ending and the best weights, once; the process ends here."""
        if not self.ending.acquire(blocking=False):
            threading.Event().wait()  # for the other thread to end the process
        self.tell("ending", self.facts())
        if self.best.weights is not None:
            recipe = self.run.recipe  # with the rates as they were changed
            self.tell("network", (self.file(self.best.weights, recipe), recipe))
        os._exit(0)

    def facts(self) -> dict[str, object]:
        last, measured = self.last, self.end
        return {
            "reason": self.reason,
            "step": last.step if last else 0,
            "best_step": self.best.step if self.best.weights else None,
            "figures": shown(measured),
            "best_figures": shown(self.best_figures),
            "weights_sha256": measured.get("weights_sha256"),
            "cpu_seconds": last.cpu_seconds if last else 0.0,
            "seconds": last.seconds if last else 0.0,
        }

    def file(self, weights: dict[str, Tensor], recipe: Recipe) -> bytes:
        """A checkpoint of these weights."""
        figures = self.best_figures | {"step": self.best.step, "cpu_seconds": self.last.cpu_seconds}
        return as_bytes(weights, recipe, figures, load_mnist().checksum)


OBEY = {
    "pause": Session.pause,
    "resume": Session.resume,
    "step": Session.step,
    "stop": Session.stop,
    "rate": Session.change_rate,
}


def shown(figures: dict[str, object]) -> dict[str, float | int | None] | None:
    """Measured figures as the page names them; None where nothing was measured."""
    if not figures:
        return None
    named = {"test_accuracy": figures["accuracy"]} if "accuracy" in figures else {}
    for name in ("test_loss", "mse", "psnr", "ssim", "recognised"):
        if name in figures:
            named[name] = finite(figures[name])
    return named | {"test_images": figures["test_images"]}
