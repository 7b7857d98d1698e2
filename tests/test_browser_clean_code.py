"""In a real browser: the code of a cleaning is shown, follows the tab, and is taken home."""

import base64
import re
from collections.abc import Iterator
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from models.data import Mnist
from tests.test_browser import CHINESE, ENGLISH, PHONE, opened


def text(page: Page):
    return page.get_by_test_id("clean-code-text")


def notice(page: Page):
    return expect(page.get_by_test_id("clean-code").locator(".lab-notice"))


def unfold(page: Page) -> None:
    page.evaluate("lab.openTab('tab_denoise'), lab.need('denoise')")
    page.get_by_test_id("clean-code").locator("summary").click()
    expect(text(page)).not_to_be_empty()


def choose_seven(page: Page, mnist: Mnist) -> None:
    digit = base64.b64encode(mnist.test_images[0].numpy().tobytes()).decode()
    page.evaluate("(digit) => lab.cleanThis(digit, 'test', '7')", digit)


@pytest.fixture
def page(browser, lab_url, mnist) -> Iterator[Page]:
    with opened(browser, lab_url) as desktop:
        unfold(desktop)
        choose_seven(desktop, mnist)
        yield desktop


def test_the_code_follows_noise_cleaner_and_language(page):
    page.evaluate("lab.setCleaning({noise: 'mosaic', level: 5, cleaner: 'conv_autoencoder'})")
    expect(text(page)).to_contain_text("clean = ConvAutoencoder()")
    expect(text(page)).to_contain_text("spoil=mosaic,\n    level=5,")
    page.get_by_role("button", name=CHINESE["language_name"]).click()
    start = CHINESE["clean_code_short"]
    expect(text(page)).to_contain_text(start)


def test_the_zip_holds_the_script_that_is_shown_and_the_digit(page, mnist):
    page.evaluate("lab.setCleaning({noise: 'patch', level: 6, cleaner: 'median'})")
    expect(text(page)).to_contain_text("spoil=patch")
    notice(page).to_have_text(ENGLISH["clean_code_hint"])
    with page.expect_download() as download:
        page.get_by_test_id("clean-code-zip").click()
    assert download.value.suggested_filename == "clean_digit.zip"
    with ZipFile(download.value.path()) as archive:
        script = archive.read("clean_digit.py").decode()
        assert "digit.png" in archive.namelist()
    assert script == text(page).evaluate("place => place.textContent")
    notice(page).to_have_text(ENGLISH["code_saved"].format(file="clean_digit.zip"))


def test_the_two_tabs_have_code_of_their_own(page):
    page.evaluate("lab.openTab('tab_draw')")
    page.get_by_test_id("code").locator("summary").click()
    expect(page.get_by_test_id("code-text")).to_contain_text("def read_drawing(")
    page.evaluate("lab.openTab('tab_denoise'), lab.need('denoise')")
    expect(text(page)).to_contain_text("def clean_file(")


def test_on_a_phone_without_a_digit_the_code_is_there_and_fits(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh", **PHONE) as page:
        unfold(page)
        notice(page).to_have_text(CHINESE["clean_code_hint"])  # the tab begins with a test digit
        page.evaluate("() => { lab.cleaning.digit = null; lab.tellCleaning(); }")
        notice(page).to_have_text(CHINESE["clean_code_blank"])
        for file, ready in {"zip": False, "drawing": False, "script": True, "copy": True}.items():
            expect(page.get_by_test_id(f"clean-code-{file}")).to_be_enabled(enabled=ready)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        panel = page.get_by_test_id("clean-code")
        shown = panel.locator("summary, button, .lab-notice").all_inner_texts()
        words = set(re.findall("[A-Za-z]{3,}", " ".join(shown)))
        assert words <= {"PyTorch", "ZIP", "ipynb", "png"}
