"""What the Train tab offers, what it says a recipe will cost, and what the network is fed."""

import base64
import json
from dataclasses import fields

import pytest
import torch

from demo import train_menu as menu
from demo.train_asked import NETWORKS, recipe_in
from models.recipe import Recipe


@pytest.fixture(scope="module")
def offered():
    return json.loads(json.dumps(menu.train_menu({})))  # as the page gets it


def test_every_offered_setting_is_one_of_the_recipe_and_each_choice_is_trained_with(offered):
    names = {field.name for field in fields(Recipe)}
    for entry in offered["networks"]:
        assert set(entry["settings"]) <= names
        for field, choices in {**offered["choices"], **entry["choices"]}.items():
            for choice in choices:
                recipe_in({"recipe": {"network": entry["key"], field: choice}})


def test_the_best_recipes_come_whole_and_are_taken_as_they_are(offered):
    assert [entry["key"] for entry in offered["networks"]] == list(NETWORKS)
    for entry in offered["networks"]:
        assert recipe_in({"recipe": entry["recipe"]}).as_dict() == entry["recipe"]


def test_a_setting_is_offered_where_it_makes_a_difference(offered):
    settings = {entry["key"]: set(entry["settings"]) for entry in offered["networks"]}
    assert {"width", "activation", "augment"} <= settings["mlp"]
    assert not {"width", "dropout", "noise"} & settings["linear"]
    assert {"noise", "noise_level"} <= settings["conv_autoencoder"]
    assert not {"augment", "label_noise"} & settings["conv_autoencoder"]
    optimizers = offered["optimizers"]
    assert "batch_size" not in optimizers["gd"]["settings"]
    assert optimizers["momentum"]["settings"] == ["batch_size", "momentum"]
    assert (optimizers["gd"]["epochs"], optimizers["adam"]["epochs"]) == ([1, 1000], [0.01, 100])


def test_every_limit_that_is_offered_is_the_last_value_that_is_taken(offered):
    for field in ("width", "depth", "learning_rate", "dropout", "train_images", "seed"):
        for value in offered["ranges"][field]:
            recipe = {"network": "mlp", "batch_size": 60, field: value}
            assert getattr(recipe_in({"recipe": recipe}), field) == value


def test_a_recipe_is_counted_by_hand(monkeypatch):
    monkeypatch.setattr(menu, "estimate_seconds", lambda recipe: 2.5)
    recipe = {"network": "mlp", "width": 64, "epochs": 2, "batch_size": 128, "train_images": 1000}
    reply = menu.check_recipe({"recipe": recipe})
    assert reply["parameters"] == 784 * 64 + 64 + 64 * 10 + 10
    assert reply["steps"] == 2 * 8
    assert reply["seconds"] == 2.5
    assert reply["recipe"] == recipe_in({"recipe": recipe}).as_dict()


def test_while_one_estimate_is_measured_nobody_waits_for_another(monkeypatch):
    monkeypatch.setattr(menu, "estimate_seconds", lambda recipe: 1.0)
    asked = {"recipe": {"network": "linear"}}
    with menu.MEASURING:
        assert menu.check_recipe(asked)["seconds"] is None
    assert menu.check_recipe(asked)["seconds"] == 1.0


def test_a_measurement_that_fails_lets_the_next_one_in(monkeypatch):
    def fail(_recipe):
        raise ArithmeticError

    monkeypatch.setattr(menu, "estimate_seconds", fail)
    with pytest.raises(ArithmeticError):
        menu.check_recipe({"recipe": {"network": "linear"}})
    assert not menu.MEASURING.locked()


def test_a_bad_recipe_is_answered_in_words():
    reply = menu.check_recipe({"recipe": {"network": "mlp", "epochs": float("nan")}})
    assert reply["error"] == "train_bad_range"
    assert reply["details"]["setting"] == "epochs"
    assert menu.preview_feed({"recipe": {"network": "mlp"}, "seed": -1})["error"] == "bad_request"


def fed(seed=3, **recipe):
    reply = menu.preview_feed({"recipe": {"network": "linear"} | recipe, "seed": seed})
    pixels = torch.frombuffer(bytearray(base64.b64decode(reply["pictures"])), dtype=torch.uint8)
    return pixels.view(32, 784), reply["labels"], reply["digits"]


def test_plain_images_are_training_images_with_their_labels(mnist):
    pictures, labels, digits = fed(train_images=100, batch_size=10)
    known = mnist.train_images[:100].flatten(1)
    for picture, label in zip(pictures, labels, strict=True):
        places = (known == picture).all(dim=1).nonzero().flatten().tolist()
        assert label in mnist.train_labels[places].tolist()
    assert labels == digits
    assert len(pictures.unique(dim=0)) == 32


def test_samples_are_varied_spoiled_and_mislabelled_as_the_recipe_says():
    plain, _, _ = fed()
    varied, _, _ = fed(augment=["affine"])
    assert not torch.equal(plain, varied)
    assert not torch.equal(plain, fed(seed=4)[0])
    spoiled, _, _ = fed(network="conv_autoencoder", noise="contrast", noise_level=0.1)
    assert int(spoiled.max()) <= 26  # a tenth of 255
    _, labels, digits = fed(label_noise=1.0)
    assert not any(label == digit for label, digit in zip(labels, digits, strict=True))


def test_samples_hold_no_more_wrong_labels_than_the_whole_set_does():
    for seed in range(8):
        _, labels, digits = fed(seed, label_noise=0.3)
        wrong = sum(label != digit for label, digit in zip(labels, digits, strict=True))
        assert 0 < wrong < 21  # of 32; 9.6 on average, with a deviation of 2.6
