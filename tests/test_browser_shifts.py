"""Nothing jumps when an answer, a point of a curve or another language arrives."""

import pytest

from bench.shifts import OCCASIONS, WINDOWS, opened, watched
from tests import shifts


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
