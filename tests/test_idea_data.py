"""Working with data: transforms, a batch, Normalize, the four steps, and their script."""

import json
import sys

import numpy as np
import pytest
import torch
from torchvision.transforms import v2

from demo.canvas import canvas
from demo.code_view import script
from demo.foundations import data_batch, data_transforms
from demo.foundations.data import parts
from demo.foundations.data_batch import load_batch, take_four_steps
from demo.foundations.data_spelling import spell_as_the_book
from demo.foundations.data_transforms import CARDS, transform_digit
from models import data
from models.data import Mnist
from models.ideas import batches
from tests.scripts import run_script

FEW = 1_000  # of MNIST's images
BATCH = {"batch_size": 8, "shuffle": True, "seed": 4, "mean": 0.5, "std": 0.25}
STEPS = BATCH | {"learning_rate": 0.003}


def cards(*on: str, **others: dict) -> dict:
    """All cards, those named switched on."""
    own = {"size": 20, "padding": 1, "p": 1.0, "mean": 0.5, "std": 0.5}
    return {name: own | others.get(name, {}) | {"on": name in on} for name in CARDS}


def asked(*on: str, digit: str | None = None, seed: int = 0, **others: dict) -> dict:
    return {"digit": digit, "cards": cards(*on, **others), "seed": seed}


@pytest.fixture
def few(mnist, monkeypatch) -> Mnist:
    """The first images of MNIST in place of all."""
    images = (mnist.train_images[:FEW], mnist.train_labels[:FEW])
    tests = (mnist.test_images[:FEW], mnist.test_labels[:FEW])
    first = Mnist(*images, *tests, mnist.checksum)
    for module in (data, data_batch, data_transforms):
        monkeypatch.setattr(module, "load_mnist", lambda: first)
    return first


def pixels(card: dict) -> torch.Tensor:
    return canvas.to_tensor(card["shape"][-1], card["shape"][-2], card["pixels"])


# ---- Transforms -----------------------------------------------------------------------------


def test_each_card_does_to_the_digit_what_its_name_says(mnist):
    digit = mnist.test_images[data_transforms.SAMPLE] / 255
    one = {name: transform_digit(asked(name))["cards"][name] for name in CARDS}
    assert torch.equal(pixels(one["horizontal_flip"]), digit.flip(1))
    assert torch.equal(pixels(one["vertical_flip"]), digit.flip(0))
    assert torch.equal(pixels(one["center_crop"]), digit[4:24, 4:24])
    padded = torch.nn.functional.pad(digit, (1, 1, 1, 1))
    windows = padded.unfold(0, 20, 1).unfold(1, 20, 1).reshape(-1, 20, 20)
    assert any(torch.equal(pixels(one["random_crop"]), window) for window in windows)
    assert one["resize"]["shape"] == [20, 20]
    tensor = one["to_tensor"]
    assert (tensor["shape"], tensor["dtype"]) == ([1, 28, 28], "float32")
    assert (tensor["low"], tensor["high"]) == (0, 1)


def test_the_cards_run_in_order_and_undoing_normalize_gives_the_bytes_back(mnist):
    on = ("to_tensor", "normalize", "undo", "to_pil")
    shown = transform_digit(asked(*on))["cards"]
    assert list(shown) == list(on)
    assert (shown["normalize"]["low"], shown["normalize"]["high"]) == (-1, 1)
    digit = mnist.test_images[data_transforms.SAMPLE] / 255
    assert float((pixels(shown["to_pil"]) - digit).abs().max()) <= 1.01 / 255  # cut, not rounded
    assert transform_digit(asked())["cards"] == {}


def test_what_pytorch_refuses_is_said_and_the_picture_goes_on():
    shown = transform_digit(asked("random_crop", "normalize", random_crop={"size": 40}))["cards"]
    assert shown["random_crop"]["refused"].startswith("ValueError: Required crop size (40, 40)")
    assert shown["normalize"]["refused"].startswith("TypeError")
    assert shown["normalize"]["shape"] == [28, 28]


def test_chance_follows_the_seed_and_leaves_torchs_own_alone():
    before = torch.random.get_rng_state()
    first, same, other = (transform_digit(asked("random_crop", seed=s)) for s in (1, 1, 2))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert first == same
    assert first != other


def test_a_line_that_is_shown_makes_the_transform_that_runs():
    known = {"v2": v2, "torch": torch, "UndoNormalize": data_transforms.UndoNormalize}
    for call in data_transforms.calls_in(asked(*CARDS)).values():
        assert repr(eval(repr(call), known)) == repr(call.make())


# ---- A batch, and the four steps ------------------------------------------------------------


