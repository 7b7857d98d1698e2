"""From 0–4 to 5–9: a new task from few examples, with what another task has taught or without.

Three ways to begin: from scratch, with a teacher's blocks locked under a new head, or with all of
them learning on, at a smaller rate below the head.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from models.augment import augment
from models.data import to_batch
from models.engine import training_step
from models.errors import LabError
from models.few_examples import draw_batch, draw_examples, high_digits_test
from models.measure import accuracy
from models.nets import TransferCNN
from models.optimizers import SCHEDULES
from models.teachers import BLOCKS, TEACHERS, VARIED, load_teacher, new_network, own_accuracy

WAYS = ("scratch", "frozen", "tuned")
MOST_EXAMPLES = 500  # of each digit
MOST_SEED = 2**31 - 1
GLANCE = 1_000  # test images that are looked at on the way
GLANCES = 20  # a run, evenly spread
SAID_EVERY = 3  # steps between two standings; a step takes about 15 ms


class TransferError(LabError):
    """A transfer that can't be done; the sentence says what would do."""


@dataclass(frozen=True)
class Transfer:
    """What is learned and how. Equal ones give equal numbers on one machine with one thread."""

    way: str
    teacher: str = "digits04"  # of TEACHERS; `scratch` takes nothing from it
    examples: int = 10  # of each of the five digits
    seed: int = 0  # of the examples, the first weights and all that is drawn on the way
    augmentation: bool = True
    locked: tuple[str, ...] | None = None  # blocks that may not learn; None: the way's own

    def __post_init__(self) -> None:
        check_one_of("way", self.way, WAYS)
        check_one_of("teacher", self.teacher, tuple(TEACHERS))
        check_whole("examples", self.examples, 1, MOST_EXAMPLES)
        check_whole("seed", self.seed, 0, MOST_SEED)
        if not isinstance(self.augmentation, bool):
            check_one_of("augmentation", self.augmentation, ("True", "False"))
        if self.locked is not None:
            check_locks(self.way, self.locked)

    @property
    def closed(self) -> tuple[str, ...]:
        """The blocks that may not learn, from the pixels on."""
        if self.locked is not None:
            return tuple(name for name in BLOCKS if name in self.locked)
        return BLOCKS[:-1] if self.way == "frozen" else ()


