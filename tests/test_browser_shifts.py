"""Nothing jumps when an answer, a point of a curve or another language arrives."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from bench.shifts import OCCASIONS, WINDOWS, come, watched
from tests import shifts
from tests.pages import a_page


@contextmanager
def opened(browser: Browser, url: str, window: str) -> Iterator[Page]:
    with a_page(browser, url, {"viewport": WINDOWS[window], "locale": "en-US"}) as page:
        come(page, url)
        yield page


def sum_of(found: list[dict]) -> float:
    return sum(shift["value"] for shift in found)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("occasion", OCCASIONS)
def test_the_page_stays_where_it_is(browser, lab_url, occasion, window):
    with opened(browser, lab_url, window) as page:
        found = watched(page, occasion)
    assert sum_of(found) <= shifts.MOST, sorted(found, key=lambda one: -one["value"])[:3]


def test_a_jump_is_seen(browser, lab_url):
    with opened(browser, lab_url, "desktop") as page:
        shifts.begin(page)
        page.evaluate("document.querySelector('.lab-tabs').style.marginTop = '200px'")
        assert sum_of(shifts.seen(page)) > shifts.MOST
