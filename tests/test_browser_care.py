"""A real browser: what the page refuses, how careful it is, and numbers in a row."""

import re

import pytest
from playwright.sync_api import Page, expect

from demo.words import WORDS
from tests.test_browser import DESKTOP, FOUR, ONE, PHONE, SEVEN, answer, draw, opened

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]
DOT = [[(0.5, 0.5), (0.505, 0.505)]]
STAR = [
    [(0.5, 0.15), (0.7, 0.8), (0.2, 0.4), (0.8, 0.4), (0.3, 0.8), (0.5, 0.15)],
]
FACE = [
    [(0.5, 0.15), (0.2, 0.3), (0.15, 0.6), (0.35, 0.85), (0.65, 0.85), (0.85, 0.6), (0.8, 0.3)],
    [(0.8, 0.3), (0.5, 0.15)],
    [(0.38, 0.38), (0.38, 0.44)],
    [(0.62, 0.38), (0.62, 0.44)],
    [(0.35, 0.62), (0.5, 0.72), (0.65, 0.62)],
]


@pytest.fixture
def page(browser, lab_url):
    with opened(browser, lab_url) as desktop:
        yield desktop


def placed(strokes: list, left: float, width: float) -> list:
    """Strokes moved into an upright part of the sheet."""
    return [[(left + x * width, 0.25 + y * 0.5) for x, y in stroke] for stroke in strokes]


def places(page: Page, names: tuple[str, ...]) -> list[list[int]]:
    """Where parts of the page stand, in whole pixels."""
    boxes = [page.get_by_test_id(name).bounding_box() for name in names]
    return [[round(length) for length in box.values()] for box in boxes]


def sure(page: Page):
    return expect(page.locator(".lab-answer .lab-sure"))


@pytest.mark.parametrize(("strokes", "reason"), [(DOT, "reason_dot"), (STAR, "reason_unlike")])
def test_what_is_no_digit_is_refused_with_its_reason(page, strokes, reason):
    draw(page, strokes)
    answer(page).to_have_text("?")
    words = re.escape(ENGLISH[reason]).replace(re.escape("{digit}"), r"\d")
    sure(page).to_have_text(re.compile(f"^{words}$"))


def test_a_drawn_face_is_no_digit(page):
    draw(page, FACE)
    answer(page).to_have_text("?")


def test_digits_in_a_row_are_read_as_a_number_beside_the_refusal(page):
    draw(page, placed(FOUR, 0.0, 0.5))
    draw(page, placed(ONE, 0.45, 0.4))
    answer(page).to_have_text("?")
    expect(page.get_by_test_id("number")).to_have_text("41")
    sure(page).to_have_text(ENGLISH["reason_several"])


@pytest.mark.parametrize("width", [360, 820, 1200])
def test_a_number_moves_nothing_and_stays_clear_of_the_words(browser, lab_url, width):
    with opened(browser, lab_url, viewport={"width": width, "height": 900}) as page:
        names = ("canvas", "seen", "undo", "network", "bars", "more")
        before = places(page, names)
        draw(page, placed(FOUR, 0.0, 0.5))
        draw(page, placed(ONE, 0.45, 0.4))
        expect(page.get_by_test_id("number")).to_have_text("41")
        assert places(page, names) == before
        number = page.get_by_test_id("number").bounding_box()
        words = page.locator(".lab-answer .lab-sure").bounding_box()
        assert number["y"] + number["height"] <= words["y"] or (
            number["x"] + number["width"] <= words["x"]
        )


def test_the_score_stands_above_its_line_for_a_digit_and_below_it_for_a_star(page):
    line = "one => parseFloat(one.style.left)"
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    cut = page.locator(".lab-cut").evaluate(line)
    score = page.get_by_test_id("score")
    assert 0 < cut < float(score.inner_text().split()[0])
    page.get_by_test_id("clear").click()
    draw(page, STAR)
    answer(page).to_have_text("?")
    assert float(score.inner_text().split()[0]) < cut


def test_the_least_care_refuses_no_drawing_and_the_most_moves_the_line_up(page):
    draw(page, STAR)
    answer(page).to_have_text("?")
    care = page.get_by_test_id("care")
    care.fill("0")
    answer(page).to_have_text(re.compile(r"^\d$"))
    expect(page.get_by_test_id("care-note")).to_have_text(ENGLISH["care_none"])
    expect(page.locator(".lab-cut")).to_be_hidden()
    care.fill(care.get_attribute("max"))
    answer(page).to_have_text("?")
    expect(page.get_by_test_id("care-percent")).to_have_value("20")


def test_the_care_can_be_typed_and_what_is_out_of_range_is_taken_for_the_end(page):
    field = page.get_by_test_id("care-percent")
    for typed, taken in (("1.5", "1.5"), ("900", "20"), ("-3", "0")):
        field.fill(typed)
        field.press("Enter")
        field.blur()
        expect(field).to_have_value(taken)


def test_a_network_that_never_refuses_says_so_instead_of_offering_a_slider(page):
    page.get_by_test_id("network").select_option("linear")
    expect(page.get_by_test_id("care")).to_be_disabled()
    expect(page.get_by_test_id("care-note")).to_have_text(ENGLISH["care_never"])
    draw(page, STAR)
    answer(page).to_have_text(re.compile(r"^\d$"))


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_notes_of_the_care_move_nothing(browser, lab_url, options):
    with opened(browser, f"{lab_url}/?lang=zh", **options) as page:
        below = page.get_by_test_id("samples")
        expect(page.locator(".lab-sample")).to_have_count(4)
        before = below.bounding_box()["y"]
        for network in ("linear", "digits"):
            page.get_by_test_id("network").select_option(network)
            expect(page.get_by_test_id("care-note")).to_have_text(re.compile("[\u4e00-\u9fff]"))
            assert below.bounding_box()["y"] == before


def test_changing_the_network_in_the_middle_of_a_drawing_loses_nothing(page):
    draw(page, FOUR[:1])
    for network in ("mlp", "book_cnn", "linear", "digits"):
        page.get_by_test_id("network").select_option(network)
    draw(page, FOUR[1:])
    answer(page).to_have_text("4")
    page.get_by_test_id("undo").click()
    page.get_by_test_id("undo").click()
    answer(page).to_have_text("")
