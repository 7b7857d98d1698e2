"""By keyboard alone: each tab's main action, with the focus seen wherever it stands."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.shifts import TABS, open_tab
from tests.test_browser import ENGLISH, PHONE, opened
from tests.test_browser_train import SHORT

STEPS = 300  # Tabs, more than any tab of the page takes
PATIENCE = 150_000  # ms; beside much other work a process of the lowest priority gets little time
LONG = SHORT | {"train_images": 30_000, "epochs": 30}  # goes on until it is stopped
OUTLINE = 2  # px, the least that is seen
CONTRAST = 3  # : 1, of the outline against what is around it
ACTIVE = "document.activeElement?.dataset.testid ?? ''"
# The outline of what has the focus, and its contrast with the paper and the panels, the lower one.
FOCUS = """() => {
  const probe = document.createElement("canvas").getContext("2d");
  const light = (colour) => {
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    const parts = [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3).map((one) => one / 255);
    const power = (one) => ((one + 0.055) / 1.055) ** 2.4;
    const linear = parts.map((one) => one <= 0.04045 ? one / 12.92 : power(one));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const style = getComputedStyle(document.activeElement);
  const around = ["paper", "panel"].map((name) => light(style.getPropertyValue(`--lab-${name}`)));
  const outline = light(style.outlineColor);
  return {
    place: document.activeElement.outerHTML.slice(0, 120),
    width: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    contrast: Math.min(...around.map((one) => ratio(one, outline))),
  };
}"""


@pytest.fixture
def page(browser: Browser, lab_url: str) -> Iterator[Page]:
    with opened(browser, lab_url) as desktop:
        yield desktop


def reach(page: Page, name: str) -> None:
    """Tabs on until the part of that name has the focus."""
    for _ in range(STEPS):
        if page.evaluate(ACTIVE) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{STEPS} Tabs don't lead to {name}")


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def go_to_tab(page: Page, steps: int) -> None:
    """From the head of the page to another tab by gradio's row of tabs."""
    page.evaluate("document.activeElement.blur()")
    tabs = page.get_by_role("tab")
    for _ in range(STEPS):
        if page.evaluate("document.activeElement.getAttribute('role')") == "tab":
            break
        page.keyboard.press("Tab")
    press(page, "Tab", steps)
    page.keyboard.press("Enter")
    expect(tabs.nth(steps)).to_have_attribute("aria-selected", "true")


def see_pen(page: Page) -> None:
    """Waits for the pen on the sheet that has the focus: its script comes with the focus."""
    page.wait_for_function("document.activeElement.classList.contains('is-penned')")


def draw_seven(page: Page) -> None:
    """From the upper middle, where the pen first stands: to the left, a bar, a slanting leg."""
    see_pen(page)
    press(page, "ArrowLeft", 8)
    page.keyboard.press("Space")
    press(page, "ArrowRight", 16)
    for _ in range(11):
        press(page, "ArrowDown", 2)
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")


def test_a_digit_is_drawn_read_and_cleared(page):
    sheet = page.get_by_test_id("canvas")
    hint = page.locator("#lab-keys")
    expect(hint).to_be_hidden()
    reach(page, "canvas")
    expect(hint).to_be_visible()
    expect(hint).to_have_text(ENGLISH["keys_hint"])
    expect(sheet).to_have_accessible_description(ENGLISH["keys_hint"])
    draw_seven(page)
    expect(page.get_by_test_id("answer")).to_have_text("7")
    spoken = page.locator(".lab-answer [aria-live=polite]")
    expect(spoken).to_contain_text(ENGLISH["spoken"].format(digit=7))
    page.keyboard.press("Delete")
    expect(sheet).to_have_attribute("data-blank", "true")
    expect(page.get_by_test_id("answer")).to_have_text("")
    page.keyboard.press("Tab")
    expect(hint).to_be_hidden()


def test_the_pen_is_seen_draws_only_while_it_is_down_and_rests_on_the_sheet(page):
    pen = page.locator(".lab-paper .lab-pen")
    sheet = page.get_by_test_id("canvas")
    reach(page, "canvas")
    box = sheet.bounding_box()
    press(page, "Shift+ArrowRight", 20)
    expect(pen).to_be_visible()
    place = pen.bounding_box()
    assert place["x"] + place["width"] / 2 == pytest.approx(box["x"] + box["width"], abs=2)
    assert page.evaluate("lab.drawing.isBlank()")
    page.keyboard.press("Space")
    expect(pen).to_have_class("lab-pen is-down")
    press(page, "ArrowLeft", 3)
    assert len(page.evaluate("lab.drawing.strokes()[0].points")) == 8  # the first and three more
    page.keyboard.press("Tab")  # leaving lifts it
    expect(pen).to_be_hidden()
    press(page, "Shift+Tab")
    press(page, "ArrowLeft", 3)
    assert len(page.evaluate("lab.drawing.strokes()[0].points")) == 8


def test_nothing_is_said_of_the_answer_until_the_pen_is_lifted(page):
    spoken = page.locator(".lab-answer [aria-live=polite]")
    reach(page, "canvas")
    see_pen(page)
    before = spoken.text_content()
    page.keyboard.press("Space")
    press(page, "ArrowDown", 20)
    expect(page.get_by_test_id("answer")).not_to_have_text("")
    assert spoken.text_content() == before
    page.keyboard.press("Space")
    expect(spoken).not_to_have_text(before)


def test_a_level_is_changed_and_the_digit_cleaned(page):
    go_to_tab(page, 1)
    page.wait_for_function("lab.cleaning?.reply && lab.cleaning?.spoiled")
    before = page.evaluate("lab.cleaning.reply.before.psnr")
    reach(page, "level")
    press(page, "ArrowRight", 5)
    page.wait_for_function("before => lab.cleaning.reply.before.psnr < before", arg=before)
    expect(page.get_by_test_id("clean-after")).not_to_have_text("")


def test_a_training_is_started_and_stopped(page):
    go_to_tab(page, 2)
    page.wait_for_function("lab.startRun && lab.recipe")
    assert page.evaluate("recipe => lab.setRecipe(recipe)", LONG) == {}
    reach(page, "train")
    page.keyboard.press("Enter")
    page.wait_for_function("lab.runUnderWay()?.state === 'running'", timeout=PATIENCE)
    reach(page, "stop")
    page.keyboard.press("Enter")
    page.wait_for_function("lab.runInFront.ending", timeout=PATIENCE)
    assert page.evaluate("lab.runInFront.ending.reason") == "stopped"
    expect(page.get_by_test_id("train-said")).not_to_have_text("")


def test_a_comparison_is_started_and_a_symbol_drawn(page):
    go_to_tab(page, 3)
    reach(page, "compare-start")
    page.wait_for_function("!document.activeElement.dataset.held")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("compare-start")).to_be_disabled()
    reach(page, "compare-stop")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("compare-start")).to_be_enabled()
    page.evaluate("document.activeElement.blur()")
    reach(page, "transfer-part-symbols")
    page.keyboard.press("Enter")
    reach(page, "symbols-canvas")
    draw_seven(page)
    expect(page.get_by_test_id("symbols-canvas")).to_have_attribute("data-blank", "false")
    reach(page, "symbols-keep")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("symbols-canvas")).to_have_attribute("data-blank", "true")
    expect(page.get_by_test_id("symbols-chips").get_by_role("radio").first).to_contain_text("1")


