"""What a visitor brings, marked as theirs: drawings, pictures, symbols, photographs, networks.

Everything comes from the visitor's number and a seed; no two visitors have a thing in common.
"""

import base64
from io import BytesIO

import numpy as np
import torch
from PIL import Image, ImageDraw

from models.checkpoint import as_bytes
from models.recipe import Recipe

SIDE, SMALL = 280, 28  # px of the sheet, of a digit
PEN = 20  # px
BATCH, IMAGES = 128, 6_000
FEWEST_STEPS = 10  # of a training; each visitor's has some more


def text_of(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


class Belongings:
    """One visitor's."""

    def __init__(self, number: int, seed: int = 0) -> None:
        self.number = number
        self.random = np.random.default_rng((seed, number))
        self.pixels = self.drawing()  # (280, 280) uint8, ink 255
        self.names = [f"v{number:02d}-{letter}" for letter in "ab"]  # of symbols and photographs
        self.symbols = [[text_of(self.noise(SMALL)) for _ in range(3)] for _ in self.names]
        self.own = [{"label": at, "pixels": text_of(self.noise(SMALL))} for at in range(4)]
        self.photos = [
            {"name": name, "photos": [text_of(self.photo()) for _ in range(2)]}
            for name in self.names
        ]
        self.network = self.taught_elsewhere()

    def drawing(self) -> np.ndarray:
        """A line with some corners."""
        sheet = Image.new("L", (SIDE, SIDE))
        corners = [tuple(int(at) for at in self.random.integers(50, 230, 2)) for _ in range(4)]
        ImageDraw.Draw(sheet).line(corners, fill=255, width=PEN, joint="curve")
        return np.asarray(sheet)

    def noise(self, side: int) -> bytes:
        return self.random.integers(0, 256, side * side, np.uint8).tobytes()

    def photo(self) -> bytes:
        file = BytesIO()
        levels = self.random.integers(0, 256, (8, 8, 3), np.uint8)
        Image.fromarray(levels).resize((64, 64), Image.BICUBIC).save(file, "JPEG")
        return file.getvalue()

    def sheet(self) -> dict:
        """The drawing as the canvas sends it."""
        pixels = text_of(self.pixels.tobytes())
        return {"kind": "ink", "width": SIDE, "height": SIDE, "pixels": pixels, "model": None}

    def picture(self) -> bytes:
        """The drawing as a PNG, dark on white."""
        file = BytesIO()
        Image.fromarray(255 - self.pixels).save(file, "PNG")
        return file.getvalue()

    def picture_value(self) -> dict:
        """The same as programs send it to an event."""
        return {"path": None, "url": "data:image/png;base64," + text_of(self.picture())}

    @property
    def steps(self) -> int:
        """How many a training of theirs has; nobody else's has as many."""
        return FEWEST_STEPS + self.number

    def recipe(self, more: int = 0) -> dict:
        """A short training; `more` tells two of one visitor apart."""
        epochs = self.steps / -(-IMAGES // BATCH)
        sizes = {"batch_size": BATCH, "train_images": IMAGES, "epochs": epochs}
        return {"network": "linear", "seed": 1_000 * (more + 1) + self.number, **sizes}

    def taught_elsewhere(self) -> bytes:
        """A network's file with weights of theirs."""
        recipe = Recipe(network="linear", seed=9_000 + self.number)
        with torch.random.fork_rng():
            torch.manual_seed(recipe.seed)
            weights = recipe.build_network().state_dict()
        return as_bytes(weights, recipe, {}, "")
