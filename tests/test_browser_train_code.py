"""In a real browser: the code of a training follows the run in front, and is taken home."""

from zipfile import ZipFile

from playwright.sync_api import Page, expect

from models.recipe import best_recipe
from tests.test_browser import CHINESE, ENGLISH, PHONE, opened


def text(page: Page):
    return page.get_by_test_id("train-code-text")


def notice(page: Page):
    return expect(page.get_by_test_id("train-code").locator(".lab-notice"))


def put_in_front(page: Page, **run: object) -> None:
    """A run as the page keeps it."""
    recipe = best_recipe("mlp", train_images=600).as_dict()
    known = {"number": 3, "recipe": recipe, "total": 100, "points": [], "rateChanges": []}
    page.evaluate(
        "(run) => { lab.runInFront = run; lab.tellRuns?.(); lab.setLanguage(lab.language); }",
        known | {"ending": None} | run,
    )


def unfold(page: Page) -> None:
    page.evaluate("lab.openTab('tab_train'), lab.need('train')")
    put_in_front(page)
    page.get_by_test_id("train-code").locator("summary").click()
    expect(text(page)).to_contain_text("network = MLP(")


def test_the_code_follows_the_run_in_front_and_its_zip_holds_it(browser, lab_url):
    with opened(browser, lab_url) as page:
        unfold(page)
        notice(page).to_have_text(ENGLISH["train_code_hint_run"].format(number=3))
        put_in_front(page, rateChanges=[[40, 0.5], [7, 0.25]], ending={"step": 60})
        expect(text(page)).to_contain_text("    7: 0.25,\n    40: 0.5,\n}")
        expect(text(page)).to_contain_text("step, steps, an_epoch = 0, 60, 5")
        with page.expect_download() as download:
            page.get_by_test_id("train-code-zip").click()
        with ZipFile(download.value.path()) as archive:
            script = archive.read("train_digits.py").decode()
        assert script == text(page).evaluate("place => place.textContent")
        notice(page).to_have_text(ENGLISH["code_saved"].format(file="train_digits.zip"))


def test_on_a_phone_the_code_is_in_the_readers_language_and_fits(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh", **PHONE) as page:
        unfold(page)
        expect(text(page)).to_contain_text(CHINESE["train_code_step"])
        panel = page.get_by_test_id("train-code")
        expect(panel.locator("summary b")).to_have_text(CHINESE["train_code_title"])
        expect(panel.get_by_role("button")).to_have_count(4)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
