"""A trained reader made used to one person's digits, without forgetting everybody else's.

A copy learns on for a few steps, on that person's digits mixed with images that it was trained on
before: replay, which keeps the old task alive while the new one is learned (Robins 1995).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor, nn

from models.augment import AUGMENTATIONS, augment
from models.checkpoint import Checkpoint, weights_sha256
from models.data import Mnist, load_mnist, to_batch
from models.engine import training_step
from models.errors import LabError
from models.losses import LOSSES
from models.measure import logits
from models.optimizers import OPTIMIZERS, SCHEDULES
from models.recipe import Recipe

OWN_SHARE = 0.25  # of each batch; the rest is replayed
SECONDS = 10.0  # that the steps may take, on a busy machine too
SEED = 0
THERE_AND_BACK = 3  # times a reading's work is a step's: its way back costs twice as much
KEPT_BACK = 5  # every so many-th own digit is kept from training, to measure on
ENOUGH = 10  # own digits from which on some are kept back; fewer are all needed


class FineTuneError(LabError):
    """A reader that can't be fine-tuned here; the sentence says why."""


@dataclass(frozen=True)
class Way:
    """How a reader is fine-tuned, and on every how many-th test image it is measured."""

    steps: int
    batch_size: int
    learning_rate: float  # at the start; it goes down to nothing
    test_every: int = 1


# By name. `book_cnn` is not among them: one of its steps takes as long as all of theirs.
WAYS = {
    "linear": Way(steps=120, batch_size=128, learning_rate=1e-3),
    "mlp": Way(steps=120, batch_size=128, learning_rate=1e-3),
    "small_cnn": Way(steps=100, batch_size=128, learning_rate=1e-3),
    "digits": Way(steps=24, batch_size=64, learning_rate=3e-4, test_every=10),
}


@dataclass(frozen=True)
class Score:
    """How many of so many images were read right, before and after."""

    images: int
    before: int
    after: int


@dataclass(frozen=True)
class Tuned:
    """The tuned copy, and what became better or worse by it."""

    checkpoint: Checkpoint
    learned: Score  # own digits that it was trained on
    kept_back: Score | None  # own digits that it was not trained on; None where there were too few
    test: Score  # MNIST test images
    steps: int
    seconds: float
    stopped_early: bool  # the time was up before the steps were done


def ignore(share: float) -> None:
    """Told of how far work is."""


def fine_tune(
    origin: Checkpoint,
    images: Tensor,
    labels: Tensor,
    seed: int = SEED,
    seconds: float = SECONDS,
    told: Callable[[float], None] = ignore,
) -> Tuned:
    """A copy of a reader, trained on images (N, 28, 28) uint8 and labels (N,) of one person.

    The same digits and seed give the same weights with one thread. The origin is left as it is.
    `told` is called with the share of 1 that is done.
    Raises FineTuneError for a network without a way, DataError.
    """
    way = way_of(origin.recipe.network)
    mnist, labels = load_mnist(), labels.long()
    learned, kept_back = split(len(images), Generator().manual_seed(seed))
    with torch.random.fork_rng(devices=[]):  # dropout draws from torch's global generator
        torch.manual_seed(seed)
        network = copy_of(origin)
        mixture = Mixture(origin.recipe, images[learned], labels[learned], mnist, way, seed)
        learning = share_of_steps(way, len(mnist.test_images))
        steps, took = take_steps(network, mixture, way, seconds, lambda done: told(done * learning))

    def score(pictures: Tensor, wanted: Tensor, told: Callable[[float], None] = ignore) -> Score:
        before = right(origin.network, pictures, wanted)
        told((1 + learning) / 2)
        return Score(len(pictures), before, right(network, pictures, wanted))

    told(learning)
    tests = slice(None, None, way.test_every)
    test = score(mnist.test_images[tests], mnist.test_labels[tests], told)
    return Tuned(
        checkpoint=described(origin, network, test, len(learned), steps, seed),
        learned=score(images[learned], labels[learned]),
        kept_back=score(images[kept_back], labels[kept_back]) if len(kept_back) else None,
        test=test,
        steps=steps,
        seconds=took,
        stopped_early=steps < way.steps,
    )


def share_of_steps(way: Way, test_images: int) -> float:
    """What part of all work the steps are, the rest being both readers measured."""
    steps = way.steps * way.batch_size * THERE_AND_BACK
    return steps / (steps + 2 * test_images / way.test_every)


