"""A checkpoint that somebody brings is taken whole, or refused with its reason."""

import dataclasses
import json

import pytest
import safetensors.torch
import torch

from models import foreign, judge
from models.calibrate import caution_of
from models.checkpoint import CheckpointError, as_bytes
from models.foreign import (
    check_tensors,
    from_bytes,
    from_own_bytes,
    judged_apart,
    judged_here,
)
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
        from_own_bytes(content)  # which judges here, and so in no time
    assert "\n" not in str(caught.value)
    return caught.value.key


@pytest.mark.parametrize("name", sorted(NETS.keys() - {"book_cnn"}))
def test_a_file_of_any_network_gives_it_back_to_the_last_bit(name):
    network = new_network(RECIPES[name])
    back = from_own_bytes(as_bytes(network.state_dict(), RECIPES[name], {}, ""))
    assert back.recipe == RECIPES[name]
    assert not back.network.training
    for key, tensor in network.state_dict().items():
        assert torch.equal(back.network.state_dict()[key], tensor), key


def test_of_its_figures_only_finite_numbers_are_taken():
    back = from_own_bytes(file_of())
    assert back.figures == {"accuracy": 0.5}
    assert caution_of(back.figures) == Caution()
    assert back.data == "data"


HEADERS = [b"[]", b"{", b'{"a":', b"5", b"[" * 50_000, b'{"a":' * 10_000, b"\xff\xfe{}"]


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: repr(header[:8]))
def test_a_header_that_is_no_json_object_is_refused(header):
    assert refusal(len(header).to_bytes(8, "little") + header) == "upload_no_file"


@pytest.mark.parametrize("size", [0, 1, judge.LARGEST_HEADER + 1, 2**63 - 1])
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
    monkeypatch.setattr(torch, "frombuffer", None)
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


def header_with(**entries: object) -> bytes:
    """A file without payload whose header lists these."""
    words = {"recipe": json.dumps(RECIPE.as_dict()), "figures": "{}"}
    header = json.dumps({"__metadata__": words} | entries).encode()
    return len(header).to_bytes(8, "little") + header


def test_a_name_that_no_answer_could_hold_is_repeated_as_one_that_can():
    content = header_with(**{"\ud800": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})
    with pytest.raises(CheckpointError) as caught:
        from_own_bytes(content)
    # whichever name comes first, the sentence can be sent
    assert json.dumps(caught.value.details, ensure_ascii=False).encode()
    layout = judged_here(content)
    with pytest.raises(CheckpointError) as caught:
        check_tensors("mlp", layout, {})
    assert caught.value.details["name"] == "?"


# ---- The file is as the lab wrote it ------------------------------------------------------------


def test_equal_networks_make_equal_files():
    assert file_of() == file_of()


def test_any_flipped_bit_is_noticed():
    content = file_of()
    for at in range(0, 8 * len(content), 701):  # 300 of them, in header and weights
        changed = bytearray(content)
        changed[at // 8] ^= 1 << at % 8
        assert refusal(bytes(changed)) in WHEN_FLIPPED


WHEN_FLIPPED = {
    "upload_no_file",
    "upload_no_recipe",
    "upload_other_weights",
    "upload_not_finite",
    "upload_changed",
}


def test_a_sound_file_with_a_foreign_checksum_or_none_is_refused():
    content = file_of()
    unsealed = safetensors.torch.save(new_network().state_dict(), words_of(content))
    assert refusal(unsealed) == "upload_changed"
    assert refusal(content.replace(b'"checksum":"', b'"checkzum":"')) == "upload_changed"


def words_of(content: bytes) -> dict[str, str]:
    words = judged_here(content).words
    return {name: word for name, word in words.items() if name != "checksum"}


@pytest.mark.parametrize(
    ("shape", "offsets"),
    [([True], [0, 4]), ([1.0], [0, 4]), ([-1, -1], [0, 4]), ([1], [0, 2**70]), ([1], [0])],
    ids=str,
)
def test_a_shape_or_place_that_is_none_is_refused(shape, offsets):
    entry = {"dtype": "F32", "shape": shape, "data_offsets": offsets}
    assert refusal(header_with(x=entry) + bytes(4)) == "upload_other_weights"


def test_tensors_that_lie_over_each_other_are_no_whole_file():
    content = file_of()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    first, *others = [entry for name, entry in header.items() if name != "__metadata__"]
    others[0]["data_offsets"] = first["data_offsets"]
    text = json.dumps(header).encode()
    assert refusal(len(text).to_bytes(8, "little") + text + content[8 + size :]) == "upload_no_file"


# ---- By a process of its own --------------------------------------------------------------------


def test_the_process_gives_back_what_is_found_here():
    content = file_of()
    assert judged_apart(content) == judged_here(content)
    back = from_bytes(content)
    assert bytes(back.content) == content
    for key, tensor in new_network().state_dict().items():
        assert torch.equal(back.network.state_dict()[key], tensor), key


def test_a_file_that_states_no_header_starts_no_process(monkeypatch):
    monkeypatch.setattr(foreign, "answer_of", None)
    with pytest.raises(CheckpointError):
        from_bytes(b"\x80\x04pickled")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[" * 50_000,
        b"{}",
        b'{"words": 1, "kinds": [], "places": 2, "is_whole": 3, "is_finite": 4, "is_sealed": 5}',
    ],
    ids=lambda answer: repr(answer[:12]),
)
def test_a_process_that_answers_nonsense_is_not_believed(answer, monkeypatch):
    monkeypatch.setattr(foreign, "answer_of", lambda *_: answer)
    with pytest.raises(CheckpointError):
        from_bytes(file_of())


@pytest.mark.parametrize("place", [-4, 2**60, "0", None, True])
def test_places_outside_of_the_file_are_not_believed(place, monkeypatch):
    content = file_of()
    honest = dataclasses.asdict(judged_here(content))
    lie = json.dumps(honest | {"places": dict.fromkeys(honest["places"], place)})
    monkeypatch.setattr(foreign, "answer_of", lambda *_: lie.encode())
    with pytest.raises(CheckpointError):
        from_bytes(content)


def test_numbers_that_are_none_are_refused_whatever_the_process_says(monkeypatch):
    spoiled = file_of(weight(lambda one: one.index_fill(1, torch.tensor([5]), torch.nan)))
    lie = json.dumps(dataclasses.asdict(judged_here(spoiled)) | {"is_finite": True})
    monkeypatch.setattr(foreign, "answer_of", lambda *_: lie.encode())
    with pytest.raises(CheckpointError) as caught:
        from_bytes(spoiled)
    assert caught.value.key == "upload_not_finite"
