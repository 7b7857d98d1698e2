"""What ink.py holds in its hands on the way from ink to digit, shown as it is."""

import pytest
import torch
from scipy import ndimage

from models.ink import to_digit, whole_sheet
from models.ink_steps import ink_steps
from tests.test_ink import ONE, SEVEN, TWO, box_of, centre_of, drawn


def sheet_with(left: int, top: int, right: int, bottom: int) -> torch.Tensor:
    """Ink (280, 200) that fills one rectangle."""
    ink = torch.zeros(280, 200)
    ink[top:bottom, left:right] = 1
    return ink


@pytest.mark.parametrize("centred", [True, False])
@pytest.mark.parametrize("points", [SEVEN, TWO, ONE])
@pytest.mark.parametrize("pen", [2, 14, 30])
def test_the_last_step_is_what_the_network_is_given(points, pen, centred):
    ink = drawn(points, pen=pen)
    assert torch.equal(ink_steps(ink, centred).digit, to_digit(ink, centred))


@pytest.mark.parametrize("pen", [2, 14, 30])
def test_the_digit_is_the_step_before_it_moved_by_the_shift(pen):
    steps = ink_steps(drawn(TWO, at=(20, 30), pen=pen))
    across, down = steps.fitting.shift
    assert torch.equal(steps.fitting.middle.roll((down, across), (0, 1)), steps.digit)


def test_the_box_is_where_the_ink_is_on_the_sheet():
    assert ink_steps(sheet_with(30, 50, 90, 170)).fitting.box == (30, 50, 90, 170)


def test_the_longer_side_becomes_20_px_and_the_aspect_is_kept():
    small = ink_steps(sheet_with(30, 50, 90, 170)).fitting.small
    assert small.shape == (20, 10)
    assert torch.allclose(small, torch.ones(20, 10))


def test_before_it_is_placed_the_box_stands_in_the_middle():
    middle = ink_steps(sheet_with(30, 50, 90, 170)).fitting.middle
    rows, columns = middle.any(1).nonzero().flatten(), middle.any(0).nonzero().flatten()
    assert (int(rows[0]), int(rows[-1])) == (4, 23)
    assert (int(columns[0]), int(columns[-1])) == (9, 18)


@pytest.mark.parametrize("points", [SEVEN, TWO, ONE])
def test_the_masses_are_where_scipy_finds_them(points):
    steps = ink_steps(drawn(points))
    for mass, picture in [(steps.mass, steps.digit), (steps.fitting.mass, steps.fitting.middle)]:
        y, x = ndimage.center_of_mass(picture.numpy())
        assert mass == pytest.approx((x, y), abs=1e-3)


def test_the_shift_brings_the_mass_to_the_middle():
    steps = ink_steps(drawn(SEVEN))
    moved = [at + by for at, by in zip(steps.fitting.mass, steps.fitting.shift, strict=True)]
    assert moved == pytest.approx([14, 14], abs=0.5)
    assert moved == pytest.approx(steps.mass, abs=1e-3)


def test_only_a_thin_pen_is_widened():
    thin, thick = (ink_steps(drawn(SEVEN, pen=pen)).fitting for pen in (2, 20))
    assert thin.widened > 0
    assert thick.widened == 0


def test_without_centring_the_sheet_goes_straight_to_28_px():
    ink = drawn(SEVEN, at=(20, 20), scale=0.5)
    steps = ink_steps(ink, centred=False)
    assert steps.fitting is None
    assert torch.equal(steps.digit, whole_sheet(ink))
    assert steps.mass == pytest.approx(centre_of(steps.digit)[::-1], abs=1e-3)
    assert max(steps.mass) < 8  # still in its corner
    assert max(box_of(steps.digit)) < 10  # still small


@pytest.mark.parametrize("centred", [True, False])
def test_a_blank_sheet_has_no_steps(centred):
    steps = ink_steps(torch.zeros(280, 280), centred)
    assert (steps.fitting, steps.mass) == (None, None)
    assert not steps.digit.any()


def test_a_single_dot_of_ink_is_no_error():
    ink = torch.zeros(280, 280)
    ink[3, 277] = 1
    assert ink_steps(ink).fitting.box == (277, 3, 278, 4)
