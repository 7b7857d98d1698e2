"""The moving picture of README: a digit is drawn and read, spoiled and cleaned; a network learns.

A scene is a generator: it does something on the page and yields for how many milliseconds what is
seen now is to be shown. `make` films the scenes and keeps them as one animated WebP.
"""

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

WINDOW = {"width": 1200, "height": 750}  # px; the narrowest with three columns
SIZE = (840, 525)  # px of the film: as wide as a README is read
QUALITY = 62  # of WebP, 0 to 100
MOST = 1_500_000  # bytes
STEPS = 48  # moves of the pen
TICK = 70  # ms of a frame while something moves
REST = 1_500  # ms to look at what came out
LONGEST = 90  # frames of a training

Scene = Callable[[Page], Iterator[int]]


def eight() -> Iterator[tuple[float, float]]:
    """One stroke from the top through both loops, in fractions of the sheet."""
    for step in range(STEPS + 1):
        turn = 2 * math.pi * step / STEPS
        yield 0.5 - 0.17 * math.sin(2 * turn), 0.5 - 0.3 * math.cos(turn)


def drawn(page: Page) -> Iterator[int]:
    sheet = page.get_by_test_id("canvas").bounding_box()
    yield TICK
    for step, (x, y) in enumerate(eight()):
        page.mouse.move(sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["height"])
        if step == 0:
            page.mouse.down()
        if step % 2:
            page.wait_for_timeout(TICK)
            yield TICK
    page.mouse.up()
    page.wait_for_timeout(REST)
    yield REST


def cleaned(page: Page) -> Iterator[int]:
    page.evaluate("lab.openTab('tab_denoise')")
    page.wait_for_function("lab.cleaning?.reply && lab.cleaning?.spoiled")
    page.get_by_test_id("level").fill("0")
    page.wait_for_timeout(REST)
    for noise, last in (("gaussian", 18), ("mosaic", 4)):
        page.get_by_test_id("noise").select_option(noise)
        for step in range(last + 1):
            page.get_by_test_id("level").fill(str(step))
            page.wait_for_timeout(3 * TICK)
            yield 2 * TICK if noise == "gaussian" else 5 * TICK
        yield REST


def trained(page: Page) -> Iterator[int]:
    page.evaluate("lab.openTab('tab_train')")
    page.wait_for_function("lab.startRun && lab.recipe")
    page.get_by_test_id("train").scroll_into_view_if_needed()
    page.wait_for_timeout(REST)
    yield REST // 2
    page.get_by_test_id("train").click()
    for _ in range(LONGEST):
        page.wait_for_timeout(TICK)
        yield TICK
        if page.evaluate("lab.runInFront?.state === 'ended'"):
            break
    page.wait_for_timeout(REST)
    yield 2 * REST


SCENES: tuple[Scene, ...] = (drawn, cleaned, trained)


def filmed(page: Page, scenes: Iterable[Scene]) -> Iterator[tuple[Image.Image, int]]:
    """Each frame and how long it is shown, in ms."""
    for scene in scenes:
        for shown in scene(page):
            picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
            yield picture.resize(SIZE, Image.Resampling.LANCZOS), shown


def joined(frames: Iterable[tuple[Image.Image, int]]) -> list[tuple[Image.Image, int]]:
    """Frames that look like the one before lengthen it."""
    kept: list[tuple[Image.Image, int]] = []
    for picture, shown in frames:
        if kept and kept[-1][0] == picture:
            shown += kept.pop()[1]
        kept.append((picture, shown))
    return kept


def save(frames: list[tuple[Image.Image, int]], path: Path) -> int:
    """One animated WebP that begins anew at its end; gives its bytes."""
    pictures, times = (list(each) for each in zip(*frames, strict=True))
    file = BytesIO()
    first, *others = pictures
    first.save(
        file, "WEBP", save_all=True, append_images=others, duration=times, quality=QUALITY,
        method=6, loop=0,
    )  # fmt: skip
    if (size := file.tell()) > MOST:
        sys.exit(f"The film would take {size:,} bytes and may take {MOST:,}: lower QUALITY.")
    path.write_bytes(file.getvalue())
    return size


def make(browser: Browser, url: str, path: Path) -> int:
    """Films the lab at that address; gives the bytes of the file."""
    context = browser.new_context(viewport=WINDOW, locale="en", color_scheme="light")
    page = context.new_page()
    page.goto(f"{url}/?lang=en")
    page.get_by_test_id("canvas").wait_for()
    page.wait_for_timeout(2 * REST)  # the page has come to rest
    size = save(joined(filmed(page, SCENES)), path)
    context.close()
    return size
