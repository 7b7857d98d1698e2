"""The tiny network under the microscope: each of its numbers against a second way to it."""

import math

import pytest
import torch

from models.ideas.microscope import ACTIVATIONS, backward, by_name, chain_rule, forward, update

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
    draw = lambda shape: torch.randn(shape, generator=generator, dtype=torch.float64)  # noqa: E731
    return {name: draw(shape) for name, shape in shapes.items()}


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
