"""How much sooner the lab answers than gradio's own Sketchpad does, after the same strokes.

    python -m bench.sketchpad [--strokes N]

Two servers, one browser: the lab, and a page with `gr.Sketchpad` whose change event calls the same
classify with the same network (bench/sketchpad_page.py). Both get the same strokes in turn. Timed
inside the page, from pen-up until the answer that the page asked for after it stands there: the
first showing of the words that stay. What the lab answers while the pen is down doesn't count.
Clearing the sheet, and Sketchpad's click on its brush, lie outside the time.

Chromium draws without a GPU here, which Sketchpad's WebGL feels and the lab's canvas does not.
"""

import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, FloatRect, Page, TimeoutError, expect
from tqdm import tqdm

from bench.browser import WINDOW, Points, bent_line, draw, running_browser
from bench.server import free_port, running, running_lab
from bench.sketchpad_page import BLANK, SIDE

WATCH = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
QUIET = 1500  # ms without a change after which an answer counts as the last
PATIENCE = 30_000  # ms; a stroke without an answer until then is lost
PAUSE = 300  # ms between clearing and drawing, for tools to change


class LabSheet:
    """The lab's sheet."""

    place, label = ".lab-draw .lab-answer", ".lab-draw .lab-answer .lab-sure"
    asks = '"read_drawing"'

    def __init__(self, page: Page) -> None:
        self.page = page
        page.get_by_test_id("canvas").wait_for()

    def box(self) -> FloatRect:
        return self.page.get_by_test_id("canvas").bounding_box()

    def answer(self) -> str:
        return self.page.get_by_test_id("answer").inner_text()

    def clear(self) -> None:
        self.page.get_by_test_id("clear").click()


class Sketchpad:
    """Gradio's, with its brush chosen: it can't be preset, and Clear puts it back."""

    place, label = "#answer", "#answer [data-testid=label-output-value]"
    asks = "/queue/join"

    def __init__(self, page: Page) -> None:
        self.page = page
        page.locator("#sketch canvas").first.wait_for()
        self.choose_brush()

    def choose_brush(self) -> None:
        self.page.locator("#sketch").get_by_label("Brush", exact=True).click()

    def box(self) -> FloatRect:
        """The sheet is shown at its own size in the middle of a wider canvas."""
        outer = self.page.locator("#sketch canvas").first.bounding_box()
        left = outer["x"] + (outer["width"] - SIDE) / 2
        top = outer["y"] + (outer["height"] - SIDE) / 2
        return {"x": left, "y": top, "width": SIDE, "height": SIDE}

    def answer(self) -> str:
        return self.page.locator(self.label).inner_text().split(",")[0]

    def clear(self) -> None:
        self.page.locator("#sketch").get_by_label("Clear canvas").click()
        if self.page.locator(self.label).count():  # else nothing has been answered yet
            expect(self.page.locator(self.label)).to_have_text(BLANK, timeout=PATIENCE)
        self.choose_brush()


Sheet = LabSheet | Sketchpad


def opened(browser: Browser, url: str, kind: type[Sheet]) -> Sheet:
    """A sheet in a page of its own, after one stroke that warms everything up."""
    page = browser.new_page(viewport=WINDOW)
    page.goto(url)
    sheet = kind(page)
    names = {"place": sheet.place, "label": sheet.label, "asks": sheet.asks}
    page.evaluate(WATCH, names)
    timed(sheet, bent_line(random.Random(-1)))
    return sheet


def timed(sheet: Sheet, points: Points) -> tuple[float, str] | None:
    """Milliseconds from pen-up to the answer, and the answer; None where none came."""
    sheet.page.bring_to_front()
    sheet.page.wait_for_timeout(PAUSE)
    draw(sheet.page, sheet.box(), points)
    try:
        settled = sheet.page.wait_for_function(
            "quiet => window.settled(quiet)", arg=QUIET, polling=100, timeout=PATIENCE
        )
    except TimeoutError:
        result = None
    else:
        result = settled.json_value(), sheet.answer()
    sheet.clear()
    return result


def measured(sheets: list[Sheet], strokes: int) -> list[list]:
    """For each stroke what `timed` gives for each sheet; which one begins changes in turn."""
    random_source = random.Random(0)
    results = []
    for number in tqdm(range(strokes), disable=None, leave=False):
        points = bent_line(random_source)
        order = sheets if number % 2 else sheets[::-1]
        found = {type(sheet): timed(sheet, points) for sheet in order}
        results.append([found[type(sheet)] for sheet in sheets])
    return results


def figures(results: list[list]) -> dict[str, object]:
    """Medians, 95th percentiles and their ratio, over the strokes that both have answered."""
    both = [pair for pair in results if None not in pair]
    if not both:
        raise SystemExit("No stroke was answered by both pages.")
    milliseconds = np.array([[one[0] for one in pair] for pair in both])  # (strokes, 2)
    (lab, sketchpad), (lab_p95, sketchpad_p95) = np.percentile(milliseconds, [50, 95], axis=0)
    return {
        "strokes": len(results),
        "lost_by_lab": sum(lab is None for lab, _ in results),
        "lost_by_sketchpad": sum(sketchpad is None for _, sketchpad in results),
        "same_answer": sum(lab[1] == sketchpad[1] for lab, sketchpad in both),
        "lab_p50_ms": round(lab, 1),
        "lab_p95_ms": round(lab_p95, 1),
        "sketchpad_p50_ms": round(sketchpad, 1),
        "sketchpad_p95_ms": round(sketchpad_p95, 1),
        "times_faster_at_median": round(sketchpad / lab, 1),
    }


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--strokes", type=int, default=30)
    strokes = options.parse_args().strokes
    port = free_port()
    page = [sys.executable, "-m", "bench.sketchpad_page", str(port)]
    with running_lab() as lab, running(page, port) as other, running_browser() as browser:
        sheets = [opened(browser, lab.url, LabSheet), opened(browser, other.url, Sketchpad)]
        print(json.dumps(figures(measured(sheets, strokes))))


if __name__ == "__main__":
    main()
