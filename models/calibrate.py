"""How sure a reader may say it is, and from where on it should rather not read."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.checkpoint import CheckpointError, load_file, save_network
from models.data import Mnist, load_mnist
from models.measure import logits
from models.predict import Caution, digit_scores
from models.recipe import Recipe

STEPS = 50  # of Newton's method in one dimension; it settles in a few
# The shares of real digits that a reader may lose by refusing, and may be asked to lose.
DEFAULT_CARE = 0.005
CARES = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)


def fit_temperature(answers: Tensor, labels: Tensor) -> float:
    """The temperature by which logits (N, 10) are divided for the least cross-entropy.

    Guo et al. 2017. Below 1 where the network is too modest, above 1 where it is too sure.
    """
    log_scale = torch.zeros((), dtype=torch.double, requires_grad=True)
    search = torch.optim.LBFGS([log_scale], max_iter=STEPS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        search.zero_grad()
        loss = F.cross_entropy(answers.double() * log_scale.exp(), labels)
        loss.backward()
        return loss

    search.step(closure)
    return float((-log_scale).detach().exp())


def calibrate_network(network: nn.Module, images: Tensor, labels: Tensor) -> dict[str, object]:
    """Temperature, and for each of CARES the digit score that so many real digits stay below.

    `images` (N, 28, 28) uint8 and `labels` (N,) are digits that the network was not trained on.
    """
    answers, labels = logits(network, images), labels.long()
    scores = digit_scores(answers)
    cuts = scores.double().quantile(torch.tensor(CARES, dtype=torch.double))
    cuts[0] = 0.0  # who will lose no digit at all refuses nothing
    thresholds = {str(care): cut for care, cut in zip(CARES, cuts.tolist(), strict=True)}
    return {"temperature": fit_temperature(answers, labels), "thresholds": thresholds}


def caution_of(figures: dict[str, object], care: float = DEFAULT_CARE) -> Caution:
    """How a checkpoint's reader should doubt, for a care in [0, 0.2]: the share of digits to lose.

    A reader that was never calibrated doubts nothing.
    """
    fitted = figures.get("calibration")
    if not fitted:
        return Caution()
    shares, cuts = zip(*((float(k), cut) for k, cut in fitted["thresholds"].items()), strict=True)
    return Caution(fitted["temperature"], float(np.interp(care, shares, cuts)))


def calibrated(network: nn.Module, recipe: Recipe, mnist: Mnist) -> dict[str, object]:
    """The figure `calibration` of a reader, fitted on the images that its recipe held out.

    Empty where there is nothing to fit: no image was held out, it is no reader, or its weights are
    no finite numbers any more.
    """
    held_out = recipe.held_out
    if recipe.is_cleaner or not held_out:
        return {}
    if not all(weight.isfinite().all() for weight in network.parameters()):
        return {}
    images, labels = mnist.train_images[-held_out:], mnist.train_labels[-held_out:]
    return {"calibration": calibrate_network(network, images, labels)}


def calibrate(path: Path) -> dict[str, object]:
    """Fits a checkpoint on its own held-out training images and keeps the result in its header.

    Raises CheckpointError where the file can't be used or nothing was held out, DataError.
    """
    checkpoint = load_file(path)
    fitted = calibrated(checkpoint.network, checkpoint.recipe, load_mnist())
    if not fitted:
        sentence = "{file} was trained on all images: train it with --held-out to calibrate it"
        raise CheckpointError("nothing_held_out", sentence, file=path.name)
    figures = checkpoint.figures | fitted
    save_network(path, checkpoint.network, checkpoint.recipe, figures, checkpoint.data)
    return fitted["calibration"]
