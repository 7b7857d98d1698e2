"""The chapters on surfaces in a real browser: the gradient, the race, the learning rate."""

import re

from playwright.sync_api import Page, expect

from demo.words import WORDS
from tests.test_browser import opened

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]


def said(page: Page, chapter: str):
    return page.get_by_test_id(f"{chapter}-said")


def open_chapter(page: Page, chapter: str) -> None:
    page.evaluate(f"lab.openChapter('{chapter}')")
    expect(said(page, chapter)).not_to_be_empty()


def inked(page: Page, chapter: str) -> int:
    """How many pixels of the layer above the surface are drawn on."""
    return page.evaluate(
        """(chapter) => {
            const canvas = document.querySelector(`[data-testid=${chapter}-map]`);
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            return data.filter((value, at) => at % 4 === 3 && value).length;
        }""",
        chapter,
    )


def box_of(page: Page, chapter: str) -> dict:
    return page.get_by_test_id(f"{chapter}-map").bounding_box()


def move_a_point(page: Page) -> None:
    open_chapter(page, "gradient")
    expect(said(page, "gradient")).to_contain_text("2.366")  # at -0.6, -1
    assert inked(page, "gradient") > 500
    grip = page.get_by_test_id("gradient-grip")
    grip.press("ArrowRight")
    expect(grip).to_have_accessible_name("Point at −0.5, −1")
    expect(page.get_by_test_id("gradient-along_x")).to_have_text("1.438")
    chapter = page.get_by_test_id("chapter-gradient")
    chapter.locator("[data-try=saddle]").click()
    expect(said(page, "gradient")).to_have_text(ENGLISH["idea_gradient_at_saddle"])
    expect(page.get_by_test_id("gradient-length")).to_have_text("0")
    assert inked(page, "gradient") == 0  # no arrow


def run_a_race(page: Page) -> None:
    open_chapter(page, "optimizers")
    race = page.get_by_test_id("chapter-optimizers")
    expect(said(page, "optimizers")).to_contain_text("Momentum got there first, at step 17.")
    before = box_of(page, "optimizers")
    race.locator("[data-try=large]").click()
    expect(said(page, "optimizers")).to_contain_text("Exploded at step 39")
    expect(page.get_by_test_id("optimizers-there-gd")).to_have_text("exploded at 39")
    for name in ("gd", "bgd", "sgd", "momentum", "adagrad", "rmsprop"):
        page.get_by_test_id(f"optimizers-races-{name}").uncheck()
    expect(said(page, "optimizers")).to_contain_text("Adam got there first")
    page.get_by_test_id("optimizers-choose-adam").click()
    expect(race.locator("[data-rule=adam] code")).to_be_visible()
    page.get_by_test_id("optimizers-at").fill("0")
    told = page.get_by_test_id("optimizers-loss-adam")
    expect(told).to_have_text("46.1")
    map_at = box_of(page, "optimizers")
    assert map_at == before
    page.mouse.click(map_at["x"] + map_at["width"] / 2, map_at["y"] + map_at["height"] / 2)
    expect(told).not_to_have_text("46.1")
    expect(page.get_by_test_id("optimizers-grip")).to_have_accessible_name(
        re.compile(r"Start at −?0\.\d+, −?0\.\d+")
    )


def roll_a_ball(page: Page) -> None:
    open_chapter(page, "rate")
    verdict = page.get_by_test_id("rate-verdict")
    tries = page.get_by_test_id("chapter-rate").locator("[data-try]")
    for what in ("slow", "global", "shaking", "exploded", "local"):
        tries.and_(page.locator(f"[data-try={what}]")).click()
        expect(verdict).to_have_text(ENGLISH[f"idea_rate_{what}"])
    assert "NaN" not in page.get_by_test_id("chapter-rate").inner_text()


def test_a_point_is_moved_a_race_is_run_and_a_ball_rolls(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.evaluate("lab.openTab('tab_train'), lab.need('train')")
        expect(page.get_by_test_id("open-gradient")).to_be_attached()
        move_a_point(page)
        run_a_race(page)
        roll_a_ball(page)
        page.evaluate("lab.setLanguage('zh')")
        expect(page.get_by_test_id("rate-verdict")).to_have_text(CHINESE["idea_rate_local"])
        page.set_viewport_size({"width": 360, "height": 800})
        for chapter in ("gradient", "optimizers", "rate"):
            page.evaluate(f"lab.openChapter('{chapter}')")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
