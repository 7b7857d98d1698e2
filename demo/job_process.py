"""One training in a process of its own: what it tells the server, and the orders that it takes.

Pairs of a kind and a fact go through the pipe to the server: "phase", "point", "view", "verbs",
and at the end "trouble" or "ending" and "network". Pairs of an order and its value come back.
"""

import os
import signal
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from queue import SimpleQueue

import torch
from torch import Tensor, nn

from demo.job_guard import Guard, Limits
from models.best import Best
from models.checkpoint import as_bytes, weights_sha256
from models.companion import Companion
from models.data import load_mnist
from models.engine import Training, train
from models.errors import LabError
from models.final import final_figures
from models.judging import GLANCE
from models.limits import limit_memory
from models.recipe import Recipe, RecipeError
from models.snapshot import Snapshot
from models.watch import finite, finite_facts, point, view

POINT_EVERY = 0.12  # s between two points: eight a second
VIEW_EVERY = 0.25  # s between two views of the network
VIEW_SHARE = 0.1  # of the time, at most, that views take
CLEANED = 1_000  # test images that a cleaner's figures are of; all of them take a minute


def run(
    recipe: Recipe, line: Connection, limits: Limits, orders: Iterable[tuple[str, object]] = ()
) -> None:
    """The process's whole life: it ends with the training, or when the server has gone.

    `orders`: to be obeyed before the first step.
    """
    be_modest(limits.niceness)
    limit_memory(limits.memory)
    session = Session(recipe, line)
    guard = Guard(session, line, limits)
    for order in orders:
        guard.pass_on(*order)
    guard.start()
    try:
        session.work()
    except LabError as error:
        session.tell("trouble", {"error": error.key, "details": error.details})
    os._exit(0)  # at once: whatever is worth keeping has been told


def be_modest(niceness: int) -> None:
    """One thread at a low priority, and no part in the terminal's Ctrl+C."""
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(niceness)


def is_out_of_memory(error: Exception) -> bool:
    """PyTorch raises a plain RuntimeError, too, when it gets no memory, in words of its own or of
    oneDNN."""
    said = ("allocate memory", "could not create a primitive", "could not execute a primitive")
    return isinstance(error, MemoryError) or any(words in str(error) for words in said)


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
        # what has been measured of the last weights and of the best ones, at first at a glance
        self.figures: dict[str, object] = {}
        self.best_figures: dict[str, object] = {}
        self.digest: str | None = None  # of the last weights

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
        self.tell("phase", "paused")
        self.show()

    def resume(self, _: object) -> None:
        self.paused = False
        self.tell("phase", "running")

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
        if snapshot.glance_loss is not None:
            self.figures = glanced(snapshot)
        if self.best.offer(snapshot, self.run.network):
            self.best_figures = glanced(snapshot)
        self.tell("point", point(snapshot))
        if self.stepping:
            self.stepping = False
            self.tell("verbs", finite_facts(self.run.verbs))
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
        self.run.let_go()
        self.digest = weights_sha256(network)
        if not self.best.is_judged:  # stopped before anything was measured
            self.best.offer(replace(self.last, held_out_loss=self.last.recent_loss), network)
        self.figures = self.figures_of(network, self.last.step)
        if self.best.step == self.last.step:
            self.best_figures = self.figures
        elif self.best.weights is not None:
            network.load_state_dict(self.best.weights)
            self.best_figures = self.figures_of(network, self.best.step)

    def figures_of(self, network: nn.Module, step: int) -> dict[str, object]:
        mnist = load_mnist()
        if self.recipe.is_cleaner:
            first = {"test_images": mnist.test_images[:CLEANED]}
            mnist = replace(mnist, **first, test_labels=mnist.test_labels[:CLEANED])
        figures = final_figures(network, self.recipe, mnist)
        return figures | {"test_images": len(mnist.test_images), "step": step}

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
        last, run = self.last, self.run
        changes = run.recipe.rate_changes if run else ()
        return {
            "reason": self.reason,
            "step": run.step_count if run else 0,  # often a few more than at the last snapshot
            "rate_changes": [list(change) for change in changes],  # at the very steps
            "best_step": self.best.step if self.best.weights else None,
            "figures": shown(self.figures),
            "best_figures": shown(self.best_figures),
            "weights_sha256": self.digest,
            "cpu_seconds": last.cpu_seconds if last else 0.0,
            "seconds": last.seconds if last else 0.0,
        }

    def file(self, weights: dict[str, Tensor], recipe: Recipe) -> bytes:
        """A checkpoint of these weights."""
        figures = finite_facts(self.best_figures | {"cpu_seconds": self.last.cpu_seconds})
        return as_bytes(weights, recipe, figures, load_mnist().checksum)


OBEY = {
    "pause": Session.pause,
    "resume": Session.resume,
    "step": Session.step,
    "stop": Session.stop,
    "rate": Session.change_rate,
}


def glanced(snapshot: Snapshot) -> dict[str, object]:
    """What a snapshot says of the first test images; empty where they were not looked at."""
    loss = snapshot.glance_loss
    if loss is None:
        return {}
    reads = snapshot.glance_accuracy is not None
    facts = {"accuracy": snapshot.glance_accuracy, "test_loss": loss} if reads else {"mse": loss}
    return facts | {"test_images": GLANCE, "step": snapshot.step}


def shown(figures: dict[str, object]) -> dict[str, float | int | None] | None:
    """Measured figures as the page names them; None where nothing was measured."""
    if not figures:
        return None
    named = {"test_accuracy": figures["accuracy"]} if "accuracy" in figures else {}
    for name in ("test_loss", "mse", "psnr", "ssim", "recognised"):
        if name in figures:
            named[name] = finite(figures[name])
    return named | {"test_images": figures["test_images"], "step": figures["step"]}
