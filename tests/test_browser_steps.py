"""The panel From ink to digit in a real browser: its pictures, its switch and its trial."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.test_browser import (
    ENGLISH,
    SEVEN,
    ZERO,
    answer,
    draw,
    heights,
    ink_on,
    opened,
    paper,
    sentence,
)

# A 7 as small as a hand can draw it, in the upper left corner.
SMALL_SEVEN = [[(x * 0.4, y * 0.4 - 0.05) for x, y in SEVEN[0]]]


def unfold(page: Page) -> None:
    page.get_by_test_id("steps").locator("summary").click()
    page.evaluate("scrollTo(0, 0)")


@pytest.fixture
def page(browser, lab_url) -> Iterator[Page]:
    with opened(browser, lab_url) as desktop:
        unfold(desktop)
        yield desktop


def figures(page: Page, step: str):
    return expect(page.locator(f"[data-step={step}] .lab-step-figures"))


def verdict(page: Page):
    return expect(page.locator(".lab-steps .lab-notice"))


def levels(page: Page, canvas: str) -> list[int]:
    """The grey of a 28 x 28 picture."""
    return page.locator(canvas).evaluate(
        """canvas => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
             .filter((value, at) => at % 4 === 0)"""
    )


SEEN, LAST = "[data-testid=seen]", "[data-step=digit] canvas"


def test_each_step_has_its_picture_and_the_last_is_what_the_network_sees(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    figures(page, "sheet").to_have_text("280 × 280 px")
    figures(page, "box").to_have_text(re.compile(r"^1[0-9]{2} × 1[0-9]{2} px$"))
    figures(page, "small").to_have_text(re.compile(r"^\d+ × 20 px, \d(\.\d)? times smaller$"))
    figures(page, "middle").to_have_text(re.compile(r"^at \(\d+\.\d, \d+\.\d\) px$"))
    page.wait_for_timeout(500)  # until the last piece of the stroke is through
    assert levels(page, LAST) == levels(page, SEEN)


def test_the_steps_follow_the_pen_and_clear_with_the_sheet(page):
    draw(page, SEVEN)
    figures(page, "box").not_to_be_empty()
    before = page.locator("[data-step=box] .lab-step-figures").inner_text()
    draw(page, [[(0.1, 0.1), (0.9, 0.9)]])
    figures(page, "box").not_to_have_text(before)
    page.get_by_test_id("clear").click()
    verdict(page).to_have_text(ENGLISH["steps_empty"])
    figures(page, "box").to_be_empty()


def test_a_folded_panel_asks_for_nothing(browser, lab_url):
    with opened(browser, lab_url) as page:
        asked = []
        page.on("request", lambda one: asked.append(one.post_data or ""))
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        assert not [body for body in asked if "steps_of_drawing" in body]


def test_the_switch_reads_at_once_and_says_what_it_did(page):
    draw(page, SMALL_SEVEN)
    answer(page).to_have_text("7")
    expect(page.get_by_test_id("uncentred")).to_be_hidden()
    switch = page.get_by_role("switch", name=ENGLISH["centring"])
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    expect(page.get_by_test_id("uncentred")).to_be_visible()
    sentence(page).to_have_text(ENGLISH["uncentred_hint"])
    for step in ("box", "small", "middle"):
        figures(page, step).to_have_text(ENGLISH["step_skipped"])
    seen = levels(page, SEEN)
    assert sum(seen[: 14 * 28]) > 0
    assert sum(seen[14 * 28 :]) == 0  # the ink stays where it was drawn, in the upper half
    assert levels(page, LAST) == seen
    switch.click()
    answer(page).to_have_text("7")
    figures(page, "box").not_to_have_text(ENGLISH["step_skipped"])


@pytest.mark.parametrize("width", [360, 820, 1200])
def test_nothing_moves_when_centring_is_switched(browser, lab_url, width):
    with opened(browser, lab_url, viewport={"width": width, "height": 900}) as page:
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        expect(page.locator(".lab-sample")).to_have_count(4)
        unfold(page)
        figures(page, "box").not_to_be_empty()
        tall = "document.querySelector('.lab-steps').offsetHeight"
        before = heights(page), page.evaluate(tall)
        page.get_by_test_id("centring").click()
        figures(page, "box").to_have_text(ENGLISH["step_skipped"])
        page.evaluate("scrollTo(0, 0)")
        assert (heights(page), page.evaluate(tall)) == before
        page.get_by_test_id("trial").click()
        verdict(page).to_have_text(re.compile("^You see a 9"))
        assert page.evaluate(tall) == before[1]
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_trial_fails_in_the_corner_and_succeeds_when_centred(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    before = ink_on(page)
    page.get_by_test_id("trial").click()
    verdict(page).to_have_text(re.compile("^You see a 9; .*Now switch centring on.$"))
    shown = page.get_by_test_id("answer").inner_text()
    assert shown != "9"
    verdict(page).to_have_text(re.compile(f"reads {shown}," if shown != "?" else "refuses"))
    page.get_by_test_id("centring").click()
    answer(page).to_have_text("9")
    verdict(page).to_have_text(re.compile("^Centred, it reads 9, "))
    page.get_by_test_id("undo").click()
    answer(page).to_have_text("7")
    assert ink_on(page) == before


def test_the_trial_tells_what_the_chosen_network_answers(page):
    page.get_by_test_id("network").select_option("linear")
    page.get_by_test_id("trial").click()
    verdict(page).to_have_text(re.compile("^You see a 9; "))
    shown = page.get_by_test_id("answer").inner_text()
    verdict(page).to_have_text(re.compile(f"the network reads {shown}, "))


def test_a_stroke_over_the_trial_ends_it(page):
    page.get_by_test_id("trial").click()
    verdict(page).to_have_text(re.compile("^You see a 9"))
    draw(page, ZERO)
    verdict(page).to_have_text(ENGLISH["steps_straight"])


def test_a_test_image_is_not_called_the_work_of_a_pen(page):
    page.locator(".lab-sample").first.click()
    figures(page, "sheet").to_have_text("28 × 28 px")
    expect(page.locator("[data-step=sheet] .lab-note")).to_have_text(ENGLISH["step_image_why"])


def test_a_pictures_first_step_is_the_picture_itself(page, tmp_path):
    page.get_by_test_id("file").set_input_files(paper(tmp_path / "seven.png"))
    answer(page).to_have_text("7")
    figures(page, "sheet").to_have_text("280 × 210 px")
    expect(page.locator("[data-step=sheet] .lab-note")).to_have_text(ENGLISH["step_picture_why"])
    corner = page.locator("[data-step=sheet] canvas").evaluate(
        """canvas => [...canvas.getContext("2d").getImageData(5, 140, 1, 1).data]"""
    )
    assert corner == pytest.approx([205, 205, 205, 255], abs=3)  # grey paper, not ours
