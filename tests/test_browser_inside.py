"""The panel "Inside the network" in a real browser."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models.nets import NETS
from tests.test_browser import (
    CHINESE,
    ENGLISH,
    PHONE,
    SEVEN,
    THREE,
    answer,
    draw,
    opened,
    pen_down,
)


@pytest.fixture
def page(browser, lab_url) -> Iterator[Page]:
    with opened(browser, lab_url) as desktop:
        yield desktop


def part(page: Page, name: str):
    return page.get_by_test_id(f"inside-{name}")


def unfold(page: Page) -> None:
    page.locator("[data-testid=inside] summary").click()
    expect(part(page, "steps").locator("li").first).to_be_attached()


def shapes(page: Page) -> list[str]:
    return part(page, "steps").locator("b").all_inner_texts()


def pressed(page: Page):
    return part(page, "steps").locator("[aria-pressed=true] b")


def painted(page: Page, name: str) -> str:
    """All pictures of a part, as text."""
    return part(page, name).evaluate(
        "place => [...place.querySelectorAll('canvas')].map((one) => one.toDataURL()).join()"
    )


def wait_for_change(page: Page, name: str, before: str) -> None:
    page.wait_for_function(
        """([name, before]) => [...document.querySelectorAll(
             `[data-testid=inside-${name}] canvas`)].map((one) => one.toDataURL()).join()
             !== before""",
        arg=[name, before],
    )


def ink_in(page: Page, name: str) -> int:
    """How many pixels of a part's pictures are painted at all."""
    return part(page, name).evaluate(
        """place => [...place.querySelectorAll("canvas")].flatMap((one) =>
             [...one.getContext("2d").getImageData(0, 0, one.width, one.height).data])
             .filter((value, at) => at % 4 === 3 && value > 0).length"""
    )


def rested(page: Page) -> None:
    """Waits until all that is shown belongs to what is drawn."""
    expect(part(page, "second").locator(".lab-net-read b")).not_to_be_empty()
    expect(page.locator(".lab-net .is-waiting")).to_have_count(0)
    expect(part(page, "second")).not_to_have_class(re.compile("is-waiting"))


def test_a_folded_panel_asks_the_server_for_nothing(page):
    asked = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    page.wait_for_timeout(400)  # longer than the pen's rest
    names = {json.loads(body).get("fn_name") for body in asked if "fn_name" in body}
    assert names == {"read_drawing"}


def test_the_shapes_are_those_of_the_chosen_network(page):
    page.get_by_test_id("network").select_option("book_cnn")
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    unfold(page)
    expect(part(page, "network")).to_contain_text("book_cnn")
    wanted = "1×28×28 64×28×28 128×28×28 128×14×14 25088 1024 10"
    assert shapes(page) == wanted.split()
    wide = part(page, "steps").locator("button").nth(5)
    expect(wide).to_contain_text("25,691,136 parameters")
    expect(wide).to_contain_text("25,690,112")
    expect(part(page, "totals")).to_contain_text("25,775,882 parameters")
    expect(part(page, "totals")).to_contain_text("83,954,688 multiply-adds")


def test_the_maps_follow_the_pen_while_it_is_down(page):
    unfold(page)
    expect(part(page, "maps").locator("canvas")).to_have_count(32)
    blank = painted(page, "maps")
    page.evaluate("scrollTo(0, 0)")
    pen_down(page, SEVEN[0][:3])
    wait_for_change(page, "maps", blank)
    before = painted(page, "maps")
    box = page.get_by_test_id("canvas").bounding_box()
    page.mouse.move(box["x"] + 0.46 * box["width"], box["y"] + 0.8 * box["height"], steps=9)
    wait_for_change(page, "maps", before)
    page.mouse.up()


WATCH = """
  window.overlaps = [];
  let answering = 0;
  const plain = window.fetch;
  window.fetch = async (address, options) => {
    const name = /"fn_name":"(\\w+)"/.exec(options?.body)?.[1];
    if (name && name !== "read_drawing") overlaps.push([name, answering]);
    if (name !== "read_drawing") return plain(address, options);
    answering += 1;
    try {
      await new Promise((resolve) => setTimeout(resolve, 60)); // a slow answer
      return await plain(address, options);
    } finally {
      answering -= 1;
    }
  };
"""


def test_the_panel_never_asks_while_an_answer_is_under_way(page):
    unfold(page)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(WATCH)
    draw(page, THREE)
    rested(page)
    overlaps = page.evaluate("overlaps")
    assert {name for name, _ in overlaps} >= {"look_inside", "explain", "read_beside"}
    assert [name for name, answering in overlaps if answering] == []


def test_the_chosen_step_stays_through_drawings_and_networks(page):
    draw(page, SEVEN)
    unfold(page)
    expect(pressed(page)).to_have_text("32×28×28")
    part(page, "steps").get_by_role("button").nth(9).click()
    expect(part(page, "step")).to_contain_text("160×3×3")
    expect(part(page, "maps").locator("canvas")).to_have_count(32)
    page.evaluate("scrollTo(0, 0)")
    page.get_by_test_id("clear").click()
    draw(page, THREE)
    answer(page).to_have_text("3")
    expect(pressed(page)).to_have_text("160×3×3")
    page.get_by_test_id("network").select_option("small_cnn")
    expect(part(page, "network")).to_contain_text("small_cnn")
    expect(pressed(page)).to_have_text("32×5×5")  # its last maps too
    page.get_by_test_id("network").select_option("digits")
    expect(pressed(page)).to_have_text("160×3×3")


