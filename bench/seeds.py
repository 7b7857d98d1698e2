"""Mean and spread over seeds of one network: python -m bench.seeds FILE FILE FILE [--write].

FILES are checkpoints of one recipe trained with different seeds:
    python -m models train digits --seed 0 --out runs/digits-0.safetensors    (and 1, 2)
Each is measured on the whole test set; --write keeps the result for checkpoints/README.md.
"""

import argparse
import json
import statistics
import sys
from dataclasses import replace
from pathlib import Path

import torch
from tqdm import tqdm

from models.checkpoint import load_file, write_whole
from models.data import load_mnist
from models.measure import evaluate_reader
from models.report import SEEDS


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("files", nargs="+", type=Path, metavar="FILE")
    options.add_argument("--write", action="store_true", help=f"keep it in {SEEDS.name}")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    checkpoints = [load_file(file) for file in chosen.files]
    recipes = {replace(checkpoint.recipe, seed=0) for checkpoint in checkpoints}
    if len(recipes) > 1:
        sys.exit("the files are of different recipes; name those that differ in the seed alone")
    accuracies = [
        evaluate_reader(checkpoint.network, load_mnist())["accuracy"]
        for checkpoint in tqdm(checkpoints, disable=None, leave=False)
    ]
    facts = {
        "seeds": [checkpoint.recipe.seed for checkpoint in checkpoints],
        "accuracies": accuracies,
        "mean": statistics.mean(accuracies),
        "sd": statistics.stdev(accuracies) if len(accuracies) > 1 else 0.0,
    }
    name = recipes.pop().network
    print(json.dumps({"network": name} | facts))
    if chosen.write:
        kept = json.loads(SEEDS.read_text()) if SEEDS.exists() else {}
        write_whole(SEEDS, (json.dumps(kept | {name: facts}, indent=2) + "\n").encode())


if __name__ == "__main__":
    main()
