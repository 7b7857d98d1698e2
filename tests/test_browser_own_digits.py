"""Answering back in a real browser: the set, its file, a test on it, a network tuned with it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.test_browser import (
    CHINESE,
    ENGLISH,
    FOUR,
    PHONE,
    SEVEN,
    THREE,
    answer,
    draw,
    heights,
    ink_on,
    opened,
    refuse,
    sentence,
)


@pytest.fixture
def page(browser, lab_url) -> Iterator[Page]:
    with opened(browser, lab_url) as desktop:
        yield desktop


def part(page: Page, name: str):
    return page.get_by_test_id(name)


def status(page: Page):
    return expect(part(page, "back_status"))


def keep(page: Page, strokes: list, read: str, label: str) -> None:
    """Draws on an empty sheet, waits for the answer, and answers back."""
    part(page, "clear").click()
    draw(page, strokes)
    answer(page).to_have_text(read)
    answer_back(page, label)
    status(page).to_contain_text(re.compile(rf"\b{label}\b.*\d+$"))


def answer_back(page: Page, label: str) -> None:
    part(page, "back_no").click()
    part(page, "back_digits").get_by_text(label, exact=True).click()


def open_panel(page: Page) -> None:
    part(page, "own_digits").locator("summary").click()


def tiles(page: Page):
    return part(page, "own_grid").locator("li")


def test_no_it_is_a_four_keeps_the_drawing_with_its_label(page):
    keep(page, SEVEN, "7", "4")
    open_panel(page)
    expect(tiles(page)).to_have_count(1)
    expect(tiles(page).locator("b")).to_have_text("4")
    expect(tiles(page).locator("span")).to_have_text("✗ read as 7")


def test_yes_keeps_it_as_read_and_the_same_drawing_never_twice(page):
    draw(page, THREE)
    answer(page).to_have_text("3")
    expect(part(page, "back_yes")).to_have_text(re.compile("Yes, 3"))
    part(page, "back_yes").click()
    status(page).to_have_text(ENGLISH["back_kept"].format(digit=3, count=1))
    answer_back(page, "8")
    status(page).to_have_text(ENGLISH["back_kept"].format(digit=8, count=1))


def test_a_blank_sheet_keeps_nothing_and_says_what_to_do(page):
    expect(part(page, "back_yes")).to_be_disabled()
    expect(part(page, "back_no")).to_be_disabled()
    status(page).to_have_text(ENGLISH["back_blank"])


def test_a_refused_drawing_is_given_its_label_too(page):
    page.route("**/component_server/", refuse)
    draw(page, SEVEN)
    answer(page).to_have_text("?")
    expect(part(page, "back_yes")).to_be_disabled()
    expect(part(page, "back_no")).to_have_text(re.compile("^\\s*It is a"))
    answer_back(page, "7")
    status(page).to_have_text(ENGLISH["back_kept"].format(digit=7, count=1))
    page.wait_for_timeout(300)  # until the last reading is through


def test_the_digits_open_and_close_from_the_keyboard_and_move_nothing(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    before = heights(page)
    no, digits = part(page, "back_no"), part(page, "back_digits")
    no.focus()
    page.keyboard.press("Enter")
    expect(no).to_have_attribute("aria-expanded", "true")
    expect(digits.locator("button")).to_have_count(10)
    expect(digits.locator("button").first).to_be_focused()
    assert heights(page) == before
    page.keyboard.press("Escape")
    expect(digits).to_be_hidden()
    expect(no).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("9")
    expect(digits).to_be_hidden()
    status(page).to_have_text(ENGLISH["back_kept"].format(digit=9, count=1))
    assert heights(page) == before


def test_on_a_phone_one_answers_back_below_the_sheet(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh", **PHONE) as page:
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        canvas, yes = (part(page, name).bounding_box() for name in ("canvas", "back_yes"))
        assert yes["y"] >= canvas["y"] + canvas["height"]
        assert yes["y"] + yes["height"] <= 844
        assert yes["height"] >= 44
        part(page, "back_no").click()
        box = part(page, "back_digits").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        part(page, "back_digits").get_by_text("1", exact=True).click()
        open_panel(page)
        expect(tiles(page)).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        shown = part(page, "own_digits").inner_text()
        assert CHINESE["own_title"] in shown


def test_the_set_survives_a_reload_and_goes_back_on_the_sheet(page):
    keep(page, SEVEN, "7", "7")
    before = ink_on(page)
    page.reload()
    answer(page).to_have_text("7")
    part(page, "clear").click()
    answer(page).to_have_text("")
    open_panel(page)
    tiles(page).locator(".lab-own-show").click()
    answer(page).to_have_text("7")
    assert ink_on(page) == pytest.approx(before, rel=0.02)


def test_what_is_removed_comes_back_by_undo(page):
    keep(page, SEVEN, "7", "7")
    keep(page, FOUR, "4", "4")
    open_panel(page)
    tiles(page).first.locator(".lab-own-drop").click()
    expect(tiles(page)).to_have_count(1)
    part(page, "own_undo").click()
    expect(tiles(page)).to_have_count(2)
    part(page, "own_clear").click()
    expect(tiles(page)).to_have_count(0)
    expect(part(page, "own_notice")).to_have_text(ENGLISH["own_empty"])
    part(page, "own_undo").click()
    expect(tiles(page)).to_have_count(2)


def test_the_set_is_taken_home_and_brought_back_and_other_files_are_refused(page, tmp_path):
    keep(page, SEVEN, "7", "7")
    keep(page, FOUR, "4", "9")
    open_panel(page)
    with page.expect_download() as download:
        part(page, "own_save").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".zip"
    part(page, "own_clear").click()
    part(page, "own_file").set_input_files(path)
    expect(tiles(page)).to_have_count(2)
    assert sorted(tiles(page).locator("b").all_inner_texts()) == ["7", "9"]
    part(page, "own_file").set_input_files(path)
    expect(part(page, "own_notice")).to_have_text(ENGLISH["own_loaded"].format(count=0, same=2))
    for content in (b"", b"no ZIP", path.read_bytes()[:200], bytes(3_000_000)):
        bad = tmp_path / "bad.zip"
        bad.write_bytes(content)
        part(page, "own_file").set_input_files(bad)
        expect(part(page, "own_notice")).to_have_text(ENGLISH["own_file_bad"])
        expect(tiles(page)).to_have_count(2)


def test_a_full_set_says_so_and_loses_nothing(page):
    page.evaluate(
        """() => lab.own.load(Array.from({ length: 250 }, (_, number) => ({
             label: "1", strokes: null, reads: {},
             seen: lab.toText(new Uint8Array(784).fill(number + 1)) })))"""
    )
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    answer_back(page, "7")
    status(page).to_have_text(ENGLISH["own_full"].format(count=200))
    assert page.evaluate("lab.own.all().length") == 200
    answer(page).to_have_text("7")


def test_without_storage_the_set_lives_on_the_page_and_says_so(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error(); }; }")
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        answer_back(page, "7")
        status(page).to_have_text(ENGLISH["own_unsaved"])
        open_panel(page)
        expect(tiles(page)).to_have_count(1)


def test_a_network_is_tested_on_the_set(page):
    keep(page, SEVEN, "7", "7")
    keep(page, FOUR, "4", "9")
    open_panel(page)
    part(page, "own_test_all").click()
    rows = part(page, "own_results").locator("tbody tr")
    expect(rows.filter(has_text="small_cnn")).to_have_text(
        re.compile(r"small_cnn\s*1 · 50 %\s*1\s*0")
    )
    expect(rows.filter(has_text="–")).to_have_count(0)
    rows.locator("button").first.click()
    expect(rows.locator("button").first).to_have_attribute("aria-pressed", "true")
    expect(tiles(page).first.locator("span")).to_have_text("✗ read as 4")


def test_a_network_tuned_on_the_set_reads_the_sheet_until_it_is_gone(page):
    keep(page, SEVEN, "7", "7")
    open_panel(page)
    part(page, "own_base").select_option("linear")
    part(page, "own_tune").click()
    expect(part(page, "own_tuned")).to_be_visible(timeout=60_000)
    expect(part(page, "own_tuned").locator("tbody tr")).to_have_count(2)
    part(page, "own_use").click()
    chosen = page.get_by_test_id("network").locator("option:checked")
    expect(chosen).to_have_text(re.compile("^linear, tuned on your 1 digit"))
    answer(page).to_have_text("7")
    name = page.evaluate("lab.networks.chosen()")
    assert re.fullmatch(r"own:[\w-]{22,}", name)
    # The key is the window's own; one that the server does not know stands for one that it dropped.
    page.evaluate("lab.networks.choose('own:' + 'x'.repeat(24))")
    sentence(page).to_have_text(ENGLISH["own_network_gone"])
    expect(chosen).to_have_text(re.compile("^digits"))
    answer(page).to_have_text("7")
    page.evaluate("scrollTo(0, 0)")
    draw(page, [[(0.3, 0.25), (0.4, 0.25)]])
    sentence(page).to_have_text(ENGLISH["draw_hint"])


def test_the_books_network_is_not_tuned_and_the_page_says_why(page):
    keep(page, SEVEN, "7", "7")
    open_panel(page)
    part(page, "own_base").select_option("book_cnn")
    part(page, "own_tune").click()
    expect(part(page, "own_tune_notice")).to_have_text(re.compile("^book_cnn is too large"))
    expect(part(page, "own_tune")).to_be_enabled()


def test_a_tuning_tells_how_long_it_still_takes_by_its_own_pace(page):
    keep(page, SEVEN, "7", "7")
    open_panel(page)
    part(page, "own_base").select_option("linear")
    shares = iter([0.1, 0.2, 0.3, 0.4])
    held: list[Route] = []

    def answer_for(route: Route) -> None:
        asked = route.request.post_data_json["fn_name"]
        if asked == "tune_own":
            held.append(route)
        elif asked == "tune_progress":
            route.fulfill(json={"share": next(shares, 0.5)})
        else:
            route.continue_()

    page.route("**/component_server/", answer_for)
    part(page, "own_tune").click()
    expect(part(page, "own_tune")).to_have_attribute("title", ENGLISH["hold_busy"])
    expect(part(page, "own_tune_clock")).to_have_text(
        re.compile(r"^\d+ s so far · about \d+ s left$")
    )
    held[0].continue_()
    expect(part(page, "own_tuned")).to_be_visible(timeout=60_000)
    expect(part(page, "own_tune_clock")).to_have_text("")
    page.unroute_all(behavior="wait")
