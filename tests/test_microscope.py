"""The tiny network under the microscope: each of its numbers against a second way to it."""

import json
import math

import pytest
import torch

from demo.code_view import script
from demo.foundations import microscope
from demo.foundations.microscope import show_step
from models.ideas.microscope import ACTIVATIONS, backward, by_name, chain_rule, forward, update
from tests.scripts import run_script

X = torch.tensor([1.5, -0.7], dtype=torch.float64)
TARGET = torch.tensor(0.9, dtype=torch.float64)
FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
}


def some_weights() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(4)
    shapes = {"w": (3, 2), "b": (3,), "v": (3,), "c": ()}
    options = {"generator": generator, "dtype": torch.float64}
    return {name: torch.randn(shape, **options) for name, shape in shapes.items()}


def loss_in_plain_python(named: dict[str, float], activation: str, nudged: str, by: float) -> float:
    """The loss with one of the numbers, a weight or one on the way, a little larger."""

    def at(name: str, value: float) -> float:
        return value + by if name == nudged else value

    weight = {name: at(name, value) for name, value in named.items()}
    y = weight["c"]
    for j in "123":
        z = sum(weight[f"w{j}{i + 1}"] * X[i].item() for i in range(2)) + weight[f"b{j}"]
        h = at(f"h{j}", FUNCTIONS[activation](at(f"z{j}", z)))
        y += weight[f"v{j}"] * h
    return (at("y", y) - TARGET.item()) ** 2


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_gradient_is_the_finite_difference(activation):
    weights = some_weights()
    _, gradients = backward(X, TARGET, weights, activation)
    named = by_name(gradients)
    assert len(named) == 6 + 3 + 3 + 1 + 3 + 3 + 1 + 1  # w, b, v, c, z, h, y, loss
    assert named.pop("loss") == 1.0
    numbers = by_name(weights)
    for name, gradient in named.items():
        above, below = (loss_in_plain_python(numbers, activation, name, e) for e in (1e-6, -1e-6))
        assert gradient == pytest.approx((above - below) / 2e-6, rel=1e-6, abs=1e-8), name


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_written_factors_multiply_to_autograds_number(activation):
    weights = some_weights()
    values, gradients = backward(X, TARGET, weights, activation)
    rule = chain_rule(X, TARGET, weights, activation, values, gradients)
    named = by_name(gradients)
    assert {*rule, "loss"} == named.keys()
    for name, factors in rule.items():
        product = math.prod(value for _, value in factors)
        assert product == pytest.approx(named[name], rel=1e-12, abs=1e-300), name


def test_the_update_is_the_step_of_pytorchs_own_sgd():
    weights = some_weights()
    _, gradients = backward(X, TARGET, weights, "tanh")
    leaves = {name: weight.clone().requires_grad_() for name, weight in weights.items()}
    optimizer = torch.optim.SGD(leaves.values(), lr=0.1)
    forward(X, TARGET, leaves, "tanh")["loss"].backward()
    optimizer.step()
    stepped = update(weights, gradients, 0.1)
    for name, leaf in leaves.items():
        torch.testing.assert_close(stepped[name], leaf.detach(), rtol=1e-12, atol=0)
    assert forward(X, TARGET, stepped, "tanh")["loss"] < forward(X, TARGET, weights, "tanh")["loss"]


# ---- The chapter ----------------------------------------------------------------------------

FIRST = {"x1": 1.5, "x2": -0.5, "t": 2.0, "c": 0.1, "activation": "tanh", "rate": 0.1}
FIRST |= {"w11": 0.5, "w12": -0.3, "b1": 0.1, "v1": 0.7, "w21": -0.4, "w22": -0.8, "b2": 0.4}
FIRST |= {"v2": -0.5, "w31": 0.9, "w32": 0.2, "b3": -0.3, "v3": 0.4}
NUMBERS = [name for name in FIRST if name not in ("activation", "rate")]


def test_a_step_taken_again_and_again_reaches_the_target():
    asked = dict(FIRST)
    losses = []
    for _ in range(5):
        reply = show_step(asked)
        losses.append(reply["values"]["loss"])
        assert reply["after"] < losses[-1]
        asked |= reply["new"]
    assert losses[-1] < 0.001 * losses[0]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("number", [0.0, 1000.0, -1000.0])
def test_zero_and_huge_numbers_give_finite_answers(activation, number):
    huge = FIRST | dict.fromkeys(NUMBERS, number) | {"activation": activation, "rate": 1000.0}
    assert json.dumps(show_step(huge), allow_nan=False)


@pytest.mark.parametrize(
    ("change", "units"),
    [
        ({"activation": "relu", "b2": -3.0}, ["", "off", ""]),
        ({"activation": "sigmoid", "b1": 9.0}, ["saturated", "", ""]),
        ({"activation": "tanh"}, ["", "", ""]),
    ],
)
def test_a_unit_that_lets_nothing_back_is_named(change, units):
    reply = show_step(FIRST | change)
    assert reply["units"] == units
    for j, state in enumerate(units, 1):
        assert (abs(reply["gradients"][f"w{j}1"]) < 1e-3) == bool(state)


def test_units_that_begin_alike_stay_alike():
    zeros = dict.fromkeys([name for name in NUMBERS if name[0] in "wbv"], 0.0)
    asked = FIRST | zeros | {"activation": "sigmoid"}
    for _ in range(3):
        reply = show_step(asked)
        assert reply["alike"]
        assert len({reply["gradients"][f"w{j}2"] for j in "123"}) == 1
        asked |= reply["new"]
    assert asked["w12"] != 0
    assert not show_step(FIRST)["alike"]


@pytest.mark.parametrize(
    "change",
    [{"w11": "1+1"}, {"w11": 1000.1}, {"c": math.nan}, {"t": None}, {"b1": True}, {"rate": -1}]
    + [{"rate": math.inf}, {"activation": "cos"}],
)
def test_what_is_no_number_of_this_network_is_refused(change):
    assert show_step(FIRST | change)["error"] in ("idea_number", "bad_request")


def test_the_script_prints_the_pages_gradients():
    reply = show_step(FIRST)
    printed = run_script(script(microscope.parts(FIRST, "en"))).splitlines()
    facts = json.loads(printed[-1])
    assert facts["gradients"] == reply["gradients"]
    assert (facts["loss"], facts["after"]) == (reply["values"]["loss"], reply["after"])
    assert any(line.startswith("dL/dw21 = dL/dz2 * x1 = ") for line in printed)