def check_one_of(setting: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        sentence = "{setting} can't be {value}; choose one of {choices}"
        details = {"setting": setting, "value": value, "choices": ", ".join(choices)}
        raise TransferError("transfer_choice", sentence, **details)


def check_whole(setting: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        sentence = "{setting} can't be {value}; it takes a whole number from {low} to {high}"
        details = {"setting": setting, "value": value, "low": low, "high": high}
        raise TransferError("transfer_range", sentence, **details)


def check_locks(way: str, locked: tuple[str, ...]) -> None:
    """Raises TransferError for locks that a way does not have, or that leave nothing to learn."""
    if not isinstance(locked, tuple):
        check_one_of("locked", locked, BLOCKS)
    for name in locked:
        check_one_of("locked", name, BLOCKS)
    if set(locked) == set(BLOCKS):
        raise TransferError("transfer_all_locked", "all blocks are locked; open one at least")
    own = {"scratch": set(), "frozen": set(BLOCKS[:-1])}
    if way in own and set(locked) != own[way]:
        sentence = "{way} has locks of its own; choose the way tuned to set them"
        raise TransferError("transfer_own_locks", sentence, way=way)


@dataclass(frozen=True)
class Learning:
    """How every learner learns, whatever it begins with."""

    steps: int = 150
    batch_size: int = 64
    rate: float = 5e-3  # at the start; it goes down to nothing
    rate_below: float = 1e-3  # below the head, where a teacher's blocks are tuned
    rate_alone: float = 1e-2  # of a head on locked blocks
    weight_decay: float = 0.01
    label_smoothing: float = 0.1


LEARNING = Learning()


@dataclass(frozen=True)
class Standing:
    """How far a learner is."""

    step: int
    total: int
    loss: float  # of the last step
    accuracy: float | None  # on some test images of 5 to 9; at the end on all; None: not looked at
    seconds: float  # of work until now
    done: bool = False
    forgotten: float | None = None  # accuracy on the teacher's task that was lost; at the end
    weights_trained: int = 0
    locked: tuple[str, ...] = ()


# ---- the parts of a run ----------------------------------------------------------------------


def first_network(transfer: Transfer) -> TransferCNN:
    """New weights; unless it is from scratch, the teacher's in all blocks but the head."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(transfer.seed)
        network = new_network()
    if transfer.way != "scratch":
        teacher = load_teacher(transfer.teacher).network
        for name in BLOCKS[:-1]:
            getattr(network, name).load_state_dict(getattr(teacher, name).state_dict())
    return network


def lock(network: TransferCNN, locked: tuple[str, ...]) -> None:
    """Locked blocks get no gradient, and their batch norms stay as they are: eval mode."""
    network.train()
    for name in locked:
        getattr(network, name).requires_grad_(False).eval()


def open_groups(transfer: Transfer, network: TransferCNN, learning: Learning) -> list[dict]:
    """The open blocks' weights as an optimiser takes them, each block with its own rate."""
    below, head = {
        "scratch": (learning.rate, learning.rate),
        "frozen": (0.0, learning.rate_alone),
        "tuned": (learning.rate_below, learning.rate),
    }[transfer.way]
    groups = []
    for name in BLOCKS:
        if name not in transfer.closed:
            rate = head if name == "head" else below
            weights = list(getattr(network, name).parameters())
            groups.append({"params": weights, "lr": rate, "first_rate": rate})
    return groups


# ---- the run ---------------------------------------------------------------------------------


class Learner:
    """One run: `steps()` takes all its steps, and `network` is what has been learned by then."""

    def __init__(
        self, transfer: Transfer, learning: Learning = LEARNING, glances: int = GLANCES
    ) -> None:
        """Raises CheckpointError, DataError."""
        self.transfer, self.learning = transfer, learning
        self.glance_every = learning.steps / glances if glances else math.inf  # steps
        self.images, self.labels = draw_examples(transfer.examples, transfer.seed)
        self.network = first_network(transfer)
        lock(self.network, transfer.closed)
        self.groups = open_groups(transfer, self.network, learning)
        self.optimizer = torch.optim.AdamW(self.groups, weight_decay=learning.weight_decay)
        self.generator = Generator().manual_seed(transfer.seed)
        self.weights_trained = sum(w.numel() for group in self.groups for w in group["params"])

    def batch(self) -> tuple[Tensor, Tensor]:
        """Inputs (B, 1, 28, 28), each varied anew unless that is switched off, and labels (B,)."""
        count, size = len(self.labels), self.learning.batch_size
        if not self.transfer.augmentation:
            size = min(size, count)  # the same image twice in a batch would teach nothing new
        chosen = draw_batch(count, size, self.generator)
        inputs, labels = to_batch(self.images[chosen]), self.labels[chosen]
        if self.transfer.augmentation:
            inputs = augment(inputs, labels, VARIED, self.generator)
            # so few examples must stand for many hands: turn and lean them once more
            inputs = augment(inputs, labels, ("affine",), self.generator)
        return inputs, labels

    def step(self, number: int) -> float:
        """One training step; gives the loss before it."""
        share = SCHEDULES["cosine"](number / self.learning.steps)
        for group in self.optimizer.param_groups:
            group["lr"] = group["first_rate"] * share
        loss, _ = training_step(self.network, self.loss, self.optimizer, *self.batch())
        return float(loss)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return F.cross_entropy(outputs, targets, label_smoothing=self.learning.label_smoothing)

    def measure(self, most: int | None = None) -> float:
        """Accuracy on the first `most` test images of 5 to 9, or on all, in [0, 1]."""
        images, labels = high_digits_test()
        share = accuracy(self.network, images[:most], labels[:most])
        lock(self.network, self.transfer.closed)  # measuring left it in eval mode
        return share

    def forgotten(self) -> float | None:
        """How much accuracy the teacher's old head has lost on these features, in [0, 1]."""
        if self.transfer.way == "scratch":
            return None
        if set(BLOCKS[:-1]) <= set(self.transfer.closed):
            return 0.0  # the same features under the same old head
        teacher = load_teacher(self.transfer.teacher)
        old = new_network().requires_grad_(False)
        old.load_state_dict(self.network.state_dict())
        old.head.load_state_dict(teacher.network.head.state_dict())
        return teacher.facts["accuracy"] - own_accuracy(self.transfer.teacher, old)

    def steps(self) -> Iterator[Standing]:
        """Learns, and says every few steps how far it is; the last standing is `done`."""
        total, seconds, resumed = self.learning.steps, 0.0, time.monotonic()
        glances = 0
        for number in range(total):
            loss, accuracy = self.step(number), None
            if (number + 1) // self.glance_every > glances:
                glances, accuracy = glances + 1, self.measure(GLANCE)
            if accuracy is not None or number % SAID_EVERY == 0:
                seconds += time.monotonic() - resumed
                yield self.standing(number + 1, loss, accuracy, seconds)
                resumed = time.monotonic()
        ended = self.standing(total, loss, self.measure(), seconds)
        self.network.eval().requires_grad_(False)
        forgotten = self.forgotten()
        seconds += time.monotonic() - resumed
        yield replace(ended, done=True, forgotten=forgotten, seconds=seconds)

    def standing(self, step: int, loss: float, accuracy: float | None, seconds: float) -> Standing:
        own = {"weights_trained": self.weights_trained, "locked": self.transfer.closed}
        return Standing(step, self.learning.steps, loss, accuracy, seconds, **own)


def learn(transfer: Transfer) -> Iterator[Standing]:
    """Takes all steps of one run. Raises CheckpointError, DataError."""
    yield from Learner(transfer).steps()
