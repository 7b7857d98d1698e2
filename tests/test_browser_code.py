"""In a real browser: the code of a reading is shown, copied and taken home."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.test_browser import CHINESE, ENGLISH, PHONE, SEVEN, answer, draw, opened

CLIPBOARD = ["clipboard-read", "clipboard-write"]


def open_code(page: Page) -> None:
    page.get_by_test_id("code").locator("summary").click()
    expect(text(page)).not_to_be_empty()


def text(page: Page):
    return page.get_by_test_id("code-text")


def notice(page: Page):
    return expect(page.get_by_test_id("code").locator(".lab-notice"))


def downloaded(page: Page, file: str) -> tuple[str, Path]:
    """Presses a button of the panel; the name and the place of the file that comes."""
    with page.expect_download() as download:
        page.get_by_test_id(f"code-{file}").click()
    return download.value.suggested_filename, download.value.path()


@pytest.fixture
def page(browser, lab_url) -> Iterator[Page]:
    """A seven on the sheet, read, and the panel open."""
    with opened(browser, lab_url, permissions=CLIPBOARD) as desktop:
        draw(desktop, SEVEN)
        answer(desktop).to_have_text("7")
        open_code(desktop)
        yield desktop


def test_the_code_says_how_long_it_is_and_names_the_network(page):
    code = text(page).inner_text()
    lines = code.rstrip("\n").count("\n") + 1
    gist = page.get_by_test_id("code").locator(".lab-gist")
    expect(gist).to_have_text(ENGLISH["code_gist_lines"].format(lines=lines))
    numbers = page.locator(".lab-code-numbers").inner_text().split()
    assert numbers == [str(number + 1) for number in range(lines)]
    assert 'load_weights(network, "digits.pt")' in code


def test_the_code_follows_network_and_language(page):
    page.get_by_test_id("network").select_option("mlp")
    expect(text(page)).to_contain_text("network = MLP(width=256")
    page.get_by_role("button", name=CHINESE["language_name"]).click()
    expect(text(page)).to_contain_text(CHINESE["code_part_weights"])
    expect(text(page)).to_contain_text("network = MLP(width=256")


def test_another_stroke_asks_for_no_other_code(page):
    asked = []
    page.on("request", lambda one: asked.append(one.post_data or ""))
    draw(page, [[(0.4, 0.5), (0.6, 0.5)]])
    page.wait_for_timeout(600)
    assert any("read_drawing" in body for body in asked)
    assert not any("show_code" in body for body in asked)


def test_a_closed_panel_asks_for_nothing(browser, lab_url):
    with opened(browser, lab_url) as page:
        asked = []
        page.on("request", lambda one: asked.append(one.post_data or ""))
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        assert not any("show_code" in body for body in asked)
        expect(page.get_by_test_id("code").locator(".lab-gist")).to_have_text(ENGLISH["code_gist"])


def test_copying_puts_the_whole_script_on_the_clipboard(page):
    page.get_by_test_id("code-copy").click()
    notice(page).to_have_text(ENGLISH["code_copied"])
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == text(page).evaluate("place => place.textContent")
    compile(copied, "read_digit.py", "exec")


def test_where_the_clipboard_is_kept_off_the_script_is_still_copied(page):
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.get_by_test_id("code-copy").click()
    notice(page).to_have_text(ENGLISH["code_copied"])
    assert page.evaluate("navigator.clipboard.readText()").startswith("# ")


def test_the_zip_holds_the_script_for_the_chosen_network_and_the_drawing(page):
    page.get_by_test_id("network").select_option("small_cnn")
    expect(text(page)).to_contain_text("network = SmallCNN(")
    name, path = downloaded(page, "zip")
    assert name == "read_digit.zip"
    with ZipFile(path) as archive:
        assert 'load_weights(network, "small_cnn.pt")' in archive.read("read_digit.py").decode()
        assert "small_cnn.pt" in archive.namelist()
        packed = archive.read("drawing.png")
    _, alone = downloaded(page, "drawing")
    assert alone.read_bytes() == packed
    notice(page).to_have_text(ENGLISH["code_saved"].format(file="drawing.png"))


def test_script_and_notebook_come_alone_too(page):
    name, path = downloaded(page, "script")
    assert name == "read_digit.py"
    assert path.read_text(encoding="utf-8") == text(page).evaluate("place => place.textContent")
    name, path = downloaded(page, "notebook")
    assert name == "read_digit.ipynb"
    assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4


def test_without_a_drawing_the_code_is_there_and_says_what_is_missing(browser, lab_url):
    with opened(browser, lab_url) as page:
        open_code(page)
        notice(page).to_have_text(ENGLISH["code_blank"])
        for file, ready in {"zip": False, "drawing": False, "script": True, "copy": True}.items():
            expect(page.get_by_test_id(f"code-{file}")).to_be_enabled(enabled=ready)
        draw(page, SEVEN)
        notice(page).to_have_text(ENGLISH["code_hint"])
        expect(page.get_by_test_id("code-zip")).to_be_enabled()


def test_a_lost_connection_is_said_in_place_and_the_code_stays(page):
    before = text(page).inner_text()
    page.context.set_offline(True)
    page.get_by_test_id("code-zip").click()
    notice(page).to_have_text(ENGLISH["connection_lost"])
    assert text(page).inner_text() == before
    page.context.set_offline(False)
    assert downloaded(page, "zip")[0] == "read_digit.zip"


def test_on_a_phone_wide_lines_scroll_in_their_box_and_nothing_moves(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh", **PHONE) as page:
        panel = page.get_by_test_id("code")
        panel.locator("summary").tap()
        expect(text(page)).not_to_be_empty()
        box = page.locator(".lab-code-box")
        assert box.evaluate("one => one.scrollWidth > one.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        ends = [page.locator(f".lab-code-{name}").bounding_box() for name in ("numbers", "text")]
        assert ends[0]["height"] == ends[1]["height"]  # a number stands beside its line
        shown = panel.locator("summary, button, .lab-notice").all_inner_texts()
        words = set(re.findall("[A-Za-z]{3,}", " ".join(shown)))
        assert words <= {"PyTorch", "ZIP", "ipynb", "png"}
