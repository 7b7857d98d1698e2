"""Each optimiser against its formula in plain numbers, and each schedule through its points."""

import math

import pytest
import torch
from torch import nn

from models.optimizers import OPTIMIZERS, SCHEDULES
from models.recipe import Recipe

RATE, DECAY = 0.1, 0.01
START, GRADIENTS = (1.0, -2.0), ((0.5, -1.5), (-0.25, 2.0))  # two weights, two steps


def stepped(name: str, **settings) -> list[float]:
    """Both weights after the two steps."""
    recipe = Recipe(optimizer=name, learning_rate=RATE, weight_decay=DECAY, **settings)
    weights = nn.Parameter(torch.tensor(START, dtype=torch.float64))
    optimizer = OPTIMIZERS[name].build([weights], recipe)
    for gradient in GRADIENTS:
        weights.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
    return weights.tolist()


def plain(w, gradients):
    for g in gradients:
        w -= RATE * (g + DECAY * w)
    return w


def with_momentum(w, gradients):
    v = 0.0
    for g in gradients:
        v = 0.8 * v + g + DECAY * w
        w -= RATE * v
    return w


def adagrad(w, gradients):
    total = 0.0
    for g in gradients:
        g += DECAY * w
        total += g * g
        w -= RATE * g / (math.sqrt(total) + 1e-10)
    return w


def rmsprop(w, gradients):
    mean = 0.0
    for g in gradients:
        g += DECAY * w
        mean = 0.99 * mean + 0.01 * g * g
        w -= RATE * g / (math.sqrt(mean) + 1e-8)
    return w


def adam(w, gradients, decoupled=False):
    """Kingma and Ba 2015, algorithm 1; decoupled decay after Loshchilov and Hutter 2019."""
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        if decoupled:
            w -= RATE * DECAY * w
        else:
            g += DECAY * w
        m, v = 0.7 * m + 0.3 * g, 0.9 * v + 0.1 * g * g
        w -= RATE * (m / (1 - 0.7**t)) / (math.sqrt(v / (1 - 0.9**t)) + 1e-8)
    return w


def adamw(w, gradients):
    return adam(w, gradients, decoupled=True)


FORMULAS = {
    "gd": plain,
    "bgd": plain,
    "sgd": plain,
    "momentum": with_momentum,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_two_steps_of_an_optimiser_equal_its_formula(name):
    got = stepped(name, momentum=0.8, beta1=0.7, beta2=0.9)
    wanted = [FORMULAS[name](w, gradients) for w, *gradients in zip(START, *GRADIENTS, strict=True)]
    assert got == pytest.approx(wanted, rel=1e-9)


def test_only_gradient_descent_takes_the_whole_set_a_step():
    ways = {name: entry.batches for name, entry in OPTIMIZERS.items()}
    drawn = dict.fromkeys(["sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw"], "drawn")
    assert ways == {"gd": "whole", "bgd": "fixed", **drawn}


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("constant", {0: 1, 0.5: 1, 1: 1}),
        ("warm_up_linear", {0: 0, 0.1: 0.5, 0.2: 1, 0.6: 0.5, 1: 0}),
        ("cosine", {0: 1, 1 / 3: 0.75, 0.5: 0.5, 2 / 3: 0.25, 1: 0}),
    ],
)
def test_a_schedule_passes_through_its_points(name, points):
    got = [SCHEDULES[name](progress) for progress in points]
    assert got == pytest.approx(list(points.values()), abs=1e-12)


def test_every_schedule_was_tested():
    assert set(SCHEDULES) == {"constant", "warm_up_linear", "cosine"}
