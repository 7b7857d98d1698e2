"""A real browser walks through one step of the tiny network, and looks at the book's gradient."""

import re

from playwright.sync_api import Page, expect

from demo.words import WORDS
from tests.test_browser import opened

ENGLISH = WORDS["en"]


def at(page: Page, name: str):
    return page.get_by_test_id(name)


def shown(page: Page, name: str):
    return expect(at(page, name))


def walk(page: Page) -> None:
    """Forward and back by the chain rule, with a mistyped number on the way."""
    for _ in range(8):
        at(page, "microscope-next").click()
    at(page, "microscope-graph").press("ArrowLeft")
    shown(page, "microscope-title").to_have_text(
        ENGLISH["idea_microscope_at_gradient"].format(name="c")
    )
    place = at(page, "microscope-graph").bounding_box()
    at(page, "microscope-place").fill("13")
    shown(page, "microscope-formula").to_have_text(re.compile("^∂L/∂w₁₁ = ∂L/∂z₁ · x₁"))
    expect(page.locator("[data-name=w11].is-lit")).to_have_count(1)
    page.locator(".lab-microscope-graph text", has_text=re.compile("^−0.8$")).click()
    shown(page, "microscope-w22").to_be_focused()
    page.keyboard.type("1+1")
    page.keyboard.press("Enter")
    shown(page, "microscope-trouble").to_have_text(re.compile("^w₂₂: "))
    assert at(page, "microscope-graph").bounding_box() == place


def explode(page: Page) -> None:
    """Too large a step is told in words, and not taken."""
    at(page, "microscope-try_first").click()
    shown(page, "microscope-trouble").to_have_text("")
    at(page, "microscope-take").click()
    shown(page, "microscope-sentence").to_have_text(re.compile("^Step taken: .* 1.89 to 0.4686"))
    shown(page, "microscope-title").to_have_text(ENGLISH["idea_microscope_at_inputs"])
    at(page, "microscope-try_large").click()
    shown(page, "microscope-sentence").to_have_text(re.compile("^This step makes the loss larger"))
    at(page, "microscope-next").click()
    shown(page, "microscope-sentence").to_have_text(re.compile("explodes"))
    shown(page, "microscope-take").to_be_disabled()
    at(page, "microscope-try_dead").click()
    shown(page, "microscope-note").to_have_text(ENGLISH["idea_microscope_off"].format(unit=2))


def compare(page: Page) -> None:
    """The clamp is told from the gradient in the figures and in the picture."""
    at(page, "open-bug").click()
    shown(page, "bug-figures").to_contain_text("57.5 %")
    wrong = page.locator("[data-map=clamped] .is-wrong")
    assert 0 < wrong.count() < 144
    expect(page.locator("[data-map=masked] .is-wrong")).to_have_count(0)
    before = at(page, "bug-element").inner_text()
    at(page, "bug-maps").press("ArrowDown")
    shown(page, "bug-element").not_to_have_text(before)
    place = at(page, "bug-maps").bounding_box()
    at(page, "bug-epoch-slide").fill("20")
    shown(page, "bug-answer").to_contain_text("67.9°")
    assert at(page, "bug-maps").bounding_box() == place


def test_a_step_is_walked_through_and_the_clamp_is_not_the_gradient(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.evaluate("lab.openTab('tab_train'), lab.need('train')")
        expect(at(page, "open-microscope")).to_be_attached()
        page.evaluate("lab.openChapter('microscope')")
        shown(page, "microscope-take").to_be_enabled()
        expect(page.locator("[data-testid=chapter-microscope][data-pictures]")).to_be_visible()
        walk(page)
        explode(page)
        compare(page)
        assert "NaN" not in page.locator("body").inner_text()
