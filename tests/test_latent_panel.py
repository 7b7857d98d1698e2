"""What the panel of codes asks of the server, as plain functions."""

import shutil

import pytest
import torch

from demo.canvas import canvas
from demo.panels.latent import (
    FRAMES,
    SHOWN,
    code_map,
    codes_of_digit,
    decode_code,
    path_between,
    sizes_beside,
)
from models import checkpoint, cleaners, latent
from models.checkpoint import load
from models.data import to_batch

BAD_REQUEST = {"error": "bad_request", "details": {}}
HANDLERS = [code_map, codes_of_digit, decode_code, path_between]
CODE = [0.0] * 32


@pytest.fixture(scope="module")
def network():
    return load("linear_autoencoder").network


@pytest.fixture(scope="module")
def seven(mnist) -> str:
    """The first test image."""
    return canvas.to_text(mnist.test_images[0] / 255)


@pytest.fixture
def small_ones_missing(tmp_path, monkeypatch):
    """A folder with the reader and the network of 32 numbers alone."""
    for name in ("linear_autoencoder", "digits"):
        shutil.copyfile(checkpoint.path_of(name), tmp_path / f"{name}.safetensors")
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    caches = (cleaners.loaded, latent.kept_cloud)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def picture(text: str) -> torch.Tensor:
    return canvas.to_tensor(28, 28, text)


# ---- Codes ----------------------------------------------------------------------------------


def test_a_digit_comes_with_its_code_its_picture_and_what_is_read(network, mnist, seven):
    told = codes_of_digit({"size": 32, "digit": seven})
    with torch.inference_mode():
        code = network.encode(to_batch(mnist.test_images[:1]))
        rebuilt = network.decode(code)[0, 0].clamp(0, 1)
    assert told["digit"] == seven
    assert told["spoiled"] is None
    assert told["clean"]["code"] == pytest.approx(code[0].tolist(), abs=1e-3)
    assert torch.allclose(picture(told["clean"]["picture"]), rebuilt, atol=0.003)
    assert told["clean"]["read"]["label"] == "7"


def test_noise_moves_the_code_and_the_clean_one_stays(seven):
    spoiled = canvas.to_text((picture(seven) + 0.3).clamp(0, 1))
    told = codes_of_digit({"size": 32, "digit": seven, "spoiled": spoiled})
    assert told["clean"] == codes_of_digit({"size": 32, "digit": seven})["clean"]
    assert told["spoiled"]["point"] != told["clean"]["point"]


def test_without_a_digit_a_test_image_stands_for_it_and_can_be_asked_for_again(mnist):
    first = codes_of_digit({"size": 32, "digit": None})
    assert torch.equal(picture(first["digit"]), mnist.test_images[first["example"]] / 255)
    assert codes_of_digit({"size": 32, "example": first["example"]}) == first


def test_decoding_a_digits_own_code_gives_its_picture(seven):
    own = codes_of_digit({"size": 32, "digit": seven})["clean"]
    again = decode_code({"size": 32, "code": own["code"]})
    assert torch.allclose(picture(again["picture"]), picture(own["picture"]), atol=0.005)
    assert again["point"] == pytest.approx(own["point"], abs=1e-3)


def test_a_point_of_the_map_is_decoded_where_it_lies():
    told = decode_code({"size": 32, "point": [1.5, -0.5]})
    assert told["point"] == pytest.approx([1.5, -0.5], abs=1e-3)
    assert len(told["code"]) == 32


def test_a_mix_is_the_same_for_the_same_seed():
    assert decode_code({"size": 32, "mix": 4}) == decode_code({"size": 32, "mix": 4})
    assert (
        decode_code({"size": 32, "mix": 4})["code"] != decode_code({"size": 32, "mix": 5})["code"]
    )


# ---- The map and the path -------------------------------------------------------------------


def test_the_map_shows_as_many_of_each_digit_where_their_codes_lie(network, mnist):
    told = code_map({"size": 32})
    assert [told["labels"].count(digit) for digit in "0123456789"] == [SHOWN] * 10
    assert told["labels"][:3] == "721"  # as the test set begins
    seven = codes_of_digit({"size": 32, "example": 0})["clean"]
    assert told["points"][0] == pytest.approx(seven["point"], abs=0.006)
    assert 0 < told["share"] < 1
    assert all(low < high for low, high in zip(told["low"], told["high"], strict=True))


