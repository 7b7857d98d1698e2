"""Nobody is kept out: axe-core looks at all four tabs, in both languages, light and dark."""

from importlib import resources

import pytest
from playwright.sync_api import Page

from demo.words import WORDS

# axe-core itself lies in a package of pinned version; nothing is fetched.
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
# In gradio's own markup, by rule, each with the reason why it stands.
IN_GRADIO: dict[str, str] = {}
# What axe finds in what is shown, and whether it is in a block of ours or in gradio's markup.
LOOK = """async (grave) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => grave.includes(impact)).flatMap(({ id, nodes }) =>
    nodes.map(({ html, target }) => {
      const place = document.querySelector(target.at(-1));
      return { rule: id, ours: Boolean(place?.closest(".lab-bare, .lab-held")), html };
    }),
  );
}"""
UNFOLD = """() => document.querySelectorAll("details:not([open])").forEach(
  (one) => one.offsetParent && (one.open = true))"""
IS_READY = """() => ![...document.querySelectorAll(".is-coming, .is-waiting")].some(
  (one) => one.offsetParent)"""


def look(page: Page) -> list[dict]:
    """What axe finds once all that is folded is open and has come."""
    page.evaluate(UNFOLD)
    page.wait_for_function(IS_READY)
    page.evaluate(UNFOLD)
    return page.evaluate(LOOK, list(GRAVE))


def open_tab(page: Page, key: str, language: str) -> None:
    page.get_by_role("tab", name=WORDS[language][key], exact=True).click()
