"""The drawing surface's files put together, and its pixels to tensors and back."""

import base64
import binascii
from pathlib import Path

import torch
from torch import Tensor

FOLDER = Path(__file__).resolve().parent
SIDE_LIMIT = 280  # px; the canvas sends at most 280 x 280 pixels, one byte each
# In the order in which they build on each other.
SCRIPTS = (
    "drawing.js",
    "surface.js",
    "picture.js",
    "reader.js",
    "answer.js",
    "care.js",
    "samples.js",
    "own_set.js",
    "own_networks.js",
    "answer_back.js",
    "network_menu.js",
    "draw_tab.js",
)


STYLES = (
    "canvas.css",
    "answer.css",
    "care.css",
    "samples.css",
    "answer_back.css",
    "wide.css",
    "taught.css",
)


class BadPixels(Exception):
    """What was sent is no picture of one byte a pixel within the size limit."""


def markup() -> str:
    """The tab's HTML. It holds no words: each element names its sentence in `data-word`."""
    return (FOLDER / "canvas.html").read_text(encoding="utf-8")


def script() -> str:
    """All of the surface's scripts, for the head of the page."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)


def styles() -> str:
    """All of the tab's style sheets; of two rules the later one wins."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in STYLES)


def to_tensor(width: object, height: object, pixels: object) -> Tensor:
    """Base64 of one byte a pixel, row by row -> (H, W) in [0, 1]. Raises BadPixels."""
    if not (is_side(width) and is_side(height) and isinstance(pixels, str)):
        raise BadPixels
    if len(pixels) != 4 * -(-width * height // 3):  # base64: four characters for three bytes
        raise BadPixels
    try:
        content = base64.b64decode(pixels, validate=True)
    except (binascii.Error, ValueError):
        raise BadPixels from None
    if len(content) != width * height:
        raise BadPixels
    return torch.frombuffer(bytearray(content), dtype=torch.uint8).view(height, width) / 255


def to_text(picture: Tensor) -> str:
    """(H, W) in [0, 1] -> base64 of one byte a pixel, row by row."""
    levels = (picture.clamp(0, 1) * 255).round().to(torch.uint8)
    return base64.b64encode(levels.contiguous().numpy().tobytes()).decode("ascii")


def is_side(value: object) -> bool:
    """Whether a value is a length in pixels that the canvas may send."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= SIDE_LIMIT
