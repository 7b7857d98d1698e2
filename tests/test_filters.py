"""The filters from before networks, and the strengths chosen for them."""

import numpy as np
import pytest
import torch

from models import filters
from models.filters import FILTERS, best_strength, strength
from models.noise import NOISES


@pytest.fixture(scope="module")
def digits(mnist):
    """(8, 1, 28, 28) in [0, 1]."""
    return mnist.train_images[:8].unsqueeze(1) / 255


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_leaves_even_grey_as_it_is(name):
    grey = torch.full((2, 1, 28, 28), 0.4)
    cleaned = FILTERS[name].apply(grey, FILTERS[name].strengths[-1])
    torch.testing.assert_close(cleaned, grey)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_treats_each_picture_alone(name, digits):
    filter_of, level = FILTERS[name].apply, FILTERS[name].strengths[0]
    one_by_one = torch.cat([filter_of(digit[None], level) for digit in digits])
    torch.testing.assert_close(filter_of(digits, level), one_by_one)


def test_the_median_is_the_middle_one_of_nine(digits):
    cleaned = FILTERS["median"].apply(digits, 3)
    picture = digits[0, 0].numpy()
    for row, column in [(10, 10), (14, 13), (20, 15)]:
        around = picture[row - 1 : row + 2, column - 1 : column + 2]
        assert cleaned[0, 0, row, column] == pytest.approx(float(np.median(around)))


def test_the_best_strength_leaves_the_least_error(digits):
    spoiled = NOISES["gaussian"].spoil(digits, 0.5, torch.Generator().manual_seed(0))
    best = best_strength("total_variation", spoiled, digits)
    errors = {
        weight: float((FILTERS["total_variation"].apply(spoiled, weight) - digits).square().mean())
        for weight in FILTERS["total_variation"].strengths
    }
    assert errors[best] == min(errors.values())
    assert best_strength("gaussian_filter", digits, digits) == 0.4  # nothing to smooth


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("name", FILTERS)
def test_a_strength_was_tuned_for_every_kind_of_noise(noise, name):
    assert strength(name, noise, NOISES[noise].middle) in FILTERS[name].strengths


def test_without_the_file_a_middling_strength_serves(monkeypatch):
    monkeypatch.setattr(filters, "tuned", dict)
    assert strength("gaussian_filter", "gaussian", 0.5) == 1.0


def test_the_strength_of_the_nearest_level_is_taken(monkeypatch):
    kept = {"gaussian": {"0.25": {"median": 3}, "0.75": {"median": 5}}}
    monkeypatch.setattr(filters, "tuned", lambda: kept)
    assert (strength("median", "gaussian", 0.4), strength("median", "gaussian", 0.6)) == (3, 5)
