"""A real browser: the test set's figures, its mistakes, and the way back to the sheet."""

import re

import pytest
from playwright.sync_api import expect

from demo.words import WORDS
from tests.test_browser import PHONE, SEVEN, answer, draw, ink_on, opened

ENGLISH = WORDS["en"]


@pytest.fixture
def panel(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.get_by_test_id("test_set").locator("summary").click()
        expect(page.get_by_test_id("matrix").locator("button").first).to_be_visible(timeout=60_000)
        yield page


def cells(page, selector: str = "button") -> list[int]:
    texts = page.get_by_test_id("matrix").locator(selector).all_inner_texts()
    return [int(text.replace(",", "")) for text in texts]


def test_table_summary_and_gallery_tell_the_same(panel):
    counts, mixed = cells(panel), cells(panel, "button.is-mixed")
    assert sum(counts) == 10_000
    summary = panel.get_by_test_id("test_set").locator(".lab-gist")
    expect(summary).to_contain_text(f"{10_000 - sum(mixed):,} of 10,000 right")
    shown = panel.get_by_test_id("gallery")
    expect(shown.locator("h3")).to_contain_text(str(sum(mixed)))
    expect(shown.locator("li")).to_have_count(min(24, sum(mixed)))


def test_the_surest_mistakes_come_first(panel):
    tiles = panel.get_by_test_id("gallery").locator("li")
    expect(tiles.first).to_be_visible()
    sure = [int(re.search(r"(\d+) %", text)[1]) for text in tiles.all_inner_texts()]
    assert sure == sorted(sure, reverse=True)


def test_a_press_on_a_cell_shows_its_images_and_one_on_an_image_puts_it_on_the_sheet(panel):
    cell = panel.get_by_test_id("matrix").locator("button.is-mixed").first
    count = int(cell.inner_text())
    cell.click()
    tiles = panel.get_by_test_id("gallery").locator("li")
    expect(tiles).to_have_count(count)
    assert ink_on(panel) == 0
    tiles.first.locator("button").click()
    expect(panel.get_by_test_id("answer")).not_to_be_empty()
    assert ink_on(panel) > 0
    panel.get_by_test_id("mistakes").click()
    expect(tiles).to_have_count(min(24, sum(cells(panel, "button.is-mixed"))))


def test_the_figures_follow_the_network_and_not_the_drawing(panel):
    before = cells(panel)
    draw(panel, SEVEN)
    answer(panel).to_have_text("7")
    assert cells(panel) == before
    panel.get_by_test_id("network").select_option("linear")
    draw(panel, SEVEN)
    gist = panel.get_by_test_id("test_set").locator(".lab-gist")
    expect(gist).to_contain_text("linear", timeout=60_000)
    assert sum(cells(panel, "button.is-mixed")) > 500


def test_arrow_keys_walk_from_cell_to_cell(panel):
    first = panel.get_by_test_id("matrix").locator("[data-cell='0,0']")
    first.focus()
    panel.keyboard.press("ArrowDown")
    column = panel.evaluate("document.activeElement.dataset.cell")
    assert re.fullmatch(r"[1-9],0", column)


def test_on_a_phone_the_table_fits(browser, lab_url):
    options = PHONE | {"viewport": {"width": 360, "height": 780}}
    with opened(browser, f"{lab_url}/?lang=zh", **options) as page:
        page.get_by_test_id("test_set").locator("summary").click()
        expect(page.get_by_test_id("matrix").locator("button").first).to_be_visible(timeout=60_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        box = page.get_by_test_id("matrix").bounding_box()
        assert box["x"] + box["width"] <= 360
