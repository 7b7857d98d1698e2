"""Pages that tests use one after the other: a page's second load costs a quarter of its first."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page

MEDIA = {"color_scheme": "light", "reduced_motion": "no-preference"}  # where a context names none
FORGET = """async () => {
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
}"""
spare: dict[tuple[Browser, str], list[Page]] = defaultdict(list)  # by what they were opened with


@contextmanager
def a_page(browser: Browser, url: str, options: dict) -> Iterator[Page]:
    """A page of a context with these options and nothing else in it, not loaded yet.

    Only one that nothing went wrong on is used again, and not while it is still in use.
    """
    key = browser, json.dumps(options, sort_keys=True)
    if spare[key]:
        page = spare[key].pop()
        renew(page, url, options)
    else:
        page = browser.new_context(**options).new_page()
    try:
        yield page
    except BaseException:
        page.context.close()
        raise
    page.goto("about:blank")  # left, as by a visitor who goes away
    spare[key].append(page)


def renew(page: Page, url: str, options: dict) -> None:
    """As a new visitor's: what the page kept is gone, and what a test had changed."""
    page.unroute_all(behavior="ignoreErrors")
    page.mouse.up()
    page.set_viewport_size(options["viewport"])
    page.emulate_media(**{name: options.get(name, usual) for name, usual in MEDIA.items()})
    page.goto(urljoin(url, "/health"))
    page.evaluate(FORGET)
    page.context.clear_cookies()
