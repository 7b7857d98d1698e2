"""What the chapters on surfaces share: the heights of a view, for a picture with contour lines."""

import base64
from functools import cache

import torch

from demo.asked import answering, choice_in
from demo.foundations.values import number_in
from models.ideas.surfaces import SURFACES, Surface, levels

SIDE = 129  # heights each way
MOST_LEVEL = 2**16 - 1  # a height takes two bytes, the low one first


@answering
def map_surface(asked: dict) -> dict:
    """{"surface"}: SIDE x SIDE levels in base64 from the low ends, and what is known of it."""
    return described(choice_in(asked, "surface", SURFACES))


@cache
def described(name: str) -> dict:
    surface = SURFACES[name]
    scale = (levels(surface, SIDE) * MOST_LEVEL).round().to(torch.int32)  # (SIDE, SIDE)
    pairs = torch.stack([scale % 256, scale // 256], dim=-1).to(torch.uint8)
    return {
        "side": SIDE,
        "levels": base64.b64encode(bytes(pairs.flatten().tolist())).decode("ascii"),
        "x": surface.x,
        "y": surface.y,
        "start": surface.start,
        "learning_rate": surface.learning_rate,
        "flat": surface.flat,
        "is_mean": surface.is_mean,
    }


def place_in(asked: dict, surface: Surface) -> tuple[float, float]:
    """A place in the view of a surface, under x and y. Raises NumberError."""
    return number_in(asked, "x", *surface.x), number_in(asked, "y", *surface.y)


def digits(number: float) -> float:
    """A number to nine digits: a picture needs no more, and they halve an answer's length."""
    return float(f"{number:.9g}")
