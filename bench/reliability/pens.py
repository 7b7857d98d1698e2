"""Drawings as they grow under a pen: each stroke a row of sheets, as the page would send them.

Of pen strokes where there is a file of them; else of MNIST's test digits, whose ink appears as a
pen would lay it, outwards from its topmost pixel.
"""

import base64
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from bench.strokes import load_drawings
from demo.readers import DEFAULT_READER
from models.calibrate import DEFAULT_CARE
from models.data import load_mnist
from models.pen import CANVAS, PEN, SIZE

FRAMES = 10  # sheets a stroke: it lasts a second, with ten readings
FINER = 2  # drawn so many times as large and averaged down
ENLARGED = 7  # px of the sheet for one of MNIST's: 20 of ink become half of the sheet
Sheet = np.ndarray  # (280, 280) uint8, ink 255 on paper 0


def pen_strokes(file: Path, count: int, seed: int) -> list[list[Sheet]]:
    """The sheets of at least `count` strokes of drawings in a file, drawn at random."""
    drawings = load_drawings(file)
    random.Random(seed).shuffle(drawings)
    found: list[list[Sheet]] = []
    for one in drawings:
        if len(found) >= count:
            break
        found += growing(one["strokes"])
    return found


def growing(strokes: list[list[list[float]]]) -> Iterator[list[Sheet]]:
    """A drawing stroke by stroke, each in sheets that show more and more of it."""
    points = np.concatenate([np.array(stroke) for stroke in strokes])
    middle = (points.min(0) + points.max(0)) / 2
    side = CANVAS * FINER
    picture = Image.new("L", (side, side), 0)
    pencil, radius = ImageDraw.Draw(picture), PEN * FINER / 2
    for stroke in strokes:
        spots = [tuple(spot) for spot in (np.array(stroke) - middle) * SIZE * side + side / 2]
        sheets, done = [], 0
        for frame in range(1, FRAMES + 1):
            upto = max(1, round(len(spots) * frame / FRAMES))
            piece = spots[max(0, done - 1) : upto]
            if len(piece) > 1:
                pencil.line(piece, fill=255, width=round(2 * radius))
            for x, y in piece:
                pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
            done = upto
            sheets.append(np.asarray(picture.reduce(FINER)))
        yield sheets


def digit_strokes(count: int, seed: int) -> list[list[Sheet]]:
    """The same of so many of MNIST's test digits, each as one stroke."""
    images = load_mnist().test_images
    places = random.Random(seed).sample(range(len(images)), count)
    return [uncovered(images[place].numpy()) for place in places]


def uncovered(image: np.ndarray) -> list[Sheet]:
    """A digit (28, 28) uint8, from the first tenth of its ink to all of it."""
    order = along(image > 0)
    edge = (CANVAS - ENLARGED * len(image)) // 2
    sheets = []
    for frame in range(1, FRAMES + 1):
        shown = np.zeros_like(image)
        for place in order[: max(1, len(order) * frame // FRAMES)]:
            shown[place] = image[place]
        sheets.append(np.pad(shown.repeat(ENLARGED, 0).repeat(ENLARGED, 1), edge))
    return sheets


def along(ink: np.ndarray) -> list[tuple[int, int]]:
    """All places with ink, each after one beside it where there is one, from the topmost on."""
    left = {(int(y), int(x)) for y, x in np.argwhere(ink)}
    order: list[tuple[int, int]] = []
    while left:
        layer = [min(left)]
        left.discard(layer[0])
        while layer:
            order += layer
            near = {(y + dy, x + dx) for y, x in layer for dy in (-1, 0, 1) for dx in (-1, 0, 1)}
            layer = sorted(near & left)
            left -= set(layer)
    return order


def as_asked(sheet: Sheet) -> dict[str, object]:
    """What the page sends of a sheet, once its menus are there."""
    pixels = base64.b64encode(sheet.tobytes()).decode("ascii")
    chosen = {"model": DEFAULT_READER, "care": DEFAULT_CARE}
    return {"kind": "ink", **chosen, "width": CANVAS, "height": CANVAS, "pixels": pixels}