def test_all_maps_are_shown_when_asked_for(page):
    draw(page, SEVEN)
    unfold(page)
    part(page, "steps").get_by_role("button").nth(8).click()
    expect(part(page, "all")).to_have_text("Show all 160")
    part(page, "all").click()
    expect(part(page, "maps").locator("canvas")).to_have_count(160)
    part(page, "all").click()
    expect(part(page, "maps").locator("canvas")).to_have_count(32)


def test_pictures_are_enlarged_by_whole_multiples(page):
    draw(page, SEVEN)
    unfold(page)
    rested(page)
    scales = page.locator(".lab-net canvas").evaluate_all(
        "all => all.map((one) => [one.clientWidth / one.width, one.clientHeight / one.height])"
    )
    assert len(scales) > 80
    assert all(across == down == int(across) for across, down in scales)


def test_one_can_ask_about_another_digit(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    unfold(page)
    expect(part(page, "speaks")).to_have_text("orange: speaks for 7")
    rested(page)
    before = painted(page, "heats")
    part(page, "about").get_by_role("button", name="9").click()
    expect(part(page, "speaks")).to_have_text("orange: speaks for 9")
    wait_for_change(page, "heats", before)
    expect(part(page, "heats").locator("canvas").first).to_have_attribute(
        "aria-label", "Input gradient: what speaks for 9"
    )


def test_the_second_network_is_as_sure_here_as_on_its_own_card(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    unfold(page)
    expect(part(page, "beside")).to_have_value("book_cnn")
    part(page, "beside").select_option("mlp")
    rested(page)
    second = part(page, "second").locator(".lab-net-read span")
    expect(second).to_have_text(re.compile("% sure"))
    beside, bars = second.inner_text(), part(page, "second").locator(".lab-bar").all_inner_texts()
    page.get_by_test_id("network").select_option("mlp")
    expect(page.locator(".lab-sure")).to_have_text(beside)
    expect(page.locator(".lab-bars .lab-bar")).to_have_text([bar.replace("\n", "") for bar in bars])


def test_a_network_without_convolutions_says_what_it_lacks(page):
    draw(page, SEVEN)
    unfold(page)
    part(page, "beside").select_option("linear")
    second = part(page, "second")
    expect(second).to_contain_text("linear has no convolutions")
    expect(second).to_contain_text("no Grad-CAM")
    expect(second.locator(".lab-net-grid")).to_be_hidden()


def test_a_blank_sheet_says_what_to_do_and_forgets_the_last_reasons(page):
    draw(page, SEVEN)
    unfold(page)
    rested(page)
    assert ink_in(page, "heats") > 0
    page.evaluate("scrollTo(0, 0)")
    page.get_by_test_id("clear").click()
    expect(page.locator(".lab-net-notice")).to_have_text(ENGLISH["inside_empty"])
    assert ink_in(page, "heats") == 0
    expect(part(page, "second").locator(".lab-net-read b")).to_be_empty()
    expect(part(page, "second").locator(".lab-net-grid canvas")).to_have_count(0)


def test_what_goes_wrong_is_said_in_place_and_passes(page):
    draw(page, SEVEN)
    answer(page).to_have_text("7")
    notice = page.locator(".lab-net-notice")
    fault = json.dumps({"error": "bad_request", "details": {}})

    def spoil(route):
        inside = "read_drawing" not in (route.request.post_data or "")
        route.fulfill(body=fault, content_type="application/json") if inside else route.continue_()

    page.route("**/component_server/", spoil)
    page.locator("[data-testid=inside] summary").click()
    expect(notice).to_have_text(ENGLISH["bad_request"])
    page.unroute("**/component_server/")
    page.evaluate("scrollTo(0, 0)")
    draw(page, [[(0.4, 0.5), (0.65, 0.5)]])
    expect(notice).to_have_text(ENGLISH["inside_steps_hint"])


def test_the_whole_panel_speaks_chinese(page):
    draw(page, SEVEN)
    unfold(page)
    rested(page)
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name=CHINESE["language_name"]).click()
    expect(part(page, "totals")).to_contain_text("个参数")
    shown = page.get_by_test_id("inside").inner_text()
    layers = {"Conv", "BatchNorm", "ReLU", "MaxPool", "Flatten", "Linear", "Dropout", "Grad", "CAM"}
    names = {piece for name in NETS for piece in name.split("_")}
    assert not set(re.findall("[A-Za-z]{3,}", shown)) - names - layers


@pytest.mark.parametrize("width", [360])
def test_nothing_is_wider_than_a_phone(browser, lab_url, width):
    phone = PHONE | {"viewport": {"width": width, "height": 844}}
    with opened(browser, lab_url, **phone) as page:
        draw(page, SEVEN)
        answer(page).to_have_text("7")
        unfold(page)
        page.get_by_test_id("network").select_option("book_cnn")
        expect(part(page, "network")).to_contain_text("book_cnn")
        part(page, "steps").get_by_role("button").nth(4).click()  # the widest picture
        expect(part(page, "step")).to_contain_text("25088")
        rested(page)
        inner = page.locator(".lab-net").bounding_box()
        wide = page.locator(".lab-net *").evaluate_all(
            "(all, edge) => all.filter((one) => one.getBoundingClientRect().right > edge + 1)"
            ".map((one) => one.className || one.tagName)",
            inner["x"] + inner["width"],
        )
        assert wide == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.locator(".lab-net button:visible, .lab-net select").evaluate_all(
            "all => all.filter((one) => one.getBoundingClientRect().height < 44).length"
        )
        assert small == 0
