"""How smoothly the boundary of the two classes' chapter moves, and what that costs a reading.

    python -m bench.plane [--seconds N] [--readings N]

Counts the boundary's pictures and the steps between two while a real browser trains; then reads
digits by turns alone and beside one visitor, and thirty, whose pages train.
"""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from playwright.sync_api import Page

from bench.browser import WINDOW, running_browser
from bench.jobs import SIDE, Lab, text_of
from bench.server import running_lab

COUNT = "Number(document.querySelector('[data-testid=chapter-plane]').dataset.pictures)"
TURN = 25  # readings in a row beside pages that train, then as many alone
STEPS, PAUSE = 25, 0.11  # of the page's script: steps in a request, s from one to the next
SETTINGS = {
    "data": "moons",
    "noise": 0.08,
    "layers": 2,
    "width": 8,
    "activation": "tanh",
    "optimizer": "adam",
    "rate": 0.01,
    "batch": 32,
    "seed": 0,
}


def pace(page: Page, seconds: float) -> dict:
    """Pictures a second and steps between two, of the page as it trains."""
    page.get_by_test_id("plane-train").click()
    page.wait_for_timeout(1500)
    began, before = time.perf_counter(), page.evaluate(COUNT)
    start = steps_of(page)
    page.wait_for_timeout(seconds * 1000)
    pictures, steps = page.evaluate(COUNT) - before, steps_of(page) - start
    taken = time.perf_counter() - began
    page.get_by_test_id("plane-train").click()
    return {
        "pictures_a_second": round(pictures / taken, 1),
        "steps_between_two": round(steps / pictures, 1),
    }


def steps_of(page: Page) -> int:
    said = page.get_by_test_id("plane-progress").inner_text()
    return int("".join(letter for letter in said.split("·")[0] if letter.isdigit()))


def readings(lab: Lab, count: int, pages: int) -> dict:
    """A reading in the Draw tab, by turns alone and beside so many pages that train."""
    stroke = np.zeros((SIDE, SIDE), np.uint8)
    stroke[60:220, 130:150] = 255
    asked = {"kind": "ink", "width": SIDE, "height": SIDE, "pixels": text_of(stroke)}
    found: dict[str, list[float]] = {"alone": [], "beside": []}
    for turn in range(2 * count // TURN):
        name = ("alone", "beside")[turn % 2]
        with trained_by(lab, pages if name == "beside" else 0):
            for _ in range(TURN):
                began = time.perf_counter()
                lab.ask("read_drawing", **asked).raise_for_status()
                found[name].append(1000 * (time.perf_counter() - began))
    p95 = {f"{name}_ms": round(float(np.percentile(at, 95)), 1) for name, at in found.items()}
    ratio = round(p95["beside_ms"] / p95["alone_ms"], 2)
    return {"pages": pages, "readings": count} | p95 | {"p95_ratio": ratio}


@contextmanager
def trained_by(lab: Lab, pages: int) -> Iterator[None]:
    """So many visitors whose pages ask for the next steps as the page's script does."""
    done = threading.Event()
    visitors = [threading.Thread(target=train_on, args=(lab, done)) for _ in range(pages)]
    for visitor in visitors:
        visitor.start()
    time.sleep(0.3)
    yield
    done.set()
    for visitor in visitors:
        visitor.join()


def train_on(lab: Lab, done: threading.Event) -> None:
    state = {"state": None, "step": 0}
    while not done.is_set():
        began = time.perf_counter()
        asked = {"settings": SETTINGS, "points": None, "steps": STEPS, **state}
        reply = lab.ask("advance_plane", **asked).json()
        if "error" not in reply:  # else it is others' turn, and the page asks again
            state = {name: reply[name] for name in ("state", "step")}
        done.wait(max(PAUSE - (time.perf_counter() - began), 0))


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--readings", type=int, default=200)
    chosen = options.parse_args()
    with running_lab() as lab, running_browser() as browser:
        page = browser.new_page(viewport=WINDOW)
        page.goto(f"{lab.url}/?lang=en&tab=train&chapter=plane")
        page.get_by_test_id("plane-shelf").wait_for(state="attached")
        page.wait_for_function(f"{COUNT} > 0")
        print(json.dumps(pace(page, chosen.seconds)), flush=True)
        page.close()
        for pages in (1, 30):
            print(json.dumps(readings(Lab(lab), chosen.readings, pages)), flush=True)


if __name__ == "__main__":
    main()
