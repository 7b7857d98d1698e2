"""Each loss against its formula, worked out with the standard library."""

import math

import pytest
import torch

from models.losses import DISTANCES, LOSSES

LOGITS = [[2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0] * 9 + [3.0]]
ANSWERS = [0, 4]


def softmax(row: list[float]) -> list[float]:
    total = sum(math.exp(value) for value in row)
    return [math.exp(value) / total for value in row]


def errors() -> list[float]:
    """Probability less one-hot target, of all 20 outputs."""
    return [
        share - (digit == answer)
        for row, answer in zip(LOGITS, ANSWERS, strict=True)
        for digit, share in enumerate(softmax(row))
    ]


BY_HAND = {
    "cross_entropy": lambda: -sum(
        math.log(softmax(row)[answer]) for row, answer in zip(LOGITS, ANSWERS, strict=True)
    ) / 2,
    "mse": lambda: sum(error**2 for error in errors()) / 20,
    "rmse": lambda: math.sqrt(sum(error**2 for error in errors()) / 20),
    "l1": lambda: sum(abs(error) for error in errors()) / 20,
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_equals_its_formula_on_the_softmax_and_one_hot_targets(name):
    loss = LOSSES[name](torch.tensor(LOGITS), torch.tensor(ANSWERS))
    assert loss.item() == pytest.approx(BY_HAND[name](), rel=1e-5)


def test_cross_entropy_of_undecided_logits_is_the_logarithm_of_ten():
    loss = LOSSES["cross_entropy"](torch.zeros(3, 10), torch.tensor([0, 5, 9]))
    assert loss.item() == pytest.approx(math.log(10))


@pytest.mark.parametrize("name", LOSSES)
def test_label_smoothing_spreads_its_share_over_all_ten_digits(name):
    """With 0.5 smoothing the target is 0.55 and nine times 0.05: those very shares cost least."""
    target = torch.full((1, 10), 0.05)
    target[0, 3] = 0.55
    at_target, sharper = target.log(), (target**2).log()
    label = torch.tensor([3])
    smoothed = [LOSSES[name](x, label, label_smoothing=0.5) for x in (at_target, sharper)]
    plain = [LOSSES[name](x, label) for x in (at_target, sharper)]
    assert smoothed[0] < smoothed[1]
    assert plain[0] > plain[1]


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_falls_when_the_right_digit_s_logit_rises(name):
    logits = torch.zeros(1, 10, requires_grad=True)
    LOSSES[name](logits, torch.tensor([3])).backward()
    assert logits.grad[0, 3] < 0
    assert (logits.grad[0, [0, 1, 2, 4, 5, 6, 7, 8, 9]] > 0).all()


@pytest.mark.parametrize(("name", "wanted"), [("mse", 0.625), ("rmse", 0.625**0.5), ("l1", 0.75)])
def test_a_distance_between_pictures_is_the_mean_over_their_pixels(name, wanted):
    guess, target = torch.tensor([[1.0, 0.5]]), torch.tensor([[0.0, 0.0]])
    assert DISTANCES[name](guess, target).item() == pytest.approx(wanted)


@pytest.mark.parametrize("name", DISTANCES)
def test_the_gradient_of_a_perfect_picture_is_a_number(name):
    guess = torch.zeros(2, requires_grad=True)
    DISTANCES[name](guess, torch.zeros(2)).backward()
    assert guess.grad.isfinite().all()
