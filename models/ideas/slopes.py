"""The gradient at a place on a surface: its partial derivatives, and cuts along both axes."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

FLAT = 1e-3  # a gradient shorter than it is taken for none


@dataclass(frozen=True)
class Slope:
    """The height at a place and the two partial derivatives there."""

    height: float
    along_x: float
    along_y: float

    @property
    def length(self) -> float:
        return (self.along_x**2 + self.along_y**2) ** 0.5


def slope_at(height: Callable[[Tensor, Tensor], Tensor], place: tuple[float, float]) -> Slope:
    """The gradient, by autograd."""
    x, y = (torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in place)
    value = height(x, y)
    value.backward()
    return Slope(value.item(), x.grad.item(), y.grad.item())


def kind_of(height: Callable[[Tensor, Tensor], Tensor], place: tuple[float, float]) -> str:
    """What lies there: a slope; or, where there is none, a minimum, saddle or maximum.

    The signs of the Hessian's eigenvalues tell them apart: along those two directions the
    surface bends up, up; up, down; or down, down.
    """
    if slope_at(height, place).length >= FLAT:
        return "slope"
    at = torch.tensor(place, dtype=torch.float64)
    hessian = torch.autograd.functional.hessian(lambda both: height(*both), at)  # (2, 2)
    least, most = torch.linalg.eigvalsh(hessian).tolist()
    if least > 0:
        return "minimum"
    return "saddle" if most > 0 else "maximum"


def cuts(
    height: Callable[[Tensor, Tensor], Tensor],
    place: tuple[float, float],
    ends: tuple[tuple[float, float], tuple[float, float]],
    count: int,
) -> tuple[Tensor, Tensor]:
    """Heights along x at the place's y, and along y at its x: (count,) each, from end to end."""
    along = [torch.linspace(*one, count, dtype=torch.float64) for one in ends]
    x, y = (torch.full((count,), float(one), dtype=torch.float64) for one in place)
    return height(along[0], y), height(x, along[1])
