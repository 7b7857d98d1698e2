"""How far the page jumps while something happens: the layout shifts that the browser saw."""

from playwright.sync_api import Page

# Shifts right after an input count as well: an answer follows a press.
WATCH = """() => {
  if (window.seenShifts) return;
  window.seenShifts = [];
  window.shiftWatch = new PerformanceObserver((list) => seenShifts.push(...list.getEntries()));
  shiftWatch.observe({ type: "layout-shift", buffered: true });
}"""
FORGET = "() => { shiftWatch.takeRecords(); seenShifts.length = 0; }"
TAKE = """() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => {
  seenShifts.push(...shiftWatch.takeRecords());
  resolve(seenShifts.splice(0).map(({ value, sources }) => ({
    value,
    moved: sources.map(({ node }) => node?.className ?? node?.nodeName ?? "gone"),
  })));
})))"""
MOST = 0.05  # of the window, weighted as the Layout Instability API does


def begin(page: Page) -> None:
    """Forgets what has moved until now."""
    page.evaluate(WATCH)
    page.wait_for_timeout(100)  # ms; what the browser had kept is told by then
    page.evaluate(FORGET)


def seen(page: Page) -> list[dict]:
    """All shifts since the beginning, each with what moved.

    Their sum is at least the CLS that browsers tell of, which takes the worst 5 s.
    """
    return page.evaluate(TAKE)
