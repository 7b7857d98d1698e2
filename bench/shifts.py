"""How far the page jumps while answers, points of a curve and another language arrive.

    python -m bench.shifts

One JSON object an occasion and window: the sum of the layout shifts in it, those right after a
press included, and the three largest with the classes of what moved.
"""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from bench.browser import bent_line, draw, running_browser
from bench.server import running_lab
from tests import shifts

WINDOWS = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}  # px
TABS = ("draw", "denoise", "train", "transfer")
SETTLED = 600  # ms; what follows an answer or a language has arrived by then
PATIENCE = 60_000  # ms
# 300 steps: about a second
SHORT = {
    "network": "linear",
    "train_images": 300,
    "batch_size": 20,
    "epochs": 20,
    "optimizer": "sgd",
    "schedule": "constant",
    "learning_rate": 0.05,
}
READY = {
    "draw": "document.querySelectorAll('.lab-sample').length === 4",
    "denoise": "lab.cleaning?.reply && lab.cleaning?.spoiled",
    "train": "lab.startRun && lab.recipe && document.querySelector('.lab-preset-chip')",
    "transfer": "document.querySelector('[data-testid=compare-settings]')?.childElementCount",
}
OTHER_LANGUAGE = "Object.keys(lab.tables).find((name) => name !== lab.language)"
TABS_RENAMED = """() => lab.tabButtons().every((tab) =>
  Object.values(lab.tables[lab.language]).includes(tab.textContent.trim()))"""


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab").nth(TABS.index(name)).click()
    page.wait_for_function(f"() => window.lab && {READY[name]}", timeout=PATIENCE)
    page.wait_for_timeout(SETTLED)


def an_answer(page: Page) -> Iterator[None]:
    open_tab(page, "draw")
    yield
    sheet = page.get_by_test_id("canvas").bounding_box()
    draw(page, sheet, bent_line(random.Random(0)))
    page.wait_for_function("document.querySelector('[data-testid=answer]').textContent")


def a_cleaned_digit(page: Page) -> Iterator[None]:
    open_tab(page, "denoise")
    before = page.evaluate("lab.cleaning.reply.before.psnr")
    yield
    page.get_by_test_id("level").fill("18")  # of 20 steps
    page.wait_for_function("psnr => lab.cleaning.reply.before.psnr !== psnr", arg=before)


def points_of_a_curve(page: Page) -> Iterator[None]:
    open_tab(page, "train")
    page.evaluate("recipe => lab.setRecipe(recipe)", SHORT)
    page.wait_for_timeout(SETTLED)
    yield
    page.get_by_test_id("train").click()
    page.wait_for_function("lab.runInFront?.state === 'ended'", timeout=PATIENCE)


def another_language(tab: str) -> Callable[[Page], Iterator[None]]:
    def occasion(page: Page) -> Iterator[None]:
        open_tab(page, tab)
        yield
        page.evaluate(f"lab.setLanguage({OTHER_LANGUAGE})")
        page.wait_for_function(TABS_RENAMED, timeout=PATIENCE)

    return occasion


# A generator each: what it does after its `yield` is watched.
OCCASIONS: dict[str, Callable[[Page], Iterator[None]]] = {
    "answer": an_answer,
    "cleaned": a_cleaned_digit,
    "points": points_of_a_curve,
    **{f"language_{tab}": another_language(tab) for tab in TABS},
}


@contextmanager
def opened(browser: Browser, url: str, window: str) -> Iterator[Page]:
    with browser.new_context(viewport=WINDOWS[window], locale="en-US") as context:
        page = context.new_page()
        come(page, url)
        yield page


def come(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_test_id("canvas").wait_for(timeout=PATIENCE)


def watched(page: Page, occasion: str) -> list[dict]:
    """The shifts while something happens."""
    steps = OCCASIONS[occasion](page)
    next(steps)
    shifts.begin(page)
    next(steps, None)
    page.wait_for_timeout(SETTLED)
    return shifts.seen(page)


def main() -> None:
    with running_lab() as lab, running_browser() as browser:
        for window in WINDOWS:
            for occasion in OCCASIONS:
                with opened(browser, lab.url, window) as page:
                    found = sorted(watched(page, occasion), key=lambda one: -one["value"])
                total = round(sum(one["value"] for one in found), 4)
                facts = {"occasion": occasion, "window": window, "cls": total, "largest": found[:3]}
                print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
