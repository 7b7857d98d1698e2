"""A real browser: the bars of a code, the map it lies on, and the path to another digit."""

import base64

import pytest
from playwright.sync_api import Page, expect

from demo.panels.latent import codes_of_digit
from demo.words import WORDS
from tests.test_browser import MOVING, PHONE, opened

ENGLISH = WORDS["en"]


def part(page: Page, name: str):
    return page.get_by_test_id(f"latent-{name}")


def unfold(page: Page) -> None:
    page.evaluate("lab.openTab('tab_denoise'), lab.need('denoise')")
    page.wait_for_function("lab.cleaning?.reply")  # to the test digit that it begins with
    page.get_by_test_id("latent").locator("summary").click()
    expect(part(page, "bars").locator("input")).to_have_count(32)


def digit(page: Page, image) -> None:
    """A test image comes to the tab, as any other part of the page sends one."""
    pixels = base64.b64encode(bytes(image)).decode()
    page.evaluate("digit => lab.cleanThis(digit, 'test')", pixels)
    code = codes_of_digit({"size": 32, "digit": pixels})["clean"]["code"]
    first = f"{code[0]:.2f}".replace("-", "−")
    expect(part(page, "bars").locator("output").first).to_have_text(first)


def picture(page: Page, name: str) -> str:
    return part(page, name).evaluate("canvas => canvas.toDataURL()")


def values(page: Page) -> list[str]:
    return part(page, "bars").locator("output").all_inner_texts()


@pytest.fixture
def seven(browser, lab_url, mnist):
    """The panel with the first test image, a 7."""
    with opened(browser, lab_url, **MOVING) as page:
        unfold(page)
        digit(page, mnist.test_images[0].flatten().tolist())
        expect(part(page, "places").locator("li").first).to_contain_text("★")
        expect(part(page, "read")).to_have_text("reads 7")
        yield page


def test_without_a_digit_a_test_image_is_shown_and_no_star(browser, lab_url):
    with opened(browser, lab_url) as page:
        unfold(page)
        expect(part(page, "places").locator("li").first).to_contain_text("★")
        page.evaluate("lab.cleaning.digit = null; lab.tellCleaning()")
        expect(part(page, "notice")).to_have_text(ENGLISH["latent_example"])
        expect(part(page, "read")).not_to_be_empty()
        assert not "".join(part(page, "places").locator("li").all_inner_texts())


def test_a_bar_moved_by_keys_changes_the_picture_and_one_press_takes_it_back(seven):
    before, own = picture(seven, "out"), values(seven)
    bar = part(seven, "bars").locator("input").nth(3)
    bar.focus()
    for _ in range(12):
        seven.keyboard.press("ArrowLeft")
    expect(part(seven, "bars").locator(".is-moved")).to_have_count(1)
    seven.wait_for_function(
        "before => document.querySelector('[data-testid=latent-out]').toDataURL() !== before",
        arg=before,
    )
    changed = values(seven)
    assert [at for at in range(32) if changed[at] != own[at]] == [3]
    expect(part(seven, "places")).to_contain_text("＋")
    part(seven, "back").click()
    expect(part(seven, "bars").locator(".is-moved")).to_have_count(0)
    assert (picture(seven, "out"), values(seven)) == (before, own)


def test_a_press_on_the_map_sets_the_bars_and_arrow_keys_go_on_from_there(seven):
    chart, own = part(seven, "map"), values(seven)
    cross = part(seven, "places").locator("li").nth(2)
    chart.click(position={"x": 200, "y": 200})
    expect(cross).not_to_be_empty()
    expect(part(seven, "bars").locator(".is-moved")).not_to_have_count(0)
    assert values(seven) != own
    pressed = cross.inner_text()
    chart.press("ArrowUp")
    expect(cross).not_to_have_text(pressed)


def test_the_path_begins_with_the_digit_and_plays_to_the_other_end(seven):
    seven.locator("[data-to='0']").click()
    code, mixed = part(seven, "strip").locator("li"), part(seven, "mixed").locator("li")
    expect(code).to_have_count(9)
    expect(code.last).to_contain_text("0")
    assert code.first.inner_text() == mixed.first.inner_text() == "7"
    assert code.last.inner_text() == mixed.last.inner_text()
    part(seven, "play").click()
    expect(part(seven, "scrub")).to_have_value("8")
    expect(code.last).to_have_class("is-shown")
    expect(part(seven, "play")).to_have_text(ENGLISH["latent_play"])


def test_on_a_phone_the_size_is_chosen_and_a_missing_network_is_said(browser, lab_url):
    missing = {"error": "checkpoint_missing", "details": {"file": "small.safetensors"}}
    options = PHONE | {"viewport": {"width": 360, "height": 780}}

    def lose(route) -> None:
        asked = (route.request.post_data_json or {}).get("data") or {}
        lost = isinstance(asked, dict) and asked.get("size") == 8
        route.fulfill(json=missing) if lost else route.continue_()

    with opened(browser, f"{lab_url}/?lang=zh", **options) as page:
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.route("**/component_server/", lose)
        part(page, "size").get_by_text("8", exact=True).click()
        expect(part(page, "notice")).to_contain_text("small.safetensors")
        part(page, "size").get_by_text("32", exact=True).click()
        expect(part(page, "notice")).to_be_empty()
        expect(part(page, "read")).not_to_be_empty()
        page.unroute_all(behavior="wait")
