"""A real browser: the three ways from 0–4 to 5–9, their locks, a run and its verdict."""

import pytest
from playwright.sync_api import expect

from demo.words import WORDS
from models.teachers import BLOCKS
from tests.test_browser import DESKTOP, PHONE

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]
PATIENCE = 150_000  # ms; beside much other work a process of the lowest priority gets little time
ADDRESS = "tab=transfer&part=compare"
POINT = {"teacher": "digits04", "examples": 10, "augmentation": True, "mean": 0.95, "seeds": 10}
POINT |= {"spread": 0.01, "gap": 0.02, "gap_spread": 0.01, "positive": True, "negative": False}


@pytest.fixture
def opened(browser, lab_url):
    """Opens the section, and sees to it that no script of the page fails."""
    contexts, faults = [], []

    def open_page(language, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{lab_url}/?lang={language}&{ADDRESS}")
        page.get_by_test_id("compare-lock-head").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def test_locks_say_at_once_what_learns_and_a_run_grows_until_it_is_stopped(opened):
    page = opened("en", **DESKTOP)
    trained = page.locator("[data-row=trained] td")
    weights = page.evaluate(
        "[...document.querySelectorAll('.is-block small')].map((one) => one.innerText)"
    )
    numbers = [int(one.replace(",", "")) for one in weights]  # from the head down
    expect(trained).to_have_text([f"{sum(numbers):,}", weights[0], f"{sum(numbers):,}"])
    for name in BLOCKS[1:]:
        lock = page.get_by_test_id(f"compare-lock-{name}")
        lock.click()
        expect(lock).to_have_attribute("aria-pressed", "true")
    expect(trained.last).to_have_text(weights[-1])
    last = page.get_by_test_id(f"compare-lock-{BLOCKS[0]}")
    last.click(force=True)  # it says that it can't be
    expect(last).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_test_id("compare-locks")).to_have_text(ENGLISH["transfer_locks_last"])

    expect(page.get_by_test_id("compare-stop")).to_be_disabled()
    page.get_by_test_id("compare-start").click()
    expect(page.get_by_test_id("compare-start")).to_be_disabled()
    curve = "document.querySelector('[data-line=tuned]')?.getAttribute('d')"
    page.wait_for_function(curve, timeout=PATIENCE)
    page.get_by_test_id("compare-stop").click()
    state = page.get_by_test_id("compare-state")
    expect(state).to_contain_text(ENGLISH["transfer_state_stopped"].split(" {")[0])
    expect(page.get_by_test_id("compare-start")).to_be_enabled()
    assert page.locator("[data-testid=compare-enough] [data-way]").count() == 0  # it came to no end


JUDGE = """([shares, teacher, kept]) => {
  const end = (at) => ({ last: { accuracy: shares[at] } });
  const ways = ["scratch", "frozen", "tuned"].map((way, at) => [way, end(at)]);
  const settings = { teacher, examples: 10, augmentation: true, locked: [] };
  const run = { state: "ended", settings, ways: Object.fromEntries(ways) };
  const said = lab.compareVerdict(run, { kept, teachers: [{ key: "digits04" }] });
  return said.map(([key]) => key);
}"""
HELPS = [POINT | {"way": way} for way in ("scratch", "frozen", "tuned")]


@pytest.mark.parametrize(
    ("shares", "teacher", "kept", "said"),
    [
        ([0.90, 0.95, 0.97], "digits04", HELPS, ["won", "run_positive", "mean_positive"]),
        (
            [0.97, 0.90, 0.95],
            "digits04",
            HELPS,
            ["won", "run_negative", "mean_positive", "contradicts_mean", "contradicts_right"],
        ),
        ([0.95, 0.97, 0.90], "digits04", HELPS, ["won", "run_mixed", "mean_positive"]),
        ([0.950, 0.952, 0.951], "digits04", HELPS, ["tied", "run_neither", "mean_positive"]),
        (
            [0.90, 0.95, 0.90],
            "texture",
            HELPS,
            ["won", "run_positive", "mean_missing", "contradicts_wrong"],
        ),
        ([0.90, 0.80, 0.85], "texture", [], ["won", "run_negative", "enough_missing"]),
    ],
)
def test_the_verdict_is_what_the_numbers_say(judging, shares, teacher, kept, said):
    keys = judging.evaluate(JUDGE, [shares, teacher, kept])
    assert keys == [f"transfer_{key}" for key in said]
    assert keys[0] in CHINESE


@pytest.fixture(scope="module")
def judging(browser, lab_url):
    """A page with the lab's scripts, for what they compute."""
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.goto(f"{lab_url}/?lang=en")
    page.wait_for_function("window.lab?.language")
    page.evaluate("lab.need('transfer')")
    yield page
    context.close()


def test_the_code_follows_the_locks_and_a_phone_has_room_for_all(opened):
    page = opened("zh", **PHONE)
    page.get_by_test_id(f"compare-lock-{BLOCKS[0]}").click()
    page.get_by_test_id("compare-examples").fill("7")
    page.get_by_test_id("compare-examples").press("Enter")
    page.locator("[data-testid=compare-code] summary").click()
    text = page.get_by_test_id("compare-code-text")
    expect(text).to_contain_text(f'("{BLOCKS[0]}",),')
    expect(text).to_contain_text("examples, seed, steps = 7, 0, ")
    expect(page.get_by_test_id("compare-code-zip")).to_be_enabled()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
