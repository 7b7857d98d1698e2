"""Teaching one's own symbols in a real browser: drawn, kept, taught, read, and read on Draw."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.test_browser import ENGLISH, FOUR, PHONE, SEVEN, THREE, ZERO, opened

PART = "/?tab=transfer&part=symbols"
SHAKEN = 0.02  # of the sheet, by which a second drawing is another one


@pytest.fixture
def page(browser: Browser, lab_url: str) -> Iterator[Page]:
    with opened_part(browser, lab_url) as desktop:
        yield desktop


def opened_part(browser: Browser, lab_url: str, **options):
    return opened(browser, lab_url + PART, first="symbols-canvas", **options)


def part(page: Page, name: str):
    return page.get_by_test_id(f"symbols-{name}")


def draw(page: Page, strokes: list, shake: float = 0.0) -> None:
    box = part(page, "canvas").bounding_box()
    for stroke in strokes:
        bent = [(x + shake * (at % 2), y) for at, (x, y) in enumerate(stroke)]
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in bent]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=2)
        page.mouse.up()


def chip(page: Page, number: int):
    return part(page, "chips").get_by_role("radio").nth(number)


def keep(page: Page, number: int, strokes: list, shake: float = 0.0) -> None:
    """Draws and keeps an example of a symbol."""
    chip(page, number).click()
    count = int(chip(page, number).locator("span").inner_text())
    draw(page, strokes, shake)
    part(page, "keep").click()
    expect(chip(page, number).locator("span")).to_have_text(str(count + 1))


def teach(page: Page) -> None:
    """Two drawings each of a star that is a 0, a triangle that is a 7 and a heart that is a 4."""
    for number, strokes in enumerate((ZERO, SEVEN, FOUR)):
        for shake in (0, SHAKEN):
            keep(page, number, strokes, shake)
    part(page, "teach").click()
    expect(part(page, "use")).to_be_visible()


def test_symbols_drawn_twice_are_taught_read_refused_and_there_after_a_reload(page):
    expect(part(page, "teach")).to_be_disabled()
    teach(page)
    draw(page, SEVEN, -SHAKEN)
    expect(part(page, "answer")).to_have_text("△")
    expect(part(page, "table").locator("tr")).to_have_count(4)
    part(page, "clear").click()
    draw(page, [[(0.2, 0.4), (0.8, 0.4)], [(0.2, 0.6), (0.8, 0.6)]])
    expect(part(page, "answer")).to_have_text("?")
    page.reload()
    expect(part(page, "answer")).to_have_text("?")
    expect(part(page, "list").locator("canvas")).to_have_count(6)


def test_what_cant_be_kept_says_so_and_loses_nothing(page):
    part(page, "keep").click()
    expect(part(page, "notice")).to_have_text(ENGLISH["symbols_no_ink"])
    keep(page, 0, THREE)
    draw(page, THREE)
    chip(page, 1).click()
    part(page, "keep").click()
    wrong = ENGLISH["symbols_in_two"].format(other="☆", name="△")
    expect(part(page, "notice")).to_have_text(wrong)
    expect(part(page, "canvas")).to_have_attribute("data-blank", "false")
    for name, error in (("☆", "taken"), (" ", "missing"), ("x" * 13, "long")):
        part(page, "name").fill(name)
        part(page, "add").click()
        sentence = ENGLISH[f"symbols_name_{error}"].format(name=name, most=12)
        expect(part(page, "list-notice")).to_have_text(sentence)
    page.get_by_label(ENGLISH["symbols_drop"].format(name="☆", number=1)).click()
    expect(part(page, "list").locator("canvas")).to_have_count(0)
    part(page, "back").click()
    expect(part(page, "list").locator("canvas")).to_have_count(1)


def test_the_draw_tab_reads_with_it_until_it_is_gone(page):
    teach(page)
    draw(page, FOUR)
    part(page, "use").click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    page.evaluate("lab.strokeOnNewSheet(0.07, [0.3, 0.25, 0.7, 0.25, 0.52, 0.6, 0.46, 0.8])")
    expect(page.get_by_test_id("answer")).to_have_text("△")
    expect(page.get_by_test_id("bars").locator("li")).to_have_count(3)
    for panel in ("inside", "why", "test_set", "own_digits", "code"):
        page.get_by_test_id(panel).locator("summary").click()
        expect(page.get_by_test_id(panel)).to_contain_text(ENGLISH["panel_digits"])
        expect(page.get_by_test_id(panel).locator(".lab-inside")).to_be_hidden()
    page.evaluate("lab.networks.choose('taught:' + 'x'.repeat(24))")
    expect(page.locator(".lab-sheet .lab-notice")).to_have_text(ENGLISH["taught_gone"])
    expect(page.get_by_test_id("answer")).to_have_text("7")
    expect(page.get_by_test_id("bars").locator("li")).to_have_count(10)


def test_a_finger_finds_all_it_draws_with_on_the_first_screen(browser, lab_url):
    with opened_part(browser, lab_url, **PHONE) as phone:
        for name in ("answer", "chips", "canvas", "keep", "clear"):
            box = part(phone, name).bounding_box()
            assert box["y"] + box["height"] <= 844, name
        box = part(phone, "canvas").bounding_box()
        assert box["width"] > 250
        session = phone.context.new_cdp_session(phone)
        for kind, x, y in (("Start", 0.5, 0.7), ("Move", 0.5, 0.4), ("Move", 0.4, 0.2)):
            place = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
            event = {"type": f"touch{kind}", "touchPoints": [place]}
            session.send("Input.dispatchTouchEvent", event)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(part(phone, "canvas")).to_have_attribute("data-blank", "false")
        assert phone.evaluate("scrollY") == 0
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
