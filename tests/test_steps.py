"""The handler behind the panel From ink to digit: what it tells the page's script."""

import base64
import json

import pytest
import torch

from demo.canvas import canvas
from demo.draw_tab import read_drawing
from demo.panels.steps import steps_of_drawing
from models.ink import to_digit
from tests.test_ink import SEVEN, drawn


def asked(ink: torch.Tensor, **others: object) -> dict:
    """What the canvas sends of ink (H, W)."""
    height, width = ink.shape
    size = {"width": width, "height": height}
    return {"kind": "ink", **size, "pixels": canvas.to_text(ink), "model": None, **others}


@pytest.fixture(scope="module")
def seven() -> torch.Tensor:
    """A small 7 in a corner, in the levels that the canvas can send."""
    return (drawn(SEVEN, at=(30, 20), scale=0.6) * 255).round() / 255


@pytest.mark.parametrize("others", [{}, {"centred": False}, {"centred": True}], ids=str)
def test_the_last_picture_is_the_one_that_the_network_saw(seven, others):
    request = asked(seven, **others)
    assert steps_of_drawing(request)["digit"] == read_drawing(request)["seen"]


def test_the_answer_is_plain_json_with_its_pictures(seven):
    answer = steps_of_drawing(asked(seven))
    assert json.dumps(answer, allow_nan=False)
    fitting = answer["fitting"]
    left, top, right, bottom = fitting["box"]
    assert seven[top:bottom, left:right].sum() == pytest.approx(seven.sum().item(), rel=0.01)
    small = base64.b64decode(fitting["small"]["pixels"])
    assert len(small) == fitting["small"]["width"] * fitting["small"]["height"]
    assert max(fitting["small"]["width"], fitting["small"]["height"]) == 20
    assert len(base64.b64decode(fitting["middle"])) == 28 * 28
    assert answer["inked"] == pytest.approx(seven.mean().item(), abs=1e-4)


def test_without_centring_no_step_lies_in_between(seven):
    answer = steps_of_drawing(asked(seven, centred=False))
    assert answer["fitting"] is None
    assert max(answer["mass"]) < 14


def test_a_picture_is_searched_for_ink_first(seven):
    answer = steps_of_drawing(asked(1 - seven, kind="picture"))
    assert answer["digit"] != canvas.to_text(to_digit(1 - seven))
    assert answer["fitting"]["box"] == pytest.approx(
        steps_of_drawing(asked(seven))["fitting"]["box"], abs=2
    )


def test_a_blank_sheet_has_no_steps():
    answer = steps_of_drawing(asked(torch.zeros(280, 280)))
    assert (answer["fitting"], answer["mass"], answer["inked"]) == (None, None, 0)


@pytest.mark.parametrize(
    "others",
    [
        {"width": 0},
        {"width": 281, "height": 281},
        {"height": float("nan")},
        {"pixels": None},
        {"pixels": ""},
        {"pixels": "é" * 104_536},
        {"kind": "url"},
        {"kind": ["ink"]},
    ],
    ids=lambda others: repr(others)[:40],
)
def test_values_that_no_canvas_sends_are_refused(seven, others):
    answer = steps_of_drawing({**asked(seven), **others})
    assert answer == {"error": "bad_request", "details": {}}


@pytest.mark.parametrize("value", [None, 7, "ink", [], {}, float("inf")], ids=str)
def test_what_is_no_request_at_all_is_refused(value):
    assert steps_of_drawing(value)["error"] == "bad_request"
