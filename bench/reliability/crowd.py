"""A hundred visitors press at once: whether all are answered, and how long the last one waits.

    python -m bench.reliability.crowd [--visitors N] [--rounds N]

Each has a page open and sends one reading in the same moment: drawings of one digit and of two,
pictures, and drawings for other networks than the usual one.
"""

import asyncio
import gc
import itertools
import os
import time
from argparse import Namespace
from collections import Counter

import numpy as np

from bench.jobs import Lab
from bench.reliability.drawing import milliseconds, time_row
from bench.reliability.pages import Page, Reply, request_to
from bench.reliability.pens import as_asked, digit_strokes
from bench.reliability.record import Row, arguments, show
from bench.server import running_lab

VISITORS, ROUNDS = 100, 10
PAUSE = 1.0  # s between two rounds
ASKED = 3000  # ms at most, at the 99th percentile
NETWORKS = ("mlp", "small_cnn", "book_cnn")  # besides the usual one


def asked_kinds(seed: int) -> list[dict[str, object]]:
    """What the visitors send in turn."""
    sheets = [sheets[-1] for sheets in digit_strokes(40, seed)]
    beside = [
        np.hypot(np.roll(a, -70, 1), np.roll(b, 70, 1)) for a, b in itertools.pairwise(sheets)
    ]
    numbers = [np.minimum(pair, 255).astype(np.uint8) for pair in beside]
    kinds: list[dict[str, object]] = []
    for sheet, number, network in zip(sheets, numbers, itertools.cycle(NETWORKS), strict=False):
        kinds += [as_asked(sheet), as_asked(number)]
        kinds += [as_asked(255 - sheet) | {"kind": "picture"}, as_asked(sheet) | {"model": network}]
    return kinds


async def pressed(lab: Lab, requests: list[bytes], rounds: int) -> tuple[list[Reply], list[float]]:
    """The replies to all, and how long each round took until the last one."""
    pages = [Page(lab) for _ in requests]
    await asyncio.gather(*(page.open() for page in pages))
    replies, rounds_took = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        calls = [page.call(request) for page, request in zip(pages, requests, strict=True)]
        replies += await asyncio.gather(*calls)
        rounds_took.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    for page in pages:
        await page.close()
    return replies, rounds_took


def rows_of(replies: list[Reply], rounds_took: list[float], visitors: int) -> list[Row]:
    troubles = Counter(reply.trouble for reply in replies if reply.trouble)
    said = "".join(f", {count} × {trouble}" for trouble, count in troubles.items())
    answered = len(replies) - troubles.total()
    crowd = f"{visitors} press at once, {len(rounds_took)} times"
    measured = f"{answered:,} of {len(replies):,}{said}"
    seconds = [reply.seconds for reply in replies]
    return [
        Row(f"{crowd}: answered", "all", measured, not troubles),
        time_row(f"{crowd}: p99", ASKED, milliseconds(seconds, 99)),
        Row(f"{crowd}: median", "", f"{milliseconds(seconds, 50):.0f} ms"),
        Row("the slowest round, to its last answer", "", f"{1000 * max(rounds_took):.0f} ms"),
    ]


def chosen() -> Namespace:
    parser = arguments("crowd", __doc__)
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    options, began = chosen(), time.perf_counter()
    with running_lab() as server:
        lab = Lab(server)
        kinds = [request_to(lab, "read_drawing", **one) for one in asked_kinds(options.seed)]
        requests = list(itertools.islice(itertools.cycle(kinds), options.visitors))
        asyncio.run(pressed(lab, kinds[: 4 * len(NETWORKS)], 1))  # every network is loaded once
        gc.freeze()
        replies, rounds_took = asyncio.run(pressed(lab, requests, options.rounds))
    rows = rows_of(replies, rounds_took, options.visitors)
    limits = f"Pages and lab share {os.cpu_count()} cores."
    show("crowd", rows, time.perf_counter() - began, options.write, limits)


if __name__ == "__main__":
    main()
