"""Made-up symbols that the project draws itself: thousands of classes, each by a shaky hand.

A class is one to six strokes between the points of a coarse lattice, as in letters and simple
Chinese characters: lines, corners, arcs, waves, rings and polygons. A drawing of it goes the way of
a visitor's, through ink.to_digit. No letter is among them by intent, many a shape of one by chance.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn import functional as F

from models.ink import to_digit

SHEET = 112  # px; four times what the network sees
BOX = 0.66  # of the sheet, for the unit square that a symbol is made in
LATTICE = (0.0, 0.5, 1.0)  # where strokes begin and end, so that they meet as a letter's do
COUNTS = {1: 0.22, 2: 0.33, 3: 0.25, 4: 0.12, 5: 0.05, 6: 0.03}  # strokes: share of the classes
ALIKE = 0.85  # correlation of two blurred classes; from here on they are one class
CURVE_POINTS = 12  # a bent stroke is drawn as so many points
Random = np.random.Generator
Stroke = np.ndarray  # (N, 2), x right and y down, about the unit square
Symbol = tuple[Stroke, ...]


def corner_point(random: Random) -> Stroke:
    """(2,) a point of the lattice."""
    return random.choice(LATTICE, 2)


def apart(random: Random, start: Stroke | None = None) -> tuple[Stroke, Stroke]:
    """Two points of the lattice that differ."""
    start = corner_point(random) if start is None else start
    while True:
        end = corner_point(random)
        if not np.array_equal(start, end):
            return start, end


def line(random: Random) -> Stroke:
    return np.stack(apart(random))


def level_line(random: Random) -> Stroke:
    """Across or down the whole square or half of it, as most strokes of Chinese characters."""
    along = np.array([0.0, 1.0]) if random.random() < 0.6 else np.array([0.2, 0.8])
    across = np.full(2, random.choice((0.0, 0.25, 0.5, 0.75, 1.0)))
    return np.stack([along, across] if random.random() < 0.5 else [across, along], axis=1)


def corners(random: Random) -> Stroke:
    """A line with one to three sharp bends."""
    points = [corner_point(random)]
    for _ in range(random.integers(2, 5)):
        points.append(apart(random, points[-1])[1])
    return np.stack(points)


def curve(random: Random) -> Stroke:
    """A smooth bend through three or four points of the lattice, as of c, s or a hook."""
    points = corners(random)[:4]
    for _ in range(3):  # Chaikin 1974
        near, far = 0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]
        cut = np.stack([near, far], axis=1).reshape(-1, 2)
        points = np.concatenate([points[:1], cut, points[-1:]])
    return points


def arc(random: Random) -> Stroke:
    """A part of an oval, a quarter of it to all but a gap."""
    start, turn = random.uniform(0, 2 * math.pi), random.uniform(0.25, 0.85) * 2 * math.pi
    return oval(start, turn, random)


def ring(random: Random) -> Stroke:
    return oval(random.uniform(0, 2 * math.pi), 2 * math.pi, random)


def oval(start: float, turn: float, random: Random) -> Stroke:
    """Round the middle of the square, or smaller somewhere in it."""
    small = random.random() < 0.5
    radius = random.uniform(0.18, 0.3, 2) if small else random.uniform(0.35, 0.5, 2)
    middle = 0.5 + (random.choice((-0.25, 0.0, 0.25), 2) if small else np.zeros(2))
    angles = start + np.linspace(0, turn, CURVE_POINTS)
    return middle + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def polygon(random: Random) -> Stroke:
    """Three to five corners, closed, of any size and turn."""
    count, size = int(random.integers(3, 6)), random.choice((0.25, 0.5))
    angles = random.uniform(0, 2 * math.pi) + np.arange(count + 1) * 2 * math.pi / count
    middle = 0.5 + (random.choice((-0.25, 0.25), 2) if size < 0.5 else np.zeros(2))
    return middle + size * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def wave(random: Random) -> Stroke:
    """One to two swings along the square."""
    along = np.linspace(0, 1, CURVE_POINTS)
    swing = 0.5 + 0.2 * np.sin(random.choice((2, 3, 4)) * math.pi * along + random.choice((0, 3.1)))
    return np.stack([along, swing] if random.random() < 0.5 else [swing, along], axis=1)


# Each with its share of all strokes.
KINDS: dict[Callable[[Random], Stroke], float] = {
    line: 0.27,
    level_line: 0.2,
    corners: 0.17,
    curve: 0.14,
    arc: 0.1,
    ring: 0.05,
    polygon: 0.04,
    wave: 0.03,
}


def invent(random: Random) -> Symbol:
    """A class: its strokes as a steady hand would draw them."""
    count = random.choice(list(COUNTS), p=list(COUNTS.values()))
    kinds = random.choice(len(KINDS), count, p=list(KINDS.values()))
    return tuple(list(KINDS)[kind](random) for kind in kinds)


@cache
def symbols(count: int, seed: int = 0) -> tuple[Symbol, ...]:
    """So many classes, no two alike; fewer are the beginning of more."""
    random, kept = np.random.default_rng(seed), []
    looks = torch.zeros(count, 169)
    while len(kept) < count:
        symbol = invent(random)
        seen = look(symbol)
        if not kept or float((looks[: len(kept)] @ seen).amax()) < ALIKE:
            looks[len(kept)] = seen
            kept.append(symbol)
    return tuple(kept)


def look(symbol: Symbol) -> Tensor:
    """A symbol drawn steadily and blurred, (169,) of mean 0 and length 1: to tell classes by."""
    digit = to_digit(ink_of(symbol, 9))
    blurred = F.avg_pool2d(digit[None, None], 4, stride=2).flatten()  # (1, 1, 13, 13) -> (169,)
    return F.normalize(blurred - blurred.mean(), dim=0)


def ink_of(strokes: Symbol, pen: float) -> Tensor:
    """Strokes about the unit square by a pen of so many px -> ink (112, 112) in [0, 1]."""
    sheet = Image.new("L", (SHEET, SHEET))
    pencil = ImageDraw.Draw(sheet)
    for stroke in strokes:
        points = (stroke - 0.5) * BOX * SHEET + SHEET / 2
        pencil.line([tuple(point) for point in points], fill=255, width=round(pen))
        for x, y in points:
            pencil.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return torch.from_numpy(np.asarray(sheet, dtype=np.float32) / 255)


def turned(radians: float) -> np.ndarray:
    cos, sin = math.cos(radians), math.sin(radians)
    return np.array([[cos, -sin], [sin, cos]])


def by_hand(symbol: Symbol, random: Random) -> Symbol:
    """The strokes as one of many people would draw them: leaning, bent, ends too long or short."""
    shear, wide = random.uniform(-0.35, 0.35), random.uniform(0.65, 1.35)
    hand = turned(random.uniform(-0.25, 0.25)) @ np.array([[wide, shear], [0, 1]])
    hand /= max(1.0, np.abs(hand).sum(1).max())
    shaken = [shake(stroke, random) for stroke in symbol]
    return tuple((bend(stroke, random) - 0.5) @ hand.T + 0.5 for stroke in shaken)


def shake(stroke: Stroke, random: Random) -> Stroke:
    """One stroke moved, grown, turned and jittered a little, its ends drawn on or cut."""
    own = turned(random.normal(0, 0.1)) * random.uniform(0.8, 1.2)
    middle = stroke.mean(0)
    points = (stroke - middle) @ own.T + middle + random.normal(0, 0.05, 2)
    jitter = 0.04 if len(stroke) < CURVE_POINTS else 0.012
    points = points + random.normal(0, jitter, points.shape)
    start, end = random.normal(0.03, 0.07, 2)
    points[0] += (points[0] - points[1]) * start * (2 if len(points) > 6 else 1)
    points[-1] += (points[-1] - points[-2]) * end * (2 if len(points) > 6 else 1)
    return rounded(points, int(random.integers(0, 3)))


def rounded(points: Stroke, times: int) -> Stroke:
    """Corners cut off a line of points, as by a hurried hand."""
    for _ in range(times if 2 < len(points) < CURVE_POINTS else 0):
        near, far = 0.85 * points[:-1] + 0.15 * points[1:], 0.15 * points[:-1] + 0.85 * points[1:]
        cut = np.stack([near, far], axis=1).reshape(-1, 2)
        points = np.concatenate([points[:1], cut, points[-1:]])
    return points


def bend(stroke: Stroke, random: Random) -> Stroke:
    """Points between two corners, moved along a slow wave: no hand draws a straight line."""
    ends = [np.linspace(a, b, 5)[:-1] for a, b in zip(stroke, stroke[1:], strict=False)]
    points = np.concatenate([*ends, stroke[-1:]]) if len(stroke) < CURVE_POINTS else stroke
    along = np.linspace(0, 1, len(points))[:, None]
    swing = random.normal(0, 0.04, 2) * np.sin(math.pi * random.choice((1, 2)) * along)
    return points + swing


def draw_symbol(symbol: Symbol, random: Random) -> Tensor:
    """One drawing of a class, as a network sees it: (28, 28) in [0, 1]."""
    return to_digit(ink_of(by_hand(symbol, random), random.uniform(4, 11)))


def draw_pool(classes: tuple[Symbol, ...], each: int, seed: int) -> Tensor:
    """`each` drawings of every class: (classes, each, 28, 28) uint8, 0 paper to 255 ink."""
    random = np.random.default_rng([seed, 1])
    drawn = [draw_symbol(symbol, random) for symbol in classes for _ in range(each)]
    pool = (torch.stack(drawn) * 255).round().to(torch.uint8)
    return pool.view(len(classes), each, 28, 28)
