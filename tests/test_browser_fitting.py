"""The chapters on fitting and on data in a real browser."""

import re

from playwright.sync_api import Page, expect

from demo.words import WORDS
from tests.test_browser import opened

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]


def places(page):
    """Where the parts of the chapter stand in it, in px."""
    return page.evaluate("""() => {
        const root = document.querySelector('[data-testid=chapter-fitting]');
        const top = root.getBoundingClientRect().top;
        return [...root.querySelectorAll('.lab-card, svg, .lab-code')].map((part) => {
            const box = part.getBoundingClientRect();
            return [box.left, box.top - top, box.width, box.height];
        });
    }""")


def judge_degrees(page: Page) -> None:
    page.get_by_test_id("open-fitting").click()
    verdict, why = page.get_by_test_id("fitting-verdict"), page.get_by_test_id("fitting-why")
    expect(verdict).to_have_text(ENGLISH["idea_fitting_right"])
    before = places(page)
    page.locator("[data-try=wild]").click()
    expect(verdict).to_have_text(ENGLISH["idea_fitting_over"])
    page.locator("[data-testid=chapter-fitting] [data-try=points]").click()
    expect(verdict).to_have_text(ENGLISH["idea_fitting_right"])
    assert places(page) == before
    page.get_by_test_id("fitting-errors").click(
        position={"x": 52, "y": 100}
    )  # the left end: degree 0
    expect(verdict).to_have_text(ENGLISH["idea_fitting_under"])
    expect(page.get_by_test_id("fitting-degree-slide")).to_have_value("0")
    page.evaluate("lab.setLanguage('zh')")
    expect(verdict).to_have_text(CHINESE["idea_fitting_under"])
    expect(why).to_contain_text(re.compile("[\u4e00-\u9fff]"))
    page.evaluate("lab.setLanguage('en')")


def change_transforms(page: Page) -> None:
    page.get_by_test_id("open-data").click()
    crop, undo = page.locator("[data-card=random_crop]"), page.locator("[data-card=undo]")
    expect(crop.locator("p code").last).to_have_text(re.compile(r"^\(28, 28\) uint8"))
    crop.get_by_test_id("data-size").fill("40")
    crop.get_by_test_id("data-size").press("Enter")
    expect(crop).to_contain_text("ValueError: Required crop size (40, 40)")
    undo.get_by_test_id("data-on").click()
    expect(undo).to_have_class(re.compile("is-off"))
    page.locator("[data-normal='0.1307 0.3081']").click()
    expect(page.get_by_test_id("data-after-is")).to_contain_text("−0.424 … 2.821")
    line = page.locator("[data-card=normalize] > code")
    expect(line).to_have_text("v2.Normalize([0.1307], [0.3081])")
    page.get_by_test_id("data-batch_size").fill("3")
    page.get_by_test_id("data-batch_size").press("Enter")
    expect(page.locator("[data-testid=data-grid] figcaption")).to_have_text(["5", "0", "4"])
    expect(page.locator("[data-step=data] p")).to_contain_text("60 training images")


def bring_a_drawing(page: Page) -> None:
    source = page.locator("[data-testid=data-source] h4")
    expect(source).to_have_text(ENGLISH["idea_data_sample"])
    page.evaluate("lab.strokeOnNewSheet(0.07, [0.5, 0.2, 0.5, 0.8])")
    expect(source).to_have_text(ENGLISH["idea_data_yours"])
    seen = "document.querySelector('[data-testid=data-source] canvas')"
    page.wait_for_function(
        f"""() => {{
            const {{ data }} = {seen}.getContext('2d').getImageData(0, 0, 28, 28);
            return lab.toBytes(lab.reading.reply.seen).every((v, at) => data[4 * at] === v);
        }}"""
    )


def test_degrees_are_judged_and_a_digit_goes_through_the_transforms(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.get_by_role("tab", name=ENGLISH["tab_train"]).click()
        page.locator("[data-part=foundations]").click()
        judge_degrees(page)
        change_transforms(page)
        bring_a_drawing(page)
