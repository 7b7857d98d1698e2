"""Pen strokes of people as pictures: one anywhere on the sheet, several in a row."""

import json
import random
from pathlib import Path

import numpy as np
from torch import Tensor

from models.pen import CANVAS, render


def load_drawings(file: Path) -> list[dict]:
    """A JSON list of {"label", "strokes"}: points in [0, 1], the longer side of their box 1."""
    return json.loads(Path(file).read_text())


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
