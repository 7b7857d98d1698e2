"""How soon one's own symbols are read once Teach is pressed, in a real browser.

    python -m bench.teach [--symbols N] [--drawings N] [--presses N]

A pen draws so many drawings of each symbol and keeps them, and one more that stays on the sheet.
Each press of Teach is timed until a reading of it by what was taught just then is on the page. The
leaving out that goes on behind it is waited for before the next press. Then strokes are drawn while
it reads along: how long a reading takes, from its request to its answer.
"""

import argparse
import json
import random

import numpy as np
from playwright.sync_api import Page

from bench.browser import WINDOW, Points, bent_line, draw, running_browser
from bench.server import running_lab

HEADS = ("prototypes", "linear", "tuned")
PRESS = """async () => {
  const root = document.querySelector("[data-chapter=symbols]");
  const frame = () => new Promise(requestAnimationFrame);
  const { readBy } = root.dataset;
  const began = performance.now();
  root.querySelector("[data-testid=symbols-teach]").click();
  while (root.dataset.readBy === readBy) await frame();
  await frame();
  return performance.now() - began;
}"""
# Whether the newest pupil has read the sheet and the accuracy of each head is there.
SETTLED = """() => {
  const { readBy } = document.querySelector("[data-chapter=symbols]").dataset;
  const heads = document.querySelector("[data-testid=symbols-heads]").innerText;
  return readBy === lab.taughtNetworks.lines().at(-1)?.name && !/[–…]/.test(heads);
}"""
READINGS = """() => performance.getEntriesByType("resource")
  .filter(({ name }) => name.includes("component_server")).map(({ duration }) => duration)"""
NUDGE = 0.02  # of the sheet, by which drawings of one symbol differ
SETTLING = 5_000  # ms after which another head's teaching has begun, on a busy machine
PATIENCE = 120_000  # ms for the accuracies of all heads


def nudged(points: Points, random_source: random.Random) -> Points:
    """The same stroke, drawn a little differently."""
    return [
        (x + random_source.gauss(0, NUDGE / 4), y + random_source.gauss(0, NUDGE / 4))
        for x, y in points[::4]
    ]


def fill(page: Page, symbols: int, drawings: int, random_source: random.Random) -> None:
    """Draws and keeps a set of symbols, each a bent line of its own."""
    names = ["one", "two"] + [f"no. {at}" for at in range(3, symbols + 1)]
    page.evaluate(
        "names => localStorage.setItem('lab.symbols', JSON.stringify({ chosen: 0,"
        " symbols: names.map((name) => ({ name, drawings: [] })) }))",
        names,
    )
    page.reload()
    sheet = page.get_by_test_id("symbols-canvas")
    sheet.wait_for()
    for at in range(symbols):
        line = bent_line(random_source)
        for _ in range(drawings):
            chips = page.get_by_test_id("symbols-chips").get_by_role("radio")
            chips.nth(at).click()
            draw(page, sheet.bounding_box(), nudged(line, random_source))
            page.get_by_test_id("symbols-keep").click()
            page.wait_for_timeout(150)
    draw(page, sheet.bounding_box(), nudged(line, random_source))


def pressed(page: Page) -> float:
    """Milliseconds from Teach to its first reading; then waits until all is measured."""
    milliseconds = page.evaluate(PRESS)
    page.wait_for_function(SETTLED, timeout=PATIENCE)
    return milliseconds


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--symbols", type=int, default=5)
    options.add_argument("--drawings", type=int, default=5)
    options.add_argument("--presses", type=int, default=5)
    chosen = options.parse_args()
    random_source = random.Random(0)
    with running_lab() as lab, running_browser() as browser:
        page = browser.new_page(viewport=WINDOW)
        page.goto(f"{lab.url}/?tab=transfer&part=symbols")
        page.get_by_test_id("symbols-canvas").wait_for()
        fill(page, chosen.symbols, chosen.drawings, random_source)
        pressed(page)  # the first one loads the teacher
        for head in HEADS:
            page.get_by_test_id(f"symbols-head-{head}").click()
            page.wait_for_timeout(SETTLING)
            page.wait_for_function(SETTLED, timeout=PATIENCE)
            waits = [pressed(page) for _ in range(chosen.presses)]
            facts = {"head": head, "presses": len(waits)}
            facts |= {"p50_ms": round(float(np.median(waits))), "most_ms": round(max(waits))}
            print(json.dumps(facts), flush=True)
        print(json.dumps(readings(page, random_source)), flush=True)


def readings(page: Page, random_source: random.Random) -> dict[str, float]:
    """Draws ten strokes and gives the time that each reading under way took, in ms."""
    page.evaluate("performance.clearResourceTimings()")
    sheet = page.get_by_test_id("symbols-canvas").bounding_box()
    for _ in range(10):
        page.get_by_test_id("symbols-clear").click()
        draw(page, sheet, bent_line(random_source))
    page.wait_for_timeout(500)
    p50, p95 = np.percentile(page.evaluate(READINGS), [50, 95])
    return {"reading_p50_ms": round(float(p50), 1), "reading_p95_ms": round(float(p95), 1)}


if __name__ == "__main__":
    main()
