"""What the lab refuses: python -m bench.refusals [--drawings FILE --letters FILE].

Always: 500 pictures made up here, blanks, dots, scribbles and pairs of test digits, none of them
by the code that made the drawings for training. With --drawings and --letters, files of pen strokes
as bench.drawings takes them: the share of letters refused at the default care, and how well the
digit score alone tells the ones from the others (area under the ROC curve).
"""

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torchmetrics.functional.classification import binary_auroc
from tqdm import tqdm

from bench.drawings import read_as_file
from bench.strokes import CANVAS, load_drawings, render, render_anywhere
from models.calibrate import DEFAULT_CARE
from models.checkpoint import load
from models.data import load_mnist

EACH = 125  # pictures of a kind; 500 in all


def blank(source: random.Random) -> Tensor:
    """Paper of any grey, with the grain of a photograph or none."""
    noise = np.random.default_rng(source.randrange(2**32)).normal(0, 1, (CANVAS, CANVAS))
    paper = source.uniform(0.5, 1) + source.choice([0, 0.01, 0.02]) * noise
    return torch.from_numpy(paper).float().clamp(0, 1)


def dot(source: random.Random) -> Tensor:
    """The pen put down and lifted, at most a shiver in between."""
    x, y, shiver = source.uniform(0.1, 0.9), source.uniform(0.1, 0.9), source.uniform(0, 0.01)
    stroke = [[0, 0], [shiver, 0], [shiver / 2, shiver]]
    return render([stroke], 1, source.uniform(6, 34), (x, y))


def scribble(source: random.Random) -> Tensor:
    """A line that wanders about and often turns back."""
    angle, place, stroke = source.uniform(0, 6.28), np.array([0.5, 0.5]), []
    for _ in range(source.randint(40, 120)):
        angle += source.gauss(0, 1.1)
        place = np.clip(place + 0.12 * np.array([np.cos(angle), np.sin(angle)]), 0, 1)
        stroke.append(place.tolist())
    return render_anywhere([stroke], source)


def pair(source: random.Random) -> Tensor:
    """Two test digits beside each other."""
    images, paper = load_mnist().test_images, torch.ones(CANVAS, CANVAS)
    scale, top = source.choice([3, 4]), source.randrange(20, 140)
    left = source.randrange(4, 30)
    for _ in range(2):
        image = images[source.randrange(len(images))].float() / 255
        image = image[:, image.any(0)].repeat_interleave(scale, 0).repeat_interleave(scale, 1)
        paper[top : top + len(image), left : left + image.shape[1]] = 1 - image
        left += image.shape[1] + source.randrange(10, 30)
    return paper


KINDS: tuple[Callable[[random.Random], Tensor], ...] = (blank, dot, scribble, pair)


def made_up(model: str, seed: int) -> dict[str, object]:
    """The share of each kind that is refused, and of all."""
    reader, source, refused = load(model), random.Random(seed), {}
    for kind in KINDS:
        pictures = (kind(source) for _ in range(EACH))
        pictures = tqdm(pictures, kind.__name__, EACH, disable=None, leave=False)
        refused[kind.__name__] = sum(read_as_file(reader, one).refused for one in pictures)
    shares = {name: round(count / EACH, 4) for name, count in refused.items()}
    return {"made_up": EACH * len(KINDS), "refused": sum(refused.values()) / 500, **shares}


def letters_against_digits(model: str, digits: Path, letters: Path) -> dict[str, object]:
    """What the default care keeps of the digits and refuses of the letters."""
    reader = load(model)
    read = [
        [read_as_file(reader, render(one["strokes"])) for one in tqdm(file, disable=None)]
        for file in (load_drawings(digits), load_drawings(letters))
    ]
    scores = torch.tensor([one.digit_score for answers in read for one in answers])
    are_digits = torch.tensor([1] * len(read[0]) + [0] * len(read[1]))
    kept, refused = (sum(one.refused for one in answers) / len(answers) for answers in read)
    return {
        "care": DEFAULT_CARE,
        "digits": len(read[0]),
        "digits_refused": round(kept, 4),
        "letters": len(read[1]),
        "letters_refused": round(refused, 4),
        "auroc": round(float(binary_auroc(scores, are_digits)), 4),
    }


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--drawings", type=Path, metavar="FILE")
    options.add_argument("--letters", type=Path, metavar="FILE")
    options.add_argument("--model", default="digits")
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    print(json.dumps(made_up(chosen.model, chosen.seed)), flush=True)
    if chosen.drawings and chosen.letters:
        print(json.dumps(letters_against_digits(chosen.model, chosen.drawings, chosen.letters)))


if __name__ == "__main__":
    main()