def way_of(network: str) -> Way:
    """How the network of that name is fine-tuned. Raises FineTuneError."""
    if network not in WAYS:
        sentence = "{network} is too large to fine-tune within seconds; choose one of {choices}"
        choices = ", ".join(WAYS)
        raise FineTuneError("tune_too_slow", sentence, network=network, choices=choices)
    return WAYS[network]


def split(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Which of `count` own digits are trained on and which are kept back, drawn at random."""
    order = torch.randperm(count, generator=generator)
    held = count // KEPT_BACK if count >= ENOUGH else 0
    return order[held:], order[:held]


def copy_of(origin: Checkpoint) -> nn.Module:
    """A network of its own with the same weights, built anew: no hook or gradient comes along."""
    network = origin.recipe.build_network()
    network.load_state_dict(origin.network.state_dict())
    return network


@dataclass
class Mixture:
    """Batches of own digits, each use varied anew, and of images that the reader knows."""

    recipe: Recipe
    images: Tensor  # (N, 28, 28) uint8, own
    labels: Tensor  # (N,)
    mnist: Mnist
    way: Way
    seed: int

    def __post_init__(self) -> None:
        self.generator = Generator().manual_seed(self.seed)

    def batch(self) -> tuple[Tensor, Tensor]:
        """Inputs (B, 1, 28, 28) and labels (B,): own digits first, then replayed ones.

        Replayed are training images alone, varied as in the reader's own training; none that
        were held out of it.
        """
        own = round(self.way.batch_size * OWN_SHARE)
        mine = self.draw(len(self.images), own)
        known = self.draw(self.recipe.train_images, self.way.batch_size - own)
        parts = [
            (self.images[mine], self.labels[mine], AUGMENTATIONS),
            (
                self.mnist.train_images[known],
                self.mnist.train_labels[known].long(),
                self.recipe.augment,
            ),
        ]
        inputs = [augment(to_batch(x), y, names, self.generator) for x, y, names in parts]
        return torch.cat(inputs), torch.cat([y for _, y, _ in parts])

    def draw(self, count: int, size: int) -> Tensor:
        return torch.randint(count, (size,), generator=self.generator)


def take_steps(
    network: nn.Module,
    mixture: Mixture,
    way: Way,
    seconds: float,
    told: Callable[[float], None] = ignore,
) -> tuple[int, float]:
    """Trains in place; gives the steps taken, fewer where the time was up, and the seconds.

    `told` is called after each with the share of the steps, or of the time, that is over.
    """
    recipe = replace(mixture.recipe, learning_rate=way.learning_rate)
    optimizer = OPTIMIZERS[recipe.optimizer].build(network.parameters(), recipe)
    network.train()
    began, step = time.monotonic(), 0

    def loss(outputs: Tensor, targets: Tensor) -> Tensor:
        return LOSSES[recipe.loss](outputs, targets, label_smoothing=recipe.label_smoothing)

    while step < way.steps and (took := time.monotonic() - began) < seconds:
        for group in optimizer.param_groups:
            group["lr"] = way.learning_rate * SCHEDULES["cosine"](step / way.steps)
        training_step(network, loss, optimizer, *mixture.batch())
        step += 1
        told(max(step / way.steps, took / seconds))
    network.eval().requires_grad_(False).zero_grad()
    return step, time.monotonic() - began


def right(network: nn.Module, images: Tensor, labels: Tensor) -> int:
    """How many of images (N, 28, 28) uint8 are read as their labels (N,), refusing nothing."""
    return int((logits(network, images).argmax(1) == labels).sum())


def described(
    origin: Checkpoint, network: nn.Module, test: Score, digits: int, steps: int, seed: int
) -> Checkpoint:
    """The tuned network with its origin's recipe, which rebuilds it, and figures of its own.

    How it doubts is its origin's: a few small steps hardly move its scores.
    """
    figures: dict[str, object] = {
        "accuracy": test.after / test.images,
        "weights_sha256": weights_sha256(network),
        "tuned": {
            "from": origin.recipe.network,
            "digits": digits,
            "steps": steps,
            "seed": seed,
            "test_images": test.images,
        },
    }
    if calibration := origin.figures.get("calibration"):
        figures["calibration"] = calibration
    return Checkpoint(network, origin.recipe, figures, origin.data)
