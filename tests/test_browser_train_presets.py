"""In a real browser: an experiment is guessed at, played, judged, stopped."""

import re

from playwright.sync_api import Page, expect

from models.engine import total_steps
from tests.test_browser import CHINESE, ENGLISH, PHONE, opened
from tests.test_train_presets import PRESETS

PLAYED = 30_000  # ms that three short runs may take on a busy machine


def choose(page: Page, key: str, answer: str | None = None) -> None:
    page.locator(f"[data-preset={key}]").click()
    if answer:
        page.locator(f"[data-answer={answer}]").click()


def text(page: Page, name: str):
    return expect(page.get_by_test_id(f"preset-{name}"))


def test_an_experiment_is_played_and_told_by_its_own_numbers(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.evaluate("lab.openTab('tab_train'), lab.need('train')")
        choose(page, "rate", "small")
        text(page, "question").to_have_text(ENGLISH["train_preset_rate_question"])
        page.wait_for_function("lab.recipe?.learning_rate === 0.001 && lab.recipe?.width === 64")
        page.get_by_test_id("preset-run").click()
        text(page, "next").to_be_visible(timeout=PLAYED)
        runs = page.evaluate(
            "lab.runs.map(({ recipe, preset, shown, ending, points }) => ({ recipe, preset, shown,"
            " step: ending.step, test: points.at(-1).test_accuracy }))"
        )
        recipes = PRESETS["rate"].recipes().values()
        assert [run["recipe"]["learning_rate"] for run in runs] == [0.001, 0.1, 10]
        assert {run["recipe"]["seed"] for run in runs} == {0}
        assert [run["step"] for run in runs] == [total_steps(recipe) for recipe in recipes]
        assert {(run["preset"], run["shown"]) for run in runs} == {("rate", True)}
        said = page.get_by_test_id("preset-sentence").text_content()
        told = re.findall(r"([\d.]+)\u00a0%", said)
        assert told == [f"{100 * run['test']:.1f}" for run in runs]
        text(page, "guessed").to_contain_text("0.001")
        page.get_by_test_id("preset-next").click()
        question = ENGLISH["train_preset_explode_question"]
        text(page, "question").to_have_text(question.format(learning_rate=0.1))
        text(page, "sentence").to_have_text("")


def test_on_a_phone_an_experiment_is_stopped_and_nothing_is_compared(browser, lab_url):
    with opened(browser, f"{lab_url}/?lang=zh", **PHONE) as page:
        page.evaluate("lab.openTab('tab_train'), lab.need('train')")
        choose(page, "cures")
        page.get_by_test_id("preset-run").click()
        page.wait_for_function("lab.runs?.length === 1")
        page.get_by_test_id("preset-run").click()
        told = CHINESE["train_preset_stopped"].format(at=1, count=5)
        text(page, "sentence").to_have_text(told, timeout=PLAYED)
        text(page, "run").to_have_text(CHINESE["train_preset_run"])
        assert page.evaluate("lab.runs.length") == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
