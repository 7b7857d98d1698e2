"""What a network is fed: the images asked for, and the made-up drawings that join them."""

import pytest
import torch
from torch import Generator

from models import engine, feed
from models.data import to_batch
from models.recipe import Recipe

RECIPE = Recipe("linear", train_images=500, batch_size=100, epochs=0.2)


@pytest.fixture
def few(monkeypatch):
    """Small pools, so that they are made at once."""
    monkeypatch.setattr(feed, "OUTSIDERS", 40)
    monkeypatch.setattr(feed, "PENNED", 40)


def fed(mnist, **changes):
    recipe = Recipe(**{**RECIPE.as_dict(), "augment": (), "rate_changes": (), **changes})
    made = feed.Feed(recipe, mnist, torch.device("cpu"), Generator().manual_seed(0))
    return made.pair(torch.arange(100))


def test_without_made_up_drawings_a_batch_is_its_images(mnist):
    inputs, targets = fed(mnist)
    assert torch.equal(inputs, to_batch(mnist.train_images[:100]))
    assert torch.equal(targets, mnist.train_labels[:100].long())


def test_each_batch_gets_its_share_of_drawings_behind_its_images(mnist, few):
    inputs, targets = fed(mnist, outsiders=0.2, penned=0.1)
    assert torch.equal(inputs[:100], to_batch(mnist.train_images[:100]))
    assert targets[100:120].tolist() == [feed.NO_DIGIT] * 20
    assert len(targets) == len(inputs) == 130
    assert set(targets[120:].tolist()) <= set(range(10))


def test_a_cleaner_is_fed_digits_alone(mnist, few):
    inputs, targets = fed(
        mnist, network="linear_autoencoder", loss="mse", outsiders=0.5, penned=0.5
    )
    assert len(inputs) == len(targets) == 100


def test_the_training_accuracy_counts_digits_and_no_outsiders(mnist, few, monkeypatch):
    """A reader that always says 9, on 100 images with ten penned nines and 20 outsiders."""
    nines = torch.zeros(40, 28, 28, dtype=torch.uint8), torch.full((40,), 9)
    monkeypatch.setattr(feed, "penned", lambda count, seed: nines)
    recipe = Recipe(
        "linear", optimizer="gd", learning_rate=1e-9, train_images=100, epochs=1,
        outsiders=0.2, penned=0.1,
    )  # fmt: skip
    network = engine.new_network(recipe)
    network[2].weight.data.zero_()
    network[2].bias.data.copy_(torch.arange(10.0))
    [snapshot] = engine.train(recipe, network)
    right = int((mnist.train_labels[:100] == 9).sum()) + 10
    assert snapshot.train_accuracy == pytest.approx(right / 110)
