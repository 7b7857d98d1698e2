"""A real browser: the chapters of the foundations, and the ladder climbed."""

from playwright.sync_api import expect

from demo.foundations.chapters import CHAPTERS
from demo.words import WORDS
from tests.test_browser import DESKTOP

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]


def test_the_ladder_is_climbed_and_its_rungs_are_compared(browser, lab_url):
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{lab_url}/?lang=en&tab=train&chapter=ladder")
    climb, said = page.get_by_test_id("ladder-climb"), page.get_by_test_id("ladder-said")
    for rung in ("tensors", "autograd", "module"):
        page.get_by_test_id(f"ladder-rung-{rung}").click()
        climb.click()
        expect(said).to_contain_text("1,093,067")
    names = ", ".join(ENGLISH[f"idea_ladder_{rung}"] for rung in ("tensors", "autograd", "module"))
    equal = page.get_by_test_id("ladder-equal")
    expect(equal).to_have_text(ENGLISH["idea_ladder_equal"].format(rungs=names, count=20))
    marked = page.locator("[data-testid=ladder-lines] .is-new")
    assert "network = TwoLayers()" in " ".join(marked.all_inner_texts())

    page.get_by_test_id("ladder-rung-sequential").click()
    climb.click()
    page.wait_for_function("document.querySelector('[data-testid=ladder-said]').innerText")
    page.get_by_test_id("ladder-stop").click()
    expect(said).to_contain_text(ENGLISH["idea_ladder_stopped"].split(" ")[0])

    for key in CHAPTERS:  # each opens without a fault, and alone
        page.get_by_test_id(f"open-{key}").click()
        expect(page.locator("[data-testid^=chapter-]:visible")).to_have_count(1)
        expect(page.get_by_test_id(f"chapter-{key}")).to_be_visible()
    page.get_by_test_id("part-digits").click()
    expect(page.locator("[data-testid^=chapter-]:visible")).to_have_count(0)
    expect(page.get_by_test_id("train-form")).to_be_visible()
    context.close()
    assert faults == []
