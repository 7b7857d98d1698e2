"""How a training makes its loss small: the optimisers, and the learning rate over a run."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from models.recipe import Recipe


@dataclass(frozen=True)
class OptimizerEntry:
    """How to build an optimiser, and how it is fed.

    `batches`: "whole" the training set at once; "fixed" the same batches taken in turn;
    "drawn" other batches, drawn at random without repetition, every epoch.
    """

    build: Callable[[Iterable[nn.Parameter], "Recipe"], torch.optim.Optimizer]
    batches: str


def sgd(parameters: Iterable[nn.Parameter], recipe: "Recipe") -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters, recipe.learning_rate, weight_decay=recipe.weight_decay)


def momentum(parameters: Iterable[nn.Parameter], recipe: "Recipe") -> torch.optim.Optimizer:
    return torch.optim.SGD(
        parameters, recipe.learning_rate, recipe.momentum, weight_decay=recipe.weight_decay
    )


def adaptive(kind: Callable[..., torch.optim.Optimizer]) -> Callable[..., torch.optim.Optimizer]:
    """Adagrad, RMSProp: PyTorch's own defaults but for the rate and the decay."""

    def build(parameters: Iterable[nn.Parameter], recipe: "Recipe") -> torch.optim.Optimizer:
        return kind(parameters, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)

    return build


def adam(kind: Callable[..., torch.optim.Optimizer]) -> Callable[..., torch.optim.Optimizer]:
    """Adam, AdamW: the two averages' betas come from the recipe."""

    def build(parameters: Iterable[nn.Parameter], recipe: "Recipe") -> torch.optim.Optimizer:
        return kind(
            parameters,
            lr=recipe.learning_rate,
            betas=(recipe.beta1, recipe.beta2),
            weight_decay=recipe.weight_decay,
        )

    return build


OPTIMIZERS: dict[str, OptimizerEntry] = {
    "gd": OptimizerEntry(sgd, "whole"),
    "bgd": OptimizerEntry(sgd, "fixed"),  # 批量梯度下降, elsewhere called mini-batch
    "sgd": OptimizerEntry(sgd, "drawn"),
    "momentum": OptimizerEntry(momentum, "drawn"),
    "adagrad": OptimizerEntry(adaptive(torch.optim.Adagrad), "drawn"),
    "rmsprop": OptimizerEntry(adaptive(torch.optim.RMSprop), "drawn"),
    "adam": OptimizerEntry(adam(torch.optim.Adam), "drawn"),
    "adamw": OptimizerEntry(adam(torch.optim.AdamW), "drawn"),
}

# The rate over a run, as a share of `learning_rate` at a progress of 0 to 1.

WARM_UP = 0.2  # of the run


def warm_up_linear(progress: float) -> float:
    """Up in a fifth of the run, then straight down to nothing."""
    return min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))


def cosine(progress: float) -> float:
    """Down to nothing along half a cosine; Loshchilov and Hutter 2017, without restarts."""
    return (1 + math.cos(math.pi * progress)) / 2


def constant(progress: float) -> float:
    return 1.0


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": constant,
    "warm_up_linear": warm_up_linear,
    "cosine": cosine,
}
