"""How a network learns: one training step, and the loop around it."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor, nn

from models.data import Mnist, load_mnist
from models.feed import NO_DIGIT, Feed
from models.losses import DISTANCES, LOSSES
from models.measure import accuracy
from models.optimizers import OPTIMIZERS, SCHEDULES
from models.recipe import Recipe
from models.workers import Workers, best_device

SNAPSHOTS = 40  # a run, evenly spread; each epoch's end besides
PIECE = 2_000  # images; a larger batch goes through the network in pieces, to bound memory
LossFunction = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Snapshot:
    """Where a run stands. Accuracies are fractions of 1, None where not measured at this step."""

    step: int
    epoch: float
    loss: float  # mean over the batches since the epoch began
    train_accuracy: float | None  # over the same batches
    test_accuracy: float | None  # the whole test set, in eval mode
    seconds: float  # since the run began
    cpu_seconds: float  # of this process, in training; without loading and measuring
    held_out_accuracy: float | None = None  # on the training images that were held out
    diverged: bool = False  # the loss was NaN or infinite at this step, where the run ends


def training_step(
    network: nn.Module,
    loss_function: LossFunction,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    targets: Tensor,
) -> tuple[Tensor, Tensor]:
    """One step in the book's five verbs; gives the loss before the step and the outputs."""
    outputs = network(inputs)
    loss = loss_function(outputs, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach(), outputs.detach()


def step_in_pieces(
    network: nn.Module,
    loss_function: LossFunction,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    targets: Tensor,
) -> tuple[Tensor, Tensor]:
    """The same step for a batch too large for memory: the pieces' gradients add up to the mean's.

    Exact for losses that are means over images; an RMSE becomes the mean of the pieces' RMSEs,
    and batch norm sees a piece at a time.
    """
    total, outputs = torch.zeros(()), []
    optimizer.zero_grad()
    for part, wanted in zip(inputs.split(PIECE), targets.split(PIECE), strict=True):
        answer = network(part)
        loss = loss_function(answer, wanted) * (len(part) / len(inputs))
        loss.backward()
        total += loss.detach().cpu()
        outputs.append(answer.detach())
    optimizer.step()
    return total, torch.cat(outputs)


class Autocast(nn.Module):
    """A network whose forward pass computes in bfloat16 where PyTorch finds that safe."""

    def __init__(self, network: nn.Module, device: torch.device) -> None:
        super().__init__()
        self.network, self.device = network, device

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            return self.network(x).float()


def new_network(recipe: Recipe) -> nn.Module:
    """The recipe's network with its first weights: the same for the same recipe and seed."""
    torch.manual_seed(recipe.seed)
    return recipe.build_network()


def batches(recipe: Recipe, generator: Generator) -> Iterator[Tensor]:
    """One epoch's batches as indices (B,), in the way of the recipe's optimiser."""
    count = recipe.train_images
    feeding = OPTIMIZERS[recipe.optimizer].batches
    order = torch.arange(count)
    if feeding == "drawn":
        order = torch.randperm(count, generator=generator)
    yield from order.split(count if feeding == "whole" else recipe.batch_size)


def steps_an_epoch(recipe: Recipe) -> int:
    return 1 if recipe.takes_whole_set else math.ceil(recipe.train_images / recipe.batch_size)


@dataclass
class Tally:
    """Sums since the epoch began, over all processes."""

    loss: float = 0.0  # of the batches' means
    batches: int = 0
    right: float = 0.0
    digits: float = 0.0

    def add(self, loss: float, right: float, digits: float) -> None:
        self.loss, self.batches = self.loss + loss, self.batches + 1
        self.right, self.digits = self.right + right, self.digits + digits

    @property
    def mean_loss(self) -> float:
        return self.loss / self.batches

    @property
    def accuracy(self) -> float:
        return self.right / self.digits


@dataclass
class Training:
    """The parts of one run, made from its recipe."""

    recipe: Recipe
    network: nn.Module
    mnist: Mnist
    workers: Workers
    device: torch.device = field(default_factory=best_device)

    def __post_init__(self) -> None:
        recipe = self.recipe
        self.network.to(self.device, memory_format=torch.channels_last)
        learner = self.workers.wrap(self.network)
        bfloat16 = recipe.precision == "bfloat16"
        self.learner = Autocast(learner, self.device) if bfloat16 else learner
        self.optimizer = OPTIMIZERS[recipe.optimizer].build(self.network.parameters(), recipe)
        self.order = Generator().manual_seed(recipe.seed)  # the same in every process
        own = (recipe.seed * 1_009 + self.workers.rank + 1) % 2**63
        self.variation = Generator().manual_seed(own)  # noise and augmentation, each its own
        self.feed = Feed(recipe, self.mnist, self.device, self.variation)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        if self.recipe.is_cleaner:
            return DISTANCES[self.recipe.loss](outputs, targets)
        digits = targets != NO_DIGIT
        loss = LOSSES[self.recipe.loss](
            outputs[digits], targets[digits], label_smoothing=self.recipe.label_smoothing
        )
        if digits.all():
            return loss
        # cross-entropy against ten equal chances: "none of them"
        unsure = -outputs[~digits].log_softmax(dim=1).mean()
        return torch.lerp(unsure, loss, float(digits.float().mean()))

    def step(self, indices: Tensor, progress: float, tally: Tally) -> float:
        """One training step on a global batch; gives the batch's loss, the same in each process."""
        self.network.train()
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * SCHEDULES[self.recipe.schedule](progress)
        part, weight = self.workers.share(indices)
        inputs, targets = self.feed.pair(part.to(self.device))
        take_step = training_step if len(part) <= PIECE else step_in_pieces
        loss, outputs = take_step(
            self.learner, lambda *both: self.loss(*both) * weight, self.optimizer, inputs, targets
        )
        right, digits = self.count(outputs, targets) if weight > 0 else (0.0, 0.0)
        whole = self.workers.total([float(loss) / self.workers.count, right, digits])
        tally.add(*whole)
        return whole[0]

    def judged(self, tally: Tally, ends: bool) -> dict[str, float | None]:
        """The accuracies of a snapshot; those that take a whole set only where an epoch ends."""
        return {
            "train_accuracy": None if self.recipe.is_cleaner else tally.accuracy,
            "test_accuracy": self.test_accuracy() if ends else None,
            "held_out_accuracy": self.held_out_accuracy() if ends else None,
        }

    def count(self, outputs: Tensor, targets: Tensor) -> tuple[float, float]:
        """How many digits of a batch were read right, and how many digits it held."""
        if self.recipe.is_cleaner:
            return 0.0, 0.0
        return float((outputs.argmax(1) == targets).sum()), float((targets != NO_DIGIT).sum())

    def test_accuracy(self) -> float | None:
        if self.recipe.is_cleaner:
            return None
        return accuracy(self.network, self.mnist.test_images, self.mnist.test_labels)

    def held_out_accuracy(self) -> float | None:
        held_out = self.recipe.held_out
        if self.recipe.is_cleaner or not held_out:
            return None
        return accuracy(
            self.network, self.mnist.train_images[-held_out:], self.mnist.train_labels[-held_out:]
        )


def train(
    recipe: Recipe, network: nn.Module | None = None, workers: Workers | None = None
) -> Iterator[Snapshot]:
    """Trains `network` (or a new one) in place and yields facts: at least 20 a run, as far as it
    has as many steps, and one at the end of each epoch with the test accuracy.

    A loss that turns NaN or infinite ends the run with a snapshot that says `diverged`. The same
    recipe gives the same numbers on one machine with one thread. Raises DataError.
    """
    began = time.monotonic()
    workers = workers or Workers()
    network = network if network is not None else new_network(recipe)
    run = Training(recipe, network, load_mnist(), workers)
    # dropout draws from torch's global generator: a consumer that does too changes the run
    torch.manual_seed(recipe.seed + workers.rank)
    an_epoch = steps_an_epoch(recipe)
    total = max(1, round(recipe.epochs * an_epoch))
    every = max(1, total // SNAPSHOTS)
    step, cpu_seconds, diverged = 0, 0.0, False
    while step < total and not diverged:
        tally = Tally()
        for indices in batches(recipe, run.order):
            cpu_began = time.process_time()
            loss = run.step(indices, (step + 0.5) / total, tally)
            cpu_seconds += time.process_time() - cpu_began
            step += 1
            diverged = not math.isfinite(loss)
            ends = step % an_epoch == 0 or step == total or diverged
            if ends or step % every == 0:
                yield Snapshot(
                    step=step,
                    epoch=step / an_epoch,
                    loss=tally.mean_loss,
                    **run.judged(tally, ends),
                    seconds=time.monotonic() - began,
                    cpu_seconds=cpu_seconds,
                    diverged=diverged,
                )
            if ends:
                break
