"""How well taught symbols are read: python -m bench.symbols --drawings FILE [--draws 100].

FILE holds pen strokes as bench.drawings takes them. A line for 1, 3 and 5 drawings of each of five
classes and each head: mean and standard deviation over draws of classes and drawings of the share
read right (all other drawings of these classes), read right and not called unknown, and of the
outsiders (all drawings of the file's other classes) that are called unknown. Draw n is what
`python -m models symbols --seed n` makes. Before it the CPU seconds that teaching five by five
takes, first with one head, then with leaving one out and the comparison of all heads.
"""

import argparse
import json
import time
from pathlib import Path
from statistics import mean, stdev

import torch
from tqdm import tqdm

from models.embedding import load_teacher
from models.pen import digit_of, read_drawings
from models.symbol_heads import HEADS
from models.symbol_scores import compare_heads, leave_one_out
from models.symbol_trial import File, Trial, draw, seen, trials
from models.symbols import lesson_of, teach

CLASSES = 5
SHOTS = (1, 3, 5)
REPEATS = 5  # the least of so many is the time


def seconds(file: File) -> dict[str, float]:
    """CPU seconds on one core for five drawings of each of five classes."""
    taught = [file.digits[numbers] for numbers in draw(file.labels, 5, CLASSES, 0).taught]

    def pressed(head: str) -> None:
        teach(taught, head, 0)

    def with_scores(head: str) -> None:
        lesson = lesson_of(taught)
        teach(taught, head, 0, lesson)
        leave_one_out(taught, head, 0, lesson)
        compare_heads(taught, 0, lesson)

    figures = {}
    for name, work in {"teach": pressed, "with_scores": with_scores}.items():
        for head in HEADS:
            took = []
            for _ in range(REPEATS):
                began = time.process_time()
                work(head)
                took.append(time.process_time() - began)
            figures[f"{name}_{head}"] = round(min(took), 3)
    return figures


def spread(values: list[float]) -> str:
    return f"{100 * mean(values):.1f} ± {100 * stdev(values):.1f} %"


def told(shots: int, head: str, each: list[Trial]) -> dict[str, object]:
    return {
        "shots": shots,
        "head": head,
        "draws": len(each),
        "accuracy": spread([one.accuracy for one in each]),
        "accuracy_accepted": spread([one.accuracy_accepted for one in each]),
        "outsiders_refused": spread([one.outsiders_refused for one in each]),
    }


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--drawings", type=Path, metavar="FILE", required=True)
    options.add_argument("--draws", type=int, default=100)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    load_teacher()
    drawings = read_drawings(chosen.drawings)
    digits = torch.stack([digit_of(strokes) for _, strokes in drawings])
    file = seen([label for label, _ in drawings], digits)
    print(json.dumps({"cpu_seconds": seconds(file)}), flush=True)
    for shots in SHOTS:
        made = [draw(file.labels, shots, CLASSES, seed) for seed in range(chosen.draws)]
        rows = [tuple(trials(file, one, seed)) for seed, one in enumerate(tqdm(made, disable=None))]
        for head, each in zip(HEADS, zip(*rows, strict=True), strict=True):
            print(json.dumps(told(shots, head, each), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
