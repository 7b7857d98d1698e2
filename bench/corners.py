"""Whether a small digit is read the same in each corner: python -m bench.corners.

Test images at a quarter of the canvas, in its four corners against its middle, with the answer's
refusal counted as an answer. With --drawings FILE the same of people's drawings.
"""

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from bench.drawings import read_as_file
from bench.strokes import CANVAS, load_drawings, render
from models.checkpoint import load
from models.data import load_mnist

SIZE = 70  # px, a quarter of the canvas
EDGE = 2  # px between a digit's picture and the canvas's edge
MIDDLE = (CANVAS - SIZE) // 2
FAR = CANVAS - SIZE - EDGE
PLACES = [(MIDDLE, MIDDLE), (EDGE, EDGE), (EDGE, FAR), (FAR, EDGE), (FAR, FAR)]


def on_canvas(image: Tensor, place: tuple[int, int]) -> Tensor:
    """A test image (28, 28) uint8 as ink on white paper, (280, 280), its corner at a place."""
    small = F.interpolate(image[None, None].float() / 255, size=(SIZE, SIZE), mode="bilinear")
    paper = torch.ones(CANVAS, CANVAS)
    top, left = place
    paper[top : top + SIZE, left : left + SIZE] -= small[0, 0]
    return paper


def in_all_places(strokes: list) -> list[Tensor]:
    """A drawing of a quarter of the canvas, in its middle and in its corners."""
    near = SIZE / CANVAS / 2 + 0.03
    places = [(0.5, 0.5)] + [(x, y) for x in (near, 1 - near) for y in (near, 1 - near)]
    return [render(strokes, SIZE / CANVAS, 9, place) for place in places]


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--drawings", type=Path, metavar="FILE")
    options.add_argument("--model", default="digits")
    options.add_argument("--count", type=int, default=250, help="test images")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    reader, images = load(chosen.model), load_mnist().test_images[: chosen.count]
    sheets = [[on_canvas(image, place) for place in PLACES] for image in images]
    if chosen.drawings:
        drawings = load_drawings(chosen.drawings)[: chosen.count]
        sheets += [in_all_places(one["strokes"]) for one in drawings]
    same = 0
    for sheet in tqdm(sheets, disable=None, leave=False):
        middle, *corners = [read_as_file(reader, grey).label for grey in sheet]
        same += sum(label == middle for label in corners)
    comparisons = 4 * len(sheets)
    print(json.dumps({"comparisons": comparisons, "same": round(same / comparisons, 4)}))


if __name__ == "__main__":
    main()
