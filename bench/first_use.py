"""How long a tab lets its first visitor wait, right after the lab's start, and a later one.

    python -m bench.first_use

One JSON object a tab: seconds from a press on it to its first picture, on a server each. The first
look does without some libraries (demo/later.py), so the first visitor of a tab waits for them.
"""

import json
import time

from playwright.sync_api import Browser

from bench.browser import WINDOW, running_browser
from bench.server import running_lab
from bench.shifts import PATIENCE, READY, TABS, come

LATER = 2  # visitors after the first; the quicker one counts


def seconds(browser: Browser, url: str, tab: str) -> float:
    """From the press on a tab to what it shows, for a new visitor."""
    with browser.new_context(viewport=WINDOW) as context:
        page = context.new_page()
        come(page, url)
        began = time.monotonic()
        page.get_by_role("tab").nth(TABS.index(tab)).click()
        page.wait_for_function(f"() => window.lab && {READY[tab]}", timeout=PATIENCE)
        return round(time.monotonic() - began, 2)


def main() -> None:
    for tab in TABS[1:]:
        with running_lab() as lab, running_browser() as browser:
            first = seconds(browser, lab.url, tab)
            later = min(seconds(browser, lab.url, tab) for _ in range(LATER))
        print(json.dumps({"tab": tab, "first_seconds": first, "later_seconds": later}), flush=True)


if __name__ == "__main__":
    main()
