"""Twenty people draw at once: how long their readings take, idle and beside trainings.

    python -m bench.reliability.drawing [--readings N] [--rounds N] [--drawings FILE]

Each thinks for 1 to 3 s, then draws a stroke of 1 s, of which a new sheet is to be read ten times:
a page has one reading under way, the newest sheet waits, and what it overtakes is dropped. Half of
the rounds run on an idle lab, half beside two trainings that run and ten that wait, all of them
followed by their pages. FILE holds pen strokes; without it MNIST's test digits are drawn.
"""

import asyncio
import gc
import itertools
import os
import random
import time
from argparse import Namespace
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.jobs import Lab, until
from bench.reliability.pages import Page, Reply, cpu_seconds, request_to
from bench.reliability.pens import as_asked, digit_strokes, pen_strokes
from bench.reliability.record import Row, arguments, show
from bench.server import running_lab

VISITORS = 20
THINKING = (1.0, 3.0)  # s, on average two
STROKE = 1.0  # s
STROKES = 60  # different ones, of which each visitor draws
# Two run and the others wait: one of the network that learns live, one of the book's.
RECIPES = ({"network": "small_cnn", "epochs": 100}, {"network": "book_cnn", "epochs": 100})
WAITING = 10
# s between two questions of a page that follows its training, as demo/panels/train_follow.js asks
PACES = {"running": 0.12, "waiting": 1.0}
IDLE, BESIDE = "idle", "beside 2 trainings"
# Milliseconds: at most at the 95th and at the 99th percentile.
ASKED = {IDLE: (150, 300), BESIDE: (300, 600)}
RATIO = 2.0  # at most, of the 95th percentiles


@dataclass
class Notes:
    """What was seen in the rounds of one kind."""

    wanted: int = 0  # sheets that were to be read
    dropped: int = 0  # of them, overtaken by a newer one before they were sent
    seconds: list[float] = field(default_factory=list)  # of each reading, from send to answer
    lifted: list[float] = field(default_factory=list)  # from each stroke's end to its answer
    troubles: Counter[str] = field(default_factory=Counter)
    server: float = 0.0  # CPU seconds of the server
    callers: float = 0.0  # CPU seconds of this process
    lasted: float = 0.0  # s
    steps: int = 0  # of the trainings that ran beside

    def add(self, reply: Reply) -> None:
        self.seconds.append(reply.seconds)
        if reply.trouble:
            self.troubles[reply.trouble] += 1


class Visitor:
    """Somebody who thinks and draws, and their page, which asks for readings."""

    def __init__(self, lab: Lab, strokes: list[list[bytes]], seed: int) -> None:
        self.page, self.source = Page(lab), random.Random(seed)
        self.strokes = itertools.cycle(self.source.sample(strokes, len(strokes)))
        self.newest: bytes | None = None
        self.sending: asyncio.Task | None = None
        self.notes = Notes()

    async def draw(self, notes: Notes, enough: int) -> None:
        """Stroke after stroke until all visitors together have had so many readings."""
        self.notes = notes
        await asyncio.sleep(self.source.uniform(0, THINKING[1]))
        while len(notes.seconds) < enough:
            await self.stroke(next(self.strokes))
            await asyncio.sleep(self.source.uniform(*THINKING))

    async def stroke(self, sheets: list[bytes]) -> None:
        began = time.perf_counter()
        for number, sheet in enumerate(sheets, 1):
            due = began + STROKE * number / len(sheets)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self.want(sheet)
        lifted = time.perf_counter()
        await self.sending
        self.notes.lifted.append(time.perf_counter() - lifted)

    def want(self, sheet: bytes) -> None:
        self.notes.wanted += 1
        self.notes.dropped += self.newest is not None
        self.newest = sheet
        if self.sending is None or self.sending.done():
            self.sending = asyncio.create_task(self.send())

    async def send(self) -> None:
        while self.newest is not None:
            sheet, self.newest = self.newest, None
            self.notes.add(await self.page.call(sheet))


# ---- The trainings beside it ----------------------------------------------------------------


class Follower:
    """A page that follows its training as it runs or waits."""

    def __init__(self, lab: Lab, key: str) -> None:
        self.lab, self.key, self.page = lab, key, Page(lab)
        self.since, self.step = 0, 0

    async def follow(self) -> None:
        while True:
            asked = {"key": self.key, "since": self.since}
            reply = await self.page.call(request_to(self.lab, "follow_training", **asked))
            told = reply.value
            if reply.trouble or told.get("ending"):
                raise RuntimeError(f"a training ended early: {reply.trouble or told['ending']}")
            self.since = told["next"]
            self.step = max([self.step, *(point["step"] for point in told["points"])])
            await asyncio.sleep(PACES[told["state"]])


@asynccontextmanager
async def trainings(lab: Lab) -> AsyncIterator[list[Follower]]:
    """Two that run and ten that wait, all followed; gives the pages of those that run."""
    keys = [lab.start(recipe) for recipe in RECIPES]
    until(lambda: all(lab.follow(key)["points"] for key in keys))
    keys += [lab.start(RECIPES[0]) for _ in range(WAITING)]
    pages = [Follower(lab, key) for key in keys]
    followed = [asyncio.create_task(page.follow()) for page in pages]
    await asyncio.sleep(1)
    try:
        yield pages[: len(RECIPES)]
    finally:
        failed = [task.exception() for task in followed if task.done()]
        for task in followed:
            task.cancel()
        await asyncio.gather(*followed, return_exceptions=True)
        for page in pages:
            await page.page.close()
        for key in reversed(keys):  # those that wait first, so that none begins
            lab.stop(key)
        until(lambda: not lab.trainings())
        for error in failed:
            raise error


