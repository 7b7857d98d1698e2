"""Each way to spoil a digit does what its row in DESIGN's table says."""

import pytest
import torch

from models.noise import NOISES


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def digits(mnist):
    """(64, 1, 28, 28) in [0, 1]."""
    return mnist.test_images[:64].unsqueeze(1) / 255


def test_gaussian_is_the_book_s_formula(digits):
    noise = torch.randn(digits.shape, generator=seeded(7))
    wanted = torch.clamp(digits + 0.5 * noise, 0.0, 1.0)
    assert torch.equal(NOISES["gaussian"].spoil(digits, 0.5, seeded(7)), wanted)


def test_gaussian_has_its_level_as_standard_deviation_and_no_bias():
    grey = torch.full((100, 1, 28, 28), 0.5)
    added = NOISES["gaussian"].spoil(grey, 0.1, seeded()) - grey  # 0.5 is 5 sigma from the ends
    assert added.mean().item() == pytest.approx(0, abs=4 * 0.1 / 280)  # 4 standard errors
    assert added.std().item() == pytest.approx(0.1, abs=4 * 0.1 / 280 / 2**0.5)


def test_the_book_s_range_of_levels_is_offered():
    assert (NOISES["gaussian"].lowest, NOISES["gaussian"].highest) == (0, 1)


@pytest.mark.parametrize("name", NOISES)
def test_a_spoiled_digit_keeps_its_shape_and_stays_between_paper_and_ink(name, digits):
    spoiled = NOISES[name].spoil(digits, NOISES[name].highest, seeded())
    assert (spoiled.shape, spoiled.dtype) == (digits.shape, digits.dtype)
    assert spoiled.amin() >= 0
    assert spoiled.amax() <= 1
    assert not torch.equal(spoiled, digits)


@pytest.mark.parametrize("name", NOISES)
def test_the_same_seed_spoils_the_same_way_and_another_differently(name, digits):
    spoil, level = NOISES[name].spoil, NOISES[name].highest / 2
    assert torch.equal(spoil(digits, level, seeded(3)), spoil(digits, level, seeded(3)))
    assert not torch.equal(spoil(digits, level, seeded(3)), spoil(digits, level, seeded(4)))


@pytest.mark.parametrize("name", NOISES)
def test_spoiling_draws_from_its_own_generator_only_and_leaves_the_clean_digit_alone(name, digits):
    clean, state = digits.clone(), torch.get_rng_state()
    NOISES[name].spoil(digits, NOISES[name].highest, seeded())
    assert torch.equal(digits, clean)
    assert torch.equal(torch.get_rng_state(), state)


def test_level_zero_of_gaussian_leaves_the_digit_as_it_is(digits):
    assert torch.equal(NOISES["gaussian"].spoil(digits, 0.0, seeded()), digits)


def test_equal_digits_of_a_batch_are_spoiled_each_in_its_own_way(digits):
    spoiled = NOISES["gaussian"].spoil(digits[:1].repeat(2, 1, 1, 1), 0.5, seeded())
    assert not torch.equal(spoiled[0], spoiled[1])
