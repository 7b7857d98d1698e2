"""What the panel of codes is asked, checked: its server functions are open to anybody."""

import torch
from torch import Tensor

from demo.asked import MOST_SEED, BadRequest, count_in, seen_in
from models.latent import BOTTLENECKS, Cloud

LARGEST = 1_000.0  # of a number in a code; the test set's stay below 40
MOST_TURNS = MOST_SEED  # how often another digit may be asked for


def size_in(asked: dict) -> int:
    """How many numbers the code of a request has. Raises BadRequest."""
    size = asked.get("size")
    if type(size) is not int or size not in BOTTLENECKS:
        raise BadRequest
    return size


def picture_in(asked: dict, key: str) -> Tensor | None:
    """A picture (28, 28) in [0, 1] of a request, None where it has none. Raises BadRequest."""
    return None if asked.get(key) is None else seen_in(asked, key)


def numbers_in(asked: dict, key: str, count: int) -> Tensor:
    """So many finite numbers of a request, (count,). Raises BadRequest."""
    values = asked.get(key)
    if not isinstance(values, list) or len(values) != count:
        raise BadRequest
    if not all(type(value) in (int, float) and abs(value) <= LARGEST for value in values):
        raise BadRequest  # NaN is at most nothing
    return torch.tensor([float(value) for value in values])


def code_in(asked: dict, around: Cloud) -> Tensor:
    """The code (C,) of a request: as "code", as a "point" of the map, or a "mix" by its seed.

    Raises BadRequest.
    """
    if asked.get("point") is not None:
        point = numbers_in(asked, "point", 2)
        return around.plane.from_map(point[None])[0]
    if asked.get("mix") is not None:
        return around.mix(count_in(asked, "mix", MOST_SEED))
    return numbers_in(asked, "code", around.codes.shape[1])
