"""What a request of the two classes' chapter says, checked."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from demo.asked import BadRequest, choice_in, count_in
from demo.foundations.values import number_in
from models.errors import LabError
from models.ideas import plane
from models.ideas.plane import ACTIVATIONS, DATASETS

OWN = "own"  # the choice of points that the visitor sets
MOST_SEED = 2**31 - 1
MOST_POINTS = 300
MOST_RATES = 50  # changes of the learning rate in one training
RATES = (1e-4, 10.0)
OPTIMIZERS = ("sgd", "momentum", "adam")


class OneKindError(LabError):
    """Nothing to tell apart."""

    def __init__(self) -> None:
        super().__init__("idea_plane_one_kind", "set points of both kinds, at least one of each")


@dataclass(frozen=True)
class Settings:
    """Of one training. `data` is empty for own points, `points` for the others."""

    data: str
    noise: float
    layers: int
    width: int
    activation: str
    optimizer: str
    rate: float
    batch: int
    seed: int
    points: tuple[tuple[float, float, int], ...] = ()

    def drawn(self) -> tuple[Tensor, Tensor]:
        """Points (N, 2) and kinds (N,)."""
        if self.data:
            return plane.drawn(self.data, self.noise, self.seed)
        whole = torch.tensor(self.points)
        return whole[:, :2].clone(), whole[:, 2].clone()

    def tested(self) -> tuple[Tensor, Tensor]:
        """As many other points."""
        return plane.drawn(self.data, self.noise, self.seed + 1)


def settings_in(asked: dict) -> Settings:
    """The settings of a request. Raises LabError."""
    given = asked.get("settings")
    if not isinstance(given, dict):
        raise BadRequest
    data = choice_in(given, "data", (*DATASETS, OWN))
    settings = Settings(
        "" if data == OWN else data,
        number_in(given, "noise", 0, 0.5),
        count_in(given, "layers", 5),
        count_in(given, "width", 17),
        choice_in(given, "activation", ACTIVATIONS),
        choice_in(given, "optimizer", OPTIMIZERS),
        number_in(given, "rate", *RATES),
        count_in(given, "batch", MOST_POINTS + 1),
        count_in(given, "seed", MOST_SEED),
    )
    if not settings.width or not settings.batch:
        raise BadRequest
    return replace(settings, points=points_in(asked)) if data == OWN else settings


def points_in(asked: dict) -> tuple[tuple[float, float, int], ...]:
    """Own points, [[x, y, kind]]. Raises BadRequest, OneKindError."""
    points = asked.get("points")
    if not isinstance(points, list) or len(points) > MOST_POINTS:
        raise BadRequest
    for point in points:
        if not isinstance(point, list) or len(point) != 3 or point[2] not in (0, 1):
            raise BadRequest
        if not all(type(value) in (int, float) and -2 <= value <= 2 for value in point[:2]):
            raise BadRequest
    if {point[2] for point in points} != {0, 1}:
        raise OneKindError
    return tuple((float(x), float(y), int(kind)) for x, y, kind in points)


def with_steps(asked: dict, most: int) -> tuple[Settings, int, list[tuple[int, float]]]:
    """The settings of a script, how many steps it takes, and its learning rates by step."""
    rates = asked.get("rates")
    if not isinstance(rates, list) or not 1 <= len(rates) <= MOST_RATES:
        raise BadRequest
    found = []
    for pair in rates:
        if not isinstance(pair, list) or len(pair) != 2:
            raise BadRequest
        step = count_in({"step": pair[0]}, "step", most)
        found.append((step, number_in({"rate": pair[1]}, "rate", *RATES)))
    if found[0][0] != 0:
        raise BadRequest
    return settings_in(asked), count_in(asked, "step", most), found
