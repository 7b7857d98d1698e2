"""Losses, activations and lines in a real browser: dragged, by keys, in both languages."""

import re

from playwright.sync_api import Page, expect

from demo.words import WORDS
from tests.test_browser import opened

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]


def heights(page: Page, chapter: str) -> list:
    return page.evaluate(
        """(chapter) => [...document.querySelectorAll(
            `[data-testid=chapter-${chapter}] :is(.lab-card, svg, .lab-code)`)].map((part) => {
            const { left, top, width, height } = part.getBoundingClientRect();
            return [left, top, width, height];
        })""",
        chapter,
    )


def drag(page: Page, handle, up: int) -> None:
    """By so many px, in a few moves."""
    box = handle.locator(".lab-handle-dot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - up, steps=4)
    page.mouse.up()


def value_of(page: Page, name: str) -> float:
    return float(page.get_by_test_id(f"loss-{name}").locator("output").inner_text())


def told(key: str, **details: str) -> str:
    return ENGLISH[key].format(**details)


def move_predictions(page: Page) -> None:
    page.get_by_test_id("open-loss").click()
    worst = page.get_by_test_id("loss-worst")
    expect(worst).to_contain_text("91\u00a0% of the MSE")
    before, was = heights(page, "loss"), value_of(page, "mse")
    points = page.get_by_test_id("loss-plot").locator(".lab-handle.is-prediction")
    drag(page, points.nth(0), 150)
    expect(worst).to_contain_text("Prediction 0 is farthest off")
    assert value_of(page, "mse") > was
    points.nth(0).press("Shift+ArrowDown")
    points.nth(0).press("ArrowDown")
    expect(page.get_by_test_id("loss-mse").locator(".lab-caption")).to_contain_text(
        "as prediction 0 moves"
    )
    page.get_by_test_id("loss-mae").get_by_role("button").click()
    expect(page.get_by_test_id("loss-pull")).to_have_text(ENGLISH["idea_loss_pull_mae"])
    page.get_by_test_id("loss-together").check()
    expect(worst).to_have_text(told("idea_loss_all", mean="3.94", median="3.60"))
    page.get_by_test_id("loss-perfect").click()
    expect(worst).to_have_text(ENGLISH["idea_loss_exact"])
    assert heights(page, "loss") == before
    page.get_by_test_id("loss-outlier").fill("ten")
    page.get_by_test_id("loss-outlier").press("Enter")
    expect(page.locator(".lab-setting-note.is-wrong")).to_contain_text("0")


def move_along_curves(page: Page) -> None:
    page.get_by_test_id("open-activations").click()
    left, said = (
        page.get_by_test_id("activations-left"),
        page.get_by_test_id("activations-said"),
    )
    expect(left).to_contain_text(re.compile(r"^Sigmoid, depth 10: 1/\d{2,3},000,000 "))
    expect(said).to_contain_text(re.compile(r"y = −0.03 x [+−] 0\.0\d, "))
    before = heights(page, "activations")
    page.get_by_test_id("activations-others").get_by_role("button", name="ReLU").click()
    page.get_by_test_id("activations-start").select_option("kaiming")
    expect(left).to_contain_text(re.compile(r"^ReLU, depth 10: .* at [01]\.\d × its size"))
    page.get_by_test_id("activations-curve").locator(".lab-handle").press("Shift+ArrowLeft")
    expect(page.get_by_test_id("activations-x")).to_have_value("1")
    expect(page.get_by_test_id("activations-here")).to_contain_text("x = 1 the value is 1.00")
    page.get_by_test_id("activations-none").click()
    expect(said).to_contain_text("W₂W₁")
    assert heights(page, "activations") == before


def move_lines(page: Page) -> None:
    page.get_by_test_id("open-bias").click()
    needed = page.get_by_test_id("bias-said")
    expect(needed).to_contain_text("79 times as large")
    grips = page.get_by_test_id("bias-plot").locator(".lab-handle")
    drag(page, grips.nth(0), -60)
    expect(page.get_by_test_id("bias-offset")).not_to_have_value("3")
    page.get_by_test_id("bias-offset").fill("0")
    page.get_by_test_id("bias-offset").press("Enter")
    expect(needed).to_contain_text("changes little")
    page.get_by_test_id("bias-step").fill("0")
    page.get_by_test_id("bias-step").press("Enter")
    expect(page.get_by_test_id("bias-with")).to_contain_text("W = 0.00, b = 0.00")
    page.evaluate("lab.setLanguage('zh')")
    expect(needed).to_contain_text("这些点大致在")
    page.get_by_test_id("bias-code").locator("summary").click()
    expect(page.get_by_test_id("bias-code-text")).to_contain_text(
        "noisy_points(slope=0.8, offset=0"
    )


def test_predictions_curves_and_lines_are_moved_by_hand(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.get_by_role("tab", name=ENGLISH["tab_train"]).click()
        page.locator("[data-part=foundations]").click()
        move_predictions(page)
        move_along_curves(page)
        move_lines(page)
