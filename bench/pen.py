"""How soon the answer follows the pen, in a real browser.

    python -m bench.pen [--strokes N] [--inside closed|open|both]

Each move of the pen is timed until an answer that knows of it stands on the page, once with the
panel "Inside the network" folded and once with it open, in one run of the server. The pen rests
for a moment of varying length after each stroke, so that some strokes begin while an open panel
has its costly requests under way.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from bench.browser import WINDOW, bent_line, draw, running_browser
from bench.server import running_lab

WATCH = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
INSIDE = {"closed": ["closed"], "open": ["open"], "both": ["closed", "open"]}
RESTS = (150, 900)  # ms; an open panel asks for what is costly after 250


def stroke(page: Page, random_source: random.Random) -> None:
    """One stroke somewhere on a cleared sheet, and a rest."""
    page.get_by_test_id("clear").click()
    canvas = page.get_by_test_id("canvas")
    canvas.scroll_into_view_if_needed()
    draw(page, canvas.bounding_box(), bent_line(random_source))
    page.wait_for_timeout(random_source.uniform(*RESTS))


def open_inside(page: Page) -> None:
    """Unfolds the panel and waits until it shows the network's steps."""
    page.locator("[data-testid=inside] summary").click()
    page.get_by_test_id("inside-steps").locator("li").first.wait_for(state="attached")


def measured(browser: Browser, url: str, inside: str, strokes: int) -> dict:
    """What pen.js has noted: milliseconds from moves to answers, and counts."""
    random_source = random.Random(0)
    page = browser.new_page(viewport=WINDOW)
    page.goto(url)
    page.get_by_test_id("canvas").wait_for()
    if inside == "open":
        open_inside(page)
    stroke(page, random_source)  # the first one warms everything up and is not counted
    page.evaluate(WATCH)
    for _ in range(strokes):
        stroke(page, random_source)
    noted = page.evaluate("window.bench")
    page.close()
    return noted


def figures(noted: dict) -> dict[str, object]:
    """Counts, and percentiles over all moves that were answered."""
    down, after = noted["whileDown"], noted["afterUp"]
    p50, p95 = np.percentile(down + after, [50, 95])
    return {
        "moves_answered_while_down": len(down),
        "moves_answered_after_pen_up": len(after),
        "moves_unanswered": noted["moves"] - len(down) - len(after),
        "looks_inside": noted["looks"],
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
    }


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--strokes", type=int, default=50)
    options.add_argument("--inside", choices=INSIDE, default="both")
    chosen = options.parse_args()
    with running_lab() as lab, running_browser() as browser:
        for inside in INSIDE[chosen.inside]:
            noted = measured(browser, lab.url, inside, chosen.strokes)
            line = {"inside": inside, "strokes": chosen.strokes} | figures(noted)
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
