"""Recipes from the corners, and how their endings are told apart."""

import random

import pytest

from bench.reliability import recipes
from bench.reliability.extremes import CORNERS, NETWORK_WEIGHTS, extreme, outsiders
from bench.reliability.recipes import DIVERGED, STAYED, STOPPED, TRAINED, Run, outcome, strictly
from demo.train_asked import recipe_in
from demo.words import WORDS
from models.errors import LabError
from models.recipe import CHOICES


def drawn(count: int, seed: int = 9) -> list[dict]:
    source = random.Random(seed)
    return [extreme(source) for _ in range(count)]


def test_the_page_takes_every_extreme_recipe_and_the_same_seed_gives_the_same_ones():
    made = drawn(400)
    assert made == drawn(400)
    for recipe in made:
        recipe_in({"recipe": recipe})


def test_the_two_hundred_have_every_choice_and_every_corner_in_them():
    made = drawn(recipes.RECIPES)
    assert {recipe["network"] for recipe in made} == set(NETWORK_WEIGHTS)
    for name in ("optimizer", "loss", "init", "noise"):
        assert {recipe.get(name) for recipe in made} >= set(CHOICES[name])
    for name, corners in CORNERS.items():
        assert all(any(recipe.get(name) == corner for recipe in made) for corner in corners), name
    assert {recipe["learning_rate"] for recipe in made} >= {1e-6, 100.0}
    assert min(recipe["epochs"] for recipe in made) == 0.01
    assert max(recipe["epochs"] for recipe in made) == 1_000


def test_every_recipe_with_a_value_outside_is_refused_in_words():
    for recipe in outsiders():
        with pytest.raises(LabError) as refusal:
            recipe_in({"recipe": recipe})
        assert WORDS["en"][refusal.value.key].format(**refusal.value.details)


@pytest.mark.parametrize("text", ['{"loss": NaN}', '{"loss": Infinity}', '{"loss": -Infinity}'])
def test_what_is_no_json_is_found(text):
    with pytest.raises(recipes.NotStrictError):
        strictly(text)


@pytest.mark.parametrize(
    ("reason", "seen", "spoiled", "named"),
    [
        ("done", [0.1, 0.97], None, TRAINED),
        ("done", [0.1, 0.11], None, STAYED),
        ("stopped", [0.1, 0.5], None, TRAINED),
        ("stopped", [None], None, STOPPED),
        ("done", [None], None, None),  # nothing was measured: no ending that has a name
        ("diverged", [0.97], None, DIVERGED),
        ("crashed", [0.97], None, None),
        ("done", [0.3, 0.02], "x", TRAINED),
        ("done", [0.3, 0.2], "x", STAYED),
    ],
)
def test_an_ending_is_named_by_what_was_measured(reason, seen, spoiled, named):
    figure = "test_loss" if spoiled else "test_accuracy"
    run = Run({}, {"sixteen": {"spoiled": spoiled}}, [{figure: value} for value in seen])
    run.last = {"ending": {"reason": reason}}
    assert outcome(run) == named
