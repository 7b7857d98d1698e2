"""The chapter `data`: what the book's spellings do today, asked of PyTorch itself."""

from collections.abc import Callable

import torch
from torchvision import transforms
from torchvision.transforms import v2

from demo.asked import answering

THREE = [0.5, 0.5, 0.5]  # the book's means and deviations, one a colour; MNIST has no colours


def scale() -> object:
    return transforms.Scale(32)


def three_channels() -> object:
    return transforms.Normalize(mean=THREE, std=THREE)(torch.rand(1, 28, 28))


def three_channels_today() -> object:
    return v2.Normalize(mean=THREE, std=THREE)(torch.rand(1, 28, 28))


# name of a row: what is tried, an error that it may end with
TRIES: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "scale": (scale, AttributeError),
    "normalize": (three_channels, RuntimeError),
    "normalize_today": (three_channels_today, RuntimeError),
}


@answering
def spell_as_the_book(asked: dict) -> dict:
    """PyTorch's answer to each of TRIES: its error, or the shape of what came of it."""
    return {name: outcome(*tried) for name, tried in TRIES.items()}


def outcome(attempt: Callable[[], object], error: type[Exception]) -> str:
    try:
        return f"shape {tuple(attempt().shape)}"
    except error as raised:
        return f"{type(raised).__name__}: {raised}"