# ---- What is measured -----------------------------------------------------------------------


async def one_round(lab: Lab, visitors: list[Visitor], notes: Notes, readings: int) -> None:
    """All visitors draw until that many more readings were answered."""
    enough = len(notes.seconds) + readings
    began, server, callers = time.perf_counter(), cpu_seconds(lab.pid), time.process_time()
    await asyncio.gather(*(visitor.draw(notes, enough) for visitor in visitors))
    notes.lasted += time.perf_counter() - began
    notes.server += cpu_seconds(lab.pid) - server
    notes.callers += time.process_time() - callers


async def measure(lab: Lab, strokes: list[list[bytes]], options: Namespace) -> dict[str, Notes]:
    """Rounds of both kinds in turn."""
    visitors = [Visitor(lab, strokes, options.seed + at) for at in range(options.visitors)]
    noted = {IDLE: Notes(), BESIDE: Notes()}
    readings = -(-options.readings // options.rounds)
    await one_round(lab, visitors, Notes(), options.visitors)  # everything is loaded once
    for _ in range(options.rounds):
        await one_round(lab, visitors, noted[IDLE], readings)
        async with trainings(lab) as running:
            before = sum(page.step for page in running)
            await one_round(lab, visitors, noted[BESIDE], readings)
            noted[BESIDE].steps += sum(page.step for page in running) - before
    for visitor in visitors:
        await visitor.page.close()
    return noted


def milliseconds(seconds: list[float], percentile: float) -> float:
    return 1000 * float(np.percentile(seconds, percentile))


def rows_of(noted: dict[str, Notes]) -> list[Row]:
    rows = []
    for name, notes in noted.items():
        for percentile, most in zip((95, 99), ASKED[name], strict=True):
            value = milliseconds(notes.seconds, percentile)
            rows.append(time_row(f"{name}: readings, p{percentile}", most, value))
        count, wrong = len(notes.seconds), notes.troubles.total()
        said = ", ".join(f"{number} × {trouble}" for trouble, number in notes.troubles.items())
        measured = f"{wrong} in {count:,}" + (f" ({said})" if said else "")
        rows.append(Row(f"{name}: errors", "0 in 5,000", measured, wrong == 0))
        rows += stated_rows(name, notes)
    ratio = np.divide(*(milliseconds(noted[name].seconds, 95) for name in (BESIDE, IDLE)))
    what = "p95 beside trainings, times that of idle"
    rows.append(Row(what, f"≤ {RATIO:.0f} ×", f"{ratio:.2f} ×", bool(ratio <= RATIO)))
    steps = f"{noted[BESIDE].steps / noted[BESIDE].lasted:.0f}"
    rows.append(Row("steps a second of both trainings meanwhile", "", steps))
    return rows


def time_row(what: str, most: float, value: float) -> Row:
    return Row(what, f"≤ {most} ms", f"{value:.0f} ms", value <= most)


def stated_rows(name: str, notes: Notes) -> list[Row]:
    """What nobody asked for, but what tells how the figures came about."""
    middle = milliseconds(notes.seconds, 50)
    lifted = milliseconds(notes.lifted, 95)
    rate = len(notes.seconds) / notes.lasted
    shares = [notes.server / notes.lasted, notes.callers / notes.lasted]
    server, callers = (f"{100 * share:.0f} % of a core" for share in shares)
    dropped = f"{notes.dropped:,} of {notes.wanted:,}"
    return [
        Row(f"{name}: readings, median", "", f"{middle:.0f} ms"),
        Row(f"{name}: pen lifted until its answer, p95", "", f"{lifted:.0f} ms"),
        Row(f"{name}: sheets overtaken before they were sent", "", dropped),
        Row(f"{name}: readings a second, CPU of the lab, of the visitors", "",
            f"{rate:.0f}, {server}, {callers}"),
    ]  # fmt: skip


def chosen() -> Namespace:
    parser = arguments("drawing", __doc__)
    parser.add_argument("--readings", type=int, default=5_000, help="of each kind")
    parser.add_argument("--rounds", type=int, default=2, help="of each kind, in turns")
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument("--drawings", type=Path, help="a file of pen strokes")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    options, began = chosen(), time.perf_counter()
    made = (
        pen_strokes(options.drawings, STROKES, options.seed)
        if options.drawings
        else digit_strokes(STROKES, options.seed)
    )
    with running_lab() as server:
        lab = Lab(server)
        lab.wait_until_warm()
        strokes = [
            [request_to(lab, "read_drawing", **as_asked(sheet)) for sheet in sheets]
            for sheets in made
        ]
        gc.freeze()  # so that no collection looks through what was loaded
        noted = asyncio.run(measure(lab, strokes, options))
    limits = f"Pages and lab share {os.cpu_count()} cores."
    show("drawing", rows_of(noted), time.perf_counter() - began, options.write, limits)


if __name__ == "__main__":
    main()
