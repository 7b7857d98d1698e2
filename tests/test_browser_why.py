"""A real browser asks why it is not another digit."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.test_browser import CHINESE, ENGLISH, PHONE, SEVEN, answer, draw, opened

READS = re.compile(r"^reads \d$")


@pytest.fixture
def page(browser, lab_url) -> Iterator[Page]:
    """The panel opened above a blank sheet, read by a network that answers at once."""
    with opened(browser, lab_url) as desktop:
        desktop.get_by_test_id("network").select_option("small_cnn")
        desktop.get_by_test_id("why").locator("summary").click()
        yield desktop


def half(page: Page, name: str) -> Locator:
    """The part of the panel that looks for the smallest change, `turn`, or that fools, `fool`."""
    return page.get_by_test_id("why").get_by_test_id(name)


def drawn(page: Page) -> None:
    """A 7 on the sheet, and both halves' answers to it on the page."""
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    for name in ("turn", "fool"):
        expect(half(page, name).get_by_test_id("before")).to_have_text("reads 7")
        expect(half(page, name)).not_to_have_class(re.compile("is-waiting"))


def levels(canvas: Locator) -> list[int]:
    """How light each pixel of a picture is; transparent is black."""
    return canvas.evaluate(
        """canvas => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
             .filter((value, at) => at % 4 === 3)"""
    )


def test_a_blank_sheet_says_what_to_do(page):
    expect(half(page, "turn").get_by_test_id("said")).to_have_text(ENGLISH["why_empty"])
    for name in ("turn", "fool"):
        expect(half(page, name).get_by_test_id("put")).to_be_hidden()
    assert page.evaluate("lab.changedDigit") is None


def test_a_picked_digit_is_what_the_changed_drawing_reads(page):
    drawn(page)
    turn = half(page, "turn")
    turn.get_by_role("button", name=ENGLISH["turn_target"].format(digit=3)).click()
    expect(turn.get_by_test_id("after")).to_have_text("reads 3")
    expect(turn.get_by_test_id("said")).to_contain_text("makes it read 3")
    before, _, after = turn.locator("canvas").all()
    assert levels(before) != levels(after)
    expect(half(page, "fool").get_by_test_id("towards")).to_have_text("towards 3")


def test_picking_the_digit_that_it_is_says_so(page):
    drawn(page)
    turn = half(page, "turn")
    turn.get_by_role("button", name=ENGLISH["turn_target"].format(digit=7)).click()
    said = ENGLISH["turn_already"].format(digit=7)
    expect(turn.get_by_test_id("said")).to_have_text(said)


def test_the_strength_that_turns_the_answer_turns_it(page):
    drawn(page)
    fool = half(page, "fool")
    fool.get_by_test_id("strength").fill("0")
    expect(fool.get_by_test_id("after")).to_have_text("reads 7")
    turns = fool.get_by_test_id("turns")
    strength = re.search(r"0\.\d\d", turns.inner_text())[0]
    turns.click()
    expect(fool.get_by_test_id("after")).to_have_text(re.compile(r"^reads [^7]$"))
    assert float(fool.get_by_test_id("strength").input_value()) == float(strength)


def test_a_typed_strength_moves_the_slider_and_stays_in_its_range(page):
    drawn(page)
    fool = half(page, "fool")
    field, slider = fool.get_by_test_id("strength-number"), fool.get_by_test_id("strength")
    field.fill("0.25")
    expect(slider).to_have_value("0.25")
    expect(fool.get_by_test_id("most")).to_contain_text("25 %")
    field.fill("7")
    field.blur()
    expect(field).to_have_value("0.5")
    expect(fool.get_by_test_id("most")).to_contain_text("50 %")


def test_a_result_put_on_the_sheet_is_told_as_it_is_read_there(page):
    drawn(page)
    turn = half(page, "turn")
    changed = page.evaluate("lab.changedDigit")
    turn.get_by_test_id("put").click()
    page.wait_for_function("ink => lab.reading?.request.pixels === ink", arg=changed)
    label = page.get_by_test_id("answer").inner_text()
    expect(turn.get_by_role("status").last).to_contain_text(f"read as {label}")
    page.get_by_test_id("clear").click()
    expect(turn.get_by_role("status").last).to_have_text("")


def test_the_newest_result_is_kept_for_the_other_tabs(page):
    drawn(page)
    offered = page.evaluate("lab.changedDigit")
    assert len(offered) == 1_048  # base64 of 784 bytes
    half(page, "fool").get_by_test_id("strength").fill("0.3")
    page.wait_for_function("before => lab.changedDigit !== before", arg=offered)
    page.get_by_test_id("clear").click()
    page.wait_for_function("lab.changedDigit === null")


def test_a_dot_gets_one_sentence(page):
    draw(page, [[(0.5, 0.5), (0.505, 0.5)]])
    for name in ("turn", "fool"):
        expect(half(page, name).get_by_test_id("said")).to_have_text(ENGLISH["why_dot"])
    draw(page, SEVEN)
    for name in ("turn", "fool"):
        expect(half(page, name).get_by_test_id("said")).not_to_have_class(re.compile("is-wrong"))


@pytest.mark.parametrize("width", [360, 820, 1440])
def test_nothing_moves_when_the_changed_digit_comes(browser, lab_url, width):
    with opened(browser, lab_url, viewport={"width": width, "height": 900}) as page:
        page.get_by_test_id("network").select_option("small_cnn")
        panel = page.get_by_test_id("why")
        panel.locator("summary").click()
        page.get_by_test_id("canvas").scroll_into_view_if_needed()
        before = panel.bounding_box()["height"]
        drawn(page)
        assert panel.bounding_box()["height"] == pytest.approx(before, abs=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_closed_panel_asks_nothing(browser, lab_url):
    with opened(browser, lab_url) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.post_data or ""))
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        page.wait_for_timeout(500)
        assert not [one for one in asked if "turn_answer" in one or '"fool"' in one]


def test_a_phone_in_chinese_shows_no_english(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh", **PHONE) as page:
        panel = page.get_by_test_id("why")
        panel.locator("summary").click()
        expect(panel.locator("b").first).to_have_text(CHINESE["why_title"])
        page.get_by_test_id("canvas").scroll_into_view_if_needed()
        draw(page, SEVEN)
        expect(half(page, "turn").get_by_test_id("after")).not_to_have_text("")
        expect(half(page, "fool").get_by_test_id("after")).not_to_have_text("")
        assert set(re.findall("[A-Za-z]{3,}", panel.inner_text())) <= {"FGSM"}
        for button in panel.get_by_role("button").all():
            assert button.bounding_box()["height"] >= 44
