"""README's "Change one thing": done as it stands there, in a copy, and found in a running lab."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from bench.server import free_port, running
from demo.words import WORDS
from tests.readme import ROOT, blocks, section
from tests.test_browser import opened

SECTION = section("Change one thing")
CODE = [block.code for block in blocks(SECTION) if block.language == "python"]
[COPYING] = [block.code for block in blocks(SECTION) if block.language == "sh"]
FRENCH = {"language_code": "fr", "language_name": "FR", "tab_draw": "Dessiner"}
LEARNED = 60_000  # ms that a short training may take on a busy machine


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A copy of the lab to which everything is added that README's section adds."""
    folder = tmp_path_factory.mktemp("changed")
    for name in ("demo", "models"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("checkpoints", "data"):
        (folder / name).symlink_to(ROOT / name)
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for code in CODE:
        path = folder / code.partition("\n")[0].removeprefix("# ")
        path.write_text(path.read_text(encoding="utf-8") + f"\n\n{code}", encoding="utf-8")
    subprocess.run(["sh", "-c", COPYING], cwd=folder, check=True)
    words = folder / "demo" / "words" / "fr.json"
    translated = json.loads(words.read_text(encoding="utf-8")) | FRENCH
    words.write_text(json.dumps(translated), encoding="utf-8")
    return folder


def facts(folder: Path, *words: str) -> list[dict]:
    """What a command of `python -m models` prints in the copy."""
    command = [sys.executable, "-m", "models", *words, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-500:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def page(browser, folder):
    port = free_port()
    command = [sys.executable, "app.py", "--port", str(port)]
    with running(command, port, folder) as lab, opened(browser, f"{lab.url}/?lang=en") as page:
        yield page


def open_tab(page, name: str) -> None:
    page.evaluate("key => lab.openTab(key)", f"tab_{name}")
    page.evaluate("name => lab.need(name)", name)


def test_the_section_changes_a_network_a_noise_an_experiment_and_a_language():
    places = [code.partition("\n")[0] for code in CODE]
    assert places == ["# models/nets.py", "# models/noise.py", "# demo/train_presets.py"]
    assert "demo/words/" in COPYING


# ---- A network ------------------------------------------------------------------------------


def test_a_new_network_is_listed_and_learns_by_the_command_line(folder):
    listed = {row["name"]: row for row in facts(folder, "list")}
    assert listed["wide"]["parameters"] == 784 * 300 + 300 + 300 * 10 + 10
    settings = ("--train-images", "2000", "--epochs", "2")
    *_, last = facts(folder, "train", "wide", *settings)
    assert last["done"]
    assert last["test_accuracy"] > 0.7  # of ten digits


def test_a_new_network_learns_on_the_train_tab(page):
    open_tab(page, "train")
    page.wait_for_function("lab.startRun && lab.recipe")
    page.get_by_test_id("set-network").select_option("wide")
    expect(page.get_by_test_id("set-network").locator("option:checked")).to_have_text("wide")
    short = {"network": "wide", "train_images": 600, "epochs": 1}
    assert page.evaluate("recipe => lab.setRecipe({ ...lab.recipe, ...recipe })", short) == {}
    page.get_by_test_id("train").click()
    page.wait_for_function("lab.runInFront?.state === 'ended'", timeout=LEARNED)
    assert page.evaluate("lab.runInFront.points.at(-1).test_accuracy") > 0.4


def test_a_network_that_is_not_trained_yet_is_not_missed(folder):
    script = "from demo import shipped; print(*(file.path.name for file in shipped.table()))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)
    files = done.stdout.split()
    assert "digits.safetensors" in files
    assert "wide.safetensors" not in files


# ---- A noise --------------------------------------------------------------------------------


def test_a_new_noise_spoils_a_digit_by_the_command_line(folder, tmp_path):
    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).line([(60, 40), (140, 40), (100, 160)], fill=0, width=14)
    picture.save(tmp_path / "in.png")
    files = (str(tmp_path / "in.png"), str(tmp_path / "out.png"))
    poured = ("--noise", "dead_rows", "--level", "9", "--seed", "1")
    [told] = facts(folder, "denoise", *files, *poured)
    assert (told["noise"], told["level"]) == ("dead_rows", 9)
    assert told["psnr"] < 40  # dB; something was lost


def test_a_new_noise_spoils_a_digit_on_the_denoise_tab(page):
    open_tab(page, "denoise")
    page.wait_for_function("lab.cleaning?.reply && lab.cleaning?.spoiled")
    menu = page.get_by_test_id("noise")
    menu.select_option("dead_rows")
    expect(menu.locator("option:checked")).to_have_text("dead_rows")
    page.get_by_test_id("level").fill("14")
    expect(page.get_by_test_id("level-text")).to_have_text("14 lines")
    page.wait_for_function(
        """() => {
            const bytes = lab.toBytes(lab.cleaning.reply.spoiled);
            const rows = [...Array(28).keys()].map((row) => bytes.slice(28 * row, 28 * row + 28));
            return rows.filter((row) => row.every((pixel) => pixel === 0)).length >= 14;
        }"""
    )


# ---- An experiment --------------------------------------------------------------------------


def test_a_new_experiment_is_asked_played_and_judged(page):
    open_tab(page, "train")
    page.locator("[data-preset=width]").click()
    question = page.get_by_test_id("preset-question")
    expect(question).to_have_text(WORDS["en"]["train_preset_question"])
    page.locator("[data-answer=wide]").click()
    page.get_by_test_id("preset-run").click()
    sentence = page.get_by_test_id("preset-sentence")
    expect(sentence).to_contain_text("Best:", timeout=LEARNED)
    expect(page.get_by_test_id("preset-guessed")).to_have_text(WORDS["en"]["train_preset_right"])


# ---- A language -----------------------------------------------------------------------------


def test_a_new_language_is_in_the_switch_and_renames_the_tabs(page):
    switch = page.locator(".lab-languages")
    names = [table["language_name"] for table in WORDS.values()]
    assert sorted(switch.locator("button").all_text_contents()) == sorted([*names, "FR"])
    switch.get_by_text("FR", exact=True).click()
    expect(page.get_by_role("tab", name="Dessiner")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "fr"
