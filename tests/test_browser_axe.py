"""Nobody is kept out: axe-core looks at all tabs, in both languages, light and dark."""

from importlib import resources

import pytest
from playwright.sync_api import Page

from demo.page import TABS
from demo.words import WORDS
from tests.test_browser import opened

# axe-core lies in a package of pinned version; nothing is fetched.
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ["serious", "critical"]
# What axe finds in gradio's own markup, by rule, each with the reason why it stands there.
IN_GRADIO: dict[str, str] = {}
# What is found of these impacts, and whether it is in a block of ours.
LOOK = """async (grave) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => grave.includes(impact)).flatMap(({ id, nodes }) =>
    nodes.map(({ html, target }) => {
      const place = document.querySelector(target.at(-1));
      return { rule: id, ours: Boolean(place?.closest(".lab-bare, .lab-held")), html };
    }),
  );
}"""
UNFOLD = """() => document.querySelectorAll("details:not([open])").forEach((one) => {
  one.open = one.checkVisibility();
})"""
HAS_COME = """() => ![...document.querySelectorAll(".is-coming, .is-waiting")].some(
  (one) => one.checkVisibility())"""


def look(page: Page) -> list[dict]:
    """What axe finds once all that is folded is open and has come."""
    for _ in range(2):  # some open to what is folded in turn
        page.evaluate(UNFOLD)
        page.wait_for_function(HAS_COME, timeout=60_000)
    return page.evaluate(LOOK, GRAVE)


def look_in_all_languages(page: Page) -> list[dict]:
    found = []
    for language in WORDS:
        page.evaluate("language => lab.setLanguage(language)", language)
        found += look(page)
    return found


def open_tab(page: Page, place: int, inside: str) -> None:
    page.get_by_role("tab").nth(place).click()
    page.locator(inside).first.wait_for()


def look_at_parts(page: Page, buttons: str, which: slice) -> list[dict]:
    """The chapters or sections that these buttons open, one after the other."""
    found = []
    for button in page.locator(buttons).all()[which]:
        button.click()
        found += look(page)
    return found


@pytest.fixture(scope="module")
def found(browser, lab_url) -> list[dict]:
    """Light and dark: all tabs in all languages, each chapter in one of both, all sections."""
    found = []
    for at, scheme in enumerate(("light", "dark")):
        options = {"color_scheme": scheme, "reduced_motion": "reduce"}
        with opened(browser, lab_url, **options) as page:
            page.evaluate(AXE)
            page.locator(".lab-sample").first.click()
            page.wait_for_function("lab.reading")
            found += look_in_all_languages(page)
            open_tab(page, TABS.index("tab_denoise"), "[data-testid=clean-cleaned]")
            page.wait_for_function("lab.cleaning?.reply")
            found += look_in_all_languages(page)
            open_tab(page, TABS.index("tab_train"), "[data-testid=part-digits]")
            page.get_by_test_id("part-foundations").click()
            found += look_at_parts(page, "[data-testid=chapters] button", slice(at, None, 2))
            page.get_by_test_id("part-digits").click()
            found += look_in_all_languages(page)
            open_tab(page, TABS.index("tab_transfer"), "[data-testid=transfer-parts] button")
            found += look_at_parts(page, "[data-testid=transfer-parts] button", slice(None))
            found += look_in_all_languages(page)
    return found


def test_nothing_of_ours_keeps_anybody_out(found):
    assert [one for one in found if one["ours"]] == []


def test_what_stands_in_gradios_markup_is_known_and_listed(found):
    assert {one["rule"] for one in found if not one["ours"]} == IN_GRADIO.keys()


def test_axe_sees_what_is_wrong(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.evaluate(AXE)
        page.get_by_test_id("undo").evaluate("(button) => (button.textContent = '')")
        page.evaluate("document.querySelector('[role=tab]').setAttribute('role', 'tabs')")
        seen = {(one["rule"], one["ours"]) for one in page.evaluate(LOOK, GRAVE)}
    assert {("button-name", True), ("aria-roles", False)} <= seen
