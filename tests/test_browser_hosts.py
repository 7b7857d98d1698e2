"""Every place of the lab, with all that folds out of it, in a browser without other hosts."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.foundations.chapters import CHAPTERS
from demo.transfer.sections import SECTIONS
from demo.words import WORDS
from tests.pages import a_page
from tests.test_browser import DESKTOP, SEVEN, answer, draw

LAYERS = 4  # how deep what folds out lies in what folds out
UNFOLD = """() => {
  const closed = [...document.querySelectorAll("details:not([open]) > summary")];
  const seen = closed.filter((summary) => summary.checkVisibility());
  seen.forEach((summary) => summary.click());
  return seen.length;
}"""


@contextmanager
def alone(browser: Browser, url: str, path: str = "") -> Iterator[Page]:
    """The lab in a browser without other hosts; asking for one fails, as does a script's error."""
    asked, faults = [], []
    listeners = {
        "websocket": lambda socket: asked.append(socket.url),
        "pageerror": lambda error: faults.append(str(error)),
    }

    def judge(route):
        if route.request.url.startswith(f"{url}/"):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    with a_page(browser, url, DESKTOP) as page:
        page.route(lambda address: not address.startswith(("data:", "blob:")), judge)
        for event, listener in listeners.items():
            page.on(event, listener)
        page.goto(f"{url}/{path}")
        yield page
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
    assert (asked, faults) == ([], [])


def settle(page: Page) -> None:
    """Waits until all that was opened is there."""
    expect(page.locator(".is-coming:visible")).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(300)


def unfold(page: Page) -> int:
    """Opens all that folds out of what is seen; gives how much that was."""
    settle(page)
    opened = 0
    for _ in range(LAYERS):
        opened += page.evaluate(UNFOLD)
        settle(page)
    assert page.evaluate(UNFOLD) == 0
    return opened


def choose(page: Page, test_id: str) -> None:
    page.get_by_test_id(test_id).click(timeout=60_000)


def test_the_draw_tab_asks_no_other_host(browser, lab_url):
    with alone(browser, lab_url) as page:
        expect(page.get_by_test_id("canvas")).to_be_visible(timeout=60_000)
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        assert unfold(page) >= 6
        expect(page.locator(".lab-sample")).to_have_count(4)


def test_the_denoise_tab_asks_no_other_host(browser, lab_url):
    with alone(browser, lab_url) as page:
        expect(page.get_by_test_id("canvas")).to_be_visible(timeout=60_000)
        page.get_by_role("tab", name=WORDS["en"]["tab_denoise"]).click()
        expect(page.get_by_test_id("noise-note")).to_be_visible(timeout=30_000)
        assert unfold(page) >= 3


def test_the_train_tab_asks_no_other_host(browser, lab_url):
    with alone(browser, lab_url, "?tab=train") as page:
        choose(page, "part-digits")
        assert unfold(page) >= 2


@pytest.mark.parametrize("keys", [list(CHAPTERS)[:6], list(CHAPTERS)[6:]], ids=["first", "rest"])
def test_no_chapter_of_the_foundations_asks_another_host(browser, lab_url, keys):
    with alone(browser, lab_url, "?tab=train") as page:
        choose(page, "part-foundations")
        for key in keys:
            choose(page, f"open-{key}")
            expect(page.get_by_test_id(f"chapter-{key}")).to_be_visible()
            assert unfold(page) >= 1  # its code


def test_no_section_of_the_transfer_tab_asks_another_host(browser, lab_url):
    with alone(browser, lab_url, "?tab=transfer") as page:
        opened = []
        for key in SECTIONS:
            choose(page, f"transfer-part-{key}")
            opened.append(unfold(page))
        assert all(opened)
        choose(page, "photos-example")
        expect(page.locator("[data-testid=photos-classes] img")).to_have_count(12)


@pytest.mark.parametrize(
    "planted",
    [
        "new Image().src = 'https://example.org/x.png'",
        "fetch('https://example.org/').catch(() => 0)",
        "setTimeout(() => { throw new Error('example.org') })",
    ],
)
def test_a_planted_request_or_error_is_noticed(browser, lab_url, planted):
    def visit() -> None:
        with alone(browser, lab_url) as page:
            page.evaluate(f"() => {{ {planted}; }}")
            page.wait_for_timeout(500)

    with pytest.raises(AssertionError, match=r"example\.org"):
        visit()
