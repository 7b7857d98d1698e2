"""How well a reader reads what people draw: python -m bench.drawings --drawings FILE.

FILE holds pen strokes as JSON: [{"label": "7", "strokes": [[[x, y], ...], ...]}, ...]. Each drawing
is rendered at 280 x 280 px with a 20 px pen, its longer side 0.7 of the canvas, and read as a PNG
file would be: read_picture -> find_ink -> classify.
"""

import argparse
import collections
import json
from io import BytesIO
from pathlib import Path

import torch
from PIL import Image
from tqdm import tqdm

from bench.strokes import load_drawings, render
from models.checkpoint import load
from models.ink import find_ink
from models.picture import read_picture
from models.predict import Prediction, classify


def read_as_file(network: torch.nn.Module, grey: torch.Tensor) -> Prediction:
    """A rendered drawing by the way that a picture file takes."""
    file = BytesIO()
    Image.fromarray((grey * 255).round().byte().numpy()).save(file, "PNG")
    return classify(network, find_ink(read_picture(file.getvalue())))


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--drawings", type=Path, required=True, metavar="FILE")
    options.add_argument("--model", default="digits")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    network, drawings = load(chosen.model).network, load_drawings(chosen.drawings)
    mistakes = collections.Counter()
    for drawing in tqdm(drawings, disable=None, leave=False):
        prediction = read_as_file(network, render(drawing["strokes"]))
        likeliest = str(max(range(10), key=prediction.probabilities.__getitem__))
        if likeliest != drawing["label"]:
            mistakes[f"{drawing['label']} read as {likeliest}"] += 1
    right = 1 - sum(mistakes.values()) / len(drawings)
    facts = {"model": chosen.model, "drawings": len(drawings), "right": round(right, 4)}
    print(json.dumps(facts | {"mistakes": dict(mistakes.most_common())}))


if __name__ == "__main__":
    main()
