"""Any screen: nothing to scroll sideways, nothing cut off, nothing too small for a thumb."""

import pytest
from playwright.sync_api import Page, expect

from bench.shifts import TABS, open_tab
from tests import controls
from tests.test_browser import SEVEN, answer, draw_with_finger, opened

PHONES = {"upright": (360, 800), "on its side": (844, 390), "small": (667, 375)}  # px
TOUCH = {"has_touch": True, "is_mobile": True}


def window(width: int, height: int) -> dict:
    return {"viewport": {"width": width, "height": height}}


def check(page: Page) -> None:
    assert controls.sideways(page) == 0
    assert controls.faults(page) == []


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("phone", PHONES)
def test_all_controls_of_a_tab_fit_a_phone(browser, lab_url, phone, locale):
    with opened(browser, lab_url, **window(*PHONES[phone]), **TOUCH, locale=locale) as page:
        for tab in TABS:
            open_tab(page, tab)
            check(page)
            for part in page.locator(".lab-parts [data-part]:visible").all():
                part.click()
                page.wait_for_timeout(500)
                check(page)


def test_a_control_that_does_not_fit_is_found(browser, lab_url):
    with opened(browser, lab_url, **window(360, 800), **TOUCH) as page:
        page.add_style_tag(
            content=""".lab-bare .lab-sheet [data-testid=undo] { margin-left: -60px }
              .lab-bare .lab-sheet [data-testid=pen] { min-height: 0; height: 20px }
              .lab-bare .lab-sheet [data-testid=clear] { width: 30px; padding: 0 }"""
        )
        found = {(kind, name) for kind, name, *_ in controls.faults(page)}
        assert {("cut off", "undo"), ("small", "pen"), ("words cut off", "clear")} <= found


@pytest.mark.parametrize("size", [(844, 390), (740, 360), (667, 375)])
def test_a_phone_on_its_side_shows_sheet_and_answer_at_once(browser, lab_url, size):
    with opened(browser, lab_url, **window(*size), **TOUCH) as page:
        draw_with_finger(page, SEVEN)
        answer(page).to_have_text("7")
        for name in ("canvas", "answer"):
            expect(page.get_by_test_id(name)).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0


def test_the_head_of_a_phone_is_short(browser, lab_url):
    for locale in ("en-US", "zh-CN"):
        with opened(browser, lab_url, **window(390, 844), **TOUCH, locale=locale) as page:
            assert page.locator(".lab-head").bounding_box()["height"] <= 96  # two lines


def test_a_huge_screen_is_filled_and_its_type_grows(browser, lab_url):
    with opened(browser, lab_url, **window(3840, 2160)) as page:
        assert page.locator(".lab-draw").bounding_box()["width"] > 0.9 * 3840
        assert page.get_by_test_id("canvas").bounding_box()["width"] > 600
        check(page)
