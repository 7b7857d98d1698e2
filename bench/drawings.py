"""How well a reader reads what people draw: python -m bench.drawings --drawings FILE.

FILE holds pen strokes as JSON: [{"label": "7", "strokes": [[[x, y], ...], ...]}, ...]. Each drawing
is rendered at 280 x 280 px and read as a PNG file would be: read_picture -> find_ink -> classify.
Twice: "as stated", a 20 px pen and the longer side 0.7 of the canvas, in its middle; "anywhere",
several times at a random place, of 0.2 to 0.8 of the canvas, with a pen of 6 to 34 px.
"""

import argparse
import collections
import json
import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from bench.strokes import load_drawings, render, render_anywhere
from models.calibrate import DEFAULT_CARE, caution_of
from models.checkpoint import Checkpoint, load
from models.ink import find_ink
from models.picture import read_picture
from models.predict import Prediction, classify


def read_as_file(reader: Checkpoint, grey: Tensor, care: float = DEFAULT_CARE) -> Prediction:
    """A rendered drawing by the way that a picture file takes."""
    file = BytesIO()
    Image.fromarray((grey * 255).round().byte().numpy()).save(file, "PNG")
    ink = find_ink(read_picture(file.getvalue()))
    return classify(reader.network, ink, caution_of(reader.figures, care))


def likeliest(prediction: Prediction) -> str:
    """What it reads with refusals off."""
    return str(max(range(10), key=prediction.probabilities.__getitem__))


def figures(labels: list[str], predictions: Iterator[Prediction]) -> dict[str, object]:
    """Shares of drawings read right, and read right and accepted; and the mistakes."""
    right, accepted, mistakes = 0, 0, collections.Counter()
    for label, prediction in zip(labels, predictions, strict=True):
        read = likeliest(prediction)
        right += read == label
        accepted += prediction.label == label
        if read != label:
            mistakes[f"{label} read as {read}"] += 1
    count = len(labels)
    shares = {"right": round(right / count, 4), "right_and_accepted": round(accepted / count, 4)}
    return {"readings": count, **shares, "mistakes": dict(mistakes.most_common(8))}


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--drawings", type=Path, required=True, metavar="FILE")
    options.add_argument("--model", default="digits")
    options.add_argument("--times", type=int, default=3, help="readings of each, anywhere")
    options.add_argument("--seed", type=int, default=0, help="of places, sizes and pens")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    reader, drawings = load(chosen.model), load_drawings(chosen.drawings)
    source = random.Random(chosen.seed)
    stated = (render(one["strokes"]) for one in drawings)
    many = [one for one in drawings for _ in range(chosen.times)]
    anywhere = (render_anywhere(one["strokes"], source) for one in many)
    for way, asked, pictures in (("as stated", drawings, stated), ("anywhere", many, anywhere)):
        pictures = tqdm(pictures, way, len(asked), disable=None, leave=False)
        read = (read_as_file(reader, grey) for grey in pictures)
        facts = figures([one["label"] for one in asked], read)
        print(json.dumps({"model": chosen.model, "rendered": way} | facts), flush=True)


if __name__ == "__main__":
    main()
