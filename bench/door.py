"""What the door costs a reading: the same calls in turns to this lab and to another folder's.

    python -m bench.door [FOLDER] [--rounds N] [--calls N]

Without FOLDER, this lab alone. Prints a JSON line a lab, in ms from the call to the whole answer.
"""

import argparse
import base64
import json
import sys
import time
from contextlib import ExitStack

import numpy as np

from bench.jobs import Lab
from bench.server import ROOT, Server, free_port, running

SIDE = 280  # px of the sheet that is read


def started(folder: str) -> object:
    port = free_port()
    command = [sys.executable, f"{folder}/app.py", "--port", str(port)]
    return running(command, port, PYTHONPATH=folder)


def sheet() -> dict:
    """A stroke across a sheet, as the canvas sends it."""
    pixels = np.zeros((SIDE, SIDE), np.uint8)
    pixels[60:220, 130:150] = 255
    text = base64.b64encode(pixels.tobytes()).decode("ascii")
    return {"kind": "ink", "width": SIDE, "height": SIDE, "pixels": text, "model": None}


def timed(lab: Lab, calls: int) -> list[float]:
    """ms of each of so many readings in a row."""
    asked, times = sheet(), []
    for _ in range(calls):
        began = time.perf_counter()
        lab.ask("read_drawing", **asked).raise_for_status()
        times.append((time.perf_counter() - began) * 1e3)
    return times


def summed_up(folder: str, times: list[float]) -> dict:
    p50, p95 = np.percentile(times, [50, 95]).round(2)
    return {"folder": folder, "calls": len(times), "p50_ms": p50, "p95_ms": p95}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.door", description=__doc__)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--calls", type=int, default=60)
    options = parser.parse_args()
    folders = [str(ROOT), *filter(None, [options.folder])]
    with ExitStack() as stack:
        servers: list[Server] = [stack.enter_context(started(folder)) for folder in folders]
        labs = [Lab(server) for server in servers]
        times: list[list[float]] = [[] for _ in labs]
        for turn in range(options.rounds + 1):
            for taken, lab in zip(times, labs, strict=True):
                some = timed(lab, options.calls)
                taken += some if turn else []  # the first round warms up
    for folder, taken in zip(folders, times, strict=True):
        print(json.dumps(summed_up(folder, taken)))


if __name__ == "__main__":
    main()
