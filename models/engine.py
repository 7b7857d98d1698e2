"""How a network learns: one training step, and the loop around it."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import torch
from torch import Generator, Tensor, nn

from models.companion import Companion
from models.data import Mnist, load_mnist
from models.feed import NO_DIGIT, Feed
from models.init import INITS
from models.judging import judged, snapshots_a_glance
from models.losses import DISTANCES, LOSSES
from models.optimizers import OPTIMIZERS, SCHEDULES
from models.recipe import PIECE, Recipe
from models.snapshot import Snapshot, Tally
from models.verbs import Explained
from models.workers import Workers, best_device

SNAPSHOTS = 40  # a run, evenly spread; each epoch's end besides
LossFunction = Callable[[Tensor, Tensor], Tensor]


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
    """The recipe's network with its first weights: the same for the same recipe and seed.

    Raises DataError where they are made from training images that can't be read.
    """
    torch.manual_seed(recipe.seed)
    network = recipe.build_network()
    INITS[recipe.init](network, load_mnist().train_images)
    return network


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


def total_steps(recipe: Recipe) -> int:
    return max(1, round(recipe.epochs * steps_an_epoch(recipe)))


@dataclass
class Training:
    """The parts of one run, made from its recipe."""

    recipe: Recipe
    network: nn.Module
    mnist: Mnist
    workers: Workers
    device: torch.device = field(default_factory=best_device)
    step_count: int = 0  # steps taken
    verbs: dict | None = None  # what an explained step did, the last one

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
        self.an_epoch = steps_an_epoch(recipe)
        self.total = total_steps(recipe)
        self.every = max(1, self.total // SNAPSHOTS)  # steps between two regular snapshots
        self.glance_every = self.every * snapshots_a_glance(self.network)
        self.rate = recipe.learning_rate  # before the schedule
        self.stopped = self.explaining = False

    # ---- What a companion may do ----

    def stop(self) -> None:
        """No step is taken any more."""
        self.stopped = True

    def change_rate(self, rate: float) -> None:
        """From the next step on; the recipe keeps the change. Raises RecipeError."""
        changes = {**dict(self.recipe.rate_changes), self.step_count: rate}
        self.recipe = replace(self.recipe, rate_changes=tuple(sorted(changes.items())))

    def explain_next(self) -> None:
        """The next step leaves its numbers in `verbs`."""
        self.explaining = True

    def let_go(self) -> None:
        """Of all that only a next step would need: book_cnn's gradients and moments are 300 MB."""
        self.optimizer.state.clear()
        self.optimizer.zero_grad()

    # ---- One step ----

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

    def set_rate(self) -> None:
        """The rate of the step to come: the schedule's share of what was chosen last."""
        self.rate = dict(self.recipe.rate_changes).get(self.step_count, self.rate)
        progress = (self.step_count + 0.5) / self.total
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * SCHEDULES[self.recipe.schedule](progress)

    @property
    def rate_now(self) -> float:
        """The rate of the last step."""
        return self.optimizer.param_groups[0]["lr"]

    def step(self, indices: Tensor, tallies: Iterable[Tally]) -> float:
        """One training step on a global batch; gives the batch's loss, the same in each process."""
        self.network.train()
        self.set_rate()
        part, weight = self.workers.share(indices)
        inputs, targets = self.feed.pair(part.to(self.device))
        take_step = training_step if len(part) <= PIECE else step_in_pieces
        if self.explaining:
            take_step = Explained(self, take_step)
        loss, outputs = take_step(
            self.learner, lambda *both: self.loss(*both) * weight, self.optimizer, inputs, targets
        )
        right, digits = self.count(outputs, targets) if weight > 0 else (0.0, 0.0)
        whole = self.workers.total([float(loss) / self.workers.count, right, digits])
        for tally in tallies:
            tally.add(*whole)
        self.step_count += 1
        return whole[0]

    def count(self, outputs: Tensor, targets: Tensor) -> tuple[float, float]:
        """How many digits of a batch were read right, and how many digits it held."""
        if self.recipe.is_cleaner:
            return 0.0, 0.0
        return float((outputs.argmax(1) == targets).sum()), float((targets != NO_DIGIT).sum())

    @property
    def ends_epoch(self) -> bool:
        """Whether an epoch, or the run, ends with the last step."""
        return self.step_count % self.an_epoch == 0 or self.step_count == self.total

    def is_sound(self, facts: dict, weights: bool) -> bool:
        """Whether the last step, too, left numbers: the loss of a step is the one before it.

        `weights`: whether to look at them all, too.
        """
        glance = facts.get("glance_loss")
        if glance is not None and not math.isfinite(glance):
            return False
        return not weights or all(bool(one.isfinite().all()) for one in self.network.parameters())

    def facts(self, tally: Tally, recent: Tally, glance: bool, whole: bool) -> dict:
        """What a snapshot says of the last step, but for its times.

        `glance`: whether it may look at some test images, `whole`: whether at all of them.
        """
        glance = glance and (whole or self.step_count % self.glance_every == 0)
        return {
            "step": self.step_count,
            "epoch": self.step_count / self.an_epoch,
            "loss": tally.mean_loss,
            "train_accuracy": tally.accuracy,
            "recent_loss": recent.mean_loss,
            "recent_accuracy": recent.accuracy,
            "learning_rate": self.rate_now,
            **judged(self, glance, whole),
        }


def train(
    recipe: Recipe,
    network: nn.Module | None = None,
    workers: Workers | None = None,
    companion: Companion | None = None,
) -> Iterator[Snapshot]:
    """Trains `network` (or a new one) in place and yields facts: at least 20 a run, as far as it
    has as many steps, and one at the end of each epoch with the test accuracy.

    A loss that turns NaN or infinite ends the run with a snapshot that says `diverged`; so do
    a test loss that is no longer finite, and weights where an epoch ends. The same recipe gives the
    same numbers on one machine with one thread. With a companion the snapshots between say how the
    run does on some test images, too. Raises DataError.
    """
    began = time.monotonic()
    cpu_began = time.process_time()
    workers = workers or Workers()
    network = network if network is not None else new_network(recipe)
    cpu_seconds = time.process_time() - cpu_began  # the first weights are a part of the work
    run = Training(recipe, network, load_mnist(), workers)
    # dropout draws from torch's global generator: a consumer that does too changes the run
    torch.manual_seed(recipe.seed + workers.rank)
    with_glance = companion is not None
    companion = companion or Companion()
    companion.begin(run)
    diverged, recent = False, Tally()
    while run.step_count < run.total and not diverged and not run.stopped:
        tally = Tally()
        for indices in batches(recipe, run.order):
            companion.before_step(run)
            if run.stopped:
                break
            cpu_began = time.process_time()
            loss = run.step(indices, (tally, recent))
            cpu_seconds += time.process_time() - cpu_began
            diverged = not math.isfinite(loss)
            ends = run.ends_epoch or diverged
            if ends or run.step_count % run.every == 0 or companion.wants_snapshot(run):
                facts = run.facts(tally, recent, glance=with_glance, whole=ends)
                diverged = diverged or not run.is_sound(facts, weights=ends)
                seconds = time.monotonic() - began
                yield Snapshot(**facts, seconds=seconds, cpu_seconds=cpu_seconds, diverged=diverged)
                recent = Tally()
            if ends:
                break
