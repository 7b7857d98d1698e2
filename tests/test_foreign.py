"""A checkpoint that somebody brings is taken whole, or refused with its reason."""

import dataclasses
import json

import pytest
import safetensors.torch
import torch

from models import foreign
from models.calibrate import caution_of
from models.checkpoint import CheckpointError, as_bytes
from models.foreign import from_bytes
from models.nets import NETS
from models.predict import Caution
from models.recipe import RECIPES, Recipe

RECIPE = Recipe("mlp", width=8, depth=2, activation="tanh", bias=False, seed=3)
FIGURES = {"accuracy": 0.5, "loss": float("nan"), "calibration": [], "torch": "2"}


def new_network(recipe: Recipe = RECIPE) -> torch.nn.Module:
    torch.manual_seed(0)
    return recipe.build_network().eval()


def file_of(change=None, recipe: Recipe = RECIPE) -> bytes:
    """A sound file, its tensors changed by `change`."""
    tensors = new_network().state_dict()
    return as_bytes(change(tensors) if change else tensors, recipe, FIGURES, "data")


def refusal(content: bytes) -> str:
    with pytest.raises(CheckpointError) as caught:
        from_bytes(content)
    assert "\n" not in str(caught.value)
    return caught.value.key


@pytest.mark.parametrize("name", sorted(NETS.keys() - {"book_cnn"}))
def test_a_file_of_any_network_gives_it_back_to_the_last_bit(name):
    network = new_network(RECIPES[name])
    back = from_bytes(as_bytes(network.state_dict(), RECIPES[name], {}, ""))
    assert back.recipe == RECIPES[name]
    assert not back.network.training
    for key, tensor in network.state_dict().items():
        assert torch.equal(back.network.state_dict()[key], tensor), key


def test_of_its_figures_only_finite_numbers_are_taken():
    back = from_bytes(file_of())
    assert back.figures == {"accuracy": 0.5}
    assert caution_of(back.figures) == Caution()
    assert back.data == "data"


HEADERS = [b"[]", b"{", b'{"a":', b"5", b"[" * 50_000, b'{"a":' * 10_000, b"\xff\xfe{}"]


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: repr(header[:8]))
def test_a_header_that_is_no_json_object_is_refused(header):
    assert refusal(len(header).to_bytes(8, "little") + header) == "upload_no_file"


@pytest.mark.parametrize("size", [0, 1, foreign.LARGEST_HEADER + 1, 2**63 - 1])
def test_a_header_of_another_length_than_any_of_ours_is_refused_unread(size, monkeypatch):
    monkeypatch.setattr(json, "loads", None)
    assert refusal(size.to_bytes(8, "little") + b"{" * 200_000) == "upload_no_file"


@pytest.mark.parametrize("share", [0, 0.0001, 0.01, 0.5, 0.9999])
def test_a_truncated_file_is_refused(share):
    content = file_of()
    assert refusal(content[: int(len(content) * share)]) == "upload_no_file"


@pytest.mark.parametrize(
    "words",
    [
        None,
        {},
        {"recipe": "{}"},
        {"recipe": '{"network": "alexnet"}', "figures": "{}"},
        {"recipe": '{"network": "mlp", "width": 1e9}', "figures": "{}"},
        {"recipe": '{"network": "mlp", "layers": 3}', "figures": "{}"},
        {"recipe": "[" * 50_000, "figures": "{}"},
        {"recipe": "{}", "figures": "[]"},
    ],
    ids=lambda words: repr(words)[:40],
)
def test_a_header_without_a_recipe_of_the_lab_is_refused(words):
    content = safetensors.torch.save(new_network().state_dict(), words)
    assert refusal(content) == "upload_no_recipe"


def weight(change):
    """A change of the largest tensor alone."""

    def changed(tensors):
        name = max(tensors, key=lambda key: tensors[key].numel())
        return tensors | {name: change(tensors[name]).contiguous()}

    return changed


OTHERS = {
    "transposed": weight(lambda tensor: tensor.T),
    "half": weight(torch.Tensor.half),
    "double": weight(torch.Tensor.double),
    "whole numbers": weight(torch.Tensor.long),
    "one more": lambda tensors: tensors | {"extra": torch.zeros(1)},
    "one fewer": lambda tensors: dict(list(tensors.items())[:-1]),
    "thin factors": lambda tensors: (
        dict(list(tensors.items())[:-1])
        | {"6.weight.left": torch.zeros(10, 2).half(), "6.weight.right": torch.zeros(2, 8).half()}
    ),
    "none": lambda tensors: {},
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_other_tensors_than_the_network_s_are_refused_before_any_is_built(change, monkeypatch):
    monkeypatch.setattr(foreign, "load", None)
    assert refusal(file_of(change)) == "upload_other_weights"


def test_a_recipe_that_asks_for_gigabytes_is_refused_without_taking_them():
    absurd = dataclasses.replace(RECIPE, width=4096, depth=16)
    assert refusal(file_of(recipe=absurd)) == "upload_other_weights"


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_weights_that_are_no_numbers_are_refused(value):
    spoiled = weight(lambda tensor: tensor.index_fill(1, torch.tensor([5]), value))
    assert refusal(file_of(spoiled)) == "upload_not_finite"


@pytest.mark.parametrize("entry", ['"x": 7', '"x": {"dtype": [], "shape": {}}', '"x": null'])
def test_an_entry_that_describes_no_tensor_is_refused(entry):
    words = json.dumps({"recipe": json.dumps(RECIPE.as_dict()), "figures": "{}"})
    header = f'{{"__metadata__": {words}, {entry}}}'.encode()
    assert refusal(len(header).to_bytes(8, "little") + header) == "upload_other_weights"
