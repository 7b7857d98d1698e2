"""python -m models symbols and train-symbols, and the pen that draws their files."""

import json
from functools import partial

import numpy as np
import pytest
import torch

from models import embedding, symbols_command, train_symbols
from models.__main__ import main
from models.checkpoint import CheckpointError, weights_sha256
from models.drawn_symbols import by_hand, symbols
from models.pen import digit_of, read_drawings, render
from models.symbol_trial import draw
from models.symbols import SymbolError
from models.train_symbols import SymbolRecipe

LABELS = [label for label in "abcd" for _ in range(5)]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Five drawings of each of four classes, as pen strokes."""
    random, items = np.random.default_rng(3), []
    for number, label in enumerate(LABELS):
        strokes = by_hand(symbols(8)[4 + number // 5], random)
        listed = [np.round(stroke, 3).tolist() for stroke in strokes]
        items.append({"label": label, "writer": "us", "strokes": listed})
    path = tmp_path_factory.mktemp("drawings") / "some.json"
    path.write_text(json.dumps(items))
    return path


def answer(capsys, *arguments: object) -> dict:
    assert main(["symbols", "--json", *map(str, arguments)]) == 0
    return json.loads(capsys.readouterr().out)


def test_one_line_tells_a_draw_and_its_figures(capsys, file):
    asked = ("--shots", 3, "--classes", 3, "--seed", 2, file)
    facts = answer(capsys, *asked)
    wanted = {"shots", "classes", "seed", "head", "accuracy", "accuracy_accepted"}
    assert facts.keys() == wanted | {"outsiders_refused"}
    assert (facts["shots"], facts["classes"], facts["seed"]) == (3, 3, 2)
    for name in ("accuracy", "accuracy_accepted"):  # two drawings of each of three are read
        assert facts[name] * 6 == pytest.approx(round(facts[name] * 6))
    assert facts["outsiders_refused"] * 5 == pytest.approx(round(facts["outsiders_refused"] * 5))
    assert answer(capsys, *asked) == facts


def test_without_another_class_nobody_is_an_outsider(capsys, file):
    facts = answer(capsys, "--shots", 1, "--classes", 4, "--head", "linear", file)
    assert facts["outsiders_refused"] is None


def test_a_draw_shares_out_every_drawing_once():
    made = draw(LABELS, shots=2, classes=3, seed=1)
    parts = [*made.taught, *made.asked, made.outsiders]
    assert sorted(torch.cat(parts).tolist()) == list(range(20))
    for taught, asked in zip(made.taught, made.asked, strict=True):
        assert len({LABELS[number] for number in [*taught, *asked]}) == 1
        assert (len(taught), len(asked)) == (2, 3)
    assert not torch.equal(made.taught[0], draw(LABELS, 2, 3, 5).taught[0])


@pytest.mark.parametrize(
    ("shots", "classes", "key"),
    [
        (0, 3, "symbols_range"),
        (21, 3, "symbols_range"),
        (2, 1, "symbols_range"),
        (2, 11, "symbols_range"),
        (5, 3, "symbols_file_small"),
        (2, 5, "symbols_file_small"),
    ],
)
def test_a_draw_that_cannot_be_made_is_refused(shots, classes, key):
    with pytest.raises(SymbolError) as caught:
        draw(LABELS, shots, classes, 0)
    assert caught.value.key == key


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}x",
        "[1]",
        '[{"label": "a"}]',
        '[{"label": "a", "strokes": []}]',
        '[{"label": "a", "strokes": [[]]}]',
        '[{"label": "a", "strokes": [[[0, 1], [2]]]}]',
        '[{"label": "a", "strokes": [[[0, NaN]]]}]',
        '[{"label": "a", "strokes": [[[0, 1e9]]]}]',
        "[" * 100_000,
        "[]",
    ],
)
def test_a_file_without_drawings_gives_one_sentence(content, tmp_path, capsys):
    path = tmp_path / "bad.json"
    path.write_text(content)
    assert main(["symbols", str(path)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "bad.json holds no" in said


def test_a_missing_file_and_a_bad_seed_give_one_sentence(file, capsys):
    assert main(["symbols", "nowhere.json"]) == 1
    assert main(["symbols", "--seed", "-1", str(file)]) == 1
    assert capsys.readouterr().err.count("\n") == 2


def test_the_pen_draws_a_line_as_wide_as_it_is_in_the_middle_of_the_sheet():
    grey = render([[[0, 0], [1, 0]]])
    dark = (grey < 0.5).nonzero()
    assert dark.float().mean(0).tolist() == pytest.approx([139.5, 139.5], abs=1)
    height, width = (dark.amax(0) - dark.amin(0) + 1).tolist()
    assert height == pytest.approx(20, abs=1)
    assert width == pytest.approx(0.7 * 280 + 20, abs=2)


def test_strokes_become_what_networks_see(file):
    label, strokes = read_drawings(file)[0]
    digit = digit_of(strokes)
    assert (label, digit.shape) == ("a", (28, 28))
    assert digit.amax() == pytest.approx(1)
    assert not digit[:, :2].any()


def test_training_keeps_a_file_that_says_how_it_came_about(tmp_path, monkeypatch, capsys, mnist):
    """Two steps by a recipe of a few classes; the whole one takes minutes."""
    sizes = {"classes": 5, "each": 2, "held_out": 6, "calibration": 12, "batch_size": 16}
    monkeypatch.setattr(symbols_command, "SymbolRecipe", partial(SymbolRecipe, **sizes))
    monkeypatch.setattr(train_symbols, "EPISODES", 5)
    path = tmp_path / "symbols.safetensors"
    assert main(["train-symbols", "--json", "--steps", "2", "--seed", "5", "--out", str(path)]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    monkeypatch.setattr(embedding, "path_of", lambda _: path)
    kept = embedding.load_teacher.__wrapped__()
    assert told == {"done": True, **kept.figures}
    assert told["weights_sha256"] == weights_sha256(kept.network)
    assert (kept.recipe["steps"], kept.recipe["seed"]) == (2, 5)
    assert kept.recipe["saw"]["classes_made_up"]["learned"] == [18, 23]
    assert kept.recipe["saw"]["mnist_checksum"] == mnist.checksum


def test_a_teacher_of_other_weights_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "symbols.safetensors"
    embedding.save_teacher(path, torch.nn.Linear(2, 2), {}, {})
    monkeypatch.setattr(embedding, "path_of", lambda _: path)
    with pytest.raises(CheckpointError, match="not those of the teacher of symbols"):
        embedding.load_teacher.__wrapped__()
