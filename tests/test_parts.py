"""Ink to its parts: how many there are, in which order, and what belongs together."""

import pytest
import torch

from models.parts import cut, split


def sheet(*boxes: tuple[int, int, int, int], size=(60, 100)) -> torch.Tensor:
    """Filled boxes (left, top, right, bottom) on an empty sheet (H, W)."""
    ink = torch.zeros(size)
    for left, top, right, bottom in boxes:
        ink[top:bottom, left:right] = 1
    return ink


def boxes(ink: torch.Tensor) -> list[tuple[int, int, int, int]]:
    return [box for _, box in split(ink)]


def test_an_empty_sheet_has_no_parts():
    assert split(torch.zeros(40, 40)) == []


def test_parts_come_from_left_to_right_with_their_boxes():
    right, left, middle = (70, 10, 90, 50), (5, 12, 20, 48), (40, 8, 50, 52)
    assert boxes(sheet(right, left, middle)) == [left, middle, right]


def test_each_part_holds_its_own_ink_and_none_of_the_others():
    parts = [ink for ink, _ in split(sheet((5, 10, 20, 50), (60, 10, 80, 50)))]
    assert [float(ink.sum()) for ink in parts] == [15 * 40, 20 * 40]


def test_strokes_above_each_other_are_one_part():
    assert boxes(sheet((20, 5, 50, 10), (25, 20, 45, 55))) == [(20, 5, 50, 55)]


def test_a_wide_stroke_joins_all_that_stand_below_it():
    assert boxes(sheet((10, 30, 30, 55), (50, 30, 70, 55), (5, 5, 75, 10))) == [(5, 5, 75, 55)]


def test_neighbours_that_hardly_overlap_stay_apart():
    assert len(boxes(sheet((10, 5, 40, 55), (36, 5, 66, 28)))) == 1  # they touch
    assert len(boxes(sheet((10, 30, 40, 55), (36, 5, 66, 25)))) == 2  # 4 px of 30


def test_the_bar_of_a_five_set_apart_belongs_to_the_five():
    five, bar, nine = (10, 10, 30, 55), (32, 8, 50, 12), (66, 10, 90, 55)
    assert boxes(sheet(five, bar, nine)) == [(10, 8, 50, 55), nine]
    assert boxes(sheet(five, bar)) == [(10, 8, 50, 55)]


def test_a_digit_half_as_high_as_its_neighbour_stays_a_digit():
    assert len(boxes(sheet((10, 10, 30, 50), (50, 30, 70, 50)))) == 2


def test_a_speck_beside_the_drawing_is_no_part():
    assert boxes(sheet((10, 5, 40, 55), (80, 30, 83, 33))) == [(10, 5, 40, 55)]


def test_pixels_that_touch_at_a_corner_are_connected():
    assert len(boxes(torch.eye(30))) == 1


@pytest.mark.parametrize("faint", [0.05, 0.29])
def test_faint_ink_between_two_parts_does_not_connect_them(faint):
    ink = sheet((5, 10, 30, 50), (50, 10, 80, 50))
    ink[30, 30:50] = faint
    assert len(split(ink)) == 2


def test_a_wide_part_is_cut_where_its_column_is_thinnest():
    ink = sheet((10, 10, 40, 50), (44, 10, 74, 50))
    ink[30, 40:44] = 1  # they touch
    (first, left), (second, right) = cut(ink, (10, 10, 74, 50))
    assert (left, right) == ((10, 10, 40, 50), (40, 10, 74, 50))
    assert torch.equal(first + second, ink)
    assert float(first.sum()) == 30 * 40


def test_a_part_higher_than_wide_is_not_cut():
    ink = sheet((10, 5, 40, 55))
    assert cut(ink, (10, 5, 40, 55)) == []


def test_a_part_keeps_its_soft_edge_and_nothing_of_its_neighbour():
    ink = torch.zeros(60, 80)
    ink[0:40, 4:14], ink[10:50, 40:52] = 1.0, 1.0
    ink[10:50, 52:56] = 0.2  # softer than what connects
    (left, _), (right, _) = split(ink)
    assert torch.equal(left[:, :20], ink[:, :20])
    assert not left[:, 20:].any()
    assert torch.equal(right[:, 38:54], ink[:, 38:54])
    assert not right[:, 54:].any()
    assert not right[:, :38].any()
