"""Ways to spoil a digit: each one function and one entry of NOISES."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor


def gaussian(x: Tensor, level: float, generator: Generator) -> Tensor:
    """The book's: x + level * randn, clamped to [0, 1]."""
    noise = torch.randn(x.shape, generator=generator).to(x.device)
    return (x + level * noise).clamp(0, 1)


@dataclass(frozen=True)
class Noise:
    """A way to spoil (B, 1, 28, 28) in [0, 1], with the range and the unit of its level."""

    spoil: Callable[[Tensor, float, Generator], Tensor]
    lowest: float
    highest: float
    unit: str


NOISES: dict[str, Noise] = {
    "gaussian": Noise(gaussian, 0.0, 1.0, "σ"),
}
