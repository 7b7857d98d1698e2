"""The live stage of the Train tab: a real training, followed, stepped, steered and loaded again."""

import inspect
import json
import re

import pytest
from playwright.sync_api import expect

from bench.shifts import SHORT
from demo.panels import panels
from demo.words import WORDS
from models.engine import training_step
from tests.test_browser import opened

ENGLISH = WORDS["en"]
# What is sent as the page is left: the browser tells nobody else of it.
KEEP_BEACON = """() => {
    const send = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (...all) => {
        sessionStorage.beacon = JSON.stringify(all);
        return send(...all);
    };
}"""
PARTS = ("train-chart", "train-step", "train-said", "train-gradients", "train-filters")


@pytest.fixture(scope="module")
def tab(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.get_by_role("tab", name=ENGLISH["tab_train"]).click()
        page.wait_for_function("lab.startRun && lab.recipe")
        expect(page.locator(".lab-preset-chip").first).to_be_visible()
        yield page


def press(page, name):
    """Presses a button of the form with the short recipe."""
    assert page.evaluate("recipe => lab.setRecipe(recipe)", SHORT) == {}
    page.get_by_test_id(name).click()


def front(page, expression):
    return page.evaluate(f"(run => {expression})(lab.runInFront)")


def wait_for(page, condition):
    page.wait_for_function(f"(run => run && {condition})(window.lab?.runInFront)")


def test_a_curve_grows_to_its_end_and_nothing_else_moves(tab):
    places = [tab.get_by_test_id(name).bounding_box() for name in PARTS]
    press(tab, "train")
    tab.wait_for_function("window.line = document.querySelector('[data-line=\"1-train\"]')")
    wait_for(tab, "run.state === 'ended'")
    assert tab.evaluate("window.line === document.querySelector('[data-line=\"1-train\"]')")
    corners = tab.evaluate("window.line.getAttribute('d').match(/[ML]/g).length")
    assert corners == front(tab, "run.points.length")
    assert front(tab, "run.points.at(-1).step") == 300
    share = front(tab, "run.ending.figures.test_accuracy")
    assert share > 0.6  # of ten digits, from 300 images
    expect(tab.get_by_test_id("train-test")).to_have_text(f"{100 * share:.2f} %")
    expect(tab.get_by_test_id("train-said")).to_contain_text(f"{100 * share:.2f} %")
    labels, read = front(tab, "[run.sixteen.labels, run.view.digits.map((one) => one.label)]")
    told = tab.get_by_test_id("train-sixteen").locator("span").all_text_contents()
    pairs = zip(labels, read, strict=True)
    assert told == ["✓" if str(label) == one else f"{one}?" for label, one in pairs]
    assert [tab.get_by_test_id(name).bounding_box() for name in PARTS] == places


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


def test_a_run_is_stepped_steered_loaded_again_and_stopped(tab, lab_url):
    press(tab, "one-step")
    wait_for(tab, "run.verbs?.step === 1 && run.state === 'paused'")
    said = tab.locator("[data-verb=step] p").inner_text()
    equation = re.match(r"\S+\[.*\]: (\S+) − (\S+) × (\S+) = (\S+)\. ", said)
    before, rate, gradient, after = map(number, equation.groups())
    assert before - rate * gradient == pytest.approx(after, abs=5e-5)
    assert rate == SHORT["learning_rate"]

    tab.get_by_test_id("rate-now").fill("0.002")
    tab.get_by_test_id("rate-now").press("Enter")
    expect(tab.locator(".lab-chart-marks text")).to_have_text("rate 0.002")
    tab.get_by_test_id("one-step").click()
    wait_for(tab, "run.verbs?.step === 2 && run.verbs.rate === 0.002")

    key = front(tab, "run.key")
    tab.evaluate(KEEP_BEACON)
    tab.reload()
    wait_for(tab, "run.state === 'paused' && run.points.length")
    assert json.loads(tab.evaluate("sessionStorage.beacon")) == [f"{lab_url}/lab/leave", key]
    assert front(tab, "[run.key, run.number, run.rateChanges]") == [key, 2, [[1, 0.002]]]
    expect(tab.locator("[data-verb=loss] p")).not_to_be_empty()

    runs = tab.evaluate("lab.runs.length")
    tab.evaluate(
        "for (let at = 0; at < 20; at += 1) document.querySelector('.lab-train-form "
        "[data-testid=train]').click()"
    )
    expect(tab.get_by_test_id("train-notice")).to_have_text(ENGLISH["train_busy"])
    assert tab.evaluate("lab.runs.length") == runs
    tab.get_by_test_id("stop").click()
    wait_for(tab, "run.state === 'stopped'")
    expect(tab.get_by_test_id("train-said")).to_contain_text("Stopped at step 2 of 300.")
    expect(tab.get_by_test_id("train-notice")).to_be_empty()
    expect(tab.get_by_test_id("train")).to_have_attribute("aria-disabled", "false")


def ending(page, recipe, reason="done", accuracy=0.1, gradients=(), rate_changes=()):
    """The first sentence of a run that ended so."""
    run = {
        "state": "ended",
        "recipe": {"learning_rate": 0.01, **recipe},
        "points": [{"step": 9, "accuracy": accuracy, "test_accuracy": accuracy, "seconds": 1}],
        "ending": {"reason": reason, "step": 7, "seconds": 1},
        "view": {"gradients": [{"size": size} for size in gradients]},
        "rateChanges": list(rate_changes),
        "total": 9,
    }
    return page.evaluate("run => lab.endingOf(run)[0]", run)


def test_a_run_that_came_to_nothing_says_what_to_try(tab):
    assert "Done" in ending(tab, {}, accuracy=0.3)
    assert "learning rate of 0.001" in ending(tab, {})
    assert "learning rate of 0.002" in ending(tab, {}, rate_changes=[[3, 0.02]])
    assert "learning rate of 0.0001" in ending(tab, {"learning_rate": 1e-5})  # too small
    assert "zero" in ending(tab, {"init": "zeros"})
    assert "ReLU" in ending(tab, {}, gradients=(1e-9, 1e-5, 0.3))
    assert "ReLU" not in ending(tab, {}, gradients=(0.1, 0.2, 0.3))
    diverged = ending(tab, {"learning_rate": 100}, "diverged")
    assert "at step 7" in diverged
    assert "learning rate of 0.1" in diverged


def test_a_loss_axis_holds_its_values_has_few_lines_and_changes_in_steps(tab):
    axes = tab.evaluate("""() => [[0.02, 2.3], [0.3, 0.31], [1e-7, 5], [0.1, 1e12], [1, 1], [3, 3]]
        .map(([least, most]) => [least, most, lab.CHART_SCALES.log.axis({ least, most })])""")
    for least, most, axis in axes:
        assert axis["low"] <= least * (1 + 1e-9)
        assert axis["high"] >= most * (1 - 1e-9)
        assert 2 <= len(axis["ticks"]) <= 5
        assert axis["low"] <= axis["ticks"][0]
        assert axis["ticks"][-1] <= axis["high"] * (1 + 1e-9)
    leaving = "lab.CHART_SCALES.log.axis({ least: 0.5, most: 1e12, first: 2 }).high"
    assert tab.evaluate(leaving) == pytest.approx(100)  # a diverging loss leaves the chart
    lows = {
        tab.evaluate(
            "least => lab.CHART_SCALES.log.axis({ least, most: 2.3 }).low", 0.03 + step / 100
        )
        for step in range(27)
    }
    assert lows == {0.03, 0.1}


def test_the_verbs_are_the_lines_of_the_training_step():
    script = (panels.FOLDER / "train_verbs.js").read_text(encoding="utf-8")
    table = re.search(r"lab\.VERB_CODE = \{(.*?)\};", script, re.DOTALL).group(1)
    shown = re.findall(r'"(.*)"', table)
    body = [line.strip() for line in inspect.getsource(training_step).splitlines()]
    first = body.index(shown[0])
    assert body[first : first + 5] == shown
