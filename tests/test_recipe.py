"""What a Recipe refuses, how it travels, and each network's own."""

import dataclasses
import json
import math

import pytest

from models.recipe import RECIPES, Recipe, RecipeError, best_recipe, recipe_from_dict

# ---- what a recipe refuses -----------------------------------------------------------------------

BAD = [
    ("network", "alexnet"),
    ("network", None),
    ("network", ["mlp"]),
    ("activation", "gelu"),
    ("loss", "hinge"),
    ("optimizer", "lion"),
    ("schedule", "steps"),
    ("noise", "rain"),
    ("precision", "float16"),
    ("augment", ("mirror",)),
    ("width", 0),
    ("width", 4097),
    ("width", 12.5),
    ("width", True),
    ("depth", -1),
    ("dropout", 1.0),
    ("learning_rate", 0.0),
    ("learning_rate", -0.1),
    ("learning_rate", math.nan),
    ("learning_rate", math.inf),
    ("learning_rate", "fast"),
    ("learning_rate", None),
    ("momentum", 1.0),
    ("beta1", 1.0),
    ("beta2", 1.0),
    ("weight_decay", -1e-4),
    ("label_smoothing", 1.0),
    ("batch_size", 0),
    ("batch_size", 60_001),
    ("batch_size", 64.0),
    ("epochs", 0),
    ("epochs", math.inf),
    ("train_images", 0),
    ("train_images", 60_001),
    ("held_out", -1),
    ("noise_level", math.nan),
    ("outsiders", -0.1),
    ("outsiders", 1.5),
    ("seed", -1),
    ("seed", 0.5),
    ("bias", "no"),
]


@pytest.mark.parametrize(("setting", "value"), BAD)
def test_a_bad_value_is_refused_with_the_setting_and_the_value_in_the_message(setting, value):
    with pytest.raises(RecipeError) as caught:
        Recipe(**{setting: value})
    shown = value[0] if setting == "augment" else value
    assert setting in str(caught.value)
    assert repr(shown) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_choice_names_the_right_ones():
    with pytest.raises(RecipeError, match="relu"):
        Recipe(activation="gelu")


def test_held_out_images_can_t_be_trained_on_as_well():
    with pytest.raises(RecipeError, match="60000.*59000"):
        Recipe(held_out=1000)
    assert Recipe(held_out=1000, train_images=59_000).held_out == 1000


def test_a_batch_can_t_be_larger_than_the_images_it_is_drawn_from():
    with pytest.raises(RecipeError, match="batch_size can't be 64"):
        Recipe(train_images=10)
    assert Recipe(train_images=10, optimizer="gd").takes_whole_set


def test_cross_entropy_is_refused_for_a_cleaner():
    with pytest.raises(RecipeError, match="cross_entropy"):
        Recipe("conv_autoencoder", loss="cross_entropy")


def test_a_recipe_can_t_be_changed_afterwards():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Recipe().epochs = 3


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_comes_back_from_json_as_it_was(name):
    text = json.dumps(RECIPES[name].as_dict())
    assert recipe_from_dict(json.loads(text)) == RECIPES[name]


@pytest.mark.parametrize(
    "settings",
    [{"learning_rat": 0.1}, {"epochs": "many"}, {"augment": "affine"}, {"augment": 3}, {"": 1}],
)
def test_json_with_an_unknown_setting_or_a_bad_value_is_refused(settings):
    with pytest.raises(RecipeError):
        recipe_from_dict(settings)


# ---- each network's own recipe -------------------------------------------------------------------


@pytest.mark.parametrize("name", RECIPES)
def test_a_network_s_own_recipe_trains_it_on_the_full_set(name):
    assert RECIPES[name].network == name
    assert RECIPES[name].train_images + RECIPES[name].held_out == 60_000


@pytest.mark.parametrize(
    ("name", "epochs", "batch_size", "loss"),
    [
        ("book_cnn", 5, 64, "cross_entropy"),
        ("linear_autoencoder", 10, 4, "mse"),
        ("conv_autoencoder", 5, 64, "mse"),
    ],
)
def test_the_book_s_networks_learn_by_the_book_s_settings(name, epochs, batch_size, loss):
    recipe = RECIPES[name]
    assert (recipe.epochs, recipe.batch_size, recipe.loss) == (epochs, batch_size, loss)
    assert (recipe.optimizer, recipe.learning_rate) == ("adam", 1e-3)
    # the book's rate is constant; the second autoencoder's last steps jitter unless it decays
    decays = name == "conv_autoencoder"
    assert recipe.schedule == ("cosine" if decays else "constant")
    assert (recipe.augment, recipe.held_out, recipe.weight_decay) == ((), 0, 0)
    if loss == "mse":
        assert (recipe.noise, recipe.noise_level) == ("gaussian", 0.5)


def test_the_best_recipe_takes_changes_and_refuses_unknown_networks():
    assert best_recipe("book_cnn", epochs=1) == dataclasses.replace(RECIPES["book_cnn"], epochs=1)
    with pytest.raises(RecipeError, match="alexnet"):
        best_recipe("alexnet")


@pytest.mark.parametrize(
    ("images", "batch_size", "network"),
    [(600, 1, "mlp"), (601, 60, "small_cnn"), (2_001, 2_001, "mlp")],
)
def test_batch_norm_is_not_left_alone_with_one_image(images, batch_size, network):
    settings = {"train_images": images, "batch_size": batch_size, "network": network}
    assert Recipe(**settings)
    with pytest.raises(RecipeError, match=f"{images} images in batches of {batch_size} leave one"):
        Recipe(**settings, batch_norm=True)
    assert Recipe(**settings | {"train_images": 600, "batch_size": 2}, batch_norm=True)
