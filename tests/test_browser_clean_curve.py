"""A real browser: the curves of a noise, what they say of a level, and fresh digits on them."""

import base64
import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from demo.words import WORDS
from models.cleaners import CLEANERS
from models.curves import NOTHING, levels
from models.data import Mnist
from tests.test_browser import PHONE, opened

ENGLISH = WORDS["en"]
# The share read right at the five levels: what crosses what can be told by hand.
SHARES = {
    NOTHING: [0.99, 0.9, 0.7, 0.5, 0.3],
    "denoiser": [0.99, 0.98, 0.97, 0.95, 0.93],
    "conv_autoencoder": [0.98, 0.95, 0.8, 0.49, 0.1],
    "linear_autoencoder": [0.95, 0.92, 0.85, 0.7, 0.31],
    "lmmse": [0.99, 0.97, 0.9, 0.8, 0.6],
    "median": [0.97, 0.8, 0.6, 0.4, 0.29],
    "gaussian_filter": [0.96, 0.85, 0.65, 0.45, 0.28],
    "total_variation": [0.95, 0.8, 0.5, 0.3, 0.3],
}


def kept_answer(noise: str, missing: tuple[str, ...] = ()) -> dict:
    lines = {
        cleaner: [
            None
            if cleaner in missing
            else {"recognised": share, "mse": 1 - share, "psnr": 30 * share, "ssim": share}
            for share in SHARES[cleaner]
        ]
        for cleaner in (NOTHING, *CLEANERS)
    }
    facts = {"noise": noise, "levels": levels(noise), "lines": lines, "missing": list(missing)}
    return facts | {"fresh": 500}


