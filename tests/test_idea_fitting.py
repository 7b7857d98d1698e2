"""Under- and overfitting: the fit, its errors, and the words that follow from them."""

import json
import math

import numpy as np
import pytest
import torch

from demo.code_view import script
from demo.foundations.fitting import fit_points, parts
from models.ideas.fitting import (
    MOST_DEGREE,
    draw_sets,
    errors_by_degree,
    features,
    fit,
    verdict,
)
from tests.scripts import run_script

ASKED = {"degree": 9, "points": 15, "noise": 0.3, "weight_decay": 0.01, "seed": 3}


def test_the_fit_is_numpys_and_goes_through_as_many_points_as_it_has_weights():
    x, y, _, _ = draw_sets(points=40, noise=0.3, seed=1)
    for degree in (0, 1, 6):
        wanted = np.polynomial.legendre.legfit(x.numpy(), y.numpy(), degree)
        assert fit(x, y, degree).numpy() == pytest.approx(wanted, abs=1e-10)
    few_x, few_y = x[:8], y[:8]
    assert torch.allclose(features(few_x, 7) @ fit(few_x, few_y, 7), few_y, atol=1e-9)


def test_no_small_change_of_the_weights_lowers_what_weight_decay_minimises():
    x, y, _, _ = draw_sets(points=12, noise=0.5, seed=2)
    weights = fit(x, y, 14, weight_decay=0.03).requires_grad_()
    loss = torch.nn.functional.mse_loss(features(x, 14) @ weights, y)
    (loss + 0.03 * weights.square().sum()).backward()
    assert weights.grad.abs().max() < 1e-12


def test_more_points_hold_the_fewer_and_are_tested_with_the_same():
    few, many = draw_sets(10, 0.2, seed=5), draw_sets(60, 0.2, seed=5)
    assert torch.equal(many[0][:10], few[0])
    assert torch.equal(many[1][:10], few[1])
    assert torch.equal(many[3], few[3])
    noise = many[3] - torch.sin(torch.pi * many[2])
    assert float(noise.std()) == pytest.approx(0.2, rel=0.1)


def test_the_words_follow_from_the_errors_and_each_cure_cures():
    sets = draw_sets(15, 0.3, seed=0)
    errors = errors_by_degree(*sets)
    said = [verdict(degree, *errors) for degree in range(MOST_DEGREE + 1)]
    assert said[:4] == ["under", "under", "under", "right"]
    assert said[9:] == ["over"] * 7
    wild = errors[1][14]
    assert errors_by_degree(*sets, weight_decay=0.01)[1][14] < wild / 1000
    more = errors_by_degree(*draw_sets(100, 0.3, seed=0))
    assert verdict(14, *more) == "right"
    exact = errors_by_degree(*draw_sets(15, 0.0, seed=0))
    assert verdict(7, *exact) == "right"  # better ones differ by nothing that can be seen


def test_the_script_prints_what_the_page_shows():
    shown, printed = fit_points(ASKED), json.loads(run_script(script(parts(ASKED, "en"))))
    for key in ("train_errors", "test_errors", "best", "verdict"):
        assert printed[key] == shown[key]
    places = np.linspace(-1, 1, len(shown["curve"]))
    heights = np.polynomial.legendre.legval(places, printed["weights"])
    assert shown["curve"] == pytest.approx(heights.tolist(), abs=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"degree": 16},
        {"degree": 2.5},
        {"degree": True},
        {"points": 4},
        {"points": 101},
        {"noise": math.nan},
        {"noise": 1.5},
        {"weight_decay": -1},
        {"weight_decay": "0.1"},
        {"seed": -1},
    ],
)
def test_what_is_out_of_range_is_refused(wrong):
    assert fit_points(ASKED | wrong)["error"] in ("idea_number", "bad_request")
