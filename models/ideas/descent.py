"""One number goes down a loss: what the learning rate makes of the way."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

FARTHEST = 1e6  # a place beyond it, and the descent is said to have exploded
FLAT = 0.01  # a slope below it is taken for none


def two_hollows(x: Tensor) -> Tensor:
    """A loss with its lowest point at -2.115, a local minimum at 1.861, and a hill between."""
    return (x**2 - 4) ** 2 / 8 + x / 2 + 2


LOWEST = -2.1149  # where its lowest point is
HILLTOP = 0.254  # between the two minima


@dataclass
class Descent:
    """Where the number was after each step, the start first, and the loss there."""

    places: list[float]
    losses: list[float]
    slopes: list[float]  # autograd's, at the same places
    exploded: int | None  # the step that went beyond FARTHEST; the lists end before it


def descend(
    loss: Callable[[Tensor], Tensor], start: float, learning_rate: float, steps: int
) -> Descent:
    """Gradient descent by torch.optim.SGD, which without more is just that."""
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=learning_rate)
    down = Descent([], [], [], None)
    for step in range(steps + 1):
        if not abs(x.item()) <= FARTHEST:  # NaN fails the comparison
            down.exploded = step
            break
        optimizer.zero_grad()
        height = loss(x)
        height.backward()
        down.places.append(x.item())
        down.losses.append(height.item())
        down.slopes.append(x.grad.item())
        optimizer.step()
    return down


def what_happened(down: Descent) -> str:
    """One of: exploded, global, local (settled in that minimum), shaking, slow."""
    if down.exploded is not None:
        return "exploded"
    if abs(down.slopes[-1]) < FLAT and not is_hill(down.places[-1]):
        return "global" if down.places[-1] < HILLTOP else "local"
    late = down.slopes[-max(len(down.slopes) // 3, 2) :]
    return "shaking" if min(late) < 0 < max(late) else "slow"


def is_hill(place: float) -> bool:
    """Whether the loss bends downwards there: its second derivative, by autograd twice."""
    x = torch.tensor(place, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(two_hollows(x), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope, x)
    return bend.item() < 0
