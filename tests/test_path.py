"""The book's path: complete, in the book's order, and true in what it says of the printed lines."""

import inspect
import json
import re

import pytest
import torch
from torch import nn

from demo.foundations import data_spelling
from demo.foundations.chapters import CHAPTERS
from demo.panels.panels import markup_of
from demo.path import printed
from demo.path.line import MARK, line_of, stations
from demo.path.path import book_path
from demo.path.table import ENTRIES, IDEAS, PROGRAMS
from demo.path.today import TRIALS, outcome
from demo.train_asked import recipe_in
from demo.transfer.sections import SECTIONS
from demo.words import WORDS
from models.cleaners import CLEANERS
from models.foundations import RUNGS, tensors
from models.ideas import book_gradient
from models.nets import LinearAutoencoder
from models.noise import NOISES
from models.recipe import RECIPES
from tests.test_words import DEMO

# The notes' own order: the ideas by a word of theirs in each name, then the nine programs.
NOTED = ("workflow", "Underfitting", "propagation", "Loss", "Optimisation", "Gradient")
NOTED += ("Optimisers", "Bias", "Activation", "torch.autograd", "torch.nn", "MSELoss")
NOTED += ("torch.optim", "Transforms", "DataLoader", "Autoencoder", "Transfer")
PLACES = [place for entry in ENTRIES for place in (entry.place, *entry.also)]


def test_every_idea_and_program_of_the_book_is_there_in_its_order():
    names = [WORDS["en"][f"path_{entry.key}"] for entry in ENTRIES]
    assert len(IDEAS) == len(NOTED)
    assert all(word in name for word, name in zip(NOTED, names, strict=False))
    numbers = [name.split(":")[0] for name in names[len(IDEAS) :]]
    assert numbers == [f"Program {number}" for number in range(1, 10)]
    assert len({entry.key for entry in ENTRIES}) == len(ENTRIES)


def test_every_entry_and_every_trial_has_its_words_and_there_are_no_others():
    named = {key for entry in ENTRIES for key in (f"path_{entry.key}", f"path_{entry.key}_is")}
    named |= {f"path_today_{name}" for name in TRIALS} | {"path_today_works"}
    folder = DEMO / "path"
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()]
    used = set(re.findall(r'"(path_\w+)"', "".join(texts)))
    assert {key for key in WORDS["en"] if key.startswith("path_")} == named | used


def test_every_trial_belongs_to_an_entry():
    assert {name for entry in ENTRIES for name in entry.today} == set(TRIALS)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.target)
def test_a_place_is_in_the_lab(place):
    names = {"train": "panels/train.html", "denoise": "panels/denoise.html"}
    names |= {"latent": "panels/latent.html", "draw": "canvas/canvas.html"}
    names |= {key: f"foundations/{key}.html" for key in CHAPTERS}
    names |= {key: f"transfer/{key}.html" for key in SECTIONS}
    markup = (DEMO / names[place.host]).read_text(encoding="utf-8")
    assert f'data-testid="{place.target}"' in markup
    assert {f"tab_{place.tab}", *place.names} <= WORDS["en"].keys()
    assert place.press is None or place.press.removeprefix("ladder-rung-") in RUNGS
    if place.recipe:
        recipe = recipe_in({"recipe": place.recipe})
        assert {name: getattr(recipe, name) for name in place.recipe} == place.recipe
    if place.cleaning:
        assert place.cleaning["cleaner"] in CLEANERS
        noise = NOISES[place.cleaning["noise"]]
        assert noise.nearest(place.cleaning["level"]) == place.cleaning["level"]


@pytest.mark.parametrize("place", [place for place in PLACES if place.recipe])
def test_the_books_recipes_are_the_ones_that_the_lab_trains_its_networks_by(place):
    best = RECIPES[place.recipe["network"]]
    assert {name: getattr(best, name) for name in place.recipe} == place.recipe


# ---- The line in each place -----------------------------------------------------------------


def test_every_place_of_the_path_tells_where_it_is_in_it():
    marked = {path.stem: path for path in DEMO.rglob("*.html") if MARK in path.read_text()}
    assert {entry.place.host for entry in ENTRIES} <= marked.keys()
    for host, path in marked.items():
        assert line_of(host) in markup_of(path)


