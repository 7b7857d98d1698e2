"""A real browser, and a pen that draws seeded strokes in it."""

import math
import random
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from tests import chromium

MOVES = 45  # a stroke, one a frame of 60 Hz: three quarters of a second
FRAME = 16  # ms
WINDOW = {"width": 1440, "height": 900}  # px

Points = list[tuple[float, float]]  # in fractions of the sheet


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.FLAGS, headless=True
        )
        yield browser
        browser.close()


def bent_line(random_source: random.Random) -> Points:
    """One stroke from the upper to the lower part of the sheet, bent as chance has it."""
    bend, turn = random_source.uniform(2, 5), random_source.uniform(0, 6)
    steps = [step / (MOVES - 1) for step in range(MOVES)]
    return [(0.5 + 0.3 * math.cos(turn + bend * along), 0.2 + 0.6 * along) for along in steps]


def draw(page: Page, sheet: FloatRect, points: Points) -> None:
    """Draws one stroke with the mouse on a sheet that lies there in the window."""
    for step, (x, y) in enumerate(points):
        page.mouse.move(sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["height"])
        if step == 0:
            page.mouse.down()
        page.wait_for_timeout(FRAME)
    page.mouse.up()
