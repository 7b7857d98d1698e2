"""What a finished network is worth: measured on the whole test set, and its weights' checksum."""

import torch
from torch import nn

from models.calibrate import calibrated
from models.checkpoint import CheckpointError, load, weights_sha256
from models.data import Mnist, load_mnist
from models.measure import evaluate_cleaner, evaluate_reader
from models.noise import MIXED
from models.recipe import Recipe


def usual_reader() -> nn.Module | None:
    """`digits`; None where its file is missing or damaged, and then nothing is read."""
    try:
        return load("digits").network
    except CheckpointError:
        return None


def final_figures(
    network: nn.Module, recipe: Recipe, mnist: Mnist | None = None
) -> dict[str, object]:
    """What the finished network scores on the test set, and the checksum of its weights.

    `mnist`: with fewer test images, where all of them would take too long.
    """
    mnist = mnist or load_mnist()
    if recipe.is_cleaner:
        reader = usual_reader()
        # a network that learned from mixed noise is measured where the others are
        mixed = recipe.noise == MIXED
        noise, level = ("gaussian", 0.5) if mixed else (recipe.noise, recipe.noise_level)
        facts = evaluate_cleaner(network, reader, mnist, noise, level)
    else:
        facts = evaluate_reader(network, mnist)
        facts["test_loss"] = facts.pop("loss")
        # what was never taught what is no digit reads everything, and the page says so
        facts |= calibrated(network, recipe, mnist) if recipe.outsiders else {}
    return {**facts, "torch": torch.__version__, "weights_sha256": weights_sha256(network)}
