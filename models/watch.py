"""What a run shows of itself while it learns: points of its curves, and a look inside."""

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Generator, Tensor, nn

from models.data import load_mnist, to_batch
from models.judging import SPOIL_SEED
from models.measure import outputs
from models.noise import spoil
from models.recipe import Recipe
from models.snapshot import Snapshot
from models.verbs import gradients

if TYPE_CHECKING:
    from models.engine import Training

SHOWN = 16  # test digits, the first ones
LARGE_FILTERS = 6  # of 28 x 28 weights; more would make each update heavy
ZERO = 128  # the byte of a weight of 0


def as_text(pixels: Tensor) -> str:
    """Bytes of any shape, in base64."""
    return base64.b64encode(pixels.to(torch.uint8).contiguous().numpy().tobytes()).decode("ascii")


def ink_text(pictures: Tensor) -> str:
    """Pictures in [0, 1] as bytes in base64."""
    return as_text((pictures.clamp(0, 1) * 255).round())


@dataclass(frozen=True)
class Sixteen:
    """The fixed test digits: as they are, as the network is given them, and what they are."""

    clean: Tensor  # (16, 1, 28, 28) in [0, 1]
    given: Tensor  # the same, or spoiled by a cleaner's noise
    labels: list[int]


def sixteen(recipe: Recipe) -> Sixteen:
    mnist = load_mnist()
    clean = to_batch(mnist.test_images[:SHOWN])
    given = clean
    if recipe.is_cleaner:
        noise = (recipe.noise, recipe.noise_level)
        given = spoil(clean, *noise, Generator().manual_seed(SPOIL_SEED))
    return Sixteen(clean, given, mnist.test_labels[:SHOWN].tolist())


def sixteen_shown(recipe: Recipe) -> dict:
    """The same as the page shows them; `spoiled` is None for a reader."""
    digits = sixteen(recipe)
    spoiled = ink_text(digits.given) if recipe.is_cleaner else None
    return {"pictures": ink_text(digits.clean), "spoiled": spoiled, "labels": digits.labels}


def point(snapshot: Snapshot) -> dict:
    """A point of the page's curves; NaN and infinity, which JSON has not, become None."""
    whole = snapshot.test_accuracy is not None
    return {
        "step": snapshot.step,
        "epoch": snapshot.epoch,
        "seconds": snapshot.seconds,
        "rate": snapshot.learning_rate,
        "loss": finite(snapshot.recent_loss),
        "accuracy": snapshot.recent_accuracy,
        "epoch_loss": finite(snapshot.loss),  # since the epoch began, as the command line says it
        "epoch_accuracy": snapshot.train_accuracy,
        "test_loss": finite(snapshot.glance_loss),
        "test_accuracy": snapshot.test_accuracy if whole else snapshot.glance_accuracy,
        "whole": whole,
        "held_out_loss": finite(snapshot.held_out_loss),
        "diverged": snapshot.diverged,
    }


def finite(value: float | None) -> float | None:
    return value if value is not None and abs(value) < float("inf") else None


def finite_facts(facts: dict[str, object]) -> dict[str, object]:
    """The same with None for NaN and infinity, and in the lists of facts within."""

    def cleaned(value: object) -> object:
        if isinstance(value, list):
            return [finite_facts(one) for one in value]
        return finite(value) if isinstance(value, float) else value

    return {name: cleaned(value) for name, value in facts.items()}


def view(run: "Training") -> dict:
    """What the network makes of the sixteen, its first filters, and its gradients' sizes."""
    answers = outputs(run.network, sixteen(run.recipe).given)
    shown = {"step": run.step_count, "filters": filters(run.network)}
    shown["gradients"] = [
        layer | {"size": finite(layer["size"])} for layer in gradients(run.network)
    ]
    if run.recipe.is_cleaner:
        return shown | {"pictures": ink_text(answers.nan_to_num())}
    confidence, label = answers.nan_to_num().softmax(1).max(1)
    digits = zip(label.tolist(), confidence.tolist(), strict=True)
    return shown | {"digits": [{"label": str(a), "confidence": b} for a, b in digits]}


def filters(network: nn.Module) -> dict:
    """The first layer's weights as pictures: of a linear layer 28 x 28 each, the first few."""
    first = next(m for m in network.modules() if isinstance(m, nn.Linear | nn.Conv2d))
    weights = first.weight.detach().cpu().float().nan_to_num()
    if isinstance(first, nn.Linear):
        weights = weights[: max(LARGE_FILTERS, 10 if len(weights) == 10 else 0)]
        weights = weights.view(-1, 28, 28)  # (O, 784) -> (O, 28, 28)
    else:
        weights = weights[:, 0]  # (O, 1, K, K) -> (O, K, K)
    largest = weights.abs().amax(dim=(1, 2), keepdim=True).clamp(min=1e-12)
    height, width = weights.shape[1:]
    pixels = ZERO + (weights / largest * (ZERO - 1)).round()
    return {"width": width, "height": height, "pixels": as_text(pixels)}
