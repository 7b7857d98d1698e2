"""Whether the Train tab's experiments show what they teach: python -m bench.presets [KEY …].

Plays each with the page's own recipes on one thread, over a few seeds, and prints the figures of
its runs, the seconds of CPU time that it takes, and the sentence that the page would say. The
book's network on all images, which takes minutes, runs only when it is named.
"""

import argparse
import json
import sys
import time

import torch
from tqdm import tqdm

from demo.train_asked import recipe_in
from demo.train_presets import PRESETS
from demo.train_verdicts import Facts
from models.companion import Companion
from models.engine import new_network, train
from models.recipe import Recipe
from models.verbs import gradients
from models.watch import point

LAST_POINTS = 5  # of a curve, as the page averages the train accuracy
SLOW = ("book_cut", "book_whole")


def play(recipe: Recipe) -> Facts:
    """A run as the page trains it, and what the page tells of it."""
    network = new_network(recipe)
    points = [point(snapshot) for snapshot in train(recipe, network, companion=Companion())]
    sizes = [layer["size"] for layer in gradients(network)]
    known = [each["accuracy"] for each in points if each["accuracy"] is not None][-LAST_POINTS:]
    return Facts(
        points[-1]["diverged"],
        points[-1]["step"],
        points[-1]["seconds"],
        points[-1]["test_accuracy"],
        sum(known) / len(known) if known else None,
        (sizes[0], sizes[-1]),
    )


def figures_of(facts: Facts) -> dict[str, float]:
    return {"test": round(facts.percent, 1), "train": round(100 * (facts.train or 0), 1)}


def line_of(key: str, seed: int) -> dict:
    """One experiment with one seed."""
    preset = PRESETS[key]
    began = time.process_time()
    runs = {}
    for run, recipe in preset.recipes(seed).items():
        settled = recipe_in({"recipe": recipe.as_dict()})  # as the page would send it
        runs[run] = play(settled)
    cpu_seconds = time.process_time() - began
    verdict = preset.judge(runs)
    return {
        "preset": key,
        "seed": seed,
        "cpu_seconds": round(cpu_seconds, 1),
        **{run: figures_of(facts) for run, facts in runs.items()},
        "right": sorted(preset.right_answers(verdict)),
        "sentence": verdict.sentence,
        "details": verdict.details,
    }


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("keys", nargs="*", metavar="KEY", help=", ".join(PRESETS))
    options.add_argument("--seeds", type=int, default=3)
    chosen = options.parse_args()
    if unknown := set(chosen.keys) - PRESETS.keys():
        sys.exit(
            f"no such experiment: {', '.join(sorted(unknown))}; there are {', '.join(PRESETS)}"
        )
    torch.set_num_threads(1)
    keys = chosen.keys or [key for key in PRESETS if key not in SLOW]
    for key in tqdm(keys, disable=None, leave=False):
        for seed in range(chosen.seeds):
            print(json.dumps(line_of(key, seed), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