def test_a_batch_is_the_first_images_in_order_unless_they_are_shuffled(few):
    straight = load_batch(BATCH | {"shuffle": False})
    assert straight["labels"] == few.train_labels[:8].tolist()
    assert load_batch(BATCH)["labels"] != straight["labels"]
    grid = canvas.to_tensor(*reversed(straight["grid_shape"][1:]), straight["grid"])
    assert torch.equal(grid[2:30, 32:60], few.train_images[1] / 255)
    assert (straight["shape"], straight["batches"]) == ([8, 1, 28, 28], FEW // 8)


def test_normalize_moves_the_histogram_and_is_undone(few):
    reply = load_batch(BATCH | {"shuffle": False})
    levels = few.train_images[:8].numpy() / 255
    counts, _ = np.histogram(levels, bins=len(reply["before"]["shares"]), range=(0, 1))
    assert reply["before"]["shares"] == pytest.approx((counts / levels.size).tolist(), abs=1e-6)
    assert reply["after"]["shares"] == pytest.approx(reply["before"]["shares"], abs=1e-3)
    assert (reply["after"]["low"], reply["after"]["high"]) == (-2, 2)
    assert reply["after"]["mean"] == pytest.approx((levels.mean() - 0.5) / 0.25, abs=1e-5)
    assert reply["after"]["std"] == pytest.approx(levels.std() / 0.25, abs=1e-5)
    assert reply["undone"] < 1e-6


def test_the_four_steps_learn_and_what_is_saved_answers_the_same(few):
    reply = take_four_steps(STEPS)
    assert reply["numbers"] == 784 * 10 + 10
    assert len(reply["losses"]) == reply["images"] // 8 == 20
    assert reply["losses"][-1] < reply["losses"][0]
    assert reply["after"] > reply["before"] + 0.2
    assert reply["same"]
    assert reply["bytes"] > 4 * reply["numbers"]


def test_pytorchs_own_defaults_are_those_that_the_page_names():
    loader = torch.utils.data.DataLoader([1, 2])
    assert loader.batch_size == 1
    assert isinstance(loader.sampler, torch.utils.data.SequentialSampler)  # not shuffled
    own = batches.loader_of([1, 2])
    assert (own.batch_size, type(own.sampler)) == (1, type(loader.sampler))


def test_the_books_spellings_fail_as_the_page_says():
    said = spell_as_the_book({})
    assert said["scale"].endswith("no attribute 'Scale'")
    assert said["normalize"].startswith("RuntimeError: output with shape [1, 28, 28]")
    assert said["normalize_today"] == "shape (3, 28, 28)"


# ---- The script -----------------------------------------------------------------------------


def keep_as_torchvision_does(folder, mnist: Mnist) -> None:
    """The files that torchvision's MNIST reads: a header, then bytes."""
    raw = folder / "mnist" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    sets = {"train": (mnist.train_images, mnist.train_labels)}
    sets |= {"t10k": (mnist.test_images, mnist.test_labels)}
    for part, (images, labels) in sets.items():
        head = np.array([0x803, len(images), 28, 28], dtype=">i4").tobytes()
        (raw / f"{part}-images-idx3-ubyte").write_bytes(head + images.numpy().tobytes())
        head = np.array([0x801, len(labels)], dtype=">i4").tobytes()
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(head + labels.numpy().tobytes())


@pytest.mark.parametrize("drawn", [False, True])
def test_the_script_prints_what_the_page_shows(few, tmp_path, monkeypatch, drawn):
    keep_as_torchvision_does(tmp_path, few)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["data.py"])
    digit = canvas.to_text(few.test_images[7] / 255) if drawn else None
    on = list(CARDS) if drawn else [name for name in CARDS if name != "undo"]
    transforms = asked(*on, digit=digit, seed=3, random_crop={"size": 18})
    settings = {"steps": STEPS, "transforms": transforms, "batch": BATCH}
    lines = run_script(script(parts(settings, "zh"), "zh")).splitlines()
    printed = [json.loads(line) for line in lines]
    shown = transform_digit(transforms)["cards"].values()
    for line, card in zip(printed[:-2], shown, strict=True):
        assert line.items() <= card.items()
    batch, steps = load_batch(BATCH), take_four_steps(STEPS)
    assert printed[-2]["shares"] == batch["before"]["shares"]
    assert printed[-2]["mean"] == [batch["before"]["mean"], batch["after"]["mean"]]
    assert printed[-2]["labels"] == batch["labels"]
    assert printed[-2]["undone"] == batch["undone"]
    assert printed[-1] == {key: steps[key] for key in printed[-1]}


# ---- What is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"digit": "AAAA"},
        {"seed": 1.5},
        {"cards": {}},
        {"cards": cards() | {"resize": "on"}},
        {"cards": cards("resize", resize={"size": 41})},
        {"cards": cards("vertical_flip", vertical_flip={"p": 1.1})},
        {"cards": cards("normalize", normalize={"std": 0})},
    ],
)
def test_transforms_out_of_range_are_refused(wrong):
    assert transform_digit(asked() | wrong)["error"] in ("idea_number", "bad_request")


@pytest.mark.parametrize(
    "wrong",
    [{"batch_size": 0}, {"batch_size": 65}, {"shuffle": 1}, {"std": float("nan")}, {"mean": None}],
)
def test_batches_out_of_range_are_refused(wrong):
    assert load_batch(BATCH | wrong)["error"] in ("idea_number", "bad_request")
    assert take_four_steps(STEPS | wrong)["error"] in ("idea_number", "bad_request")


def test_a_white_sheet_has_a_picture_too():
    blank = canvas.to_text(torch.zeros(28, 28))
    shown = transform_digit(asked("to_tensor", "normalize", digit=blank))["cards"]
    assert shown["normalize"]["low"] == shown["normalize"]["high"] == -1
