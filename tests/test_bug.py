"""The bug in the printed book: what it makes of the losses and of the gradient."""

import json

import pytest
import torch

from demo.code_view import script
from demo.foundations import bug
from demo.foundations.bug import compare_gradients
from models.foundations import start, tensors
from models.ideas.book_gradient import (
    agreement,
    by_autograd,
    by_hand,
    cosine,
    road,
    through_relu,
)
from tests.scripts import run_script


def test_both_ways_give_the_known_losses():
    masked, _ = road(0, "masked")
    clamped, _ = road(0, "clamped")
    assert masked[0] == clamped[0] == pytest.approx(48_420_316, rel=1e-6)
    assert masked[19] == pytest.approx(1_093_067.375, rel=1e-6)
    assert clamped[19] == pytest.approx(852_019.6875, rel=1e-6)
    assert len(masked) == len(clamped) == 20


@pytest.mark.parametrize("way", ["masked", "clamped"])
def test_the_road_is_the_first_rungs(way):
    assert road(3, way)[0] == list(tensors(3, book_gradient=way == "clamped"))


def test_the_mask_is_autograds_gradient_to_the_last_bit_and_the_clamp_is_not():
    x, y, w1, w2 = start(0)
    true = by_autograd(x, y, w1, w2)
    masked, clamped = (by_hand(x, y, w1, w2, way)[1] for way in ("masked", "clamped"))
    assert all(torch.equal(masked[name], true[name]) for name in true)
    assert torch.equal(clamped["w2"], true["w2"])  # the bug is behind it
    assert agreement(clamped["hidden"], true["hidden"]) == pytest.approx(0.5745, abs=1e-4)
    assert agreement(clamped["w1"], true["w1"]) < 0.001


def test_the_wrong_gradient_points_less_than_a_right_angle_away_and_so_goes_down():
    x, y, _, _ = start(0)
    losses, weights = road(0, "clamped")
    for place in weights:
        true = by_autograd(x, y, *place)
        wrong = by_hand(x, y, *place, "clamped")[1]
        assert 0.2 < cosine(wrong["w1"], true["w1"]) < 0.9
    assert losses[4:] == sorted(losses[4:], reverse=True)  # the first steps are too large


def test_only_the_mask_asks_whether_the_unit_was_on():
    h = torch.tensor([3.0, 3.0, 0.0, 0.0])
    gradient = torch.tensor([2.0, -2.0, 2.0, -2.0])
    assert through_relu(gradient, h, "masked").tolist() == [2.0, -2.0, 0.0, 0.0]
    assert through_relu(gradient, h, "clamped").tolist() == [2.0, 0.0, 2.0, 0.0]


# ---- The chapter ----------------------------------------------------------------------------

FIRST = {"seed": 0, "way": "clamped", "epoch": 3, "row": 88, "column": 5}


def test_the_part_that_is_shown_is_cut_out_of_autograds_gradient():
    reply = compare_gradients(FIRST)
    weights = road(0, "clamped")[1][2]
    x, y, _, _ = start(0)
    true = by_autograd(x, y, *weights)["hidden"]
    assert reply["patch"]["autograd"] == true[88:100, 5:17].flatten().tolist()
    assert reply["patch"]["masked"] == reply["patch"]["autograd"]
    assert reply["losses"]["masked"][19] > reply["losses"]["clamped"][19]
    json.dumps(reply, allow_nan=False)


def test_the_cases_add_up_to_what_the_clamp_has_wrong():
    reply = compare_gradients(FIRST)
    cases = reply["cases"]
    assert sum(cases.values()) == 100 * 100
    wrong = cases["on_minus"] + cases["off_plus"]
    assert reply["agreement"]["hidden"]["clamped"] == pytest.approx(1 - wrong / 10_000)


@pytest.mark.parametrize(
    "change",
    [{"seed": -1}, {"seed": 1.5}, {"way": "guessed"}, {"epoch": 0}, {"epoch": 21}, {"row": 89}]
    + [{"column": "5"}],
)
def test_what_the_page_never_asks_is_refused(change):
    assert compare_gradients(FIRST | change)["error"] == "bad_request"


def test_the_script_prints_the_pages_figures():
    reply = compare_gradients(FIRST)
    printed = run_script(script(bug.parts(FIRST, "zh"), "zh")).splitlines()
    for line, way in zip(printed[-2:], ("masked", "clamped"), strict=True):
        facts = json.loads(line)
        assert facts["way"] == way
        assert facts["loss"] == reply["losses"][way][-1]
        for kind in ("hidden", "w1"):
            figures = [reply["agreement"][kind][way], reply["cosine"][kind][way]]
            assert facts[kind] == pytest.approx(figures, rel=1e-12)
