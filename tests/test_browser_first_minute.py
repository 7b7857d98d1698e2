"""The first minute in a real browser: the opening, a try on each tab, and the walk around."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.test_browser import (
    CHINESE,
    ENGLISH,
    MOVING,
    PHONE,
    SEVEN,
    WORDS,
    answer,
    draw,
    ink_on,
    opened,
)

LONG = 30_000  # ms that teaching and two short runs may take on a busy machine
SHIFT = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.hadRecentInput ? 0 : entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 200);
})"""


def line(page: Page, tab: str, does: str):
    """A link at the head of a tab."""
    return page.locator(f"[data-tab={tab}] [data-does={does}]")


def shift(page: Page) -> float:
    """How far things have moved on the page by themselves."""
    return page.evaluate(SHIFT)


def open_tab(page: Page, tab: str) -> None:
    page.evaluate(f"lab.openTab('tab_{tab}')")
    expect(line(page, tab, "attempt")).to_be_visible()


# ---- The opening ----------------------------------------------------------------------------


def test_a_digit_draws_itself_and_is_read_and_is_nobodys_drawing(browser, lab_url):
    with opened(browser, lab_url, **MOVING) as page:
        answer(page).to_have_text(re.compile(r"^\d$"))
        page.wait_for_function("!document.querySelector('.lab-opening-pen')")
        expect(page.locator(".lab-bar.is-likeliest")).to_have_count(1)
        expect(page.locator(".lab-sheet .lab-notice")).to_have_text(ENGLISH["opening_hint"])
        assert ink_on(page) > 1_000
        assert page.evaluate("lab.reading") is None
        assert page.evaluate("lab.drawing.isBlank() && !lab.drawing.canUndo()")
        expect(page.get_by_test_id("back_yes")).to_be_disabled()
        assert shift(page) < 0.05


def test_what_is_said_of_it_is_what_the_server_says(browser, lab_url):
    def another(route):
        reply = route.fetch()
        content = reply.json()
        if "probabilities" in content:
            content["label"] = "0"
            content["probabilities"] = [0.91] + [0.01] * 9
        route.fulfill(response=reply, body=json.dumps(content))

    with opened(browser, lab_url, **MOVING) as page:
        page.route("**/component_server/", another)
        page.reload()
        answer(page).to_have_text("0")
        page.unroute_all(behavior="wait")


@pytest.mark.parametrize("touch", ["pen", "key", "button"])
def test_it_is_gone_at_the_first_touch(browser, lab_url, touch):
    with opened(browser, lab_url, **MOVING) as page:
        answer(page).to_have_text(re.compile(r"^\d$"))
        if touch == "pen":
            draw(page, SEVEN)
            answer(page).to_have_text("7")
            assert page.evaluate("lab.drawing.strokes().length") == 1
            page.get_by_test_id("undo").click()
        elif touch == "key":
            page.get_by_test_id("clear").focus()
            page.keyboard.press("a")
        else:
            page.get_by_test_id("undo").click()
        answer(page).to_have_text("")
        assert ink_on(page) == 0


def test_a_test_image_takes_its_place(browser, lab_url):
    with opened(browser, lab_url, **MOVING) as page:
        answer(page).to_have_text(re.compile(r"^\d$"))
        page.locator(".lab-sample").first.click()
        page.wait_for_function("lab.reading !== null")
        assert page.evaluate("lab.drawing.painted().length") == 0


def sees_no_opening(page: Page) -> None:
    expect(page.locator(".lab-sample")).to_have_count(4)  # asked for at the same time
    page.wait_for_timeout(1_500)
    assert page.evaluate("lab.fetched.has('opening')") is False


def test_it_stays_away_where_it_is_not_wanted(browser, lab_url):
    with opened(browser, lab_url) as page:
        sees_no_opening(page)
        expect(page.locator(".lab-example")).to_have_css("opacity", "0.14")
        draw(page, SEVEN)
        answer(page).to_have_text("7")
    with opened(browser, lab_url, **MOVING) as page:
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        page.reload()
        answer(page).to_have_text("7")
        sees_no_opening(page)
    with opened(browser, f"{lab_url}/?tab=train", first="train-form", **MOVING) as page:
        page.wait_for_timeout(1_500)
        assert page.evaluate("lab.fetched.has('opening')") is False


