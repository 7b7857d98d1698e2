"""What the panel "Why not another digit?" asks of the server."""

import base64
import json

import pytest
import torch

from demo.canvas import canvas
from demo.draw_tab import read_drawing
from demo.panels.why import fool, turn_answer
from demo.readers import checkpoint_of
from models.calibrate import caution_of
from models.predict import Caution


@pytest.fixture(scope="module")
def seven(mnist) -> dict:
    """What the canvas sends of the first test image."""
    ink = canvas.to_text(mnist.test_images[0] / 255)
    return {"kind": "ink", "width": 28, "height": 28, "pixels": ink, "model": "small_cnn"}


def sheet(ink: torch.Tensor, **others: object) -> dict:
    height, width = ink.shape
    size = {"width": width, "height": height}
    return {"kind": "ink", **size, "pixels": canvas.to_text(ink), "model": "small_cnn", **others}


def picture_of(text: str) -> torch.Tensor:
    return torch.tensor(list(base64.b64decode(text))).view(28, 28) / 255


def test_the_changed_digit_is_read_as_the_target(seven):
    told = turn_answer({**seven, "target": 2})
    assert (told["before"]["label"], told["after"]["label"]) == ("7", "2")
    network = checkpoint_of("small_cnn").network
    with torch.no_grad():
        logits = network(picture_of(told["changed"]).view(1, 1, 28, 28))
    assert int(logits.argmax()) == 2
    assert json.loads(json.dumps(told)) == told


def test_the_figures_are_those_of_the_two_pictures_sent(seven):
    told = turn_answer({**seven, "target": 2})
    digit, changed = picture_of(told["digit"]), picture_of(told["changed"])
    figures = told["change"]
    assert figures["ink"] == pytest.approx(float(digit.sum()), rel=1e-4)
    assert figures["added"] == pytest.approx(float((changed - digit).clamp(min=0).sum()), rel=1e-4)
    assert figures["taken"] == pytest.approx(float((digit - changed).clamp(min=0).sum()), rel=1e-4)
    assert figures["pixels"] == int(((changed - digit).abs() > 0.1).sum())


def test_without_a_target_it_becomes_the_second_likeliest(seven):
    chances = read_drawing(seven)["probabilities"]
    second = sorted(range(10), key=lambda digit: -chances[digit])[1]
    assert turn_answer(seven)["target"] == str(second)


def test_the_confidence_is_the_one_on_the_answer_card(seven, monkeypatch):
    monkeypatch.setattr("demo.asked.caution_of", lambda *_: Caution(temperature=3.0))
    card = read_drawing(seven)
    told = turn_answer(seven)
    assert told["before"]["confidence"] == pytest.approx(card["confidence"], abs=1e-3)
    assert caution_of({}).temperature == 1  # so that the card was indeed another one


def test_what_the_lab_would_refuse_is_told(seven, monkeypatch):
    score = read_drawing(seven)["digit_score"]
    monkeypatch.setattr("demo.asked.caution_of", lambda *_: Caution(threshold=score - 0.01))
    told = turn_answer(seven)  # at the border two digits are about as likely
    assert (told["before"]["refused"], told["after"]["refused"]) == (False, True)


def test_a_push_of_no_strength_changes_nothing(seven):
    told = fool({**seven, "strength": 0})
    assert told["changed"] == told["digit"]
    assert told["before"] == told["after"]


def test_the_answer_turns_at_the_strength_that_was_found_and_not_before(seven):
    turns = fool({**seven, "strength": 0.1, "search": True})["turns"]
    assert 0.01 < turns < 0.5
    at, before = (fool({**seven, "strength": one}) for one in (turns, round(turns - 0.01, 2)))
    assert at["after"]["label"] != "7"
    assert before["after"]["label"] == "7"
    assert "turns" not in at  # it is only looked for when asked for


def test_a_push_towards_a_digit_reaches_it(seven):
    labels = {
        fool({**seven, "model": "mlp", "strength": step / 20, "towards": 2})["after"]["label"]
        for step in range(11)
    }
    assert "2" in labels


def test_a_sheet_that_is_not_centred_is_changed_as_it_stands(mnist):
    corner = torch.zeros(280, 280)
    corner[:112, :112] = (
        (mnist.test_images[0] / 255).repeat_interleave(4, 0).repeat_interleave(4, 1)
    )
    told = fool(sheet(corner, centred=False, strength=0.1))
    assert not picture_of(told["digit"])[14:].any()


@pytest.mark.parametrize("handler", [turn_answer, fool])
def test_what_is_not_one_digit_gets_a_sentence_of_its_own(handler):
    dot, two = torch.zeros(280, 280), torch.zeros(280, 280)
    dot[140:150, 140:150] = 1
    two[60:220, 40:60] = two[60:220, 220:240] = 1
    for ink, key in [(torch.zeros(28, 28), "why_blank"), (dot, "why_dot"), (two, "why_several")]:
        assert handler(sheet(ink, strength=0.1)) == {"error": key, "details": {}}


@pytest.mark.parametrize("target", [-1, 10, 1.0, True, "9", [9], {}, float("nan"), 10**30], ids=str)
def test_a_target_that_is_no_digit_is_refused(seven, target):
    assert turn_answer({**seven, "target": target})["error"] == "bad_request"
    assert fool({**seven, "strength": 0.1, "towards": target})["error"] == "bad_request"


@pytest.mark.parametrize(
    "strength",
    [None, -0.01, 0.51, True, "0.1", [0.1], {}, float("nan"), float("inf"), 10**400],
    ids=lambda value: repr(value)[:20],
)
def test_a_strength_out_of_range_is_refused(seven, strength):
    assert fool({**seven, "strength": strength})["error"] == "bad_request"


@pytest.mark.parametrize("handler", [turn_answer, fool])
@pytest.mark.parametrize("value", [None, 7, [], {}, {"kind": "ink"}], ids=str)
def test_what_is_no_request_at_all_is_refused(handler, value):
    assert handler(value)["error"] == "bad_request"


@pytest.mark.parametrize("handler", [turn_answer, fool])
def test_a_network_that_is_no_reader_is_refused(seven, handler):
    asked = {**seven, "model": "conv_autoencoder", "strength": 0.1}
    assert handler(asked)["error"] == "unknown_network"
