"""The best linear cleaner, against what is known of least squares."""

import torch

from models import linear_map
from models.linear_map import fit


def pairs(count=4000, side=4):
    """Pictures (N, 1, side, side) that a known linear map has spoiled."""
    generator = torch.Generator().manual_seed(0)
    clean = torch.rand(count, 1, side, side, generator=generator)
    mixing = torch.eye(side * side) + 0.1 * torch.rand(
        side * side, side * side, generator=generator
    )
    return (clean.flatten(1) @ mixing + 0.3).view_as(clean), clean


def test_what_a_linear_map_spoiled_is_brought_back(monkeypatch):
    monkeypatch.setattr(linear_map, "RIDGE", 1e-9)
    spoiled, clean = pairs()
    torch.testing.assert_close(fit(spoiled, clean)(spoiled), clean, atol=1e-3, rtol=0)


def test_its_errors_are_uncorrelated_with_what_it_saw():
    """The orthogonality principle: else a better linear map could be made of them."""
    spoiled, clean = pairs()
    noise = 0.2 * torch.randn(spoiled.shape, generator=torch.Generator().manual_seed(1))
    spoiled = spoiled + noise
    errors = (fit(spoiled, clean)(spoiled) - clean).flatten(1)
    assert errors.mean(0).abs().max() < 1e-4
    seen = spoiled.flatten(1) - spoiled.flatten(1).mean(0)
    assert (errors.T @ seen / len(seen)).abs().max() < 1e-3


def test_no_change_to_the_map_lowers_the_error():
    spoiled, clean = pairs()
    spoiled = spoiled + 0.3 * torch.randn(spoiled.shape, generator=torch.Generator().manual_seed(1))
    best = fit(spoiled, clean)
    least = (best(spoiled) - clean).square().mean()
    for seed in range(5):
        change = 0.02 * torch.randn(16, 16, generator=torch.Generator().manual_seed(seed))
        other = linear_map.LinearMap(best.weight + change, best.spoiled_mean, best.clean_mean)
        assert (other(spoiled) - clean).square().mean() > least


def test_a_map_is_fitted_once_for_everybody(monkeypatch):
    monkeypatch.setattr(linear_map, "PAIRS", 200)
    linear_map.fitted.cache_clear()
    first = linear_map.linear_map("mosaic", 2)
    assert linear_map.linear_map("mosaic", 2) is first
    assert linear_map.fitted.cache_info().misses == 1
    linear_map.fitted.cache_clear()
