"""A checkpoint rebuilds its network to the last bit, or says in one sentence why it can't."""

import dataclasses
import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
import safetensors.torch
import torch
from safetensors import safe_open

from models import checkpoint
from models.checkpoint import (
    CheckpointError,
    available,
    check_writable,
    load,
    load_file,
    path_of,
    save_network,
    weights_sha256,
    write_whole,
)
from models.data import load_mnist, to_batch
from models.measure import accuracy, outputs
from models.nets import NETS
from models.noise import NOISES
from models.recipe import RECIPES, Recipe
from models.seal import sealed

RECIPE = Recipe("mlp", width=8, depth=2, activation="tanh", bias=False, seed=3)
FIGURES = {"accuracy": 0.5, "seconds": 1.25, "torch": "2.14.1"}


def new_network(recipe: Recipe = RECIPE) -> torch.nn.Module:
    torch.manual_seed(0)
    return recipe.build_network().eval()


@pytest.fixture
def kept(tmp_path):
    """A checkpoint of a small mlp."""
    path = tmp_path / "kept.safetensors"
    save_network(path, new_network(), RECIPE, FIGURES, "abc")
    return path


def sentence_about(path, network=None) -> str:
    with pytest.raises(CheckpointError) as caught:
        load_file(path, network)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---- there and back ------------------------------------------------------------------------------


def test_a_network_comes_back_with_its_recipe_and_figures(kept, mnist):
    back, original = load_file(kept), new_network()
    assert (back.recipe, back.figures, back.data) == (RECIPE, FIGURES, "abc")
    assert not back.network.training
    pixels = to_batch(mnist.test_images[:20])
    assert torch.equal(back.network(pixels), original(pixels))


@pytest.mark.parametrize("name", sorted(NETS.keys() - {"book_cnn"}))
def test_every_kind_of_network_comes_back_to_the_last_bit(name, tmp_path):
    network = new_network(RECIPES[name])
    path = tmp_path / "any.safetensors"
    save_network(path, network, RECIPES[name], {}, "")
    back = load_file(path, name).network.state_dict()
    assert back.keys() == network.state_dict().keys()
    for key, tensor in network.state_dict().items():
        assert (back[key].dtype, back[key].device) == (tensor.dtype, tensor.device)
        assert torch.equal(back[key], tensor), key


def test_the_file_is_plain_safetensors_with_json_in_its_header(kept):
    with safe_open(kept, "pt") as file:
        header = file.metadata()
    assert json.loads(header["recipe"])["width"] == 8
    assert json.loads(header["figures"]) == FIGURES
    assert safetensors.torch.load_file(kept).keys() == new_network().state_dict().keys()


def test_loading_leaves_the_random_numbers_alone(kept):
    state = torch.get_rng_state()
    load_file(kept)
    assert torch.equal(torch.get_rng_state(), state)


def test_the_weights_checksum_is_sha256_over_names_and_bytes():
    network = torch.nn.Linear(2, 1)
    with torch.no_grad():
        network.weight.copy_(torch.tensor([[1.0, 2.0]]))
        network.bias.copy_(torch.tensor([3.0]))
    content = b"bias" + bytes.fromhex("00004040") + b"weight" + bytes.fromhex("0000803f00000040")
    assert weights_sha256(network) == hashlib.sha256(content).hexdigest()


def test_the_weights_checksum_does_not_hang_on_the_order_in_memory():
    network, other = new_network(RECIPES["small_cnn"]), new_network(RECIPES["small_cnn"])
    other.to(memory_format=torch.channels_last)
    assert weights_sha256(network) == weights_sha256(other)


def test_thin_factors_are_multiplied_out(kept):
    tensors = safetensors.torch.load_file(kept)
    name = next(key for key, tensor in tensors.items() if tensor.shape == (8, 784))
    left, right = torch.randn(8, 3).half(), torch.randn(3, 784).half()
    del tensors[name]
    tensors |= {f"{name}.left": left, f"{name}.right": right}
    rewrite(kept, tensors)
    weight = load_file(kept).network.state_dict()[name]
    assert weight.dtype == torch.float32
    wanted = left.double() @ right.double()
    assert torch.allclose(weight.double(), wanted, atol=1e-4)


