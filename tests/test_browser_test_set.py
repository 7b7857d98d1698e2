"""A real browser: the test set's figures, its mistakes, and the way back to the sheet."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from demo.words import WORDS
from models.nets import NETS
from tests.test_browser import PHONE, SEVEN, answer, draw, ink_on, opened

ENGLISH = WORDS["en"]
HANDLERS = "figures_of_test_set", "images_of_test_set"


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


# ---- Asking, waiting, failing ---------------------------------------------------------------


def unfold(page: Page) -> None:
    page.get_by_test_id("test_set").locator("summary").click()


def gist(page: Page):
    return expect(page.get_by_test_id("test_set").locator(".lab-gist"))


def asked_of(route: Route) -> str:
    """Which of the server's functions a request is for."""
    return json.loads(route.request.post_data)["fn_name"]


def test_a_closed_panel_asks_the_server_for_nothing(browser, lab_url):
    with opened(browser, lab_url) as page:
        asked = []
        page.on("request", lambda one: asked.append(one.post_data or ""))
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        assert not [one for one in asked if any(name in one for name in HANDLERS)]
        unfold(page)
        expect(page.get_by_test_id("gallery").locator("li").first).to_be_visible()
        assert all(any(name in one for one in asked) for name in HANDLERS)


def test_the_panel_follows_the_network_on_a_blank_sheet_too(panel):
    panel.get_by_test_id("network").select_option("mlp")
    gist(panel).to_have_text(re.compile(r"^mlp: 9,\d{3} of 10,000 right, \d+ mistakes$"))


def test_a_second_page_is_added_to_the_first(panel):
    panel.get_by_test_id("network").select_option("linear")
    gist(panel).to_contain_text("linear")
    tiles = panel.get_by_test_id("gallery").locator("li")
    expect(tiles).to_have_count(24)
    panel.get_by_test_id("more_images").click()
    expect(tiles).to_have_count(48)


def test_while_a_network_is_measured_nothing_of_another_is_shown(panel):
    waiting = {"network": "mlp", "measured": 0.5}

    def measure(route: Route) -> None:
        if waiting and asked_of(route) == HANDLERS[0]:
            route.fulfill(json=waiting)
        else:
            route.continue_()

    panel.route("**/component_server/", measure)
    panel.get_by_test_id("network").select_option("mlp")
    bar = panel.get_by_test_id("test_set").get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "50")
    gist(panel).to_have_text(ENGLISH["test_set_gist"])
    expect(panel.get_by_test_id("matrix").locator("button")).to_have_count(0)
    expect(panel.get_by_test_id("gallery").locator("li")).to_have_count(0)
    waiting.clear()
    gist(panel).to_contain_text("mlp: ")
    expect(bar).to_be_hidden()
    panel.unroute_all(behavior="wait")


def test_a_lost_connection_is_one_sentence_and_opening_again_asks_again(browser, lab_url):
    with opened(browser, lab_url) as page:
        lost = [True]

        def cut(route: Route) -> None:
            if lost and asked_of(route) in HANDLERS:
                route.abort()
            else:
                route.continue_()

        page.route("**/component_server/", cut)
        unfold(page)
        notice = expect(page.get_by_test_id("test_set").locator(".lab-notice").first)
        notice.to_have_text(ENGLISH["connection_lost"])
        lost.clear()
        unfold(page)
        unfold(page)
        gist(page).to_contain_text("digits: ")
        notice.to_have_text(ENGLISH["test_set_hint"])
        page.unroute_all(behavior="wait")


def test_the_panel_is_chinese_on_a_chinese_page(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh") as page:
        unfold(page)
        page.get_by_test_id("matrix").locator("[data-cell='9,9']").click()
        heading = page.get_by_test_id("gallery").locator("h3")
        expect(heading).to_have_text(re.compile("^9 识别正确"))
        shown = page.get_by_test_id("test_set").inner_text()
        names = {part for name in NETS for part in name.split("_")}
        assert not set(re.findall("[A-Za-z]{3,}", shown)) - names
