"""The test set's panel, its handlers as plain functions."""

import shutil

import pytest

from demo import readers
from demo.canvas import canvas
from demo.panels import test_set
from demo.panels.test_set import PAGE, figures_of_test_set, images_of_test_set
from models import checkpoint
from models.answers import PIECE

BAD_REQUEST = {"error": "bad_request", "details": {}}


@pytest.fixture
def unmeasured(tmp_path, monkeypatch):
    """One reader whose answers nobody has kept."""
    shutil.copyfile(checkpoint.path_of("linear"), tmp_path / "linear.safetensors")
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    caches = (readers.loaded, test_set.survey_once)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def all_mistakes(model: str) -> list[dict]:
    """Page after page, as the page asks for them."""
    images = []
    while True:
        reply = images_of_test_set({"model": model, "cell": None, "start": len(images)})
        images += reply["images"]
        if len(images) == reply["total"]:
            return images


def test_the_default_reader_is_shown_unless_another_is_named():
    assert figures_of_test_set({})["network"] == "digits"
    assert figures_of_test_set({"model": "mlp"})["network"] == "mlp"


@pytest.mark.parametrize("model", ["linear", "digits"])
def test_the_figures_are_of_all_images_and_agree_with_each_other(model, mnist):
    figures = figures_of_test_set({"model": model})
    rows = [sum(row) for row in figures["matrix"]]
    assert rows == mnist.test_labels.bincount().tolist()
    right = [row[digit] for digit, row in enumerate(figures["matrix"])]
    shares = [count / total for count, total in zip(right, rows, strict=True)]
    assert figures["accuracies"] == pytest.approx(shares)
    assert sum(right) / 10_000 == readers.checkpoint_of(model).figures["accuracy"]


def test_the_gallery_shows_each_mistake_once_and_the_surest_first():
    images = all_mistakes("linear")
    matrix = figures_of_test_set({"model": "linear"})["matrix"]
    mixed = {(r, c): n for r, row in enumerate(matrix) for c, n in enumerate(row) if r != c and n}
    pairs = [(int(image["label"]), int(image["predicted"])) for image in images]
    assert {pair: pairs.count(pair) for pair in set(pairs)} == mixed
    sure = [image["probability"] for image in images]
    assert sure == sorted(sure, reverse=True)
    assert all(0.1 <= value < 1 for value in sure)


def test_a_cell_gives_a_page_of_its_images(mnist):
    reply = images_of_test_set({"model": "linear", "cell": [7, 7], "start": PAGE})
    assert reply["total"] > len(reply["images"]) == PAGE
    assert {(one["label"], one["predicted"]) for one in reply["images"]} == {("7", "7")}
    ink = canvas.to_tensor(28, 28, reply["images"][0]["ink"])
    assert (mnist.test_images[mnist.test_labels == 7] / 255 == ink).all(2).all(1).any()


def test_past_the_last_page_there_is_nothing():
    reply = images_of_test_set({"model": "digits", "start": 10_000})
    assert reply["images"] == []


@pytest.mark.parametrize(
    "bad",
    [
        {"cell": [1]},
        {"cell": [1, 10]},
        {"cell": [-1, 1]},
        {"cell": [True, 1]},
        {"cell": [1.0, 1]},
        {"cell": "12"},
        {"cell": {"0": 1, "1": 2}},
        {"cell": [[1], 2]},
        {"start": -1},
        {"start": 10_001},
        {"start": float("nan")},
        {"start": True},
        {"start": "0"},
        {"start": None},
    ],
    ids=str,
)
def test_bad_values_are_refused_with_a_key(bad):
    assert images_of_test_set({"model": "linear", **bad}) == BAD_REQUEST


@pytest.mark.parametrize("model", ["nope", "conv_autoencoder", 3, ["linear"], {}], ids=str)
def test_an_unknown_network_is_refused_with_a_key(model):
    for ask in (figures_of_test_set, images_of_test_set):
        assert ask({"model": model})["error"] == "unknown_network"


def test_a_network_without_kept_answers_is_measured_while_one_asks(unmeasured):
    first = figures_of_test_set({})
    assert first == {"network": "linear", "measured": PIECE / 10_000}
    assert images_of_test_set({}) == BAD_REQUEST
    replies = [figures_of_test_set({}) for _ in range(10_000 // PIECE - 1)]
    assert [reply["measured"] for reply in replies[:-1]] == pytest.approx(
        [PIECE * count / 10_000 for count in range(2, 10_000 // PIECE)]
    )
    checked = readers.checkpoint_of("linear").figures["accuracy"]
    right = sum(row[digit] for digit, row in enumerate(replies[-1]["matrix"]))
    assert right / 10_000 == pytest.approx(checked, abs=2.5e-4)
    assert images_of_test_set({})["total"] == 10_000 - right
