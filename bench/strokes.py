"""From pen strokes to a picture, as a drawing surface would show them."""

import json
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

CANVAS = 280  # px
PEN = 20  # px
SIZE = 0.7  # of the canvas, the drawing's longer side
FINER = 4  # drawn so many times as large and averaged down


def load_drawings(file: Path) -> list[dict]:
    """A JSON list of {"label", "strokes"}: points in [0, 1], the longer side of their box 1."""
    return json.loads(Path(file).read_text())


def render(
    strokes: list[list[list[float]]],
    size: float = SIZE,
    pen: float = PEN,
    place: tuple[float, float] = (0.5, 0.5),
) -> Tensor:
    """Black ink on white paper, grey (280, 280), 0 black to 1 white; `place` is the middle."""
    points = np.array([point for stroke in strokes for point in stroke])
    middle = (points.min(0) + points.max(0)) / 2
    sheet = Image.new("L", (CANVAS * FINER, CANVAS * FINER), 255)
    pencil, radius = ImageDraw.Draw(sheet), pen * FINER / 2
    for stroke in strokes:
        spots = (np.array(stroke) - middle) * size * CANVAS * FINER
        spots = [tuple(spot) for spot in spots + np.array(place) * CANVAS * FINER]
        pencil.line(spots, fill=0, width=round(2 * radius))
        for x, y in spots:
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return torch.from_numpy(np.asarray(sheet.reduce(FINER), dtype=np.float32) / 255)


def render_anywhere(strokes: list[list[list[float]]], source: random.Random) -> Tensor:
    """The same at a random size, 0.2 to 0.8 of the canvas, with a random pen, somewhere on it.

    The pen has 6 to 14 px up to half the canvas and 8 to 34 px above; nothing is cut off.
    """
    size = source.uniform(0.2, 0.8)
    pen = source.uniform(6, 14) if size <= 0.5 else source.uniform(8, 34)
    points = np.array([point for stroke in strokes for point in stroke])
    half = np.ptp(points, axis=0) * size / 2 + pen / CANVAS / 2
    place = [source.uniform(least, 1 - least) for least in half]
    return render(strokes, size, pen, tuple(place))


def render_row(drawings: list[list[list[list[float]]]], source: random.Random) -> Tensor:
    """Several drawings beside each other as one writes a number, grey (280, 280).

    Each of nearly the same height, on nearly one line, with a gap of 0.15 to 0.4 of the height.
    """
    shapes = [np.ptp([point for stroke in one for point in stroke], axis=0) for one in drawings]
    heights = [source.uniform(0.9, 1.1) for _ in drawings]
    gaps = [source.uniform(0.15, 0.4) for _ in drawings]
    scales = [height / max(shape[1], 0.5) for height, shape in zip(heights, shapes, strict=True)]
    strokes, left = [], 0.0
    for one, scale, shape, gap in zip(drawings, scales, shapes, gaps, strict=True):
        low = np.array([point for stroke in one for point in stroke]).min(axis=0)
        drop = source.uniform(-0.08, 0.08)
        for stroke in one:
            moved = (np.array(stroke) - low) * scale + [left, drop - scale * shape[1]]
            strokes.append(moved.tolist())
        left += scale * shape[0] + gap
    return render(unit(strokes), source.uniform(0.75, 0.92), source.uniform(6, 12))


def unit(strokes: list[list[list[float]]]) -> list[list[list[float]]]:
    """Strokes scaled so that the longer side of their box is 1."""
    side = np.ptp([point for stroke in strokes for point in stroke], axis=0).max()
    return [(np.array(stroke) / side).tolist() for stroke in strokes]
