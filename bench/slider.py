"""How soon the cleaned digit follows the noise slider, in a real browser.

    python -m bench.slider [--moves N]

The slider moves as under a finger, a step every 100 ms, over random levels; each move is timed
from its input event until the page shows the cleaned digit of that level. A move that is
overtaken before it was sent is counted, and timed until the answer that followed it.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from bench.browser import WINDOW, running_browser
from bench.server import running_lab

WATCH = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
PAUSE = 100  # ms between two moves
STEPS = 20  # of the Gaussian noise's slider


def move(page: Page, step: int) -> None:
    """Puts the slider on a step as a finger would: its value, and the input event."""
    slider = page.get_by_test_id("level")
    slider.evaluate(
        """(slider, step) => {
             slider.value = step;
             slider.dispatchEvent(new Event("input", { bubbles: true }));
           }""",
        step,
    )
    page.wait_for_timeout(PAUSE)


def measured(page: Page, url: str, moves: int) -> dict:
    """What slider.js has noted: milliseconds from moves to pictures, and counts."""
    random_source = random.Random(0)
    page.goto(url)
    page.get_by_role("tab").nth(1).click()
    page.wait_for_function("window.lab && lab.cleaning && lab.cleaning.reply")
    move(page, 5)  # the first one warms everything up and is not counted
    page.wait_for_timeout(2000)
    page.evaluate(WATCH)
    for _ in range(moves):
        move(page, random_source.randrange(STEPS + 1))
    page.wait_for_timeout(1000)
    return page.evaluate("window.bench")


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--moves", type=int, default=200)
    chosen = options.parse_args()
    with running_lab() as lab, running_browser() as browser:
        noted = measured(browser.new_page(viewport=WINDOW), lab.url, chosen.moves)
    p50, p95 = np.percentile(noted["waits"], [50, 95])
    facts = {
        "moves": noted["moves"],
        "answered": len(noted["waits"]),
        "requests": noted["requests"],
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
    }
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
