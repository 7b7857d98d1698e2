"""book_cnn's wide layer as two thin factors: what is kept, and what the file says of it."""

import dataclasses
import json

import numpy as np
import pytest
import torch
from safetensors import safe_open
from torch import nn

from models import shrink as module
from models.__main__ import main
from models.checkpoint import load_file, save_network, weights_sha256
from models.data import to_batch
from models.measure import evaluate_reader
from models.recipe import RECIPES
from models.shrink import principal_factors, shrink, wide_outputs


def a_layer(inputs=30, outputs=12, images=400) -> tuple[nn.Linear, torch.Tensor]:
    """A layer and some inputs (images, inputs) whose mean is far from zero."""
    torch.manual_seed(0)
    x = torch.randn(images, inputs) @ torch.diag(torch.linspace(2, 0.1, inputs)) + 3
    return nn.Linear(inputs, outputs), x


@pytest.mark.parametrize("rank", [1, 5, 11])
def test_the_factors_lose_what_the_left_out_components_held_and_no_more(rank):
    layer, x = a_layer()
    with torch.no_grad():
        y = layer(x)
        left, right, bias = principal_factors(layer, y, rank)
        kept = x.double() @ right.double().T @ left.double().T + bias
    assert (left.shape, right.shape, bias.shape) == ((12, rank), (rank, 30), (12,))
    centred = y.double().numpy() - y.double().numpy().mean(0)
    held = np.linalg.svd(centred, compute_uv=False) ** 2  # by each component, largest first
    lost = (kept - y).square().sum().item()
    assert lost == pytest.approx(held[rank:].sum(), rel=0.02)  # half precision loses a little
    assert torch.allclose(kept.mean(0), y.double().mean(0), atol=0.02)


def test_all_components_keep_the_layer():
    layer, x = a_layer()
    with torch.no_grad():
        y = layer(x)
        left, right, bias = principal_factors(layer, y, 12)
        kept = x @ right.float().T @ left.float().T + bias
    assert torch.allclose(kept, y, atol=0.02)


@pytest.fixture(scope="module")
def few(mnist):
    """MNIST with 60 training and 100 test images."""
    return dataclasses.replace(
        mnist,
        train_images=mnist.train_images[:60],
        train_labels=mnist.train_labels[:60],
        test_images=mnist.test_images[:100],
        test_labels=mnist.test_labels[:100],
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A book_cnn file as training writes it, of a network that has learned nothing."""
    path = tmp_path_factory.mktemp("book") / "trained.safetensors"
    torch.manual_seed(0)
    recipe = RECIPES["book_cnn"]
    figures, network = (
        {"accuracy": 0.75, "test_loss": 1.5, "cpu_seconds": 60.0},
        recipe.build_network(),
    )
    figures["weights_sha256"] = weights_sha256(network)
    save_network(path, network, recipe, figures, "data")
    return path


def test_the_wide_layer_s_outputs_are_those_before_its_relu(trained, few):
    network = load_file(trained).network
    seen = []
    network.dense[0].register_forward_hook(lambda layer, inputs, output: seen.append(output))
    with torch.no_grad():
        network(to_batch(few.train_images))
    assert torch.allclose(wide_outputs(network, few.train_images), seen[0], atol=1e-4)


def test_a_shrunken_file_is_small_rebuilds_the_book_s_network_and_says_both_figures(
    trained, few, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(module, "load_mnist", lambda: few)
    out = tmp_path / "small.safetensors"
    assert main(["shrink", str(trained), str(out), "--json"]) == 0
    assert out.stat().st_size < 10_000_000
    said = json.loads(capsys.readouterr().out)
    kept = load_file(out, "book_cnn")
    assert type(kept.network) is type(load_file(trained).network)
    assert kept.recipe == RECIPES["book_cnn"]
    assert kept.data == "data"
    assert said["bytes"] == out.stat().st_size
    figures = kept.figures
    measured = evaluate_reader(kept.network, few)
    assert figures["accuracy_as_trained"] == 0.75
    assert figures["cpu_seconds"] == 60
    assert figures["accuracy"] == said["accuracy"] == pytest.approx(measured["accuracy"])
    assert figures["weights_sha256"] == weights_sha256(kept.network)
    with safe_open(out, "pt") as file:
        rank = figures["rank"]
        factors = [file.get_tensor(f"dense.0.weight.{side}") for side in ("left", "right")]
    assert [factor.shape for factor in factors] == [(1024, rank), (rank, 25088)]
    assert {factor.dtype for factor in factors} == {torch.float16}


def test_on_the_images_that_it_was_fitted_on_the_answers_hardly_move(
    trained, few, tmp_path, monkeypatch
):
    """60 images span at most 60 directions: rank 64 keeps them all."""
    monkeypatch.setattr(module, "load_mnist", lambda: few)
    shrink(trained, tmp_path / "small.safetensors", rank=64)
    pixels = to_batch(few.train_images)
    with torch.no_grad():
        before = load_file(trained).network(pixels)
        after = load_file(tmp_path / "small.safetensors").network(pixels)
    assert (before - after).abs().amax() < 0.02 * before.abs().amax()
