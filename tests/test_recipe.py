"""The tables of losses, optimisers and schedules against formulas, and what a Recipe refuses."""

import dataclasses
import json
import math

import pytest
import torch
from torch import nn

from models.recipe import (
    DISTANCES,
    LOSSES,
    OPTIMIZERS,
    RECIPES,
    SCHEDULES,
    Recipe,
    RecipeError,
    best_recipe,
    recipe_from_dict,
)

# ---- losses --------------------------------------------------------------------------------------

LOGITS = [[2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0] * 9 + [3.0]]
ANSWERS = [0, 4]


def softmax(row: list[float]) -> list[float]:
    total = sum(math.exp(value) for value in row)
    return [math.exp(value) / total for value in row]


def errors() -> list[float]:
    """Probability less one-hot target, of all 20 outputs."""
    return [
        share - (digit == answer)
        for row, answer in zip(LOGITS, ANSWERS, strict=True)
        for digit, share in enumerate(softmax(row))
    ]


BY_HAND = {
    "cross_entropy": lambda: -sum(
        math.log(softmax(row)[answer]) for row, answer in zip(LOGITS, ANSWERS, strict=True)
    ) / 2,
    "mse": lambda: sum(error**2 for error in errors()) / 20,
    "rmse": lambda: math.sqrt(sum(error**2 for error in errors()) / 20),
    "l1": lambda: sum(abs(error) for error in errors()) / 20,
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_equals_its_formula_on_the_softmax_and_one_hot_targets(name):
    loss = LOSSES[name](torch.tensor(LOGITS), torch.tensor(ANSWERS))
    assert loss.item() == pytest.approx(BY_HAND[name](), rel=1e-5)


def test_cross_entropy_of_undecided_logits_is_the_logarithm_of_ten():
    loss = LOSSES["cross_entropy"](torch.zeros(3, 10), torch.tensor([0, 5, 9]))
    assert loss.item() == pytest.approx(math.log(10))


@pytest.mark.parametrize("name", LOSSES)
def test_label_smoothing_spreads_its_share_over_all_ten_digits(name):
    """With 0.5 smoothing the target is 0.55 and nine times 0.05: those very shares cost least."""
    target = torch.full((1, 10), 0.05)
    target[0, 3] = 0.55
    at_target, sharper = target.log(), (target**2).log()
    label = torch.tensor([3])
    smoothed = [LOSSES[name](x, label, label_smoothing=0.5) for x in (at_target, sharper)]
    plain = [LOSSES[name](x, label) for x in (at_target, sharper)]
    assert smoothed[0] < smoothed[1]
    assert plain[0] > plain[1]


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_falls_when_the_right_digit_s_logit_rises(name):
    logits = torch.zeros(1, 10, requires_grad=True)
    LOSSES[name](logits, torch.tensor([3])).backward()
    assert logits.grad[0, 3] < 0
    assert (logits.grad[0, [0, 1, 2, 4, 5, 6, 7, 8, 9]] > 0).all()


@pytest.mark.parametrize(("name", "wanted"), [("mse", 0.625), ("rmse", 0.625**0.5), ("l1", 0.75)])
def test_a_distance_between_pictures_is_the_mean_over_their_pixels(name, wanted):
    guess, target = torch.tensor([[1.0, 0.5]]), torch.tensor([[0.0, 0.0]])
    assert DISTANCES[name](guess, target).item() == pytest.approx(wanted)


@pytest.mark.parametrize("name", DISTANCES)
def test_the_gradient_of_a_perfect_picture_is_a_number(name):
    guess = torch.zeros(2, requires_grad=True)
    DISTANCES[name](guess, torch.zeros(2)).backward()
    assert guess.grad.isfinite().all()


# ---- optimisers ----------------------------------------------------------------------------------

RATE, DECAY = 0.1, 0.01
START, GRADIENTS = (1.0, -2.0), ((0.5, -1.5), (-0.25, 2.0))  # two weights, two steps


def stepped(name: str, **settings) -> list[float]:
    """Both weights after the two steps."""
    recipe = Recipe(optimizer=name, learning_rate=RATE, weight_decay=DECAY, **settings)
    weights = nn.Parameter(torch.tensor(START, dtype=torch.float64))
    optimizer = OPTIMIZERS[name].build([weights], recipe)
    for gradient in GRADIENTS:
        weights.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
    return weights.tolist()


def plain(w, gradients):
    for g in gradients:
        w -= RATE * (g + DECAY * w)
    return w


def with_momentum(w, gradients):
    v = 0.0
    for g in gradients:
        v = 0.8 * v + g + DECAY * w
        w -= RATE * v
    return w


def adagrad(w, gradients):
    total = 0.0
    for g in gradients:
        g += DECAY * w
        total += g * g
        w -= RATE * g / (math.sqrt(total) + 1e-10)
    return w


def rmsprop(w, gradients):
    mean = 0.0
    for g in gradients:
        g += DECAY * w
        mean = 0.99 * mean + 0.01 * g * g
        w -= RATE * g / (math.sqrt(mean) + 1e-8)
    return w


def adam(w, gradients, decoupled=False):
    """Kingma and Ba 2015, algorithm 1; decoupled decay after Loshchilov and Hutter 2019."""
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        if decoupled:
            w -= RATE * DECAY * w
        else:
            g += DECAY * w
        m, v = 0.7 * m + 0.3 * g, 0.9 * v + 0.1 * g * g
        w -= RATE * (m / (1 - 0.7**t)) / (math.sqrt(v / (1 - 0.9**t)) + 1e-8)
    return w


def adamw(w, gradients):
    return adam(w, gradients, decoupled=True)


FORMULAS = {
    "gd": plain,
    "bgd": plain,
    "sgd": plain,
    "momentum": with_momentum,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_two_steps_of_an_optimiser_equal_its_formula(name):
    got = stepped(name, momentum=0.8, beta1=0.7, beta2=0.9)
    wanted = [FORMULAS[name](w, gradients) for w, *gradients in zip(START, *GRADIENTS, strict=True)]
    assert got == pytest.approx(wanted, rel=1e-9)


def test_only_gradient_descent_takes_the_whole_set_a_step():
    ways = {name: entry.batches for name, entry in OPTIMIZERS.items()}
    drawn = dict.fromkeys(["sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw"], "drawn")
    assert ways == {"gd": "whole", "bgd": "fixed", **drawn}


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("constant", {0: 1, 0.5: 1, 1: 1}),
        ("warm_up_linear", {0: 0, 0.1: 0.5, 0.2: 1, 0.6: 0.5, 1: 0}),
        ("cosine", {0: 1, 1 / 3: 0.75, 0.5: 0.5, 2 / 3: 0.25, 1: 0}),
    ],
)
def test_a_schedule_passes_through_its_points(name, points):
    got = [SCHEDULES[name](progress) for progress in points]
    assert got == pytest.approx(list(points.values()), abs=1e-12)


def test_every_schedule_was_tested():
    assert set(SCHEDULES) == {"constant", "warm_up_linear", "cosine"}


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
    assert RECIPES[name].train_images == 60_000


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
    assert (recipe.optimizer, recipe.learning_rate, recipe.schedule) == ("adam", 1e-3, "constant")
    assert (recipe.augment, recipe.held_out, recipe.weight_decay) == ((), 0, 0)
    if loss == "mse":
        assert (recipe.noise, recipe.noise_level) == ("gaussian", 0.5)


def test_the_best_recipe_takes_changes_and_refuses_unknown_networks():
    assert best_recipe("book_cnn", epochs=1) == dataclasses.replace(RECIPES["book_cnn"], epochs=1)
    with pytest.raises(RecipeError, match="alexnet"):
        best_recipe("alexnet")
