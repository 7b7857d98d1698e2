"""Digits that the lab draws itself: their form, their labels, their spread."""

import numpy as np
import pytest
import torch

from models import penned


@pytest.fixture(scope="module")
def pool() -> tuple[torch.Tensor, torch.Tensor]:
    return penned.penned(300, seed=5)


def test_a_pool_looks_as_the_networks_see_drawings(pool):
    images, labels = pool
    assert (images.shape, images.dtype) == ((300, 28, 28), torch.uint8)
    assert (labels.shape, labels.dtype) == ((300,), torch.int64)
    rows, columns = images.amax(2) > 25, images.amax(1) > 25
    assert max(rows.sum(1).max(), columns.sum(1).max()) <= 20  # px; as MNIST has them


def test_all_ten_digits_are_drawn_those_that_are_misread_most_often(pool):
    counts = torch.bincount(pool[1], minlength=10)
    assert counts.min() > 0
    assert counts.topk(3).indices.sort().values.tolist() == [0, 1, 7]


def test_the_same_seed_gives_the_same_drawings_and_another_seed_others(pool):
    assert torch.equal(penned.penned(300, seed=5)[0], pool[0])
    assert not torch.equal(penned.penned(300, seed=6)[0], pool[0])


def test_the_shares_of_the_kinds_add_up_to_all():
    assert sum(penned.KINDS.values()) == pytest.approx(1)


def test_every_shape_begins_with_its_digit_and_stays_in_the_unit_square():
    assert {name[0] for name in penned.SHAPES} == set("2345689")
    for name, strokes in penned.SHAPES.items():
        points = np.concatenate([np.array(stroke) for stroke in strokes])
        assert points.min() >= 0, name
        assert points.max() <= 1, name


def test_the_slash_of_a_zero_reaches_beyond_it_or_nearly_so():
    random = np.random.default_rng(0)
    for _ in range(100):
        ring, slash = penned.zero(random)
        length = np.linalg.norm(slash[1] - slash[0])
        assert length > 0.75 * (ring[:, 1].max() - ring[:, 1].min())


def test_a_flat_flag_is_short_so_that_a_one_is_no_seven():
    random = np.random.default_rng(0)
    for _ in range(200):
        flag, top, _bottom = penned.one(random)[0]
        across, down = top[0] - flag[0], flag[1] - top[1]
        assert 0 < across <= 0.3 + 0.6 * down