def test_a_path_begins_at_the_code_and_ends_at_the_test_image_or_the_mean(network, mnist):
    asked = {"size": 32, "code": CODE, "to": 3, "turn": 2}
    told = path_between(asked)
    frames = [picture(frame["picture"]) for frame in told["frames"]]
    assert len(frames) == FRAMES
    third = mnist.test_images[mnist.test_labels == 3][2:3]
    with torch.inference_mode():
        start = network.decode(torch.zeros(1, 32))[0, 0].clamp(0, 1)
        end = network(to_batch(third))[0, 0].clamp(0, 1)
    assert torch.allclose(frames[0], start, atol=0.003)
    assert torch.allclose(frames[-1], end, atol=0.003)
    middle = picture(told["mixed"][FRAMES // 2]["picture"])
    assert torch.allclose(middle, (start + end) / 2, atol=0.003)
    mean = path_between(asked | {"turn": None})
    centre = code_map({"size": 32})["centres"][3]
    assert mean["frames"][-1]["point"] == pytest.approx(centre, abs=0.006)
    assert mean["frames"][-1]["read"]["label"] == "3"


# ---- Sizes ----------------------------------------------------------------------------------


def test_a_missing_file_is_said_in_its_place_and_the_others_are_shown(small_ones_missing, seven):
    missing = {
        "error": "checkpoint_missing",
        "details": {"file": "linear_autoencoder_8.safetensors"},
    }
    told = {one["size"]: one for one in sizes_beside({"digit": seven})["sizes"]}
    assert told[8] == {"size": 8, **missing}
    assert code_map({"size": 8}) == missing
    square = (picture(told[32]["picture"]) - picture(seven)).square().mean()
    assert told[32]["mse"] == pytest.approx(float(square), abs=1e-4)
    assert told[32]["figures"]["mse"] == load("linear_autoencoder").figures["mse"]


def test_what_is_rebuilt_from_another_picture_is_still_compared_with_the_digit(seven):
    blank = canvas.to_text(torch.zeros(28, 28))
    [own, other] = [
        sizes_beside({"digit": seven, "source": source})["sizes"][-1] for source in (None, blank)
    ]
    square = (picture(other["picture"]) - picture(seven)).square().mean()
    assert other["mse"] == pytest.approx(float(square), abs=1e-4)
    assert other["mse"] > own["mse"]


# ---- Bad requests ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", [None, 3, "32", 32.0, True, [32]], ids=str)
@pytest.mark.parametrize("ask", HANDLERS)
def test_an_unknown_size_is_refused(ask, size):
    assert ask({"size": size, "code": CODE, "to": 3}) == BAD_REQUEST


@pytest.mark.parametrize(
    "bad",
    [
        {"code": CODE[1:]},
        {"code": [*CODE[1:], float("nan")]},
        {"code": [*CODE[1:], float("inf")]},
        {"code": [*CODE[1:], 1001]},
        {"code": [*CODE[1:], 10**400]},
        {"code": [*CODE[1:], "0"]},
        {"code": [*CODE[1:], True]},
        {"code": "0" * 32},
        {"code": None},
        {"point": [1]},
        {"point": [1, float("nan")]},
        {"point": {"0": 1, "1": 2}},
        {"mix": -1},
        {"mix": 2**31},
        {"mix": 0.5},
    ],
    ids=lambda bad: str(bad)[-40:],
)
def test_no_code_is_refused(bad):
    assert decode_code({"size": 32, **bad}) == BAD_REQUEST


@pytest.mark.parametrize("bad", [{"to": 10}, {"to": None}, {"to": "3"}, {"turn": -1}], ids=str)
def test_a_path_to_nowhere_is_refused(bad):
    assert path_between({"size": 32, "code": CODE, "to": 3, "turn": 0, **bad}) == BAD_REQUEST


@pytest.mark.parametrize("bad", ["", "AAAA", 5, [1], {}], ids=str)
def test_no_picture_is_refused(bad, seven):
    assert codes_of_digit({"size": 32, "digit": bad}) == BAD_REQUEST
    assert codes_of_digit({"size": 32, "digit": seven, "spoiled": bad}) == BAD_REQUEST
    assert sizes_beside({"digit": bad}) == BAD_REQUEST
    assert sizes_beside({"digit": seven, "source": bad}) == BAD_REQUEST


@pytest.mark.parametrize("bad", [-1, 10_000, 1.5, "1", True], ids=str)
def test_no_test_image_is_refused(bad):
    assert codes_of_digit({"size": 32, "example": bad}) == BAD_REQUEST