# ---- written whole -------------------------------------------------------------------------------


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(kept, monkeypatch):
    old = kept.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CheckpointError, match="No space left") as caught:
        save_network(kept, new_network(), RECIPE, {}, "")
    assert "kept.safetensors" in str(caught.value)
    assert kept.read_bytes() == old
    assert list(kept.parent.iterdir()) == [kept]


def test_the_new_content_is_on_disk_before_it_takes_the_old_name(tmp_path, monkeypatch):
    calls = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append("flushed"), fsync(fd))[1])

    def rename(source, target):
        calls.append("renamed")
        assert Path(source).read_bytes() == b"new"
        assert target.read_bytes() == b"old"
        replace(source, target)

    monkeypatch.setattr(os, "replace", rename)
    target = tmp_path / "file"
    target.write_bytes(b"old")
    write_whole(target, b"new")
    assert calls == ["flushed", "renamed", "flushed"]  # the last one is the folder
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_others_may_read_a_checkpoint(kept):
    assert stat.S_IMODE(kept.stat().st_mode) & 0o444 == 0o444


@pytest.mark.parametrize("place", ["nowhere/it.safetensors", "folder"])
def test_a_place_that_can_t_be_written_is_refused_in_one_sentence(tmp_path, place):
    (tmp_path / "folder").mkdir()
    path = tmp_path / place
    for write in (check_writable, lambda p: save_network(p, new_network(), RECIPE, {}, "")):
        with pytest.raises(CheckpointError) as caught:
            write(path)
        assert path.name in str(caught.value)
        assert "\n" not in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_a_place_that_can_be_written_is_not_touched_by_the_check(tmp_path):
    check_writable(tmp_path / "new.safetensors")
    assert list(tmp_path.iterdir()) == []


# ---- files that are not what they should be ------------------------------------------------------


def rewrite(path, tensors, **header) -> None:
    """The same file with other tensors or other words in its header."""
    with safe_open(path, "pt") as file:
        words = {**file.metadata(), **header}
    words = {key: value for key, value in words.items() if value is not None}
    path.write_bytes(sealed(safetensors.torch.save(tensors, words)))


def test_a_missing_checkpoint_is_named_with_a_way_to_get_it(tmp_path):
    sentence = sentence_about(tmp_path / "gone.safetensors")
    assert "gone.safetensors is missing" in sentence
    assert "train" in sentence


def test_a_folder_is_no_checkpoint(tmp_path):
    assert sentence_about(tmp_path)


@pytest.mark.parametrize("share", [0, 0.001, 0.01, 0.5, 0.999])
def test_a_truncated_checkpoint_is_refused(kept, share):
    content = kept.read_bytes()
    kept.write_bytes(content[: int(len(content) * share)])
    assert "kept.safetensors can't be used" in sentence_about(kept)


@pytest.mark.parametrize(
    "content",
    [
        b"just some words, and no header at all",
        b"\x80\x02}q\x00.",  # a pickle
        b"PK\x03\x04" + bytes(200),  # what torch.save writes is a zip
        (2**63 - 1).to_bytes(8, "little") + b"{}",  # a header of 9 EB
        b"\x02" + bytes(7) + b"[]",
    ],
)
def test_what_is_no_safetensors_file_is_refused(tmp_path, content):
    path = tmp_path / "odd.safetensors"
    path.write_bytes(content)
    assert "odd.safetensors can't be used" in sentence_about(path)


