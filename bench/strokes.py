"""From pen strokes to a picture, as a drawing surface would show them."""

import json
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
