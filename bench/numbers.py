"""How well rows of digits are read as numbers: python -m bench.numbers --drawings FILE.

Numbers of two to four digits made of people's drawings (a file as bench.drawings takes it), set in
one row. Refusals off: right is a number whose every digit is right.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from tqdm import tqdm

from bench.drawings import read_as_file
from bench.strokes import load_drawings, render_row
from models.checkpoint import load


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--drawings", type=Path, required=True, metavar="FILE")
    options.add_argument("--model", default="digits")
    options.add_argument("--count", type=int, default=600)
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    reader, drawings = load(chosen.model), load_drawings(chosen.drawings)
    source, right, miscounted = random.Random(chosen.seed), 0, 0
    for _ in tqdm(range(chosen.count), disable=None, leave=False):
        row = source.choices(drawings, k=source.randint(2, 4))
        grey = render_row([one["strokes"] for one in row], source)
        number = read_as_file(reader, grey).number
        wanted = "".join(one["label"] for one in row)
        right += number == wanted
        miscounted += number is None or len(number) != len(wanted)
    facts = {"numbers": chosen.count, "right": round(right / chosen.count, 4)}
    print(json.dumps(facts | {"split_wrongly": round(miscounted / chosen.count, 4)}))


if __name__ == "__main__":
    main()
