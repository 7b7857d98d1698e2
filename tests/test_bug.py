"""The bug in the printed book: what it makes of the losses and of the gradient."""

import pytest
import torch

from models.ideas.book_gradient import (
    agreement,
    by_autograd,
    by_hand,
    cosine,
    road,
    start,
    through_relu,
)

WEIGHTS = ("w1", "w2")


def test_both_ways_give_the_known_losses():
    masked, _ = road(0, "masked")
    clamped, _ = road(0, "clamped")
    assert masked[0] == clamped[0] == pytest.approx(48_420_316, rel=1e-6)
    assert masked[19] == pytest.approx(1_093_067.375, rel=1e-6)
    assert clamped[19] == pytest.approx(852_019.6875, rel=1e-6)
    assert len(masked) == len(clamped) == 20


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
