"""How long a live comparison takes, as the page runs it: python -m bench.comparison [--repeats N].

The three ways from 0–4 to 5–9 side by side in a process of its own with one thread, augmented,
each repeat with a seed of its own. Prints, in seconds, how soon the first point and the first
accuracies of all three ways are there, how long the whole takes by the clock, and how much of it is
the process's own time: beside other work the clock's figures grow and that one stays.
"""

import argparse
import json
import statistics
import threading
import time
from dataclasses import replace

from demo.compare_process import Comparison
from demo.job import Job, keep_warm
from demo.job_guard import Limits
from models.data import load_mnist
from models.enough import RIGHT
from models.transfer import LEARNING, WAYS

LOOK_EVERY = 0.005  # s
NOT_NICE = Limits(niceness=0)  # beside other work the lowest priority measures that work


def follow(job: Job) -> dict[str, float]:
    """Runs a comparison and says when what was there."""
    began, found = time.monotonic(), {}
    threading.Thread(target=job.run, daemon=True).start()
    while not job.ending:
        time.sleep(LOOK_EVERY)
        seconds = time.monotonic() - began
        standings = [one for _, point in list(job.points) for one in point["standings"]]
        if standings:
            found.setdefault("first_point", seconds)
        if {one["way"] for one in standings if one["accuracy"] is not None} == set(WAYS):
            found.setdefault("first_accuracies", seconds)
    found["whole"] = time.monotonic() - began
    return found | {"cpu_seconds": job.ending["cpu_seconds"]}


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--examples", type=int, default=10)
    options.add_argument("--repeats", type=int, default=3)
    chosen = options.parse_args()
    keep_warm()
    load_mnist()
    brief = replace(LEARNING, steps=1)
    follow(
        Job(Comparison(RIGHT, 1, 0, learning=brief), NOT_NICE, patience=600.0)
    )  # as in a warm lab
    runs = []
    for seed in range(chosen.repeats):
        job = Job(Comparison(RIGHT, chosen.examples, seed), NOT_NICE, patience=600.0)
        runs.append(follow(job))
    middle = {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}
    print(json.dumps({"examples": chosen.examples, "runs": len(runs)} | middle))


if __name__ == "__main__":
    main()
