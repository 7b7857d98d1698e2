"""Losses, activations and lines, each against a second way to the same number."""

import math

import pytest
import torch
from torch import nn

from models.ideas import activation_shapes, lines, loss_shapes

TARGET = torch.tensor([2.0, 3.0, 2.4, 4.0, 8.0, 4.4, 3.6], dtype=torch.float64)
GUESS = torch.tensor([2.6, 2.2, 3.1, 3.5, 3.4, 4.0, 4.3], dtype=torch.float64)
LABEL = 5


def by_hand(name: str, guess: list[float]) -> float:
    errors = [one - other for one, other in zip(guess, TARGET.tolist(), strict=True)]
    if name == "mae":
        return sum(map(abs, errors)) / len(errors)
    if name == "cross_entropy":
        return -math.log(math.exp(guess[LABEL]) / sum(map(math.exp, guess)))
    mean = sum(error * error for error in errors) / len(errors)
    return mean if name == "mse" else math.sqrt(mean)


@pytest.mark.parametrize("name", loss_shapes.LOSSES)
def test_a_loss_and_its_gradient_are_those_of_a_calculation_by_hand(name):
    judge, guess, tiny = loss_shapes.LOSSES[name], GUESS.tolist(), 1e-5
    value, gradient = loss_shapes.value_and_gradient(judge, GUESS, TARGET, LABEL)
    assert value == pytest.approx(by_hand(name, guess), rel=1e-9)
    for at in range(len(guess)):
        up, down = guess.copy(), guess.copy()
        up[at], down[at] = up[at] + tiny, down[at] - tiny
        slope = (by_hand(name, up) - by_hand(name, down)) / (2 * tiny)
        assert gradient[at].item() == pytest.approx(slope, abs=1e-7)


def test_with_all_predictions_on_their_targets_no_gradient_is_nan():
    for name in ("mse", "rmse", "mae"):
        judge = loss_shapes.LOSSES[name]
        value, gradient = loss_shapes.value_and_gradient(judge, TARGET, TARGET, LABEL)
        assert value == pytest.approx(0, abs=1e-5)
        assert gradient.tolist() == [0] * 7


def test_one_value_for_all_is_best_at_the_mean_for_mse_and_at_the_median_for_mae():
    places = torch.linspace(0, 10, 1001, dtype=torch.float64)
    everyone = list(range(len(TARGET)))

    def best(name: str) -> float:
        judge = loss_shapes.LOSSES[name]
        found = loss_shapes.curve(judge, GUESS, TARGET, LABEL, everyone, places)
        return places[found.argmin()].item()

    ordered = sorted(TARGET.tolist())
    assert best("mse") == best("rmse") == pytest.approx(sum(ordered) / 7, abs=0.006)
    assert best("mae") == pytest.approx(ordered[3], abs=0.006)


def test_a_curve_moves_one_prediction_and_leaves_the_others():
    places = torch.tensor([GUESS[2], 9.0], dtype=torch.float64)
    found = loss_shapes.curve(loss_shapes.mse, GUESS, TARGET, LABEL, [2], places)
    moved = [*GUESS[:2].tolist(), 9.0, *GUESS[3:].tolist()]
    here = [by_hand("mse", GUESS.tolist()), by_hand("mse", moved)]
    assert found.tolist() == pytest.approx(here)


def test_the_shares_are_those_of_the_squares_and_of_the_absolute_errors():
    found = loss_shapes.shares(GUESS, TARGET)
    assert found["mse"][4].item() == pytest.approx(4.6**2 / (7 * by_hand("mse", GUESS.tolist())))
    assert found["mae"][4].item() == pytest.approx(4.6 / (7 * by_hand("mae", GUESS.tolist())))


# ---- Activations ----------------------------------------------------------------------------

SLOPES = {  # the derivatives as a textbook has them
    "none": lambda x: 1.0,
    "sigmoid": lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2,
    "tanh": lambda x: 1 - math.tanh(x) ** 2,
    "relu": lambda x: float(x > 0),
}


