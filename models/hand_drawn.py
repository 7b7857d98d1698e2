"""Three symbols in the lab's own shaky hand: what there is to teach before anybody has drawn."""

import math
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from models.drawn_symbols import BOX, SHEET, Symbol, by_hand, ink_of
from models.ink import to_digit

PENS = (6, 9)  # px of SHEET; as the pens of the page's own sheets
HEART_POINTS = 24


def star() -> Symbol:
    """Ten corners, every other one drawn in."""
    angles = np.arange(11) * math.pi / 5 - math.pi / 2
    reach = np.where(np.arange(11) % 2, 0.22, 0.55)
    return (0.5 + np.stack([reach * np.cos(angles), reach * np.sin(angles)], axis=1),)


def triangle() -> Symbol:
    return (np.array([[0.5, 0.05], [0.98, 0.92], [0.02, 0.92], [0.5, 0.05]]),)


def heart() -> Symbol:
    """The heart of sixteen sine cubed, from its dip round to its dip."""
    turn = np.linspace(0, 2 * math.pi, HEART_POINTS)
    across = 16 * np.sin(turn) ** 3
    down = -(13 * np.cos(turn) - 5 * np.cos(2 * turn) - 2 * np.cos(3 * turn) - np.cos(4 * turn))
    return (0.5 + np.stack([across, down], axis=1) / 34,)


SHAPES = {"☆": star, "△": triangle, "♥": heart}


@dataclass(frozen=True)
class Drawing:
    """One drawing: what the network sees, and how it was drawn."""

    digit: Tensor  # (28, 28) in [0, 1]
    strokes: list[np.ndarray]  # (N, 2) each, x right and y down in fractions of the sheet
    width: float  # of the pen, in fractions of the sheet


def draw(name: str, generator: np.random.Generator) -> Drawing:
    """One of SHAPES, as one of many people would draw it."""
    strokes, pen = by_hand(SHAPES[name](), generator), generator.uniform(*PENS)
    ink = ink_of(strokes, pen)
    placed = [(stroke - 0.5) * BOX + 0.5 for stroke in strokes]
    return Drawing(to_digit(ink), placed, pen / SHEET)


def draw_all(each: int, seed: int) -> dict[str, list[Drawing]]:
    """So many drawings of each of SHAPES."""
    generator = np.random.default_rng(seed)
    return {name: [draw(name, generator) for _ in range(each)] for name in SHAPES}
