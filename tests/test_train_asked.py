"""The Train tab's recipe as anybody may send it: taken whole, or refused with a clear sentence."""

import json
import math

import pytest

from demo.asked import BadRequest
from demo.train_asked import NETWORKS, SettingError, plain, recipe_in
from demo.words import WORDS, say
from models.recipe import RECIPES

HUGE = "x" * 1_000_000


def taken(**settings):
    return recipe_in({"recipe": {"network": "mlp"} | settings})


def refused(**settings) -> SettingError:
    with pytest.raises(SettingError) as caught:
        taken(**settings)
    return caught.value


@pytest.mark.parametrize("network", NETWORKS)
def test_a_network_alone_is_its_best_recipe_and_a_whole_recipe_comes_back_as_it_was(network):
    recipe = recipe_in({"recipe": {"network": network}})
    best = RECIPES[network].as_dict()
    assert {**recipe.as_dict(), "held_out": None} == {**best, "held_out": None}
    assert recipe_in({"recipe": json.loads(json.dumps(recipe.as_dict()))}) == recipe


def test_what_is_asked_for_is_laid_over_the_best():
    recipe = taken(width=64, learning_rate=1, augment=["elastic", "affine"], label_noise=0.25)
    assert (recipe.width, recipe.label_noise, recipe.depth) == (64, 0.25, RECIPES["mlp"].depth)
    assert recipe.augment == ("affine", "elastic")
    assert type(recipe.learning_rate) is float
    assert taken(rate_changes=[[5, 0.1], [9, 0.01]]).rate_changes == ((5, 0.1), (9, 0.01))


@pytest.mark.parametrize(("images", "held_out"), [(60, 1000), (59_500, 500), (60_000, 0)])
def test_as_many_images_are_held_out_as_are_left_whatever_is_asked(images, held_out):
    recipe = taken(train_images=images, batch_size=60, held_out=7, outsiders=1.0, precision="x")
    assert (recipe.held_out, recipe.outsiders) == (held_out, 0)
    assert recipe.precision == "float32"


@pytest.mark.parametrize("rate", [0, -0.1, math.nan, math.inf, 1e30, "0.1", None, [0.1], {}, True])
def test_a_rate_that_nothing_learns_with_is_refused_by_name_and_limits(rate):
    error = refused(learning_rate=rate)
    assert error.key == "train_bad_range"
    assert error.details == {"setting": "learning_rate", "low": "0.000001", "high": "100"}


@pytest.mark.parametrize(
    ("settings", "name", "high"),
    [
        ({"width": 1025}, "width", "1,024"),
        ({"depth": 11}, "depth", "10"),
        ({"depth": 1.5}, "depth", "10"),
        ({"train_images": 59}, "train_images", "60,000"),
        ({"train_images": 100}, "batch_size", "100"),  # the best recipe's 128 are too many
        ({"epochs": 101}, "epochs", "100"),
        ({"optimizer": "gd", "epochs": 1_001}, "epochs", "1,000"),
        ({"batch_size": 0}, "batch_size", "60,000"),
        ({"seed": 10**400}, "seed", "2,147,483,647"),
        ({"noise": "blur", "noise_level": 3.5}, "noise_level", "3"),
        ({"noise": "mixed", "noise_level": 2}, "noise_level", "1"),
        ({"rate_changes": [[1, 1e30]]}, "learning_rate", "100"),
    ],
)
def test_each_number_has_its_limit(settings, name, high):
    error = refused(**settings)
    assert (error.details["setting"], error.details["high"]) == (name, high)


def test_gradient_descent_may_take_more_epochs_for_each_is_one_step():
    assert taken(optimizer="gd", epochs=1000).epochs == 1000


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"network": "digits"}, "network"),
        ({"network": ["mlp"]}, "network"),
        ({"activation": HUGE}, "activation"),
        ({"optimizer": {"gd": 1}}, "optimizer"),
        ({"bias": 1}, "bias"),
        ({"batch_norm": "true"}, "batch_norm"),
        ({"augment": "affine"}, "augment"),
        ({"augment": ["affine", {}]}, "augment"),
        ({"augment": ["affine"] * 100_000}, "augment"),
        ({"init": "whitening"}, "init"),  # another network's
        ({"network": "conv_autoencoder", "loss": "cross_entropy"}, "loss"),
        ({"rate_changes": [[1, 0.1, 2]]}, "rate_changes"),
        ({"rate_changes": [[1, 0.1]] * 1000}, "rate_changes"),
        ({"rate_changes": 3}, "rate_changes"),
    ],
)
def test_what_is_no_choice_is_refused_by_the_settings_name(settings, name):
    error = refused(**settings)
    assert (error.key, error.details) == ("train_bad_choice", {"setting": name})


def test_a_setting_of_another_version_is_refused_and_a_huge_name_is_cut():
    assert refused(nesterov=True).details == {"setting": "nesterov"}
    assert refused(**{HUGE: 1}).details == {"setting": "x" * 40}


@pytest.mark.parametrize("recipe", [None, "mlp", 3, ["mlp"], math.nan])
def test_what_is_no_object_is_refused(recipe):
    with pytest.raises(BadRequest):
        recipe_in({"recipe": recipe})


@pytest.mark.parametrize("language", WORDS)
def test_the_sentence_names_the_limits_in_each_language(language):
    error = refused(width=0)
    assert error.key == "train_bad_whole"
    sentence = say(error.key, language, **error.details)
    assert "1" in sentence
    assert "1,024" in sentence


def test_numbers_are_written_out():
    written = [plain(value) for value in (1e-6, 100, 60_000, 3.0)]
    assert written == ["0.000001", "100", "60,000", "3"]


def test_a_training_of_millions_of_steps_is_refused_with_what_would_do():
    asked = {"network": "linear", "train_images": 60_000, "batch_size": 1, "epochs": 17}
    with pytest.raises(SettingError) as refused:
        recipe_in({"recipe": asked})
    assert (refused.value.details["setting"], refused.value.details["high"]) == ("epochs", "16")
    assert recipe_in({"recipe": asked | {"epochs": 16}}).epochs == 16


def test_batch_norm_on_single_images_is_refused_in_words():
    asked = {"network": "mlp", "batch_norm": True, "batch_size": 1}
    with pytest.raises(SettingError) as error:
        recipe_in({"recipe": asked})
    assert (error.value.key, error.value.details["setting"]) == ("batch_of_one", "batch_size")
