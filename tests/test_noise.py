"""Each way to spoil a digit does what its row in DESIGN's table says."""

import pytest
import torch

from models.noise import MIXED, NOISES, spoil


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
    spoiled = NOISES[name].spoil(digits, NOISES[name].strongest, seeded())
    assert (spoiled.shape, spoiled.dtype) == (digits.shape, digits.dtype)
    assert spoiled.amin() >= 0
    assert spoiled.amax() <= 1
    assert not torch.equal(spoiled, digits)


@pytest.mark.parametrize("name", NOISES)
def test_the_same_seed_spoils_the_same_way_and_another_differently(name, digits):
    spoil, level = NOISES[name].spoil, NOISES[name].middle
    assert torch.equal(spoil(digits, level, seeded(3)), spoil(digits, level, seeded(3)))
    other = torch.equal(spoil(digits, level, seeded(3)), spoil(digits, level, seeded(4)))
    assert other is not NOISES[name].is_random


@pytest.mark.parametrize("name", NOISES)
def test_spoiling_draws_from_its_own_generator_only_and_leaves_the_clean_digit_alone(name, digits):
    clean, state = digits.clone(), torch.get_rng_state()
    NOISES[name].spoil(digits, NOISES[name].strongest, seeded())
    assert torch.equal(digits, clean)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("name", NOISES)
def test_the_weakest_level_leaves_the_digit_as_it_is(name, digits):
    assert torch.equal(NOISES[name].spoil(digits, NOISES[name].weakest, seeded()), digits)


# ---- what each kind does -----------------------------------------------------------------------

DESIGN = {  # DESIGN.md's table: the range of each
    "gaussian": (0, 1),
    "salt_pepper": (0, 0.5),
    "speckle": (0, 1),
    "blur": (0, 3),
    "mosaic": (1, 7),
    "patch": (0, 14),
    "scratches": (0, 8),
    "contrast": (1, 0.1),
    "row_shift": (0, 6),
}


def test_the_kinds_and_ranges_are_those_that_were_promised():
    assert {name: (one.weakest, one.strongest) for name, one in NOISES.items()} == DESIGN


def test_salt_and_pepper_turns_that_share_black_and_white_in_equal_parts():
    grey = torch.full((50, 1, 28, 28), 0.5)
    spoiled = NOISES["salt_pepper"].spoil(grey, 0.2, seeded())
    black, white = (spoiled == 0).float().mean(), (spoiled == 1).float().mean()
    error = 4 * (0.1 * 0.9 / grey.numel()) ** 0.5  # 4 standard errors
    assert black.item() == pytest.approx(0.1, abs=error)
    assert white.item() == pytest.approx(0.1, abs=error)
    assert ((spoiled == 0) | (spoiled == 1) | (spoiled == 0.5)).all()


def test_speckle_leaves_bare_paper_bare(digits):
    spoiled = NOISES["speckle"].spoil(digits, 0.5, seeded())
    assert not spoiled[digits == 0].any()
    assert not torch.equal(spoiled, digits)


def test_a_blur_spreads_a_point_by_its_deviation_and_keeps_its_mass():
    point = torch.zeros(1, 1, 29, 29)
    point[0, 0, 14, 14] = 1
    spread = NOISES["blur"].spoil(point, 2.0, seeded())[0, 0]
    offsets = torch.arange(29) - 14.0
    assert spread.sum().item() == pytest.approx(1, abs=1e-4)
    variance = (spread.sum(0) * offsets.square()).sum()
    assert variance.sqrt().item() == pytest.approx(2, rel=0.03)  # cut at three deviations


@pytest.mark.parametrize("side", [2, 3, 4, 7])
def test_a_mosaic_block_is_the_mean_of_its_pixels(side, digits):
    spoiled = NOISES["mosaic"].spoil(digits, side, seeded())
    for top in range(0, 28, side):
        block = (..., slice(top, top + side), slice(28 - 28 % side or 28 - side, 28))
        mean = digits[block].mean((2, 3), keepdim=True).expand_as(digits[block])
        torch.testing.assert_close(spoiled[block], mean)


def test_a_patch_is_one_black_square_around_ink(digits):
    square = torch.ones(64, 1, 28, 28)
    spoiled = NOISES["patch"].spoil(square, 6, seeded())
    for picture in spoiled[:, 0]:
        rows, columns = (picture == 0).nonzero(as_tuple=True)
        assert len(rows) == 36
        assert (rows.max() - rows.min(), columns.max() - columns.min()) == (5, 5)
    covered = NOISES["patch"].spoil(digits, 6, seeded())
    assert (covered.flatten(1).sum(1) < digits.flatten(1).sum(1)).all()


def test_scratches_are_white_lines_from_edge_to_edge():
    spoiled = NOISES["scratches"].spoil(torch.zeros(40, 1, 28, 28), 1, seeded())
    assert set(spoiled.unique().tolist()) == {0.0, 1.0}
    for picture in spoiled[:, 0]:
        assert picture.sum() == 28  # a pixel for each row, or for each column
        assert (picture.sum(0) == 1).all() or (picture.sum(1) == 1).all()
    across = [bool((picture.sum(0) == 1).all()) for picture in spoiled[:, 0]]
    assert 0 < sum(across) < 40


def test_low_contrast_is_a_product(digits):
    assert torch.equal(NOISES["contrast"].spoil(digits, 0.3, seeded()), digits * 0.3)


def test_shifted_rows_are_the_same_rows_moved(digits):
    wide = torch.zeros(8, 1, 28, 28)
    wide[..., 8:20] = digits[:8, ..., 8:20]  # room at both sides: nothing is lost
    spoiled = NOISES["row_shift"].spoil(wide, 6, seeded())
    moves = set()
    for row, moved in zip(wide.flatten(0, 2), spoiled.flatten(0, 2), strict=True):
        fits = [move for move in range(-6, 7) if torch.equal(row.roll(move), moved)]
        assert fits
        if len(fits) == 1:
            moves.update(fits)
    assert moves == set(range(-6, 7))


# ---- levels, and every kind at once --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "level", "wanted"),
    [
        ("gaussian", 0.52, 0.5),
        ("gaussian", 0.976, 1.0),
        ("contrast", 0.12, 0.1),
        ("mosaic", 3.6, 4),
    ],
)
def test_a_level_goes_to_the_slider_s_nearest_step(name, level, wanted):
    assert NOISES[name].nearest(level) == pytest.approx(wanted)


def test_mixed_noise_holds_every_kind_and_leaves_none_of_a_batch_s_pictures_out(digits):
    many = digits.repeat(8, 1, 1, 1)
    spoiled = spoil(many, MIXED, 1.0, seeded())
    assert spoiled.shape == many.shape
    changed = (spoiled != many).flatten(1).any(1)
    assert changed.float().mean() > 0.8  # a low level may leave a picture as it is
    assert torch.equal(spoil(many, MIXED, 0.0, seeded()), many)
    assert torch.equal(spoil(many, MIXED, 1.0, seeded()), spoiled)


def test_equal_digits_of_a_batch_are_spoiled_each_in_its_own_way(digits):
    spoiled = NOISES["gaussian"].spoil(digits[:1].repeat(2, 1, 1, 1), 0.5, seeded())
    assert not torch.equal(spoiled[0], spoiled[1])
