"""The server's side of "My digits": what it reads, tunes, packs, and what it refuses."""

import base64
from dataclasses import replace

import pytest

from demo import readers
from demo.draw_tab import read_drawing
from demo.panels import own_digits
from demo.panels.own_digits import (
    pack_own,
    read_own,
    take_own,
    tune_own,
    tune_progress,
    unpack_own,
)
from demo.turns import Turns
from models import checkpoint
from models.digit_files import MOST_DIGITS
from models.fine_tune import WAYS, fine_tune


def as_item(image, label: int) -> dict:
    return {"label": label, "pixels": base64.b64encode(image.numpy().tobytes()).decode()}


@pytest.fixture(scope="module")
def digits(mnist) -> list[dict]:
    """Twelve test images with their labels, as the page sends them."""
    pairs = zip(mnist.test_images[:12], mnist.test_labels[:12].tolist(), strict=True)
    return [as_item(image, label) for image, label in pairs]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A few steps are enough to see that what was tuned is another network."""
    monkeypatch.setitem(WAYS, "linear", replace(WAYS["linear"], steps=3, test_every=100))


def test_each_digit_is_read_in_its_order(digits):
    reads = read_own({"model": "small_cnn", "digits": digits})["reads"]
    assert reads == [str(item["label"]) for item in digits]


def test_what_a_careful_reader_refuses_is_null(digits, monkeypatch):
    kept = checkpoint.load("linear")
    thresholds = {"0.0": 0.0, "0.001": 1.1, "0.2": 1.1}  # no score is above 1
    kept.figures["calibration"] = {"temperature": 1.0, "thresholds": thresholds}
    monkeypatch.setattr(readers, "loaded", lambda name: kept)
    assert read_own({"model": "linear", "digits": digits})["reads"] == [None] * 12
    careless = read_own({"model": "linear", "digits": digits, "care": 0})["reads"]
    assert None not in careless


def test_a_tuned_network_reads_the_sheet_for_who_holds_its_key(digits):
    reply = tune_own({"model": "linear", "digits": digits})
    assert reply["base"] == "linear"
    assert reply["learned"]["images"] + reply["kept_back"]["images"] == 12
    assert reply["test"]["images"] == 100
    assert reply["kept"] == [reply["name"]]
    asked = {"kind": "ink", "width": 28, "height": 28, "pixels": digits[0]["pixels"]}
    own = read_drawing({**asked, "model": reply["name"]})
    assert own["label"] == "7"
    assert own["probabilities"] != read_drawing({**asked, "model": "linear"})["probabilities"]
    assert reply["name"] not in str(readers.menu())
    guessed = reply["name"][:-1] + ("-" if reply["name"].endswith("_") else "_")
    stranger = read_drawing({**asked, "model": guessed})
    assert stranger["error"] == "own_network_gone"


def test_a_visitor_keeps_the_last_few(digits, monkeypatch):
    monkeypatch.setattr(readers.own_networks, "most_each", 2)
    first = tune_own({"model": "linear", "digits": digits})
    owner = first["owner"]
    second = tune_own({"model": "linear", "digits": digits, "owner": owner})
    third = tune_own({"model": "linear", "digits": digits, "owner": owner})
    assert third["owner"] == owner
    assert third["kept"] == [second["name"], third["name"]]
    gone = read_own({"model": first["name"], "digits": digits})
    assert gone == {"error": "own_network_gone", "details": {}}


def test_a_tuned_network_is_taken_home_as_a_checkpoint(digits, tmp_path):
    reply = tune_own({"model": "linear", "digits": digits})
    path = tmp_path / "own.safetensors"
    path.write_bytes(base64.b64decode(take_own({"model": reply["name"]})["file"]))
    loaded = checkpoint.load_file(path)
    own = readers.reader(reply["name"])
    assert checkpoint.weights_sha256(loaded.network) == checkpoint.weights_sha256(own)
    assert loaded.figures["tuned"]["from"] == "linear"


def test_the_books_network_is_refused_in_words(digits):
    reply = tune_own({"model": "book_cnn", "digits": digits})
    assert reply["error"] == "tune_too_slow"
    assert reply["details"]["network"] == "book_cnn"
    assert "small_cnn" in reply["details"]["choices"]


def test_while_somebody_tunes_the_others_are_told(digits, monkeypatch):
    monkeypatch.setattr(own_digits, "TURNS", Turns(waiting=1, seconds=0.01))
    with own_digits.TURNS.turn():
        assert tune_own({"model": "linear", "digits": digits})["error"] == "tune_busy"
    assert "name" in tune_own({"model": "linear", "digits": digits})


def test_how_far_it_is_is_told_to_who_has_the_ticket_as_long_as_it_goes_on(digits, monkeypatch):
    heard = []

    def overheard(*values):
        *others, told = values

        def tell(share):
            told(share)
            shares = [tune_progress({"ticket": ticket})["share"] for ticket in ("mine", "other")]
            heard.append((share, *shares))

        return fine_tune(*others, tell)

    monkeypatch.setattr(own_digits, "fine_tune", overheard)
    assert "name" in tune_own({"model": "linear", "digits": digits, "ticket": "mine"})
    assert [(share, None) for share, *_ in heard] == [tuple(told) for _, *told in heard]
    assert 0 < heard[0][0] < heard[-1][0] < 1
    assert tune_progress({"ticket": "mine"}) == {"share": None}
    assert own_digits.SHARES == {}


@pytest.mark.parametrize("ticket", [7, ["mine"], "x" * 65])
def test_a_ticket_is_a_short_name(digits, ticket):
    asked = {"model": "linear", "digits": digits, "ticket": ticket}
    assert tune_own(asked)["error"] == tune_progress(asked)["error"] == "bad_request"


@pytest.mark.parametrize("model", [None, 7, ["linear"], "own:x", "nope", "linear_autoencoder"])
def test_only_shipped_readers_are_tuned(digits, model):
    reply = tune_own({"model": model, "digits": digits})
    assert reply["error"] in {"bad_request", "unknown_network"}


@pytest.mark.parametrize("model", [None, "digits", "own:", 7])
def test_only_own_networks_are_taken_home(model):
    assert take_own({"model": model})["error"] in {"bad_request", "own_network_gone"}


def test_a_set_comes_back_from_its_file(digits):
    file = pack_own({"digits": digits})["file"]
    assert unpack_own({"file": file})["digits"] == digits


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (None, "own_file_bad"),
        ("", "own_file_bad"),
        ("AAAA", "own_file_bad"),
        ("A" * 4_000_000, "own_file_bad"),
        ("é", "bad_request"),
        ("A", "bad_request"),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_file_without_digits_gives_a_key(file, key):
    assert unpack_own({"file": file})["error"] == key


GOOD = {"label": 4, "pixels": base64.b64encode(bytes(784)).decode()}


@pytest.mark.parametrize("handler", [read_own, tune_own, pack_own])
@pytest.mark.parametrize(
    "digits",
    [
        None,
        [],
        {},
        "x",
        [None],
        [GOOD, []],
        [GOOD] * (MOST_DIGITS + 1),
        [{**GOOD, "label": 10}],
        [{**GOOD, "label": -1}],
        [{**GOOD, "label": True}],
        [{**GOOD, "label": "4"}],
        [{**GOOD, "label": float("nan")}],
        [{"pixels": GOOD["pixels"]}],
        [{"label": 4}],
        [{**GOOD, "pixels": "A" * 1_047}],
        [{**GOOD, "pixels": "é" * 1_048}],
        [{**GOOD, "pixels": "A" * 1_048}],
        [{**GOOD, "pixels": [0] * 784}],
    ],
    ids=lambda value: repr(value)[:24],
)
def test_values_that_no_page_sends_are_refused(handler, digits):
    assert handler({"model": "linear", "digits": digits})["error"] == "bad_request"


@pytest.mark.parametrize("value", [None, 7, [], "x"])
@pytest.mark.parametrize("handler", [read_own, tune_own, take_own, pack_own, unpack_own])
def test_what_is_no_request_is_refused(handler, value):
    assert handler(value)["error"] in {"bad_request", "own_file_bad"}
