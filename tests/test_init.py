"""First weights: what each way promises of them, measured on the weights themselves."""

import pytest
import torch
from torch.nn import functional as F

from models.data import load_mnist, to_batch
from models.engine import new_network, train
from models.init import INITS, layers
from models.recipe import Recipe, RecipeError


def made(network: str = "mlp", **settings):
    return new_network(Recipe(network, **settings))


def test_pytorchs_own_start_stays_within_one_over_the_root_of_the_inputs():
    for layer in layers(made(depth=2)):
        bound = layer.weight.shape[1] ** -0.5
        assert 0.9 * bound < layer.weight.abs().max() <= bound


def test_zeros_are_zero_everywhere():
    assert not any(weight.any() for weight in made(init="zeros").parameters())


@pytest.mark.parametrize(
    ("init", "spread"), [("small_normal", 0.01), ("kaiming", (2 / 784) ** 0.5)]
)
def test_a_normal_start_has_the_spread_that_it_promises(init, spread):
    first = layers(made(init=init))[0]
    assert float(first.weight.detach().std()) == pytest.approx(spread, rel=0.02)
    assert not first.bias.any()


def test_whitening_filters_answer_patches_with_unit_variance_and_without_correlation():
    network = made("small_cnn", init="whitening")
    pixels = to_batch(load_mnist().train_images[2_000:3_000])  # others than it was made from
    answers = F.conv2d(network[0](pixels), network[1].weight[:8], stride=2)  # without the bias
    table = answers.transpose(0, 1).flatten(1).cov()  # (8, 8)
    assert torch.allclose(table, torch.eye(8), atol=0.15)


def test_half_of_the_whitening_filters_are_the_others_turned():
    weight = made("small_cnn", init="whitening")[1].weight
    assert torch.equal(weight[:8], -weight[8:])


def test_whitening_is_refused_for_a_network_without_such_a_layer():
    with pytest.raises(RecipeError, match="init can't be 'whitening'"):
        Recipe("mlp", init="whitening")


def test_a_network_that_begins_at_zero_learns_nothing_but_its_last_bias():
    recipe = Recipe(init="zeros", network="mlp", train_images=600, epochs=1, batch_size=60)
    network = new_network(recipe)
    list(train(recipe, network))
    *hidden, last = layers(network)
    assert last.bias.any()
    assert not any(layer.weight.any() for layer in [*hidden, last])


@pytest.mark.parametrize("init", [name for name in INITS if name != "whitening"])
def test_the_same_seed_gives_the_same_first_weights(init):
    one, other = (made(init=init, seed=3).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)
