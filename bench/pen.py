"""How soon the answer follows the pen, in a real browser, while the pen is down.

    python -m bench.pen [--strokes N]

Each move of the pen is timed until an answer that knows of it stands on the page.
"""

import argparse
import json
import math
import random
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from bench.server import running_lab
from tests import chromium

WATCH = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
MOVES = 45  # a stroke, one a frame of 60 Hz: three quarters of a second
FRAME = 16  # ms


def stroke(page: Page, random_source: random.Random) -> None:
    """One stroke along a bent line, somewhere on a cleared sheet."""
    page.get_by_test_id("clear").click()
    box = page.get_by_test_id("canvas").bounding_box()
    bend, turn = random_source.uniform(2, 5), random_source.uniform(0, 6)
    for step in range(MOVES):
        along = step / (MOVES - 1)
        x = 0.5 + 0.3 * math.cos(turn + bend * along)
        y = 0.2 + 0.6 * along
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if step == 0:
            page.mouse.down()
        page.wait_for_timeout(FRAME)
    page.mouse.up()
    page.wait_for_timeout(150)


def measured(url: str, strokes: int) -> dict[str, list[float]]:
    """Milliseconds from moves to answers, for those shown while the pen was down, and after."""
    random_source = random.Random(0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.FLAGS, headless=True
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.get_by_test_id("canvas").wait_for()
        stroke(page, random_source)  # the first one warms everything up and is not counted
        page.evaluate(WATCH)
        for _ in range(strokes):
            stroke(page, random_source)
        latencies = page.evaluate("window.bench")
        browser.close()
    return latencies


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--strokes", type=int, default=50)
    strokes = options.parse_args().strokes
    with running_lab() as lab:
        latencies = measured(lab.url, strokes)
    down, after = (np.array(latencies[name]) for name in ("whileDown", "afterUp"))
    p50, p95 = np.percentile(down, [50, 95])
    print(
        json.dumps(
            {
                "strokes": strokes,
                "moves_answered_while_down": len(down),
                "moves_answered_after_pen_up": len(after),
                "p50_ms": round(float(p50), 1),
                "p95_ms": round(float(p95), 1),
            }
        )
    )


if __name__ == "__main__":
    main()
