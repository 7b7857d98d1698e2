"""Pictures of the lab: every tab at three widths, in all languages and themes; and a moving one.

    python -m bench.pictures [--out FOLDER] [--widths PX …] [--only stills | moving] [--film FILE]

The moving one, which README shows, is bench/moving.py's. Chinese text needs a CJK font (Debian:
fonts-noto-cjk).
"""

import argparse
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench import moving
from bench.browser import draw, running_browser
from bench.server import ROOT, running_lab
from demo.page import TABS
from demo.words import WORDS

OUT = ROOT / "build" / "pictures"
FILM = ROOT / "demo" / "lab.webp"
HEIGHTS = {390: 844, 820: 1180, 1440: 900}  # px, by width: a phone, a tablet, a desktop
THEMES = ("light", "dark")
SEVEN = [(0.3, 0.25), (0.5, 0.24), (0.7, 0.25), (0.6, 0.45), (0.52, 0.6), (0.46, 0.8)]
PAUSE = 400  # ms between two looks at a page that may still move
LOOKS = 20  # at most


@dataclass(frozen=True)
class Look:
    """How the page is looked at."""

    width: int  # px
    language: str
    theme: str

    @property
    def context(self) -> dict[str, object]:
        """Of a browser."""
        viewport = {"width": self.width, "height": HEIGHTS[self.width]}
        return {"viewport": viewport, "locale": self.language, "color_scheme": self.theme}

    def name(self, tab: str) -> str:
        return f"{tab.removeprefix('tab_')}-{self.width}-{self.language}-{self.theme}.png"


def all_looks(widths: list[int]) -> Iterator[Look]:
    return itertools.starmap(Look, itertools.product(widths, WORDS, THEMES))


def still(page: Page) -> bytes:
    """The whole page as a PNG, once it no longer moves."""
    before = b""
    for _ in range(LOOKS):
        page.wait_for_timeout(PAUSE)
        now = page.screenshot(full_page=True)
        if now == before:
            break
        before = now
    return now


def take(browser: Browser, url: str, look: Look, folder: Path) -> Iterator[Path]:
    """A picture a tab, with a seven drawn in the first one."""
    context = browser.new_context(**look.context)
    page = context.new_page()
    page.goto(f"{url}/?lang={look.language}")
    sheet = page.get_by_test_id("canvas")
    sheet.wait_for()
    page.wait_for_function("Boolean(window.lab?.openTab)")
    sheet.scroll_into_view_if_needed()
    draw(page, sheet.bounding_box(), SEVEN)
    for tab in TABS:
        page.evaluate("key => lab.openTab(key)", tab)
        path = folder / look.name(tab)
        path.write_bytes(still(page))
        yield path
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT, metavar="FOLDER", help="%(default)s")
    parser.add_argument("--widths", type=int, nargs="+", choices=HEIGHTS, default=[*HEIGHTS])
    parser.add_argument("--only", choices=("stills", "moving"), help="both, unless told")
    parser.add_argument("--film", type=Path, default=FILM, metavar="FILE", help="%(default)s")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with running_lab() as lab, running_browser() as browser:
        for look in all_looks(options.widths) if options.only != "moving" else ():
            for path in take(browser, lab.url, look, options.out):
                print(path, flush=True)
        if options.only != "stills":
            print(f"{options.film}  {moving.make(browser, lab.url, options.film):,} bytes")


if __name__ == "__main__":
    main()
