"""The section on photographs in a real browser."""

import re

from playwright.sync_api import Page, expect

from demo.words import WORDS
from tests.test_browser import DESKTOP

ENGLISH = WORDS["en"]


def open_photos(browser, url: str) -> Page:
    page = browser.new_context(**DESKTOP).new_page()
    page.goto(f"{url}?tab=transfer&part=photos")
    expect(page.get_by_test_id("photos-head-linear")).to_be_attached(timeout=60_000)
    return page


def picture_file(page: Page, width: int, height: int) -> bytes:
    """A JPEG, red on its left and blue on its right, drawn by the browser."""
    content = page.evaluate(
        """async ([width, height]) => {
            const canvas = new OffscreenCanvas(width, height);
            const context = canvas.getContext("2d");
            context.fillStyle = "#c00";
            context.fillRect(0, 0, width / 2, height);
            context.fillStyle = "#00c";
            context.fillRect(width / 2, 0, width / 2, height);
            const blob = await canvas.convertToBlob({ type: "image/jpeg" });
            return [...new Uint8Array(await blob.arrayBuffer())];
        }""",
        [width, height],
    )
    return bytes(content)


def test_photographs_are_taught_and_a_new_one_is_read_and_looked_into(browser, lab_url):
    page = open_photos(browser, lab_url)
    expect(page.get_by_test_id("photos-teach")).to_be_disabled()
    page.get_by_test_id("photos-example").click()
    expect(page.locator("[data-testid=photos-classes] img")).to_have_count(12)
    page.get_by_test_id("photos-teach").click()
    expect(page.get_by_test_id("photos-answer")).to_have_text("star", timeout=60_000)
    expect(page.get_by_test_id("photos-said")).to_contain_text(re.compile(r"\d+ % are read right"))
    bars = page.locator("[data-testid=photos-bars] button")
    expect(bars).to_have_count(3)
    bars.first.click()
    expect(bars.first).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("photos-answer")).to_have_text("star")
    page.context.close()


def test_a_bad_file_is_refused_and_the_others_are_kept_small(browser, lab_url):
    page = open_photos(browser, lab_url)
    good = {"name": "wide.jpg", "mimeType": "image/jpeg", "buffer": picture_file(page, 1600, 800)}
    bad = {"name": "bad.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    page.get_by_test_id("photos-file").first.set_input_files([bad, good])
    image = page.locator("[data-testid=photos-class-1] img")
    expect(image).to_have_count(1)
    notice = page.get_by_test_id("photos-trouble")
    expect(notice).to_have_text(f"bad.jpg: {ENGLISH['picture_unreadable']}")
    assert image.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [320, 160]
    page.get_by_test_id("photos-class-1").get_by_role("textbox").fill("mug")
    page.reload()
    expect(page.locator("[data-testid=photos-class-1] img")).to_have_count(1, timeout=60_000)
    expect(page.get_by_test_id("photos-class-1").get_by_role("textbox")).to_have_value("mug")
    page.get_by_test_id("photos-class-1").get_by_role("button", name="Delete").click()
    expect(page.locator("[data-testid=photos-class-1] img")).to_have_count(0)
    page.get_by_test_id("photos-undo").click()
    expect(page.locator("[data-testid=photos-class-1] img")).to_have_count(1)
    page.context.close()
