"""Digits that the lab draws itself, in shapes that MNIST's writers seldom use.

A slash through the zero, flag and foot on the one, a bar across the seven, and the shapes of
penned.json, whose names begin with their digit: pen strokes of our own, drawn by the same shaky
hand as the outsiders, and sent the way of a visitor's drawing, through ink.to_digit.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.ink import to_digit
from models.outsiders import Random, draw

SHAPES = json.loads((Path(__file__).parent / "penned.json").read_text(encoding="utf-8"))
RING_POINTS = 14  # corners of an oval, before they are smoothed
LEAN = 0.15  # half of what an outsider may lean: a 7 on its side is none
WIDEST = 11  # px; a wider pen fills the rings
Strokes = list[np.ndarray]  # each (N, 2), x right and y down in the unit square


def oval(wide: float, high: float, random: Random) -> np.ndarray:
    """Round the middle of the square, closed or nearly so, from anywhere and either way round."""
    start, turn = random.uniform(0, 2 * math.pi), random.choice([-1, 1]) * random.uniform(5.7, 6.9)
    angles = start + np.linspace(0, turn, RING_POINTS)
    return np.stack([0.5 + wide * np.cos(angles), 0.5 + high * np.sin(angles)], axis=1)


def zero(random: Random) -> Strokes:
    """An oval under a slash, from inside it to far beyond its ends."""
    high = random.uniform(0.2, 0.5)
    wide = high * random.uniform(0.5, 1.1)
    tilt, reach = random.uniform(-0.15, 1.0), random.uniform(0.8, 1.2) * min(0.65, 1.5 * high)
    slash = np.array([math.sin(tilt), -math.cos(tilt)]) * reach
    middle = 0.5 + random.normal(0, 0.04, 2)
    return [oval(wide, high, random), np.stack([middle - slash, middle + slash])]


def one(random: Random) -> Strokes:
    """A flag that is long or short, steep or, while it is short, flat; a foot now and then."""
    top, bottom = np.array([0.6, 0.0]), np.array([0.6 + random.normal(0, 0.06), 1.0])
    drop = random.uniform(0.02, 0.65)
    flag = top + [-random.uniform(0.12, 0.3 + 0.6 * drop), drop]
    strokes = [np.stack([flag, top, bottom])]
    if random.random() < 0.35:
        left, right = random.uniform(0, 0.4, 2)
        strokes.append(np.stack([bottom - [left, 0], bottom + [right, 0]]))
    return strokes


def hooked_one(random: Random) -> Strokes:
    """No flag, and a foot to one side or both."""
    left, right = random.uniform(0, 0.35, 2) * random.choice([[1, 0], [0, 1], [1, 1]])
    bottom = np.array([0.5, 1.0])
    return [np.array([[0.5, 0.0], bottom]), np.stack([bottom - [left, 0], bottom + [right, 0]])]


def seven(random: Random) -> Strokes:
    """A bar across the leg two times in three; a tick at the beginning now and then."""
    foot = np.array([random.uniform(0.2, 0.6), 1.0])
    corner, begin = np.array([0.95, 0.02]), np.array([random.uniform(0, 0.2), 0.02])
    head = [begin + [0, random.uniform(0.1, 0.25)], begin] if random.random() < 0.3 else [begin]
    strokes = [np.stack([*head, corner, foot])]
    if random.random() < 0.67:
        waist = corner + (foot - corner) * random.uniform(0.4, 0.65)
        reach = np.array([random.uniform(0.15, 0.35), random.uniform(-0.08, 0.05)])
        strokes.append(np.stack([waist - reach, waist + reach]))
    return strokes


def shape(random: Random) -> tuple[Strokes, int]:
    """One of penned.json's, and its digit."""
    name = random.choice(list(SHAPES))
    return [np.array(stroke) for stroke in SHAPES[name]], int(name[0])


def labelled(make: Callable[[Random], Strokes], digit: int) -> Callable:
    return lambda random: (make(random), digit)


# Each with its share of a pool: the two that networks misread most have the largest.
KINDS: dict[Callable[[Random], tuple[Strokes, int]], float] = {
    labelled(zero, 0): 0.24,
    labelled(one, 1): 0.24,
    labelled(hooked_one, 1): 0.04,
    labelled(seven, 7): 0.16,
    shape: 0.32,
}


def penned(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Digits (count, 28, 28) uint8, 0 paper to 255 ink, and their labels (count,) int64."""
    random = np.random.default_rng(seed)
    kinds = random.choice(len(KINDS), count, p=list(KINDS.values()))
    made = [list(KINDS)[kind](random) for kind in kinds]
    images = torch.stack([to_digit(draw(strokes, random, LEAN, WIDEST)) for strokes, _ in made])
    return (images * 255).round().to(torch.uint8), torch.tensor([digit for _, digit in made])
