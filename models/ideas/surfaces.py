"""Losses of two numbers: landscapes to go down on, and what autograd says of their slopes.

Each height takes x and y as tensors of one shape and gives heights of that shape.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor


def valley(x: Tensor, y: Tensor) -> Tensor:
    """A long valley, twenty times as steep across (y) as along (x)."""
    return x**2 / 2 + 10 * y**2


def saddle(x: Tensor, y: Tensor) -> Tensor:
    """Up on both sides along x, down on both sides along y, until the two minima at ±√2."""
    return x**2 - y**2 + y**4 / 4


def rosenbrock(x: Tensor, y: Tensor) -> Tensor:
    """A bent valley with a nearly flat floor; Rosenbrock 1960."""
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def hollows(x: Tensor, y: Tensor) -> Tensor:
    """Four minima of four depths, the lowest at the lower left."""
    return (x**2 - 4) ** 2 / 8 + (y**2 - 4) ** 2 / 8 + x / 2 + y / 4


# A loss that is a mean over points: a line w · x + b laid through them.

POINTS, POINTS_SEED = 20, 0
points_random = Generator().manual_seed(POINTS_SEED)
POINTS_X = 3 * torch.rand(POINTS, generator=points_random, dtype=torch.float64)
POINTS_NOISE = torch.randn(POINTS, generator=points_random, dtype=torch.float64)
POINTS_Y = 1.5 * POINTS_X - 0.5 + 0.6 * POINTS_NOISE
ALL_POINTS = torch.full((POINTS,), 1 / POINTS, dtype=torch.float64)  # each one's share in the mean


def line_error(w: Tensor, b: Tensor, shares: Tensor = ALL_POINTS) -> Tensor:
    """The squared error of the line at the points, a mean over them all.

    `shares` (..., POINTS), with a sum of 1, says which points count, and how much.
    """
    errors = w.unsqueeze(-1) * POINTS_X + b.unsqueeze(-1) - POINTS_Y  # (...) -> (..., POINTS)
    return (shares * errors**2).sum(-1)


@dataclass(frozen=True)
class Surface:
    """A height, the square of places that is looked at, and where to start on it."""

    height: Callable[..., Tensor]
    x: tuple[float, float]  # the view's ends, as far apart as those of y
    y: tuple[float, float]
    start: tuple[float, float]
    learning_rate: float  # at which the race from the start is worth watching
    lowest: float  # height of the lowest point there is
    flat: dict[str, tuple[float, float]]  # places without a slope, by their kind
    is_mean: bool = False  # over points: the height takes their shares


SURFACES: dict[str, Surface] = {
    "valley": Surface(
        valley,
        x=(-4, 4),
        y=(-4, 4),
        start=(-3.5, 2),
        learning_rate=0.08,
        lowest=0,
        flat={"minimum": (0, 0)},
    ),
    "saddle": Surface(
        saddle,
        x=(-2.5, 2.5),
        y=(-2.5, 2.5),
        start=(-2, 0.02),
        learning_rate=0.05,
        lowest=-1,
        flat={"minimum": (0, 1.41421356), "saddle": (0, 0)},
    ),
    "rosenbrock": Surface(
        rosenbrock,
        x=(-2, 2),
        y=(-1, 3),
        start=(-1.2, 1),
        learning_rate=0.002,
        lowest=0,
        flat={"minimum": (1, 1)},
    ),
    "hollows": Surface(
        hollows,
        x=(-4, 4),
        y=(-4, 4),
        start=(3.5, 3.2),
        learning_rate=0.05,
        lowest=-1.53708976,
        flat={
            "minimum": (-2.11490754, -2.05979197),
            "saddle": (0.25410169, -2.05979197),
            "maximum": (0.25410169, 0.12549409),
        },
    ),
    "points": Surface(
        line_error,
        x=(-2, 4),
        y=(-3, 3),
        start=(-1, 2),
        learning_rate=0.05,
        lowest=0.20514072,
        flat={"minimum": (1.35947762, -0.25559394)},
        is_mean=True,
    ),
}
NEAR = 0.05  # above the lowest point; a path has arrived once it is as low as that


def levels(surface: Surface, count: int) -> Tensor:
    """How high the view is on a scale of logarithms: (count, count) in [0, 1], from y's low end.

    0 is the lowest point, 1 the highest in view; far above the lowest, equal steps are equal
    factors, so that both a valley's floor and its walls show.
    """
    x, y = (torch.linspace(*ends, count, dtype=torch.float64) for ends in (surface.x, surface.y))
    above = surface.height(x.expand(count, count), y.unsqueeze(1).expand(count, count))
    scale = torch.log1p((above - surface.lowest).clamp(min=0) / NEAR)
    return scale / scale.max()
