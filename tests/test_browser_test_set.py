"""The test set's panel in a real browser."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from models.nets import NETS
from tests.test_browser import CHINESE, ENGLISH, PHONE, answer, ink_on, opened

HANDLERS = "figures_of_test_set", "images_of_test_set"


def unfold(page: Page) -> None:
    page.get_by_test_id("test_set").locator("summary").click()


def gist(page: Page):
    return expect(page.get_by_test_id("test_set").locator(".lab-gist"))


def heading(page: Page):
    return expect(page.get_by_test_id("gallery").locator("h3"))


def asked_of(route: Route) -> str:
    """Which of the server's functions a request is for."""
    return json.loads(route.request.post_data)["fn_name"]


@pytest.fixture
def page(browser, lab_url):
    with opened(browser, lab_url) as desktop:
        yield desktop


def test_a_closed_panel_asks_the_server_for_nothing(page):
    asked = []
    page.on("request", lambda one: asked.append(one.post_data or ""))
    page.get_by_test_id("more").click()
    page.get_by_test_id("network").select_option("mlp")
    page.wait_for_timeout(300)
    assert not [one for one in asked if any(name in one for name in HANDLERS)]
    unfold(page)
    heading(page).to_have_text(re.compile("^Mistakes: "))
    for name in HANDLERS:
        assert sum(name in one for one in asked) == 1


def test_the_panel_follows_the_network_even_on_a_blank_sheet(page):
    page.get_by_test_id("network").select_option("mlp")
    unfold(page)
    gist(page).to_have_text(re.compile(r"^mlp: 9,\d{3} of 10,000 right, \d+ mistakes$"))
    page.get_by_test_id("network").select_option("linear")
    gist(page).to_have_text(re.compile(r"^linear: 9,\d{3} of 10,000 right, \d+ mistakes$"))
    page.get_by_test_id("network").select_option("linear")
    expect(page.get_by_test_id("scores").locator(".is-weakest")).to_have_count(1)


def test_a_cell_shows_its_images_and_gives_way_to_all_mistakes_again(page):
    page.get_by_test_id("network").select_option("linear")
    unfold(page)
    cell = page.locator("[data-cell='7,9']")
    count = int(cell.inner_text())
    cell.click()
    heading(page).to_have_text(f"7 read as 9: {count}, the surest first")
    expect(cell).to_have_attribute("aria-pressed", "true")
    tiles = page.get_by_test_id("gallery").locator("li")
    expect(tiles).to_have_count(24)
    page.get_by_test_id("more_images").click()
    expect(tiles).to_have_count(count)
    expect(page.get_by_test_id("more_images")).to_be_hidden()
    assert set(tiles.locator("span:nth-of-type(2)").all_inner_texts()) == {"really 7"}
    page.get_by_test_id("mistakes").click()
    heading(page).to_have_text(re.compile("^Mistakes: "))
    expect(cell).to_have_attribute("aria-pressed", "false")


def test_an_image_that_is_pressed_stands_on_the_sheet_and_in_view(page):
    unfold(page)
    tile = page.get_by_test_id("gallery").locator("button.lab-tile").first
    tile.scroll_into_view_if_needed()
    assert ink_on(page) == 0
    tile.click()
    answer(page).not_to_have_text("")
    assert page.evaluate("lab.reading.request.width") == 28
    expect(page.get_by_test_id("answer")).to_be_in_viewport()
    expect(page.get_by_test_id("canvas")).to_be_in_viewport()


def test_arrows_lead_from_cell_to_cell_and_one_stop_is_enough(page):
    page.get_by_test_id("network").select_option("linear")
    unfold(page)
    stops = page.get_by_test_id("matrix").locator("button[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("ArrowRight")  # 0 was never read as 1: on to 2
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("data-cell", "1,2")
    heading(page).to_have_text(re.compile("^1 read as 2: "))
    expect(stops).to_have_count(1)


def test_a_phone_of_360_px_holds_the_whole_table(browser, lab_url):
    small = {**PHONE, "viewport": {"width": 360, "height": 740}}
    with opened(browser, lab_url, **small) as page:
        unfold(page)
        cells = page.get_by_test_id("matrix").locator("tbody td")
        page.get_by_test_id("matrix").locator("button").first.wait_for()
        boxes = [cells.nth(at).bounding_box() for at in (0, 99)]
        assert all(box["width"] >= 28 and box["height"] >= 44 for box in boxes)
        assert boxes[1]["x"] + boxes[1]["width"] < 360
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator("[data-cell='0,0']").tap()
        expect(page.get_by_test_id("gallery").locator("h3")).to_be_in_viewport()


def test_figures_that_are_not_kept_are_waited_for_and_nothing_old_is_shown(page):
    unfold(page)
    gist(page).to_have_text(re.compile("^digits: "))
    shares = [0.25, 0.5]

    def measure(route: Route) -> None:
        if shares and asked_of(route) == HANDLERS[0]:
            route.fulfill(json={"network": "mlp", "measured": shares.pop(0)})
        else:
            page.wait_for_timeout(400)
            route.continue_()

    page.route("**/component_server/", measure)
    page.get_by_test_id("network").select_option("mlp")
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "50")
    gist(page).to_have_text(ENGLISH["test_set_gist"])
    assert page.get_by_test_id("matrix").locator("button").count() == 0
    assert page.get_by_test_id("gallery").locator("li").count() == 0
    gist(page).to_have_text(re.compile("^mlp: "))
    expect(bar).to_be_hidden()
    page.unroute("**/component_server/")


def test_a_lost_connection_is_one_sentence_and_the_panel_can_be_opened_again(page):
    page.route(
        "**/component_server/",
        lambda route: route.abort() if asked_of(route) in HANDLERS else route.continue_(),
    )
    unfold(page)
    notice = page.get_by_test_id("test_set").locator(".lab-notice")
    expect(notice).to_have_text(ENGLISH["connection_lost"])
    page.unroute("**/component_server/")
    unfold(page)
    unfold(page)
    gist(page).to_have_text(re.compile("^digits: "))
    expect(notice).to_have_text(ENGLISH["test_set_hint"])


def test_the_panel_is_chinese_on_a_chinese_page(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh") as page:
        unfold(page)
        heading(page).to_have_text(re.compile("^错误共 "))
        page.locator("[data-cell='9,9']").click()
        heading(page).to_have_text(re.compile("^9 识别正确"))
        label = page.locator("[data-cell='9,9']").get_attribute("aria-label")
        assert label.startswith(CHINESE["test_set_cell"][:3])
        shown = page.get_by_test_id("test_set").inner_text()
        names = {part for name in NETS for part in name.split("_")}
        assert not set(re.findall("[A-Za-z]{3,}", shown)) - names