def test_the_first_stop_leads_past_the_head_to_the_content(page):
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name=ENGLISH["skip"])
    expect(link).to_be_focused()
    assert link.bounding_box()["height"] >= 24
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("try").first).to_be_focused()


def test_what_cant_be_pressed_is_reached_and_says_why(page):
    reach(page, "back_yes")
    yes = page.get_by_test_id("back_yes")
    expect(yes).to_be_disabled()
    expect(yes).to_have_accessible_description(ENGLISH["back_blank"])
    page.keyboard.press("Enter")
    told = page.locator(".lab-held")
    expect(told).to_have_text(ENGLISH["back_blank"])
    assert told.bounding_box()["y"] >= yes.bounding_box()["y"] + yes.bounding_box()["height"]
    page.keyboard.press("Tab")
    expect(told).to_be_hidden()


def test_a_finger_too_is_told_why_a_button_does_nothing(browser, lab_url):
    with opened(browser, lab_url, **PHONE) as phone:
        phone.get_by_test_id("back_no").tap(force=True)
        told = phone.locator(".lab-held")
        expect(told).to_have_text(ENGLISH["back_blank"])
        box = told.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["viewport"]["width"]
        expect(told).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("tab", "scheme"), [*zip(TABS, ["light", "dark"] * 2, strict=True)])
def test_the_focus_is_seen_at_each_stop(browser, lab_url, tab, scheme):
    with opened(browser, lab_url, color_scheme=scheme) as page:
        open_tab(page, tab)
        page.keyboard.press("Tab")
        stops = []
        while "lab-skip" not in (stop := page.evaluate(FOCUS))["place"] or not stops:
            if stop["place"].startswith("<body"):
                break
            stops.append(stop)
            page.keyboard.press("Tab")
        faint = [one for one in stops if one["width"] < OUTLINE or one["contrast"] < CONTRAST]
        assert len(stops) > 20  # head, tabs, what stands in the tab, folded sections
        assert not faint
