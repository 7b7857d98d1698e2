"""How soon the picture of each chapter of the foundations follows its sliders, in a real browser.

    python -m bench.chapters [--moves N] [CHAPTER…]

Each move puts one of the chapter's sliders on a random place, or moves the point of a chapter that
has none, and is timed to the frame in which the answer is drawn; the next one follows 100 ms later.
Sliders that only walk through what has come already are counted as not answered.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from bench.browser import WINDOW, running_browser
from bench.server import running_lab
from demo.foundations.chapters import CHAPTERS

MOVE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
PAUSE = 100  # ms between an answer and the next move
WARM = 3  # moves at first that are not counted
WITHOUT_SLIDERS = ("ladder",)


def waits(page: Page, url: str, chapter: str, moves: int) -> list[float | None]:
    """Milliseconds from each move to its picture, None where none came."""
    random_source = random.Random(0)
    page.goto(f"{url}/?tab=train&chapter={chapter}")
    page.get_by_test_id(f"chapter-{chapter}").wait_for()
    page.wait_for_timeout(2500)
    found = []
    for at in range(WARM + moves):
        found.append(page.evaluate(MOVE, [chapter, at, random_source.random()]))
        page.wait_for_timeout(PAUSE)
    return found[WARM:]


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--moves", type=int, default=60)
    options.add_argument("chapters", nargs="*", metavar="CHAPTER")
    chosen = options.parse_args()
    chapters = chosen.chapters or [key for key in CHAPTERS if key not in WITHOUT_SLIDERS]
    with running_lab() as lab, running_browser() as browser:
        page = browser.new_page(viewport=WINDOW)
        for chapter in chapters:
            found = waits(page, lab.url, chapter, chosen.moves)
            answered = [wait for wait in found if wait is not None]
            p50, p95 = np.percentile(answered, [50, 95]) if answered else (None, None)
            facts = {"chapter": chapter, "moves": len(found), "answered": len(answered)}
            facts |= {"p50_ms": p50 and round(p50, 1), "p95_ms": p95 and round(p95, 1)}
            print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
