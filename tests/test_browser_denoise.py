"""The Denoise tab in a real browser: it follows the slider, the wiper and the drawing."""

import re

import pytest
from playwright.sync_api import expect

from demo.words import WORDS
from tests.test_browser import SEVEN, draw, opened

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]


@pytest.fixture
def tab(browser, lab_url):
    with opened(browser, lab_url) as page:
        open_tab(page)
        yield page


def open_tab(page):
    page.get_by_role("tab").nth(1).click()
    answered(page)


def answered(page):
    page.wait_for_function("lab.cleaning?.reply && lab.cleaning?.spoiled")


def drawn(page, name):
    """The pixels of a picture of the tab."""
    return page.get_by_test_id(name).evaluate("canvas => canvas.toDataURL()")


def test_the_pictures_follow_the_slider(tab):
    before = [drawn(tab, name) for name in ("clean-digit", "clean-spoiled", "clean-cleaned")]
    tab.get_by_test_id("level").fill("18")
    expect(tab.get_by_test_id("level-text")).to_have_text("σ = 0.90")
    tab.wait_for_function("lab.cleaning?.reply.before.psnr < 8.5")
    after = [drawn(tab, name) for name in ("clean-digit", "clean-spoiled", "clean-cleaned")]
    assert before[0] == after[0]
    assert before[1] != after[1]
    assert before[2] != after[2]
    tab.get_by_test_id("noise").select_option("contrast")
    tab.get_by_test_id("level").fill("0")  # contrast runs from 1 down
    expect(tab.get_by_test_id("level-text")).to_have_text("× 1.00")


def test_a_level_out_of_range_gets_a_sentence_and_the_picture_stays(tab):
    before = drawn(tab, "clean-cleaned")
    number = tab.get_by_test_id("level-number")
    number.fill("7")
    number.press("Enter")
    wanted = ENGLISH["clean_level_range"].format(low=0, high=1)
    expect(tab.get_by_test_id("clean-notice")).to_have_text(wanted)
    assert drawn(tab, "clean-cleaned") == before


def test_the_own_drawing_comes_in_and_the_cleaned_digit_goes_back(browser, lab_url):
    with opened(browser, lab_url) as page:
        draw(page, SEVEN)
        expect(page.get_by_test_id("answer")).to_have_text("7")
        open_tab(page)
        page.wait_for_function("lab.cleaning?.source === 'own' && lab.cleaning?.shownDigit")
        assert page.evaluate("lab.cleaning.digit === lab.reading.reply.seen")
        page.get_by_test_id("clean-to-draw").click()
        expect(page.get_by_test_id("canvas")).to_be_visible()
        page.wait_for_function("lab.reading.request.pixels === lab.cleaning?.cleaned")


def test_all_cleaners_are_compared_and_one_is_chosen_by_a_press(tab):
    cards = tab.locator(".lab-clean-card")
    expect(cards).to_have_count(8)
    expect(tab.locator(".lab-clean-read", has_text=re.compile("read as"))).to_have_count(
        8, timeout=30_000
    )
    tab.locator("[data-cleaner=median]").click()
    expect(tab.get_by_test_id("clean-by")).to_have_text("Cleaned by median filter")
    tab.get_by_test_id("wiper").fill("40")
    assert "40%" in tab.locator(".lab-wiper").get_attribute("style")


@pytest.mark.parametrize("width", [360, 820, 1440])
def test_nothing_moves_when_the_answer_comes_and_nothing_is_too_wide(browser, lab_url, width):
    with opened(browser, f"{lab_url}/?lang=zh", viewport={"width": width, "height": 900}) as page:
        open_tab(page)
        top = "scrollY + document.querySelector('.lab-clean-all').getBoundingClientRect().top"
        before = page.evaluate(f"window.first = lab.cleaning.reply; {top}")
        page.locator("[data-try='mosaic 5']").click()
        page.wait_for_function("lab.cleaning?.reply !== window.first")
        expect(page.get_by_test_id("noise-note")).to_have_text(CHINESE["noise_note_mosaic"])
        assert page.evaluate(top) == before
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_drawing_asks_nothing_of_a_denoise_tab_that_is_not_open(browser, lab_url):
    with opened(browser, lab_url) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.post_data or ""))
        draw(page, SEVEN)
        expect(page.get_by_test_id("answer")).to_have_text("7")
        open_tab(page)
        page.get_by_role("tab").first.click()
        page.wait_for_function("lab.cleaning?.shownDigit === lab.reading.reply.seen")
        names = ("clean_up", "compare_cleaners", "random_test_digit")
        first = [name for post in asked for name in names if f'"{name}"' in post]
        page.get_by_test_id("clear").click()
        draw(page, SEVEN)
        expect(page.get_by_test_id("answer")).to_have_text("7")
        page.wait_for_function("lab.cleaning?.digit === lab.reading.reply.seen")
        again = [name for post in asked for name in names if f'"{name}"' in post]
        assert first[0] == "clean_up"  # the drawing was there: no test digit was taken
        assert again.count("clean_up") == first.count("clean_up")


def test_until_the_first_digit_is_clean_the_page_says_what_it_waits_for(browser, lab_url):
    held = []

    def is_first(request):
        return "random_test_digit" in (request.post_data or "")

    def hold(route):
        held.append(route) if is_first(route.request) else route.continue_()

    with opened(browser, lab_url) as page:
        page.route("**/component_server/", hold)
        with page.expect_request(is_first):
            page.get_by_role("tab", name=ENGLISH["tab_denoise"]).click()
        verdict = page.get_by_test_id("clean-verdict")
        expect(verdict).to_have_text(ENGLISH["clean_waits"])
        held.pop().continue_()
        expect(verdict).to_contain_text("nearer")
