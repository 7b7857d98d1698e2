"""How do four losses judge the same predictions, and which way does each one pull them?"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Judge = Callable[[Tensor, Tensor, int], Tensor]  # (guess (N,), target (N,), label) -> loss ()


def mse(guess: Tensor, target: Tensor, label: int) -> Tensor:
    """Mean of the squared errors."""
    return nn.MSELoss()(guess, target)


def rmse(guess: Tensor, target: Tensor, label: int) -> Tensor:
    """Its root, in the targets' own unit; the tiny summand keeps the gradient finite at zero."""
    return (nn.MSELoss()(guess, target) + 1e-12).sqrt()


def mae(guess: Tensor, target: Tensor, label: int) -> Tensor:
    """Mean of the absolute errors."""
    return nn.L1Loss()(guess, target)


def cross_entropy(guess: Tensor, target: Tensor, label: int) -> Tensor:
    """The same numbers read as logits, one a class: -ln of what softmax gives the right class.

    It knows no targets, only which class is right.
    """
    return nn.CrossEntropyLoss()(guess[None], torch.tensor([label]))  # (1, N) and (1,)


LOSSES: dict[str, Judge] = {"mse": mse, "rmse": rmse, "mae": mae, "cross_entropy": cross_entropy}


def value_and_gradient(judge: Judge, guess: Tensor, target: Tensor, label: int) -> tuple:
    """A loss, and how it changes with each prediction, by autograd: a number and (N,)."""
    guess = guess.clone().requires_grad_()
    loss = judge(guess, target, label)
    loss.backward()
    return loss.item(), guess.grad


def curve(
    judge: Judge, guess: Tensor, target: Tensor, label: int, moved: list[int], places: Tensor
) -> Tensor:
    """The loss with the predictions `moved` set to each of the `places`, all others left: (P,)."""
    tried = guess.repeat(len(places), 1)  # (N,) -> (P, N)
    tried[:, moved] = places[:, None]
    return torch.stack([judge(row, target, label) for row in tried])


def shares(guess: Tensor, target: Tensor) -> dict[str, Tensor]:
    """Which part of the MSE and of the MAE each prediction makes up: (N,) each, in [0, 1].

    All 0 where every prediction is on its target.
    """
    sizes = {"mse": (guess - target).square(), "mae": (guess - target).abs()}
    return {name: size / size.sum().clamp(min=1e-12) for name, size in sizes.items()}
