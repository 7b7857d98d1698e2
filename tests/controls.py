"""What a window does to a page's controls: too wide for it, cut off, or too small to be pressed."""

from playwright.sync_api import Page

LEAST = 28  # px each way, for a thumb that aims
FAULTS = """(least) => {
  const all = "button, a[href], input, select, textarea, summary, [role=slider], [role=tab]";
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true })
    && !one.closest(".lab-unseen, [aria-hidden=true]");
  const name = (one) => one.dataset.testid
    ?? `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 20)}`;
  // Pressing a label does the same.
  const label = (one) => one.closest("label") ?? one.labels?.[0] ?? one;
  const faults = [];

  function around(one) {
    const found = [];
    for (let at = one.parentElement; at; at = at.parentElement) {
      const { overflowX } = getComputedStyle(at);
      if (overflowX === "visible") continue;
      if (overflowX !== "auto" && overflowX !== "scroll") found.push(at);
      else return found; // it can be scrolled to
    }
    return [...found, document.documentElement];
  }

  for (const one of document.querySelectorAll(`.lab-tabs :is(${all}), .lab-head :is(${all})`)) {
    if (!isSeen(one)) continue;
    const box = one.getBoundingClientRect();
    if (!box.width) continue;
    const isCut = around(one).some((outer) => {
      const { left, right } = outer.getBoundingClientRect();
      return box.left < left - 1 || box.right > right + 1;
    });
    if (isCut) faults.push(["cut off", name(one)]);
    if (/BUTTON|SUMMARY/.test(one.tagName) && one.scrollWidth > one.clientWidth + 1) {
      faults.push(["words cut off", name(one)]);
    }
    const target = label(one).getBoundingClientRect();
    const size = [target.width, target.height].map(Math.round);
    if (Math.min(...size) < least) faults.push(["small", name(one), ...size]);
  }
  return faults;
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page) -> list[list]:
    """What is wrong with the controls that are seen, each with its name."""
    return page.evaluate(FAULTS, LEAST)


def sideways(page: Page) -> int:
    """px by which the page can be scrolled sideways."""
    return page.evaluate(TOO_WIDE)
