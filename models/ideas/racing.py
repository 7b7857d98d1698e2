"""Seven ways down a surface: each by torch.optim, and its formula written out.

The gradient is autograd's for both.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor
from torch.optim import SGD, Adagrad, Adam, Optimizer, RMSprop

from models.ideas.surfaces import ALL_POINTS, NEAR, POINTS

# ---- By torch.optim -------------------------------------------------------------------------


def plain_steps(places: list[Tensor], rate: float) -> Optimizer:
    """GD, BGD and SGD: they differ in what they look at, not in how they step."""
    return SGD(places, lr=rate)


OPTIMIZERS: dict[str, Callable[[list[Tensor], float], Optimizer]] = {
    "gd": plain_steps,
    "bgd": plain_steps,
    "sgd": plain_steps,
    "momentum": lambda place, rate: SGD(place, lr=rate, momentum=0.9),
    "adagrad": lambda place, rate: Adagrad(place, lr=rate),
    "rmsprop": lambda place, rate: RMSprop(place, lr=rate),
    "adam": lambda place, rate: Adam(place, lr=rate),
}
BATCH = 5  # points that a step of BGD looks at
FARTHEST = 1e6  # a coordinate beyond it, and the path is said to have exploded


@dataclass
class Path:
    """Where an optimiser was after each step, the start first."""

    places: list[tuple[float, float]] = field(default_factory=list)
    exploded: int | None = None  # the step that went beyond FARTHEST; the path ends before it


def shares_of(name: str, step: int, generator: Generator) -> Tensor:
    """How much each point counts in a step, (POINTS,), where the loss is a mean over points.

    GD takes them all, BGD the same batches in turn, SGD one point drawn at random.
    """
    if name == "bgd":
        first = step * BATCH % POINTS
        chosen = torch.arange(first, first + BATCH)
    elif name == "sgd":
        chosen = torch.randint(POINTS, (1,), generator=generator)
    else:
        return ALL_POINTS
    return torch.zeros_like(ALL_POINTS).index_fill(0, chosen, 1 / len(chosen))


def race(
    height: Callable[..., Tensor],
    names: list[str],
    start: tuple[float, float],
    learning_rate: float,
    steps: int,
    seed: int | None = None,
) -> dict[str, Path]:
    """The paths of these optimisers from one start; `seed` only where the height is over points."""
    draws = None if seed is None else Generator().manual_seed(seed)
    at = {one: torch.tensor(start, dtype=torch.float64, requires_grad=True) for one in names}
    kinds = dict.fromkeys(OPTIMIZERS[one] for one in names)  # one steps for all of its kind
    optimizers = [
        kind([at[one] for one in names if OPTIMIZERS[one] is kind], learning_rate) for kind in kinds
    ]
    paths = {one: Path([tuple(start)]) for one in names}
    for step in range(steps):
        running = [one for one in names if paths[one].exploded is None]
        if not running:
            break
        losses = losses_in_step(height, [at[one] for one in running], running, step, draws)
        gradients = torch.autograd.grad(losses.sum(), [at[one] for one in running])
        for one, gradient in zip(running, gradients, strict=True):
            at[one].grad = gradient  # as backward() leaves it: no loss hangs on another's place
        for optimizer in optimizers:
            optimizer.step()
        for one in running:
            note(paths[one], step + 1, tuple(at[one].tolist()))
            if paths[one].exploded is not None:
                at[one].grad = None  # it is out of the race
    return paths


def losses_in_step(
    height: Callable[..., Tensor],
    places: list[Tensor],
    names: list[str],
    step: int,
    draws: Generator | None,
) -> Tensor:
    """Each racer's loss (R,) at its place, over the points that its step looks at."""
    x, y = torch.stack(places).unbind(1)  # (R, 2) -> (R,) twice
    if draws is None:
        return height(x, y)
    return height(x, y, torch.stack([shares_of(name, step, draws) for name in names]))


def note(path: Path, step: int, place: tuple[float, float]) -> None:
    """Adds a place to a path, or says that the step has exploded."""
    if all(abs(one) <= FARTHEST for one in place):  # NaN fails the comparison
        path.places.append(place)
    else:
        path.exploded = step


def losses_along(path: Path, height: Callable[..., Tensor]) -> list[float]:
    """The height of each place of a path, over all points where it is over points."""
    x, y = torch.tensor(path.places, dtype=torch.float64).unbind(1)  # (P, 2) -> (P,) twice
    return height(x, y).tolist()


def arrival(losses: list[float], lowest: float) -> int | None:
    """The first step that is within NEAR of the lowest point, None where there is none."""
    return next((step for step, loss in enumerate(losses) if loss - lowest <= NEAR), None)


# ---- By hand --------------------------------------------------------------------------------


def plain(place: Tensor, gradient: Tensor, memory: dict, learning_rate: float) -> Tensor:
    """Down the gradient; GD, BGD and SGD differ in the points that it is a mean over."""
    return place - learning_rate * gradient


def momentum(place: Tensor, gradient: Tensor, memory: dict, learning_rate: float) -> Tensor:
    """Polyak 1964: steps roll on; a tenth of the speed is lost at each."""
    memory["v"] = 0.9 * memory.get("v", 0) + gradient
    return place - learning_rate * memory["v"]


def adagrad(place: Tensor, gradient: Tensor, memory: dict, learning_rate: float) -> Tensor:
    """Duchi et al. 2011: the more slope there was in a direction, the shorter its steps."""
    memory["s"] = memory.get("s", 0) + gradient**2
    return place - learning_rate * gradient / (memory["s"].sqrt() + 1e-10)


def rmsprop(place: Tensor, gradient: Tensor, memory: dict, learning_rate: float) -> Tensor:
    """Hinton 2012: as Adagrad, but slopes of long ago are forgotten."""
    memory["s"] = 0.99 * memory.get("s", 0) + 0.01 * gradient**2
    return place - learning_rate * gradient / (memory["s"].sqrt() + 1e-8)


def adam(place: Tensor, gradient: Tensor, memory: dict, learning_rate: float) -> Tensor:
    """Kingma and Ba 2015: Momentum and RMSProp at once, both made right for their first steps."""
    memory["t"] = memory.get("t", 0) + 1
    memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * gradient
    memory["s"] = 0.999 * memory.get("s", 0) + 0.001 * gradient**2
    m = memory["m"] / (1 - 0.9 ** memory["t"])
    s = memory["s"] / (1 - 0.999 ** memory["t"])
    return place - learning_rate * m / (s.sqrt() + 1e-8)


RULES: dict[str, Callable[[Tensor, Tensor, dict, float], Tensor]] = {
    "gd": plain,
    "bgd": plain,
    "sgd": plain,
    "momentum": momentum,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}


def walk(
    rule: Callable[[Tensor, Tensor, dict, float], Tensor],
    height: Callable[[Tensor, Tensor, int], Tensor],
    start: tuple[float, float],
    learning_rate: float,
    steps: int,
) -> Path:
    """The path of one formula; `height` is told the step, for a loss over changing points."""
    place, memory, path = torch.tensor(start, dtype=torch.float64), {}, Path([start])
    for step in range(steps):
        place.requires_grad_()
        (gradient,) = torch.autograd.grad(height(*place, step), place)
        place = rule(place.detach(), gradient, memory, learning_rate)
        note(path, step + 1, tuple(place.tolist()))
        if path.exploded:
            break
    return path
