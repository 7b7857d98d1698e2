"""A real browser: the book's path walked from end to end in one page, and back into it by links."""

import re

import pytest
from playwright.sync_api import Page, expect

from demo.path.table import ENTRIES, Entry
from demo.words import WORDS
from tests.test_browser import DESKTOP, PHONE, SEVEN, answer, draw, opened

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]
PATIENCE = 30_000  # ms; each tab and each chapter brings its scripts when it is opened first
FIRST, LAST = ENTRIES[0], ENTRIES[-1]


def name_of(entry: Entry, table: dict = ENGLISH) -> str:
    return table[f"path_{entry.key}"]


def stands_at(page: Page, entry: Entry, table: dict = ENGLISH) -> None:
    """Whether the entry's place is seen, and is set as the path has it."""
    now = page.get_by_test_id("path-now").locator("b")
    expect(now).to_have_text(name_of(entry, table), timeout=PATIENCE)
    place = entry.place
    expect(page.get_by_test_id(place.target)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id(place.target)).to_be_in_viewport(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(rf"[?&]path={entry.key}(&|$)"))
    if place.chapter:
        expect(page.get_by_test_id(f"chapter-{place.chapter}")).to_be_visible()
    if place.press:
        expect(page.get_by_test_id(place.press)).to_have_attribute("aria-pressed", "true")
    if place.is_folded:
        assert page.get_by_test_id(place.target).evaluate("panel => panel.open")
    for name, value in place.recipe.items():
        page.wait_for_function(f"value => lab.recipe?.{name} === value", arg=value)
    for name, value in place.cleaning.items():
        page.wait_for_function(f"value => lab.cleaning?.{name} === value", arg=value)


def test_the_whole_path_is_walked_in_one_page_and_nothing_is_lost(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=en") as page:
        page.evaluate("window.isTheSamePage = true")
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        page.get_by_test_id("path-link").click()
        page.get_by_test_id(f"path-{FIRST.key}").locator("a").first.click()
        for entry in ENTRIES:
            stands_at(page, entry)
            if entry is not LAST:
                page.get_by_test_id("path-next").click()
        expect(page.get_by_test_id("path-next")).not_to_be_visible()
        page.get_by_test_id("path-previous").click()
        stands_at(page, ENTRIES[-2])
        page.get_by_test_id("path-leave").click()
        expect(page.get_by_test_id("path-bar")).to_be_hidden()
        expect(page).not_to_have_url(re.compile("path="))
        page.evaluate('lab.openTab("tab_draw")')
        answer(page).to_have_text("7")
        assert page.evaluate("window.isTheSamePage")


def test_every_word_of_the_list_is_there_in_both_languages(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=en") as page:
        page.get_by_test_id("path").locator("summary").click()
        for table in (ENGLISH, CHINESE):
            for entry in ENTRIES:
                card = page.get_by_test_id(f"path-{entry.key}")
                expect(card).to_contain_text(name_of(entry, table), timeout=PATIENCE)
                expect(card).to_contain_text(table[f"path_{entry.key}_is"])
                expect(card.locator(".lab-path-trial")).to_have_count(len(entry.today))
            expect(page.get_by_test_id("path")).not_to_contain_text(table["something_wrong"])
            page.evaluate('lab.setLanguage("zh")')
        raised = page.get_by_test_id("path-program_6").locator(".is-raised").first
        expect(raised).to_contain_text("RuntimeError")


@pytest.mark.parametrize("key", ["bias", "program_3", "program_8", "transfer"])
def test_a_copied_link_opens_the_place_in_a_new_page(browser, lab_url, key):
    entry = next(entry for entry in ENTRIES if entry.key == key)
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.goto(f"{lab_url}/{entry.address}&lang=zh")
    stands_at(page, entry, CHINESE)
    context.close()


def test_a_chapters_line_starts_the_path_by_keyboard_and_on_a_phone_all_fits(browser, lab_url):
    entry = next(entry for entry in ENTRIES if entry.key == "loss")
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{lab_url}/?lang=zh&tab=train&chapter=loss")
    line = page.get_by_test_id("chapter-loss").locator(".lab-path-line")
    expect(line).to_contain_text(CHINESE["path_here"], timeout=PATIENCE)
    line.locator(f"a[data-path={entry.key}]").press("Enter")
    stands_at(page, entry, CHINESE)
    now = page.get_by_test_id("path-now")
    now.press("Enter")
    expect(page.get_by_test_id("path-about")).to_contain_text(CHINESE["path_loss_is"])
    now.press("Escape")
    expect(page.get_by_test_id("path-about")).to_be_hidden()
    page.get_by_test_id("path-list").click()
    expect(page.get_by_test_id("path-loss")).to_have_attribute("aria-current", "step")
    expect(page.get_by_test_id("path-loss")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
