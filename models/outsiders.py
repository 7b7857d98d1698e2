"""Made-up drawings that are no digits, for a reader to learn what it does not know.

Letters and signs drawn from our own pen strokes in glyphs.json, scribbles, blobs, and training
digits mirrored, turned, halved, overlaid and side by side. Each goes the way of a visitor's
drawing, through ink.to_digit.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from models.ink import SIDE, to_digit

SHEET = 112  # px; four times what the network sees
BOX = 0.7  # of the sheet, for the unit square that a glyph is drawn in
GLYPHS = json.loads((Path(__file__).parent / "glyphs.json").read_text(encoding="utf-8"))
# Turned like this, these digits are none; a mirrored 2 would be a 5, half an 8 a 0.
MIRRORED, TURNED, HALVED = (3, 4, 6, 7, 9), (2, 3, 4, 5, 7), (2, 3, 5)
OVERLAID = (2, 3, 4, 5, 6, 8, 9)  # a 1 or a 7 over another digit may pass for its slash
Random = np.random.Generator
Digits = list[Tensor]  # for each digit 0 to 9 its training images, (N, 28, 28) in [0, 1]


def smooth(points: np.ndarray, times: int) -> np.ndarray:
    """Corners cut off a line of points (N, 2), again and again; Chaikin 1974."""
    for _ in range(times if len(points) > 2 else 0):
        near = 0.75 * points[:-1] + 0.25 * points[1:]
        far = 0.25 * points[:-1] + 0.75 * points[1:]
        cut = np.stack([near, far], axis=1).reshape(-1, 2)
        points = np.concatenate([points[:1], cut, points[-1:]])
    return points


def draw(
    strokes: list[np.ndarray], random: Random, lean: float = 0.3, widest: float = 14
) -> Tensor:
    """Strokes of points in the unit square, by a shaky hand and some pen -> ink (112, 112).

    `lean` bounds the turn in radians and the shear; `widest` the pen in px.
    """
    angle, shear = random.uniform(-lean, lean), random.uniform(-lean, lean)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    hand = turn @ np.array([[random.uniform(0.6, 1), shear], [0, random.uniform(0.6, 1)]])
    rounds, pen = int(random.integers(0, 4)), random.uniform(4, widest)
    sheet = Image.new("L", (SHEET, SHEET))
    pencil = ImageDraw.Draw(sheet)
    for stroke in strokes:
        points = np.array(stroke, dtype=float) + random.normal(0, 0.04, (len(stroke), 2))
        points = smooth((points - 0.5) @ hand.T, rounds) * BOX * SHEET + SHEET / 2
        pencil.line([tuple(point) for point in points], fill=255, width=round(pen))
        for x, y in points:
            pencil.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return torch.from_numpy(np.asarray(sheet, dtype=np.float32) / 255)


def glyph(digits: Digits, random: Random) -> Tensor:
    return draw(GLYPHS[random.choice(list(GLYPHS))], random)


def scribble(digits: Digits, random: Random) -> Tensor:
    return draw([random.uniform(0, 1, (random.integers(5, 14), 2))], random)


def blob(digits: Digits, random: Random) -> Tensor:
    """A filled ellipse."""
    sheet = Image.new("L", (SHEET, SHEET))
    half = random.uniform(10, 40, 2)
    ImageDraw.Draw(sheet).ellipse((*(56 - half), *(56 + half)), fill=255)
    return torch.from_numpy(np.asarray(sheet, dtype=np.float32) / 255)


def pick(digits: Digits, among: tuple[int, ...], random: Random) -> Tensor:
    """A training image (28, 28) of one of these digits."""
    images = digits[random.choice(among)]
    return images[random.integers(len(images))]


def mirrored(digits: Digits, random: Random) -> Tensor:
    return pick(digits, MIRRORED, random).flip(1)


def turned(digits: Digits, random: Random) -> Tensor:
    return pick(digits, TURNED, random).rot90(int(random.choice([1, 3])))


def halved(digits: Digits, random: Random) -> Tensor:
    image, cut = pick(digits, HALVED, random), int(random.integers(12, 16))
    return image[:cut] if random.random() < 0.5 else image[cut:]


def overlaid(digits: Digits, random: Random) -> Tensor:
    first, second = random.choice(OVERLAID, 2, replace=False)
    shift = tuple(int(step) for step in random.integers(-4, 5, 2))
    other = pick(digits, (second,), random).roll(shift, (0, 1))
    return torch.maximum(pick(digits, (first,), random), other)


def side_by_side(digits: Digits, random: Random) -> Tensor:
    """Two digits next to each other, touching or with a little room between them."""
    pair = [pick(digits, tuple(range(10)), random) for _ in range(2)]
    wide = torch.zeros(SIDE, 2 * SIDE)
    second = SIDE - int(random.integers(4, 10))
    wide[:, :SIDE] = pair[0]
    wide[:, second : second + SIDE] = torch.maximum(wide[:, second : second + SIDE], pair[1])
    return wide


# Each with its share of a pool.
KINDS: dict[Callable[[Digits, Random], Tensor], float] = {
    glyph: 0.45,
    scribble: 0.15,
    blob: 0.02,
    mirrored: 0.08,
    turned: 0.06,
    halved: 0.08,
    overlaid: 0.08,
    side_by_side: 0.08,
}


def outsiders(images: Tensor, labels: Tensor, count: int, seed: int) -> Tensor:
    """(count, 28, 28) uint8, 0 paper to 255 ink: no digits, made in part of training images.

    `images` (N, 28, 28) uint8 and `labels` (N,) are those to take pieces from.
    """
    random = np.random.default_rng(seed)
    digits = [images[labels == digit].float() / 255 for digit in range(10)]
    kinds = random.choice(len(KINDS), count, p=list(KINDS.values()))
    made = [to_digit(list(KINDS)[kind](digits, random)) for kind in kinds]
    return (torch.stack(made) * 255).round().to(torch.uint8)
