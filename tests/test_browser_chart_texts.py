"""What a chart shows is said of it, too: its values, in the page's language."""

import re

import pytest
from playwright.sync_api import Page

from demo.foundations.ladder import climb_short
from demo.transfer.compare import kept_points
from demo.words import WORDS
from tests.test_browser import opened

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]
CHAPTERS = ("ladder", "plane", "bias", "loss", "rate", "fitting", "bug", "microscope")
# Seen without a word: drawn for its own sake within something that is called by a name.
SILENT = """() => [...document.querySelectorAll("svg, canvas")].filter((one) =>
  one.checkVisibility() && !one.ariaLabel
  && !one.closest("[aria-hidden=true], [role=img], button, label, figure")
).map((one) => one.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def told(browser, lab_url) -> dict:
    """What is said of the charts, by language, the figures beside them, and what is silent."""
    with opened(browser, f"{lab_url}/?lang=en&tab=train&chapter=ladder", "chapter-ladder") as page:
        page.get_by_test_id("ladder-climb").click()
        page.wait_for_function("document.querySelector('[data-testid=ladder-said]').innerText")
        silent = open_chapters(page)
        page.get_by_test_id("open-plane").click()
        page.get_by_test_id("plane-step").click()
        page.wait_for_function(
            "document.querySelector('[data-testid=plane-progress]').innerText.startsWith('step 1 ')"
        )
        page.evaluate("lab.openTab('tab_transfer')")
        page.get_by_test_id("compare-enough").and_(page.locator("[role=img]")).wait_for()
        silent += page.evaluate(SILENT)
        figures = page.get_by_test_id("plane-figures").inner_text()
        found = {"silent": silent, "figures": figures, "en": labels(page)}
        page.evaluate("lab.setLanguage('zh')")
        return found | {"zh": labels(page)}


def open_chapters(page: Page) -> list[str]:
    """What is silent in the chapters, each seen with what it draws at first."""
    silent = []
    for key in CHAPTERS:
        page.get_by_test_id(f"open-{key}").click()
        page.locator(f"[data-testid=chapter-{key}]:visible svg[aria-label]").first.wait_for()
        silent += page.evaluate(SILENT)
    return silent


def labels(page: Page) -> dict[str, str]:
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-testid][aria-label]")]
             .map((one) => [one.dataset.testid, one.ariaLabel]))"""
    )


def test_no_chart_is_silent(told):
    assert told["silent"] == []


@pytest.mark.parametrize("language", WORDS)
def test_the_ladders_curve_is_said_from_its_first_epoch_to_its_last(told, language):
    losses = climb_short({"rung": "tensors", "seed": 0})["losses"]
    words = WORDS[language]
    ends = {"name": words["idea_ladder_tensors"]}
    for value, at, epoch in (("first", "from", 1), ("last", "to", len(losses))):
        ends[value] = f"{round(losses[epoch - 1]):,}"
        ends[at] = words["idea_ladder_epoch"].format(epoch=epoch)
    assert losses[-1] == min(losses)
    curve = words["chart_ends"].format(**ends)
    said = words["idea_ladder_chart"].format(epochs=len(losses), curves=curve)
    assert told[language]["ladder-chart"] == said


@pytest.mark.parametrize("language", WORDS)
def test_the_loss_in_the_plane_is_the_one_beside_its_chart(told, language):
    loss = told["figures"].split()[1]
    last = WORDS[language]["idea_rate_step"].format(step=1)
    said = told[language]["plane-chart"]
    assert f"{loss} at {last}" in said or f"{last}是 {loss}" in said
    for name in ("idea_plane_train_line", "idea_plane_test_line"):
        assert WORDS[language][name] in said


def test_the_network_in_the_plane_is_said_by_its_layers(told):
    assert told["en"]["plane-network"] == ENGLISH["idea_plane_network_is"].format(
        sizes="2, 8, 8, 1"
    )


@pytest.mark.parametrize("language", WORDS)
def test_each_mean_over_seeds_is_said_with_its_number_of_examples(told, language):
    points = [
        point
        for point in kept_points()
        if point["augmentation"] and point["teacher"] == "digits04" and point["mean"]
    ]
    said = re.findall(r"([\d.]+) % \((\d+)\)", told[language]["compare-enough"])
    assert [int(examples) for _, examples in said] == [point["examples"] for point in points]
    means = [100 * point["mean"] for point in points]
    assert [float(mean) for mean, _ in said] == pytest.approx(means, abs=0.0501)


def test_lines_and_targets_are_said_with_their_values(told):
    assert told["zh"]["bias-plot"].count("W = ") == 2
    assert told["en"]["loss-plot"].endswith(": 2.00, 3.00, 2.40, 4.00, 8.20, 4.40, 3.60")
    assert told["zh"]["loss-plot"] == CHINESE["idea_loss_plot"].format(
        targets="2.00, 3.00, 2.40, 4.00, 8.20, 4.40, 3.60"
    )
