"""How a network does while it learns: on test images and on training images that were held out."""

from typing import TYPE_CHECKING

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from models.data import to_batch
from models.measure import accuracy, logits, outputs
from models.nets import count_parameters
from models.noise import spoil

if TYPE_CHECKING:
    from models.engine import Training

GLANCE = 1_000  # test images, the first ones: enough to see a curve by, 20 ms for small_cnn
LARGE = 1_000_000  # parameters; a glance at the test images takes such a network seconds
SPOIL_SEED = 0  # of the noise over a cleaner's images: the same at every glance


def snapshots_a_glance(network: nn.Module) -> int:
    """At every how many regular snapshots the network is measured."""
    return 2 if count_parameters(network) < LARGE else 8


def judged(run: "Training", glance: bool, whole: bool) -> dict[str, float | None]:
    """The measured fields of a snapshot; those of the whole test set only where asked for."""
    facts: dict[str, float | None] = {"test_accuracy": None}
    if whole and not run.recipe.is_cleaner:
        mnist = run.mnist
        facts["test_accuracy"] = accuracy(run.network, mnist.test_images, mnist.test_labels)
        facts |= held_out_accuracy(run)
    if glance:
        images, labels = run.mnist.test_images[:GLANCE], run.mnist.test_labels[:GLANCE]
        facts["glance_loss"], facts["glance_accuracy"] = loss_and_accuracy(run, images, labels)
        facts |= held_out_loss(run)
    return facts


def held_out(run: "Training") -> tuple[Tensor, Tensor]:
    """The last training images, that the run doesn't learn from, and their labels."""
    count = run.recipe.held_out
    return run.mnist.train_images[-count:], run.mnist.train_labels[-count:]


def held_out_accuracy(run: "Training") -> dict[str, float]:
    return (
        {"held_out_accuracy": accuracy(run.network, *held_out(run))} if run.recipe.held_out else {}
    )


def held_out_loss(run: "Training") -> dict[str, float]:
    """Of at most as many of them as of the test images."""
    if not run.recipe.held_out:
        return {}
    images, labels = held_out(run)
    return {"held_out_loss": loss_and_accuracy(run, images[-GLANCE:], labels[-GLANCE:])[0]}


@torch.no_grad()
def loss_and_accuracy(
    run: "Training", images: Tensor, labels: Tensor
) -> tuple[float, float | None]:
    """The run's own loss on images (N, 28, 28) uint8 in eval mode; the accuracy of a reader."""
    if run.recipe.is_cleaner:
        clean = to_batch(images)
        noise = (run.recipe.noise, run.recipe.noise_level)
        spoiled = spoil(clean, *noise, Generator().manual_seed(SPOIL_SEED))
        return float(F.mse_loss(outputs(run.network, spoiled), clean)), None
    answers = logits(run.network, images)
    loss = run.loss(answers.double(), labels.long())  # huge ones' float32 sum overflows
    return float(loss), float((answers.argmax(1) == labels).double().mean())
