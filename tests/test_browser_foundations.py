"""A real browser: the chapters of the foundations, and the ladder climbed."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from playwright.sync_api import expect

from bench.jobs import Lab
from bench.server import Server
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
    code = page.get_by_test_id("ladder-lines")
    for language, remark in (("zh", "前向传播"), ("en", "The forward pass")):
        page.evaluate(f"lab.setLanguage('{language}')")
        expect(code).to_contain_text(f'"""{remark}')

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


def test_the_boundary_moves_while_it_trains_and_a_run_is_kept_over_a_reload(browser, lab_url):
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{lab_url}/?lang=zh&tab=train&chapter=plane")
    said, picture = page.get_by_test_id("plane-said"), page.get_by_test_id("plane-picture")
    expect(said).to_have_text(CHINESE["idea_plane_ready"])
    box = picture.bounding_box()
    untrained = picture.evaluate("(canvas) => canvas.toDataURL()")
    page.get_by_test_id("plane-train").click()
    pictures = "document.querySelector('[data-testid=chapter-plane]').dataset.pictures"
    page.wait_for_function(f"{pictures} > 8")
    page.get_by_test_id("plane-train").click()  # a pause
    expect(page.get_by_test_id("plane-train")).to_have_text(CHINESE["idea_plane_train"])
    assert picture.evaluate("(canvas) => canvas.toDataURL()") != untrained
    page.get_by_test_id("plane-keep").click()
    page.wait_for_timeout(300)  # for an answer that was under way
    figures = page.get_by_test_id("plane-figures").inner_text()
    page.get_by_test_id("plane-again").click()
    expect(said).to_have_text(CHINESE["idea_plane_ready"])
    page.get_by_test_id("plane-data").select_option("own")
    notice = page.locator("[data-testid=chapter-plane] > .lab-notice")
    expect(notice).to_have_text(CHINESE["idea_plane_one_kind"])
    for (across, down), kind in zip(((0.2, 0.3), (0.7, 0.6)), "01", strict=True):
        page.locator(f"[data-kind='{kind}']").click()
        picture.click(position={"x": across * box["width"], "y": down * box["height"]})
    expect(said).to_have_text(CHINESE["idea_plane_ready"])
    expect(notice).to_have_text("")
    assert picture.bounding_box()["width"] == box["width"]
    page.reload()
    kept = page.get_by_test_id("plane-shelf").locator("li button").first
    kept.click()
    expect(page.get_by_test_id("plane-figures")).to_have_text(figures)
    expect(page.get_by_test_id("plane-data")).to_have_value("moons")
    context.close()
    assert faults == []


def test_a_new_thread_of_the_server_computes_what_an_old_one_does(lab_url):
    lab = Lab(Server(lab_url, 0))
    with closing(lab.http), ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(lab.ask, "climb_short", rung="tensors", seed=0) for _ in range(24)]
        answers = {answer.result().text for answer in asked}
    assert len(answers) == 1