@pytest.mark.parametrize("name", SLOPES)
def test_autograd_gives_the_textbooks_derivative(name):
    x = torch.linspace(-6, 6, 25, dtype=torch.float64)
    activation = activation_shapes.ACTIVATIONS[name]()
    _, slope = activation_shapes.value_and_slope(activation, x)
    assert slope.tolist() == pytest.approx([SLOPES[name](one) for one in x.tolist()])


@pytest.mark.parametrize("name", SLOPES)
def test_what_is_left_of_a_gradient_is_the_chain_rules_product(name):
    network = activation_shapes.deep_network(name, 3, "xavier", 7)
    generator = torch.Generator().manual_seed(8)
    x, target = torch.randn(2, 64, 32, generator=generator)
    linears, before = [layer for layer in network if isinstance(layer, nn.Linear)], []
    for linear in linears:
        before.append(x @ linear.weight.T)
        x = activation_shapes.ACTIVATIONS[name]()(before[-1])
    gradient = 2 * (x - target) / x.numel()
    size, left = gradient.norm().item(), []
    for linear, z in zip(reversed(linears), reversed(before), strict=True):
        slope = torch.tensor([SLOPES[name](one) for one in z.flatten().tolist()]).view_as(z)
        gradient = (gradient * slope) @ linear.weight
        left.insert(0, gradient.norm().item() / size)
    assert activation_shapes.what_is_left(network, 7) == pytest.approx(left, rel=1e-4)


def test_ten_sigmoids_leave_less_than_a_millionth_and_kaiming_keeps_a_relu_network_alive():
    def left(*settings: object) -> float:
        return activation_shapes.what_is_left(activation_shapes.deep_network(*settings), 0)[0]

    assert left("sigmoid", 10, "default", 0) < 1e-6
    assert 0.1 < left("relu", 10, "kaiming", 0) < 10


def test_without_an_activation_two_layers_end_as_the_line_of_least_squares():
    x, y = activation_shapes.wave()
    network = activation_shapes.two_layers("none", 16, 3)
    activation_shapes.fit(network, x, y, x)
    design = torch.cat([x, torch.ones_like(x)], dim=1)
    best = torch.linalg.lstsq(design, y).solution.flatten()
    assert activation_shapes.as_one_line(network) == pytest.approx(best.tolist(), abs=0.01)


def test_with_an_activation_the_same_two_layers_bend_to_the_curve():
    x, y = activation_shapes.wave()
    answers, losses = activation_shapes.fit(activation_shapes.two_layers("relu", 16, 3), x, y, x)
    assert losses[-1] < 0.02 < 0.4 < losses[0]
    assert (answers[-1] - y.flatten()).square().mean().item() == pytest.approx(losses[-1])


# ---- Lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False])
def test_gradient_descent_ends_at_the_least_squares(bias):
    x, y = lines.noisy_points(-1.5, 2.5, 4)
    path = lines.descend(lines.line_layer(bias), x, y)
    design = torch.cat([x, torch.ones_like(x)], dim=1) if bias else x
    best = torch.linalg.lstsq(design, y).solution
    assert path[-1, : len(best)].tolist() == pytest.approx(best.flatten().tolist(), abs=0.01)
    assert path[-1, 2].item() == pytest.approx((design @ best - y).square().mean().item(), abs=1e-3)
    assert bias or not path[:, 1].any()


def test_a_step_of_the_descent_is_the_formulas():
    x, y = lines.noisy_points(0.8, 2, 0)
    path = lines.descend(lines.line_layer(True), x, y)
    w, b, _ = path[3].tolist()
    error = w * x + b - y
    w, b = w - 0.15 * (2 * error * x).mean().item(), b - 0.15 * (2 * error).mean().item()
    assert path[4, :2].tolist() == pytest.approx([w, b], abs=1e-5)
