"""What the panel "Inside the network" asks of the server, as plain functions."""

import base64
import json

import pytest
import torch

from demo.draw_tab import read_drawing
from demo.panels.inside import (
    explain,
    first_filters,
    look_inside,
    networks_beside,
    read_beside,
    to_levels,
    without_outliers,
)
from models import checkpoint
from tests.test_page import request_of

HANDLERS = [look_inside, read_beside, explain, first_filters]


@pytest.fixture(scope="module")
def drawing(mnist) -> dict:
    """The first test image of MNIST, a 7, as the canvas sends it, with all that is asked of it."""
    levels = bytes(mnist.test_images[0].flatten().tolist())
    return request_of(levels, 28, 28, step=None, of=None, most=32, label=7)


def pictures(reply: dict) -> torch.Tensor:
    """The pictures (N, H, W) in an answer."""
    levels = torch.frombuffer(bytearray(base64.b64decode(reply["pixels"])), dtype=torch.uint8)
    return levels.view(-1, reply["height"], reply["width"])


def heat(text: str) -> torch.Tensor:
    """A signed picture, from text back to [-1, 1]."""
    return (pictures({"pixels": text, "height": 28, "width": 28})[0].float() - 128) / 127


# ---- Steps and maps -------------------------------------------------------------------------


def test_the_first_maps_come_first_and_no_more_than_asked_for(drawing):
    reply = look_inside(drawing | {"model": "book_cnn"})
    assert reply["model"] == "book_cnn"
    assert [step["shape"] for step in reply["steps"]][-3:] == [(25_088,), (1_024,), (10,)]
    assert reply["step"] == 1
    assert (reply["maps"]["count"], len(pictures(reply["maps"]))) == (64, 32)
    assert len(json.dumps(reply)) < 40_000  # one phone's worth at ten a second


def test_the_step_that_is_asked_for_is_shown(drawing):
    reply = look_inside(drawing | {"model": "book_cnn", "of": "book_cnn", "step": 2, "most": 200})
    assert reply["step"] == 2
    assert pictures(reply["maps"]).shape == (128, 28, 28)


def test_the_pixels_that_go_in_are_the_digit_itself(drawing, mnist):
    reply = look_inside(drawing | {"of": "digits", "step": 0})
    picture = pictures(reply["maps"])[0].float()
    levels = mnist.test_images[0].float()
    assert torch.equal(picture.argmax(), levels.argmax())
    assert float(torch.corrcoef(torch.stack([picture.flatten(), levels.flatten()]))[0, 1]) > 0.99


def test_a_step_of_one_network_finds_its_depth_in_another(drawing):
    asked = drawing | {"of": "book_cnn", "step": 3, "model": "small_cnn"}  # the last maps
    assert look_inside(asked)["step"] == 3
    assert look_inside(asked | {"step": 6})["step"] == 6  # the ten values


@pytest.mark.parametrize("model", ["linear", "mlp"])
def test_a_network_without_convolutions_has_no_maps_and_no_grad_cam(drawing, model):
    reply = look_inside(drawing | {"model": model})
    assert (reply["step"], reply["maps"]) == (None, None)
    assert look_inside(drawing | {"model": model, "of": "digits", "step": 1})["maps"] is None
    assert explain(drawing | {"model": model})["grad_cam"] is None


def test_the_second_network_answers_as_its_own_card_would(drawing):
    asked = drawing | {"model": "small_cnn", "care": 0.05}
    card = read_drawing(asked)
    for beside in ("seen", "threshold"):
        card.pop(beside)
    assert read_beside(asked)["answer"] == card
    assert read_beside(asked)["maps"] == look_inside(asked)["maps"]


def test_the_book_s_network_is_the_first_to_compare_with():
    reply = networks_beside(None)
    assert reply["first"] == "book_cnn"
    assert {line["name"] for line in reply["networks"]} >= {"digits", "linear"}


# ---- Filters and heat -----------------------------------------------------------------------


def test_filters_come_with_their_signs(drawing):
    reply = first_filters(drawing | {"model": "small_cnn"})
    shown, weight = pictures(reply), checkpoint.load("small_cnn").network[1].weight[:, 0]
    assert (reply["layer"], reply["count"]) == ("Conv2d 6×6", 16)
    assert shown.shape == weight.shape
    large = weight.abs() > 0.01 * weight.abs().max()
    assert torch.equal((shown.int() - 128).sign()[large], weight.sign().int()[large])


def test_nothing_stays_nothing_and_the_ends_are_the_ends():
    assert to_levels(torch.tensor([-1.0, 0.0, 1.0])).tolist() == [1, 128, 255]


def test_a_few_steep_pixels_leave_the_others_their_colour():
    picture = torch.full((28, 28), 0.5)
    picture[0, 0], picture[1, 1] = 50.0, -0.25
    scaled = without_outliers(picture)
    assert float(scaled[0, 0]) == 1
    assert float(scaled[14, 14]) == pytest.approx(1)
    assert float(scaled[1, 1]) == pytest.approx(-0.5)
    assert not without_outliers(torch.zeros(28, 28)).any()


def test_what_speaks_for_a_seven_is_where_its_ink_is(drawing, mnist):
    reply = explain(drawing)
    ink = mnist.test_images[0] > 0
    near = torch.nn.functional.max_pool2d(ink.float()[None, None], 9, 1, 4)[0, 0] > 0
    for way in ("occlusion", "grad_cam"):
        warm = heat(reply[way]).clamp(min=0)
        assert float(warm[near].sum() / warm.sum()) > 0.9
    assert 0 < reply["strongest"] <= 1
    assert heat(reply["gradient"]).abs().max() == 1


def test_another_label_has_other_reasons(drawing):
    assert explain(drawing)["gradient"] != explain(drawing | {"label": 9})["gradient"]


def test_a_blank_sheet_can_be_looked_into(drawing):
    blank = drawing | request_of(bytes(784), 28, 28)
    assert look_inside(blank)["maps"]["count"] == 32
    assert not heat(explain(blank)["occlusion"]).any()


# ---- Values that the page never sends -------------------------------------------------------


@pytest.mark.parametrize("handler", HANDLERS[:3], ids=lambda handler: handler.__name__)
@pytest.mark.parametrize("value", [None, [], 7, {"kind": "ink"}], ids=str)
def test_what_is_no_drawing_is_refused(handler, value):
    assert handler(value) == {"error": "bad_request", "details": {}}


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.__name__)
@pytest.mark.parametrize("model", ["", "nope", "conv_autoencoder", ["digits"], 3], ids=str)
def test_a_network_that_is_no_reader_is_refused(handler, drawing, model):
    assert handler(drawing | {"model": model})["error"] == "unknown_network"


WRONG = [True, -1, 1.0, float("nan"), float("inf"), "1", [1], 10**30]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_step_a_count_and_a_label_out_of_range_are_refused(drawing, wrong):
    refused = {"error": "bad_request", "details": {}}
    for key in ("step", "most"):
        assert look_inside(drawing | {key: wrong}) == refused
        assert read_beside(drawing | {key: wrong}) == refused
    assert explain(drawing | {"label": wrong}) == refused


def test_missing_values_are_refused(drawing):
    without = {key: value for key, value in drawing.items() if key not in ("most", "label")}
    assert look_inside(without)["error"] == "bad_request"
    assert explain(without)["error"] == "bad_request"
    assert look_inside(drawing | {"step": 13})["error"] == "bad_request"  # digits has 0 to 12
    assert look_inside(drawing | {"step": 1, "of": ["digits"]})["error"] == "unknown_network"
    assert explain(drawing | {"care": 7})["error"] == "bad_request"