# ---- A try on each tab ----------------------------------------------------------------------


@pytest.mark.parametrize("language", WORDS)
def test_each_tab_says_what_it_is_for(browser, lab_url, language):
    with opened(browser, f"{lab_url}/?lang={language}", **PHONE) as page:
        for tab in ("draw", "denoise", "train", "transfer"):
            open_tab(page, tab)
            head = page.locator(f"[data-tab={tab}]")
            expect(head).to_contain_text(WORDS[language][f"purpose_{tab}"])
            expect(line(page, tab, "attempt")).to_have_text(WORDS[language][f"try_{tab}"])
            assert line(page, tab, "attempt").bounding_box()["height"] >= 44
            assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_network_is_fooled_in_one_press_and_all_is_put_back(browser, lab_url):
    with opened(browser, lab_url) as page:
        line(page, "draw", "attempt").click()
        fool = page.get_by_test_id("why").get_by_test_id("fool")
        expect(fool.get_by_test_id("after")).to_be_in_viewport(timeout=LONG)
        expect(line(page, "draw", "takeBack")).to_be_visible(timeout=LONG)
        before, after = (fool.get_by_test_id(name).inner_text() for name in ("before", "after"))
        assert before != after
        line(page, "draw", "takeBack").click()
        answer(page).to_have_text("")
        expect(fool).to_be_hidden()
        expect(line(page, "draw", "takeBack")).to_be_hidden()


