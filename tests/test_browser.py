"""A real browser draws on the page and reads its answer."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Route, expect

from demo.page import TABS
from demo.words import WORDS
from models.nets import NETS
from tests.pages import a_page

DESKTOP = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "locale": "en-US",
    "has_touch": True,
    "is_mobile": True,
}
# Strokes in fractions of the sheet, x to the right and y down, as a person would draw them.
SEVEN = [[(0.3, 0.25), (0.5, 0.24), (0.7, 0.25), (0.6, 0.45), (0.52, 0.6), (0.46, 0.8)]]
ONE = [[(0.5, 0.2), (0.5, 0.5), (0.49, 0.8)]]
ZERO = [
    [
        (0.5, 0.2),
        (0.37, 0.27),
        (0.32, 0.5),
        (0.37, 0.73),
        (0.5, 0.8),
        (0.63, 0.73),
        (0.68, 0.5),
        (0.63, 0.27),
        (0.5, 0.2),
    ]
]
THREE = [
    [
        (0.35, 0.28),
        (0.5, 0.2),
        (0.64, 0.28),
        (0.6, 0.42),
        (0.47, 0.48),
        (0.62, 0.56),
        (0.66, 0.7),
        (0.5, 0.8),
        (0.34, 0.73),
    ]
]
FOUR = [[(0.42, 0.2), (0.34, 0.54), (0.68, 0.54)], [(0.6, 0.2), (0.6, 0.8)]]
MOVING = {"reduced_motion": "no-preference"}
PARTS = ("canvas", "answer", "seen", "undo", "network", "bars", "more")
ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]
CHINESE_TABS = [WORDS["zh"][key] for key in TABS]


@contextmanager
def opened(browser: Browser, url: str, first: str = "canvas", **options) -> Iterator[Page]:
    """The page of a new visitor; any error of its scripts fails the test.

    Nothing moves by itself, the opening neither, unless `**MOVING` stands among the options.
    `first`: what is seen of the page as soon as it is there.
    """
    faults = []

    def note(error: Exception) -> None:
        faults.append(str(error))

    with a_page(browser, url, {**DESKTOP, "reduced_motion": "reduce", **options}) as page:
        page.on("pageerror", note)
        page.goto(url)
        expect(page.get_by_test_id(first)).to_be_visible(timeout=60_000)
        expect(page.get_by_test_id("network").locator("option").first).to_be_attached()
        yield page
        page.remove_listener("pageerror", note)
    assert faults == []


@pytest.fixture
def page(browser, lab_url) -> Iterator[Page]:
    with opened(browser, lab_url) as desktop:
        yield desktop


def pen_down(page: Page, stroke: list[tuple[float, float]]) -> None:
    """Draws a stroke with the mouse and leaves the button pressed."""
    page.get_by_test_id("canvas").scroll_into_view_if_needed()
    box = page.get_by_test_id("canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)


def draw(page: Page, strokes: list[list[tuple[float, float]]]) -> None:
    for stroke in strokes:
        pen_down(page, stroke)
        page.mouse.up()


def draw_with_finger(page: Page, strokes: list[list[tuple[float, float]]]) -> None:
    """The same with touches, as the browser gets them from the screen."""
    box = page.get_by_test_id("canvas").bounding_box()
    session = page.context.new_cdp_session(page)
    for stroke in strokes:
        for step, (x, y) in enumerate(stroke):
            place = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
            kind = "touchMove" if step else "touchStart"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def answer(page: Page):
    return expect(page.get_by_test_id("answer"))


def sentence(page: Page):
    """The line under the sheet."""
    return expect(page.locator(".lab-sheet .lab-notice"))


def places(page: Page) -> list[dict]:
    """Where the parts of the tab stand."""
    return [page.get_by_test_id(name).bounding_box() for name in PARTS]


def refuse(route: Route) -> None:
    """Turns a reading of the server into a refusal, as it would send one."""
    reply = route.fetch()
    refusal = {"label": None, "refused": True, "reason": "unlike"}
    content = reply.json()
    body = content | refusal if "label" in content else content
    route.fulfill(response=reply, body=json.dumps(body))


def ink_on(page: Page) -> int:
    """How many pixels of the drawing surface hold ink."""
    return page.get_by_test_id("canvas").evaluate(
        """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
             .data.filter((value, at) => at % 4 === 3 && value > 0).length"""
    )


# ---- Drawing --------------------------------------------------------------------------------


def test_the_answer_stands_while_the_pen_is_still_down(page):
    pen_down(page, SEVEN[0])
    answer(page).to_have_text("7")
    page.mouse.up()
    answer(page).to_have_text("7")


@pytest.mark.parametrize(("strokes", "digit"), [(ZERO, "0"), (ONE, "1"), (THREE, "3"), (FOUR, "4")])
def test_a_digit_drawn_with_the_mouse_is_read(page, strokes, digit):
    draw(page, strokes)
    answer(page).to_have_text(digit)
    expect(page.locator(".lab-bar.is-likeliest b")).to_have_text(digit)


def test_a_finger_draws_on_a_phone_and_the_page_stays_where_it_is(browser, lab_url):
    with opened(browser, lab_url, **PHONE) as page:
        can_scroll = "document.documentElement.scrollHeight > innerHeight"
        assert page.evaluate(can_scroll)
        draw_with_finger(page, SEVEN)
        answer(page).to_have_text("7")
        assert page.evaluate("scrollY") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_the_answer_and_what_is_seen_stand_above_the_finger(browser, lab_url):
    with opened(browser, lab_url, **PHONE) as page:
        canvas, digit, seen, undo = places(page)[:4]
        for part in (digit, seen):
            assert part["y"] >= 0
            assert part["y"] + part["height"] <= canvas["y"]
        assert canvas["width"] > 330
        assert undo["y"] + undo["height"] <= 844


def heights(page: Page) -> list[int]:
    """How far down each part stands, in whole pixels."""
    return [
        round(box["y"]) for name, box in zip(PARTS, places(page), strict=True) if name != "answer"
    ]


@pytest.mark.parametrize("width", [360, 820, 1200])
def test_nothing_moves_when_the_answer_comes(browser, lab_url, width):
    with opened(browser, lab_url, viewport={"width": width, "height": 900}) as page:
        before = heights(page)
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        expect(page.locator(".lab-sample")).to_have_count(4)
        assert heights(page) == before


@pytest.mark.parametrize("width", [360, 820, 1200])
def test_a_refusal_stands_in_the_answers_own_place(browser, lab_url, width):
    with opened(browser, lab_url, viewport={"width": width, "height": 900}) as page:
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        before = heights(page)
        page.route("**/component_server/", refuse)
        draw(page, ONE)
        answer(page).to_have_text("?")
        expect(page.locator(".lab-sure")).to_have_text(re.compile("^Unlike any digit"))
        assert heights(page) == before
        page.wait_for_timeout(300)  # until the last reading is through


def test_all_tabs_stand_in_a_phones_row_and_one_without_room_still_opens(browser, lab_url):
    with opened(browser, lab_url, viewport={"width": 360, "height": 800}) as page:
        expect(page.get_by_role("tab")).to_have_text([WORDS["en"][key] for key in TABS])
        page.set_viewport_size({"width": 240, "height": 800})
        expect(page.get_by_role("tab")).to_have_count(1)
        page.evaluate("lab.openTab('tab_transfer')")
        expect(page.get_by_test_id("transfer-parts")).to_be_visible()


def test_the_network_sees_white_ink_on_black(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    levels = page.get_by_test_id("seen").evaluate(
        """canvas => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
             .filter((value, at) => at % 4 === 0)"""
    )
    assert len(levels) == 28 * 28
    assert levels[0] == 0
    assert max(levels) == 255
    middle = sum(level * (at // 28) for at, level in enumerate(levels)) / sum(levels)
    assert 12 < middle < 16  # centred by its mass, in rows


def test_a_dark_page_draws_light_ink_and_reads_the_same(browser, lab_url):
    with opened(browser, lab_url, color_scheme="dark") as page:
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        ink = page.get_by_test_id("canvas").evaluate("canvas => getComputedStyle(canvas).color")
        assert min(int(part) for part in re.findall(r"\d+", ink)) > 200


# ---- Undo, clear, keep ----------------------------------------------------------------------


def test_a_blank_sheet_says_what_to_do_and_answers_nothing(browser, lab_url):
    with opened(browser, lab_url) as page:
        answer(page).to_have_text("")
        expect(page.locator(".lab-sure")).to_have_text(ENGLISH["empty_answer"])
        expect(page.locator(".lab-example")).to_have_css("opacity", "0.14")


def test_clear_empties_sheet_and_answer_and_undo_brings_both_back(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    page.get_by_test_id("clear").click()
    answer(page).to_have_text("")
    assert ink_on(page) == 0
    page.get_by_test_id("undo").click()
    answer(page).to_have_text("7")


def test_undo_takes_the_last_stroke_off(page):
    draw(page, FOUR[:1])
    first = ink_on(page)
    draw(page, FOUR[1:])
    answer(page).to_have_text("4")
    page.get_by_test_id("undo").click()
    assert ink_on(page) == first
    page.get_by_test_id("undo").click()
    answer(page).to_have_text("")
    assert ink_on(page) == 0


def test_the_drawing_survives_a_reload(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    before = ink_on(page)
    page.reload()
    answer(page).to_have_text("7")
    assert ink_on(page) == before


def test_without_storage_one_can_still_draw(browser, lab_url):
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.add_init_script(
        "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error(); }"
    )
    page.goto(lab_url)
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    context.close()


def test_a_wider_pen_leaves_more_ink(page):
    draw(page, ONE)
    medium = ink_on(page)
    page.get_by_test_id("clear").click()
    page.get_by_test_id("pen").click()
    draw(page, ONE)
    assert ink_on(page) > 1.3 * medium


def test_a_drawing_without_end_keeps_its_points_within_bounds(page):
    count = page.evaluate(
        """() => {
          lab.drawing.begin(0.07, 0, 0);
          for (let step = 0; step < 30000; step += 1)
            lab.drawing.extend((step % 200) / 200, (step % 331) / 331);
          return lab.drawing.strokes()[0].points.length / 2;
        }"""
    )
    assert 4_000 < count <= 10_000


# ---- Networks, samples, languages -----------------------------------------------------------


def test_another_network_reads_the_drawing_at_once(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    before = page.locator(".lab-bars").inner_text()
    page.get_by_test_id("network").select_option("mlp")
    expect(page.locator(".lab-bars")).not_to_have_text(before)
    answer(page).to_have_text("7")


def test_the_menu_tells_each_networks_accuracy(page):
    for text in page.get_by_test_id("network").locator("option").all_inner_texts():
        assert re.fullmatch(r"\w+ · 9\d\.\d %", text)


def test_a_test_image_is_put_on_the_sheet_and_drawing_replaces_it(page):
    sample = page.locator(".lab-sample:not(.is-wrong)").first
    sample.wait_for()
    label = re.search(r"\d", sample.inner_text())[0]
    sample.click()
    answer(page).to_have_text(label)
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    page.get_by_test_id("undo").click()
    answer(page).to_have_text(label)


def test_another_four_are_others(page):
    expect(page.locator(".lab-sample")).to_have_count(4)
    shown = "canvases => canvases.map(one => one.toDataURL()).join()"
    before = page.locator(".lab-sample canvas").evaluate_all(shown)
    page.get_by_test_id("more").click()
    page.wait_for_function(
        """before => [...document.querySelectorAll(".lab-sample canvas")]
             .map(one => one.toDataURL()).join() !== before""",
        arg=before,
    )
    expect(page.locator(".lab-sample")).to_have_count(4)


def test_the_browsers_language_decides(browser, lab_url):
    with opened(browser, lab_url, locale="zh-CN") as page:
        canvas = page.get_by_test_id("canvas")
        expect(canvas).to_have_attribute("aria-label", CHINESE["canvas_label"])
        expect(page.get_by_role("tab")).to_have_text(CHINESE_TABS)
        expect(page.locator(".lab-sure")).to_have_text(CHINESE["empty_answer"])
        expect(page).to_have_title(CHINESE["lab_name"])


def test_the_address_wins_over_the_browsers_language(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh") as page:
        expect(page.get_by_test_id("clear")).to_have_text(CHINESE["clear"])
        expect(page.get_by_role("tab")).to_have_text(CHINESE_TABS)


def test_switching_the_language_keeps_the_drawing_and_its_answer(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    before = ink_on(page)
    page.get_by_role("button", name=CHINESE["language_name"]).click()
    expect(page.locator(".lab-sure")).to_have_text(re.compile("确定"))
    expect(page.get_by_role("tab")).to_have_text(CHINESE_TABS)
    answer(page).to_have_text("7")
    assert ink_on(page) == before
    shown = page.locator(".lab-draw").inner_text()
    names = {part for name in NETS for part in name.split("_")} | {"MNIST"}
    assert not set(re.findall("[A-Za-z]{3,}", shown)) - names


# ---- Pictures -------------------------------------------------------------------------------


def paper(path: Path, kind: str = "PNG") -> Path:
    """A photograph-like picture: dark strokes on grey paper."""
    picture = Image.new("L", (640, 480), 205)
    ImageDraw.Draw(picture).line([(240, 90), (400, 95), (290, 390)], fill=40, width=30)
    picture.save(path, kind)
    return path


def test_a_picture_file_is_read_and_stands_on_the_sheet(page, tmp_path):
    page.get_by_test_id("file").set_input_files(paper(tmp_path / "seven.png"))
    answer(page).to_have_text("7")
    share = ink_on(page) / page.get_by_test_id("canvas").evaluate("one => one.width * one.height")
    assert 0.01 < share < 0.2  # the strokes, not the paper
    page.get_by_test_id("clear").click()
    answer(page).to_have_text("")


def test_a_photograph_from_the_camera_is_read(browser, lab_url, tmp_path):
    with opened(browser, lab_url, **PHONE) as page:
        expect(page.get_by_test_id("camera")).to_be_visible()
        page.get_by_test_id("photo").set_input_files(paper(tmp_path / "seven.jpg", "JPEG"))
        answer(page).to_have_text("7")


def test_files_that_are_no_pictures_leave_the_drawing_alone(page, tmp_path):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    page.evaluate("lab.answered()")  # the last reading's words must not come after a file's
    before = ink_on(page)
    whole = paper(tmp_path / "whole.png").read_bytes()
    blank = tmp_path / "blank.png"
    Image.new("L", (300, 300), 240).save(blank)
    cases = {
        b"no picture at all": "picture_unreadable",
        b"": "picture_empty",
        whole[:900]: "picture_unreadable",
        blank.read_bytes(): "picture_blank",
    }
    for content, key in cases.items():
        path = tmp_path / "bad.png"
        path.write_bytes(content)
        page.get_by_test_id("file").set_input_files(path)
        sentence(page).to_have_text(ENGLISH[key])
        assert ink_on(page) == before
        answer(page).to_have_text("7")


DROP = """([target, kind, content]) => {
  const data = new DataTransfer();
  if (kind === "text") data.setData("text/plain", content);
  else data.items.add(new File([Uint8Array.from(content)], "dropped", { type: kind }));
  const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector(target).dispatchEvent(drop);
}"""


def test_whatever_is_dropped_is_read_or_refused_with_one_sentence(page, tmp_path):
    draw(page, ONE)
    answer(page).to_have_text("1")
    before = ink_on(page)
    huge = Image.new("1", (9_000, 9_000), 1)
    huge.save(tmp_path / "huge.png")
    cases = [
        ("text", "a word", "picture_missing"),
        ("application/pdf", list(b"%PDF-1.7 no picture"), "picture_unreadable"),
        ("image/png", list((tmp_path / "huge.png").read_bytes()), "picture_too_large"),
    ]
    for kind, content, key in cases:
        page.evaluate(DROP, [".lab-sheet", kind, content])
        sentence(page).to_have_text(ENGLISH[key])
        assert ink_on(page) == before
    whole = list(paper(tmp_path / "seven.png").read_bytes())
    page.evaluate(DROP, [".lab-sheet", "image/png", whole])
    answer(page).to_have_text("7")


# ---- The network behind the page ------------------------------------------------------------


def test_a_lost_connection_is_said_and_the_next_stroke_tries_again(page):
    draw(page, FOUR[:1])
    expect(page.get_by_test_id("answer")).not_to_be_empty()
    page.context.set_offline(True)
    draw(page, FOUR[1:])
    sentence(page).to_have_text(ENGLISH["connection_lost"])
    before = ink_on(page)
    page.context.set_offline(False)
    page.get_by_test_id("pen").click()
    draw(page, [[(0.6, 0.5), (0.6, 0.6)]])
    answer(page).to_have_text("4")
    sentence(page).to_have_text(ENGLISH["draw_hint"])
    assert ink_on(page) >= before


def test_an_overtaken_reading_does_not_show_on_a_cleared_sheet(page):
    page.route(
        "**/component_server/", lambda route: (page.wait_for_timeout(300), route.continue_())
    )
    draw(page, SEVEN)
    page.get_by_test_id("clear").click()
    page.wait_for_timeout(900)
    answer(page).to_have_text("")