def answer_with(page: Page, answers: dict[str, Callable[[dict], dict]]) -> None:
    """These server functions answer so; all others as they do."""

    def fulfil(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")
        name, given = asked.get("fn_name"), asked.get("data")
        if name not in answers:
            return route.continue_()
        return route.fulfill(json=answers[name](given[0] if isinstance(given, list) else given))

    page.route("**/component_server/**", fulfil)


def unfold(page: Page, **answers: Callable[[dict], dict]) -> None:
    curves = {"curves_of_noise": lambda asked: kept_answer(asked["noise"])}
    answer_with(page, curves | answers)
    page.evaluate("lab.openTab('tab_denoise'), lab.need('denoise')")
    page.get_by_test_id("clean_curve").locator("summary").first.click()
    expect(page.get_by_test_id("curve_ranks").locator("li")).to_have_count(8)


def settle(page: Page, **settings: object) -> None:
    page.evaluate("(settings) => lab.setCleaning(settings)", settings)


@pytest.fixture
def panel(browser, lab_url) -> Iterator[Page]:
    with opened(browser, lab_url) as page:
        unfold(page)
        yield page


def ranked(page: Page) -> list[str]:
    rows = page.get_by_test_id("curve_ranks").locator("li")
    return rows.evaluate_all("(rows) => rows.map((row) => row.dataset.cleaner)")


def test_a_level_says_who_is_better_than_nothing_and_who_is_worse(panel):
    settle(panel, noise="gaussian", level=0.75, cleaner="denoiser")
    said = panel.get_by_test_id("curve_said")
    expect(said).to_contain_text("50.0 %")
    expect(said).to_contain_text("95.0 %")
    expect(said).not_to_contain_text(ENGLISH["curve_worse"])
    helps = ["denoiser", "lmmse", "linear_autoencoder"]
    harms = ["conv_autoencoder", "gaussian_filter", "median", "total_variation"]
    assert ranked(panel) == [*helps, NOTHING, *harms]
    losers = panel.get_by_test_id("curve_losers")
    for names, is_told in ((helps, False), (harms, True)):
        told = [ENGLISH[f"cleaner_{name}"] in losers.inner_text() for name in names]
        assert told == [is_told] * len(names)
    panel.get_by_test_id("curve_ranks").locator("[data-cleaner=median] button").click()
    expect(said).to_contain_text("40.0 %")
    expect(said).to_contain_text(ENGLISH["curve_worse"])
    assert panel.evaluate("lab.cleaning.cleaner") == "median"


def test_a_press_on_a_line_chooses_its_cleaner_and_pointing_tells_another_level(panel):
    settle(panel, noise="contrast", level=1.0, cleaner="denoiser")
    chart = panel.get_by_test_id("curve_chart")
    expect(chart).to_have_attribute("aria-label", re.compile(ENGLISH["noise_contrast"]))
    chart.locator(".lab-curve-lines [data-cleaner=lmmse] path").last.click()
    chosen = chart.locator(".lab-curve-lines .is-chosen")
    expect(chosen).to_have_attribute("data-cleaner", "lmmse")
    weakest = panel.evaluate("lab.levelText('contrast', 0.1)")
    expect(panel.get_by_test_id("curve_at")).to_contain_text(weakest)  # the last level: a tenth
    assert ranked(panel)[:2] == ["denoiser", "lmmse"]
    panel.mouse.move(2, 2)
    full = panel.evaluate("lab.levelText('contrast', 1)")
    expect(panel.get_by_test_id("curve_at")).to_contain_text(full)
    boxes = chart.locator(".lab-curve-names text").evaluate_all(
        "(names) => names.map((name) => [...Object.values(name.getBoundingClientRect().toJSON())])"
    )
    tops = sorted(box[1] for box in boxes)
    assert len(tops) == 8
    assert all(below - above >= 15 for above, below in zip(tops, tops[1:], strict=False))


def test_the_visitors_digit_is_marked_as_it_is_read_and_what_is_not_measured_is_said(
    browser, lab_url, mnist: Mnist
):
    digit = base64.b64encode(mnist.test_images[0].numpy().tobytes()).decode()
    with opened(browser, lab_url) as page:
        missing = {
            "curves_of_noise": lambda asked: kept_answer(asked["noise"], ("lmmse", "median"))
        }
        unfold(page, **missing)
        notice = page.get_by_test_id("curve_notice")
        expect(notice).to_contain_text("python -m models curves --write")
        expect(notice).to_contain_text(ENGLISH["cleaner_median"])
        mark = page.get_by_test_id("curve_yours_mark")
        expect(mark).to_have_count(1)  # of the test digit that the tab begins with
        settle(page, noise="contrast", level=1.0, cleaner="total_variation")
        page.evaluate("(digit) => lab.cleanThis(digit, 'test', '7')", digit)
        expect(mark).to_have_text("7✓", timeout=30_000)
        page.evaluate("(digit) => lab.cleanThis(digit, 'test', '2')", digit)
        expect(mark).to_have_text("7✗", timeout=30_000)
        settle(page, cleaner="median")
        expect(mark).to_have_count(0)  # there is no curve that it could be on


def measuring_replies() -> list[dict]:
    """What the server says of one measurement: in line, at work, done."""

    def point(level: float) -> dict:
        figures = {"recognised": 0.9, "mse": 0.02, "psnr": 17.0, "ssim": 0.7}
        return {"noise": "blur", "level": level, "cleaner": "denoiser", **figures}

    facts = {"done": 0, "total": 4000, "digits": 500, "points": [], "ahead": 0}
    return [
        facts | {"state": "waiting", "ahead": 1},
        facts | {"state": "running", "done": 1000, "points": [point(0.75)]},
        facts | {"state": "ended", "done": 4000, "points": [point(1.5)]},
    ]


def test_fresh_digits_wait_in_line_then_come_as_rings_and_say_how_far_they_may_be_off(
    browser, lab_url
):
    replies = measuring_replies()
    known = []

    def follow(asked: dict) -> dict:
        known.append(asked["known"])
        return replies.pop(0) if len(replies) < 3 or goes_on else replies[0]

    goes_on = False  # the others before in line
    with opened(browser, lab_url) as page:
        start = {"measure_fresh": lambda asked: {"key": "mine", "owner": "me"}}
        unfold(page, **start, follow_fresh=follow)
        rings = page.get_by_test_id("curve_chart").locator(".lab-curve-rings circle")
        page.evaluate(  # pressed before the noise's curves, or the tab's answer, can be there
            """() => {
              lab.setCleaning({ noise: "blur", level: 0.75, cleaner: "denoiser" });
              document.querySelector("[data-testid=measure_start]").click();
            }"""
        )
        notice = page.get_by_test_id("measure_notice")
        expect(notice).to_have_text(ENGLISH["measure_line"].format(number=2))
        expect(page.get_by_test_id("measure_stop")).to_be_visible()
        goes_on = True
        expect(rings).to_have_count(2)
        expect(page.get_by_test_id("measure_counted")).to_contain_text("4,000")
        assert known[-2:] == [0, 1]
        # (0.9 * 500 + 2) / 504 = 0.8968; 200 * sqrt(0.8968 * 0.1032 / 504) = 2.7
        expect(notice).to_contain_text("2.7")
        expect(notice).to_contain_text("98.0 %")  # as kept
        settle(page, noise="gaussian")
        expect(rings).to_have_count(0)


def test_on_a_phone_nothing_is_wider_than_it_and_all_can_be_pressed(browser, lab_url):
    with opened(browser, lab_url, **PHONE) as page:
        unfold(page)
        page.locator(".lab-curve-table summary").click()
        expect(page.get_by_test_id("curve_table").locator("td", has_text="27.9 dB")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        panel = page.get_by_test_id("clean_curve")
        buttons = panel.locator("button:visible, summary:visible")
        heights = [box.bounding_box()["height"] for box in buttons.all()]
        assert len(heights) >= 4 + 7 + 1 + 2
        assert min(heights) >= 44