def test_ones_own_drawing_is_fooled_and_stays(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.get_by_test_id("network").select_option("small_cnn")
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        line(page, "draw", "attempt").click()
        fool = page.get_by_test_id("why").get_by_test_id("fool")
        expect(fool.get_by_test_id("after")).to_have_text(re.compile("^reads [^7]$"), timeout=LONG)
        line(page, "draw", "takeBack").click()
        answer(page).to_have_text("7")


def test_a_mosaic_is_cleaned_in_one_press(browser, lab_url):
    with opened(browser, lab_url) as page:
        open_tab(page, "denoise")
        expect(page.get_by_test_id("clean-before")).to_contain_text("dB")
        page.get_by_test_id("cleaners").locator("[data-cleaner=median]").click()
        line(page, "denoise", "attempt").click()
        expect(page.get_by_test_id("noise")).to_have_value("mosaic")
        expect(page.get_by_test_id("clean-by")).to_contain_text(ENGLISH["cleaner_denoiser"])
        expect(page.get_by_test_id("wiper")).to_have_value("0")
        expect(page.get_by_test_id("clean-after")).to_be_in_viewport()
        line(page, "denoise", "takeBack").click()
        expect(page.get_by_test_id("noise")).to_have_value("gaussian")


def test_a_training_is_blown_up_explained_and_taken_back(browser, lab_url):
    with opened(browser, lab_url) as page:
        open_tab(page, "train")
        line(page, "train", "attempt").click()
        said = page.get_by_test_id("preset-sentence")
        expect(said).not_to_have_text("", timeout=LONG)
        wild = page.evaluate("lab.runs.map(({ ending }) => [ending.reason, ending.step])")[1]
        assert wild[0] == "diverged"
        expect(said).to_contain_text(str(wild[1]))
        expect(page.get_by_test_id("train-said")).to_be_visible()
        line(page, "train", "takeBack").click()
        page.wait_for_function("lab.runs.length === 0")
        expect(page.get_by_test_id("preset")).to_be_hidden()


def test_it_is_taught_a_star_and_reads_one(browser, lab_url):
    with opened(browser, lab_url) as page:
        open_tab(page, "transfer")
        line(page, "transfer", "attempt").click()
        expect(page.get_by_test_id("symbols-answer")).to_have_text("☆", timeout=LONG)
        expect(page.get_by_test_id("symbols-list").locator("canvas")).to_have_count(15)
        expect(page.get_by_test_id("symbols-canvas")).to_be_in_viewport()
        line(page, "transfer", "takeBack").click()
        expect(page.get_by_test_id("symbols-list").locator("canvas")).to_have_count(0)
        expect(page.locator(".lab-symbols-verdict")).to_contain_text(ENGLISH["symbols_untaught"])
        expect(page.get_by_test_id("symbols-accuracy")).to_have_text("")
        expect(page.get_by_test_id("symbols-chips").get_by_role("radio")).to_have_count(3)


# ---- The walk around ------------------------------------------------------------------------


def step(page: Page, key: str, table: dict) -> None:
    """The step is told, and what it is about is outlined, in sight and not under the card."""
    expect(page.get_by_test_id("tour-said")).to_have_text(table[f"tour_{key}"])
    expect(page.locator(".lab-toured")).to_have_count(1, timeout=LONG)
    expect(page.locator(".lab-toured")).to_be_in_viewport()
    page.wait_for_function(
        """() => {
          const [thing, card] = [".lab-toured", ".lab-tour"].map((name) =>
            document.querySelector(name).getBoundingClientRect(),
          );
          return thing.top >= 0 && thing.top + 40 < card.top;
        }"""
    )


KEYS = ("sheet", "answer", "denoise", "train", "transfer", "code")


@pytest.mark.parametrize(("language", "table"), [("en", ENGLISH), ("zh", CHINESE)])
def test_one_is_shown_around_with_the_keyboard(browser, lab_url, language, table):
    with opened(browser, f"{lab_url}/?lang={language}", reduced_motion="reduce") as page:
        expect(page.get_by_role("dialog")).to_have_count(0)
        link = line(page, "draw", "showAround")
        link.focus()
        page.keyboard.press("Enter")
        card = page.get_by_role("dialog", name=table["tour_label"])
        expect(card).to_be_visible()
        for key in KEYS:
            step(page, key, table)
            expect(page.get_by_test_id("tour-next")).to_be_focused()
            if key != KEYS[-1]:
                page.keyboard.press("Enter")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        step(page, "transfer", table)
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        expect(page.locator(".lab-toured")).to_have_count(0)
        expect(line(page, "transfer", "showAround")).to_be_focused()


def test_the_walk_fits_a_phone_and_follows_the_language(browser, lab_url):
    with opened(browser, lab_url, **PHONE) as page:
        line(page, "draw", "showAround").click()
        step(page, "sheet", ENGLISH)
        page.get_by_role("button", name=CHINESE["language_name"]).click()
        step(page, "sheet", CHINESE)
        assert shift(page) < 0.05
        for key in KEYS[1:]:
            page.get_by_test_id("tour-next").click()
            step(page, key, CHINESE)
            box = page.get_by_role("dialog").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
            assert box["y"] + box["height"] <= 844
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_test_id("tour-next").click()
        expect(page.get_by_role("dialog")).to_have_count(0)


# ---- How long still -------------------------------------------------------------------------


def test_work_tells_by_its_own_pace_how_long_it_still_takes(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.evaluate("lab.need('kit')")
        said = page.evaluate(
            """() => {
              const pace = lab.createPace();
              const at = (seconds, share) => {
                performance.now = () => 1000 * seconds;
                pace.note(share);
                return pace.after("a quarter");
              };
              return [at(10, 0), at(10.5, 0.05), at(15, 0.25), at(500, 0.5), at(501, 0)];
            }"""
        )
    seconds = ENGLISH["left_seconds"].format(count=15)  # a quarter in 5 s
    minutes = ENGLISH["left_minutes"].format(count=8)  # a half in 490 s
    assert said == [
        "a quarter",
        "a quarter",
        f"a quarter · {seconds}",
        f"a quarter · {minutes}",
        "a quarter",
    ]
