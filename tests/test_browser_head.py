"""The head of the page: its switches for theme, size and language, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from bench.shifts import READY, SHORT, TABS, open_tab
from demo.theme import COLOURS
from demo.words import WORDS
from tests.test_browser import DESKTOP, PHONE, SEVEN, answer, draw, ink_on, opened

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]
LONG = {**SHORT, "train_images": 59_000, "batch_size": 64}  # until it is stopped
PAPER = COLOURS["paper"]  # light, dark
INK = COLOURS["ink"]
NO_STORAGE = "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error(); }"
# What each frame is painted on, from the first one on.
WATCH_PAPER = """() => {
  window.papers = new Set();
  const look = () => {
    if (document.body) papers.add(getComputedStyle(document.body).backgroundColor);
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture
def page(browser, lab_url):
    with opened(browser, lab_url) as desktop:
        yield desktop


def rgb(colour: str) -> str:
    """#faf9f5 -> rgb(250, 249, 245)"""
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def theme(page: Page, name: str):
    return page.get_by_test_id("theme").get_by_role("button", name=ENGLISH[f"theme_{name}"])


def expect_dark(page: Page, is_dark: bool) -> None:
    expect(page.locator("body")).to_have_class(re.compile("dark") if is_dark else re.compile("^$"))
    expect(page.get_by_test_id("canvas")).to_have_css("color", rgb(INK[is_dark]))


# ---- Theme ----------------------------------------------------------------------------------


def test_the_system_decides_until_a_theme_is_chosen(page):
    expect_dark(page, False)
    expect(theme(page, "system")).to_have_attribute("aria-pressed", "true")
    page.emulate_media(color_scheme="dark")
    expect_dark(page, True)
    theme(page, "light").click()
    expect_dark(page, False)
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    expect_dark(page, False)
    theme(page, "system").click()
    expect_dark(page, True)


def test_the_chosen_theme_outlasts_a_reload_and_the_ink_follows_it(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    theme(page, "dark").click()
    expect_dark(page, True)
    expect(theme(page, "dark")).to_have_attribute("aria-pressed", "true")
    expect(theme(page, "system")).to_have_attribute("aria-pressed", "false")
    lightest = """canvas => canvas.getContext("2d")
      .getImageData(0, 0, canvas.width, canvas.height).data
      .reduce((most, value, at) => (at % 4 ? most : Math.max(most, value)), 0)"""
    for name in ("canvas", "samples"):
        drawn = page.get_by_test_id(name)
        drawn = drawn if name == "canvas" else drawn.locator("canvas").first
        assert drawn.evaluate(lightest) > 200  # light ink
    page.reload()
    expect_dark(page, True)
    answer(page).to_have_text("7")


@pytest.mark.parametrize(
    ("query", "system", "is_dark"),
    [
        ("?theme=dark", "light", True),
        ("?theme=light", "dark", False),
        ("?__theme=dark", "light", True),
        ("?theme=system", "dark", True),
        ("?theme=pink", "light", False),
    ],
)
def test_the_address_decides_from_the_first_frame_on(browser, lab_url, query, system, is_dark):
    with browser.new_context(**DESKTOP, color_scheme=system) as context:
        context.add_init_script(f"({WATCH_PAPER})()")
        page = context.new_page()
        page.goto(f"{lab_url}/{query}")
        expect(page.get_by_test_id("canvas")).to_be_visible(timeout=60_000)
        expect_dark(page, is_dark)
        assert page.evaluate("[...papers]") == [rgb(PAPER[is_dark])]


def test_a_theme_can_be_chosen_where_nothing_can_be_kept(browser, lab_url):
    with browser.new_context(**DESKTOP) as context:
        context.add_init_script(NO_STORAGE)
        page = context.new_page()
        page.goto(f"{lab_url}/?theme=light")
        expect(page.get_by_test_id("canvas")).to_be_visible(timeout=60_000)
        theme(page, "dark").click()
        expect_dark(page, True)
        assert "theme" not in page.url


# ---- Present --------------------------------------------------------------------------------


def test_present_enlarges_all_by_half_and_hides_what_is_folded(page):
    switch = page.get_by_test_id("present")
    panels = page.locator("details.lab-panel")
    before = page.locator(".lab-name").bounding_box()["height"]
    expect(panels.first).to_be_visible()
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert "present=1" in page.url
    assert page.locator(".lab-name").bounding_box()["height"] == pytest.approx(1.5 * before, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for panel in panels.all():
        expect(panel).to_be_hidden()
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    page.keyboard.press("Escape")
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert "present" not in page.url
    assert page.locator(".lab-name").bounding_box()["height"] == pytest.approx(before, abs=1)
    expect(panels.first).to_be_visible()
    answer(page).to_have_text("7")


def test_a_stroke_lies_under_the_pointer_of_an_enlarged_page(browser, lab_url):
    with opened(browser, f"{lab_url}/?present=1") as page:
        draw(page, [[(0.25, 0.25), (0.75, 0.25)]])
        points = page.evaluate("lab.drawing.strokes()[0].points")
        assert points[:2] == pytest.approx([0.25, 0.25], abs=0.01)
        assert points[-2:] == pytest.approx([0.75, 0.25], abs=0.01)
        box = page.get_by_test_id("canvas").bounding_box()
        side = page.get_by_test_id("canvas").evaluate("canvas => canvas.width")
        assert side == pytest.approx(box["width"], abs=4)  # as sharp as the screen


def test_style_sheets_ask_for_the_width_that_an_enlarged_page_has(browser, lab_url):
    columns = "getComputedStyle(document.querySelector('.lab-draw')).gridTemplateColumns"
    with opened(browser, lab_url, viewport={"width": 1280, "height": 800}) as page:
        assert len(page.evaluate(columns).split()) == 3
        page.get_by_test_id("present").click()
        assert len(page.evaluate(columns).split()) == 2  # as in a window of 853 px
        open_tab(page, "train")  # whose style sheets come now
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_test_id("present").click()
        page.get_by_role("tab").first.click()
        assert len(page.evaluate(columns).split()) == 3


def test_a_chart_of_an_enlarged_page_fills_its_place_and_is_pointed_at_rightly(browser, lab_url):
    with opened(browser, f"{lab_url}/?present=1") as page:
        open_tab(page, "train")
        page.evaluate("recipe => lab.setRecipe(recipe)", SHORT)
        page.get_by_test_id("train").click()
        page.wait_for_function("lab.runInFront?.state === 'ended'")
        chart = page.get_by_test_id("train-chart")
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        line = chart.locator("[data-line='1-train']").bounding_box()
        assert line["x"] + line["width"] < box["x"] + box["width"]
        assert line["width"] > 0.6 * box["width"]
        middle = line["x"] + line["width"] / 2
        page.mouse.move(middle, box["y"] + box["height"] / 2)
        rule = page.locator(".lab-chart-rule, .lab-rule").first.bounding_box()
        assert rule["x"] == pytest.approx(middle, abs=0.05 * line["width"])


def test_a_phone_is_not_enlarged(browser, lab_url):
    with opened(browser, f"{lab_url}/?present=1", **PHONE) as page:
        expect(page.get_by_test_id("present")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("lab.zoom") == 1


# ---- Language -------------------------------------------------------------------------------


def test_the_language_switch_keeps_drawing_run_and_shelf(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    before = ink_on(page)
    open_tab(page, "train")
    page.evaluate("recipe => lab.setRecipe(recipe)", LONG)
    page.get_by_test_id("train").click()
    page.wait_for_function("lab.runInFront?.points.length > 2")
    run = page.evaluate("(window.kept = lab.runInFront).key")
    for table in (CHINESE, ENGLISH):
        page.get_by_role("button", name=table["language_name"]).click()
        expect(page.get_by_role("tab")).to_have_text([table[f"tab_{name}"] for name in TABS])
        expect(page.locator(".lab-train .lab-button", has_text=table["train_stop"])).to_be_enabled()
        assert page.evaluate("lab.runInFront === window.kept && lab.runInFront.state") == "running"
    points = page.evaluate("lab.runInFront.points.length")
    page.wait_for_function("least => lab.runInFront.points.length > least", arg=points)
    page.get_by_role("button", name=ENGLISH["train_stop"], exact=True).click()
    rows = page.locator("[data-run]")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name=CHINESE["language_name"]).click()
    expect(rows).to_have_count(1)
    assert page.evaluate("lab.runInFront.key") == run
    page.get_by_role("tab").first.click()
    answer(page).to_have_text("7")
    assert ink_on(page) == before
    assert "lang=zh" in page.url


# ---- Motion ---------------------------------------------------------------------------------

MOVING = """() => [...document.querySelectorAll("*")].flatMap((one) =>
  [null, "::before", "::after"].map((part) => getComputedStyle(one, part)).filter((style) =>
    style.transitionDuration.split(", ").some((time) => parseFloat(time))
    || style.animationName !== "none" || style.scrollBehavior === "smooth")
  .map(() => `${one.tagName} ${one.className}`))"""


@pytest.mark.parametrize("tab", TABS)
def test_nothing_moves_where_the_system_asks_for_that(browser, lab_url, tab):
    with opened(browser, lab_url) as page:
        open_tab(page, tab)
        assert page.evaluate(MOVING) == []
        assert page.evaluate("document.getAnimations().length") == 0
        page.emulate_media(reduced_motion="no-preference")
        if READY[tab] and tab in ("denoise", "train"):
            assert page.evaluate(MOVING) != []  # so that the test sees what moves


def test_scrolling_is_smooth_only_where_the_system_lets_it(page):
    open_tab(page, "denoise")
    assert page.evaluate("lab.scrolling()") == "auto"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("lab.scrolling()") == "smooth"