def test_a_pickle_is_never_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    path = tmp_path / "trap.safetensors"
    torch.save({"weight": Trap()}, path)
    assert sentence_about(path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("at", [-1, 300])  # in its last weight, in its figures or recipe
def test_a_file_of_ours_with_one_bit_changed_is_refused(kept, at):
    content = bytearray(kept.read_bytes())
    content[at] ^= 1
    kept.write_bytes(content)
    assert "kept.safetensors can't be used" in sentence_about(kept)


def test_a_checksum_under_a_changed_name_does_not_make_a_file_one_without(kept):
    content = kept.read_bytes().replace(b'"checksum"', b'"checksul"')
    kept.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "not as the lab wrote it" in sentence_about(kept)


def test_a_checkpoint_of_another_network_is_refused_by_both_names(kept):
    sentence = sentence_about(kept, "book_cnn")
    assert "mlp" in sentence
    assert "book_cnn" in sentence


@pytest.mark.parametrize(
    "recipe",
    [
        None,
        "",
        "{",
        "[]",
        "5",
        "null",
        '{"network": "alexnet"}',
        '{"network": "mlp", "width": 1e9}',
        '{"network": "mlp", "width": NaN}',
        '{"network": "mlp", "layers": 3}',
        '{"network": ["mlp"]}',
    ],
)
def test_a_header_without_a_sound_recipe_is_refused(kept, recipe):
    rewrite(kept, safetensors.torch.load_file(kept), recipe=recipe)
    assert "kept.safetensors can't be used" in sentence_about(kept)


@pytest.mark.parametrize("figures", [None, "", "{", "[]", "5", "null"])
def test_a_header_without_figures_is_refused(kept, figures):
    rewrite(kept, safetensors.torch.load_file(kept), figures=figures)
    assert "kept.safetensors can't be used" in sentence_about(kept)


def spoil_nan(tensor):
    tensor.view(-1)[-1] = torch.nan
    return tensor


def spoil_inf(tensor):
    tensor.view(-1)[0] = -torch.inf
    return tensor


@pytest.mark.parametrize("spoil", [spoil_nan, spoil_inf])
def test_weights_that_are_no_numbers_are_refused(kept, spoil):
    tensors = safetensors.torch.load_file(kept)
    name = max(tensors, key=lambda key: tensors[key].numel())
    rewrite(kept, {**tensors, name: spoil(tensors[name])})
    assert "not finite" in sentence_about(kept)


def transposed(name, tensors):
    return {**tensors, name: tensors[name].T.contiguous()}


def missing(name, tensors):
    return {key: tensor for key, tensor in tensors.items() if key != name}


def extra(name, tensors):
    return {**tensors, "extra": torch.zeros(1)}


def of_another_type(dtype):
    def change(name, tensors):
        return {**tensors, name: tensors[name].to(dtype)}

    change.__name__ = str(dtype)
    return change


def as_factors(left, right):
    def change(name, tensors):
        rest = {key: tensor for key, tensor in tensors.items() if key != name}
        return rest | {f"{name}.left": left, f"{name}.right": right}

    change.__name__ = f"factors {tuple(left.shape)} {tuple(right.shape)}"
    return change


OTHER_WEIGHTS = [
    transposed,
    missing,
    extra,
    *map(of_another_type, [torch.int64, torch.bool, torch.complex64]),
    as_factors(torch.zeros(8, 3).half(), torch.zeros(4, 784).half()),
    as_factors(torch.zeros(8).half(), torch.zeros(784).half()),
    as_factors(torch.zeros(100_000, 1).half(), torch.zeros(1, 100_000).half()),  # 40 GB multiplied
    as_factors(torch.zeros(9, 1).half(), torch.zeros(1, 784).half()),
]


@pytest.mark.parametrize("change", OTHER_WEIGHTS, ids=lambda change: change.__name__)
def test_weights_of_another_network_are_refused(kept, change):
    tensors = safetensors.torch.load_file(kept)
    name = next(key for key, tensor in tensors.items() if tensor.shape == (8, 784))
    rewrite(kept, change(name, tensors))
    assert "its weights are not those of mlp" in sentence_about(kept)


def test_a_recipe_of_another_shape_than_the_weights_is_refused(kept):
    other = json.dumps(dataclasses.replace(RECIPE, width=9).as_dict())
    rewrite(kept, safetensors.torch.load_file(kept), recipe=other)
    assert "its weights are not those of mlp" in sentence_about(kept)


# ---- the shipped files ---------------------------------------------------------------------------

# A cleaner's figures and book_cnn's accuracy come from 10,000 images; so many are enough to hold
# them to it: 4 standard errors either way.
SUBSET = 1500
SLOW = "book_cnn"  # 170 million operations an image


def subset() -> torch.Tensor:
    return torch.randperm(10_000, generator=torch.Generator().manual_seed(0))[:SUBSET]


@pytest.mark.parametrize("name", NETS)
def test_a_shipped_file_is_there_and_small_enough_for_a_space(name):
    assert path_of(name).stat().st_size < 10_000_000


def test_shipped_networks_are_offered_in_the_order_of_the_table(tmp_path, monkeypatch):
    readers = [name for name in NETS if NETS[name].kind == "reader"]
    cleaners = [name for name in NETS if NETS[name].kind == "cleaner"]
    assert (available(), available("cleaner")) == (readers, cleaners)
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    assert available() == []


@pytest.mark.parametrize("name", NETS)
def test_a_shipped_network_was_trained_on_the_data_of_the_project(name, mnist):
    shipped = load(name)
    assert shipped.recipe.network == name
    assert shipped.data == load_mnist().checksum
    assert shipped.recipe.train_images + shipped.recipe.held_out == 60_000


@pytest.mark.parametrize("name", sorted(NETS.keys() - {SLOW}))
def test_a_shipped_file_holds_the_weights_that_its_training_ended_with(name):
    shipped = load(name)
    assert shipped.figures["weights_sha256"] == weights_sha256(shipped.network)


@pytest.mark.parametrize("name", [n for n in NETS if NETS[n].kind == "reader" and n != SLOW])
def test_a_shipped_reader_scores_what_its_header_says(name, mnist):
    shipped = load(name)
    measured = accuracy(shipped.network, mnist.test_images, mnist.test_labels)
    assert measured == pytest.approx(shipped.figures["accuracy"], abs=2e-4)  # two ties of 10,000


def test_the_book_s_network_scores_what_its_header_says(mnist):
    shipped, some = load(SLOW), subset()
    said = shipped.figures["accuracy"]
    measured = accuracy(shipped.network, mnist.test_images[some], mnist.test_labels[some])
    assert measured == pytest.approx(said, abs=4 * (said * (1 - said) / SUBSET) ** 0.5)


@pytest.mark.parametrize("name", [n for n in NETS if NETS[n].kind == "cleaner"])
def test_a_shipped_cleaner_leaves_the_error_that_its_header_says(name, mnist):
    shipped = load(name)
    clean = to_batch(mnist.test_images[subset()])
    generator = torch.Generator().manual_seed(1)
    # the header of a network that learned from mixed noise states the same noise as the others
    spoiled = NOISES["gaussian"].spoil(clean, 0.5, generator)
    each = (outputs(shipped.network, spoiled) - clean).square().flatten(1).mean(1)
    spread = each.std().item() / SUBSET**0.5
    assert each.mean().item() == pytest.approx(shipped.figures["mse"], abs=4 * spread)


@pytest.mark.parametrize(
    ("name", "figure", "least"), [("digits", "accuracy", 0.996), ("book_cnn", "accuracy", 0.9897)]
)
def test_a_shipped_reader_reads_as_well_as_promised(name, figure, least):
    assert load(name).figures[figure] >= least


@pytest.mark.parametrize(
    ("name", "most"),
    [("linear_autoencoder", 0.0235), ("conv_autoencoder", 0.0122), ("denoiser", 0.0095)],
)
def test_a_shipped_cleaner_cleans_as_well_as_promised(name, most):
    assert load(name).figures["mse"] <= most


def test_the_book_s_network_lost_next_to_nothing_by_shrinking():
    figures = load(SLOW).figures
    assert figures["accuracy_as_trained"] >= 0.99
    assert figures["accuracy"] >= figures["accuracy_as_trained"] - 0.0003 - 1e-9
