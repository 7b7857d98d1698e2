"""From pen strokes to a picture, as a drawing surface would show them, and to what networks see."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from models.errors import LabError
from models.ink import find_ink, to_digit

CANVAS = 280  # px
PEN = 20  # px
SIZE = 0.7  # of the canvas, the drawing's longer side
FINER = 4  # drawn so many times as large and averaged down
LARGEST_FILE = 50_000_000  # bytes
MOST_POINTS = 10_000  # of one drawing
FARTHEST = 2.0  # a point's coordinate; the ink's box has a longer side of 1
Strokes = list[list[list[float]]]  # strokes of points [x, y], y down, longer side of the box 1


class DrawingsError(LabError):
    """A file that holds no pen drawings."""


def render(
    strokes: Strokes, size: float = SIZE, pen: float = PEN, place: tuple[float, float] = (0.5, 0.5)
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


def digit_of(strokes: Strokes) -> Tensor:
    """Pen strokes as a network sees them: (28, 28) in [0, 1]."""
    return to_digit(find_ink(render(strokes)))


def read_drawings(file: Path) -> list[tuple[str, Strokes]]:
    """Labels and strokes of a JSON list of {"label", "strokes"}. Raises DrawingsError."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise ValueError
        items = json.loads(file.read_text(encoding="utf-8"))
        return [(str(item["label"]), checked(item["strokes"])) for item in items]
    except OSError as error:
        sentence = "{file} can't be read: {fault}"
        fault = error.strerror or "it is no file"
        raise DrawingsError("drawings_unread", sentence, file=file.name, fault=fault) from None
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        sentence = (
            '{file} holds no list of drawings like {{"label": "A", "strokes": [[[0, 1], …]]}}'
        )
        raise DrawingsError("drawings_bad", sentence, file=file.name) from None


def checked(strokes: list) -> Strokes:
    """The strokes as they came. Raises ValueError where they are no points near the unit box."""
    parts = [np.array(stroke, dtype=np.float64) for stroke in strokes]
    if not parts or any(part.ndim != 2 or part.shape[1] != 2 or not len(part) for part in parts):
        raise ValueError
    points = np.concatenate(parts)
    if len(points) > MOST_POINTS or not (np.abs(points) <= FARTHEST).all():  # NaN fails too
        raise ValueError
    return [part.tolist() for part in parts]