def test_a_line_leads_to_the_entries_before_and_after():
    keys = re.findall('data-path="([^"]+)"', line_of("loss"))
    at = [entry.key for entry in ENTRIES].index("loss")
    assert keys == [ENTRIES[at - 1].key, "loss", "losses", ENTRIES[at + 9].key]
    assert stations("bug") == [len(IDEAS)]  # only beside the first program


# ---- What the printed lines come to ---------------------------------------------------------


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", [name for name, trial in TRIALS.items() if trial.line])
def test_the_lines_that_are_shown_are_the_lines_that_run(name):
    trial = TRIALS[name]
    sources = [*map(inspect.getsource, (trial.printed, trial.mended))]
    sources.append(inspect.getsource(book_gradient.through_relu))  # which `clamped` calls
    source = plain("\n".join(sources)).replace("THREE", str(data_spelling.THREE))
    assert trial.line in source
    assert trial.mend in source


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("scale", "AttributeError: module 'torchvision.transforms' has no attribute 'Scale'"),
        ("parameters", "ValueError: optimizer got an empty parameter list"),
        ("normalize", "RuntimeError: output with shape [1, 28, 28] doesn't match the broadcast"),
        ("inputs", "RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x784 and 224x128)"),
    ],
)
def test_a_line_that_fails_is_told_in_pytorchs_own_words(name, said):
    assert outcome(name)["said"].startswith(said)
    TRIALS[name].mended()


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("variable", {"type": "Tensor", "own": "Tensor"}),
        ("data_update", {"wrong": "4", "right": "6"}),
        ("backward", {"calls": 0, "own": 1}),
        ("better", {"same": 20, "count": 20}),
        ("normalize_today", {"channels": 3, "own": 1}),
        ("divided", {"times": 64, "batch": 64}),
        ("dropout", {"changed": 10, "kept": 0, "count": 10}),
        ("preview", {"low": "0.5", "high": "1", "black": "0"}),
    ],
)
def test_a_line_that_misleads_is_told_in_numbers(name, facts):
    told = outcome(name)
    assert told["said"] is None
    assert told["facts"] == facts


def test_the_clamped_gradient_is_as_wrong_as_its_chapter_says():
    told = outcome("clamped")["facts"]
    assert told["elements"] == "10,000"
    assert told["wrong"] == f"{round(1e4 * (1 - 0.5745)):,}"
    for name, is_book in (("clamped", True), ("masked", False)):
        rung = list(tensors(0, book_gradient=is_book))
        assert told[name] == f"{rung[-1]:,.0f}"


def test_cuda_without_asking_needs_a_gpu():
    told = outcome("cuda")
    has_gpu = torch.cuda.is_available()
    assert (told["said"] is None) == has_gpu
    assert told["word"] == ("path_today_works" if has_gpu else "path_today_cuda")


def test_where_there_is_a_gpu_nothing_is_put_there_and_the_line_is_not_called_wrong(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    told = outcome.__wrapped__("cuda")
    assert (told["said"], told["word"]) == (None, "path_today_works")


def test_without_a_gpu_the_line_that_asks_first_still_runs(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert printed.onto_what_there_is().device.type == "cpu"


def test_no_grad_refuses_what_data_hides():
    w = torch.tensor(3.0, requires_grad=True)
    loss = w * w
    with torch.no_grad():
        w -= 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_the_autoencoders_first_layer_takes_as_many_numbers_as_an_image_has_pixels():
    first = LinearAutoencoder().encoder[0]
    assert isinstance(first, nn.Linear)
    assert f"{first.in_features} " in WORDS["en"]["path_today_inputs"]


# ---- What the page is told ------------------------------------------------------------------


def test_the_page_is_told_all_at_once():
    entries = book_path({})["entries"]
    assert [entry["key"] for entry in entries] == [entry.key for entry in ENTRIES]
    assert [entry["kind"] for entry in entries].count("program") == len(PROGRAMS)
    assert len({entry["address"] for entry in entries}) == len(entries)
    assert json.loads(json.dumps(entries, allow_nan=False)) == entries


def test_each_sentences_gaps_are_filled():
    for name in TRIALS:
        told = outcome(name)
        gaps = set(re.findall(r"\{(\w+)\}", WORDS["en"][told["word"]]))
        assert gaps <= told["facts"].keys()
