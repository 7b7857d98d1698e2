"""Made-up drawings that are no digits: their form, and that no digit is among them by mistake."""

import numpy as np
import pytest
import torch

from models import outsiders


@pytest.fixture(scope="module")
def pool(mnist) -> torch.Tensor:
    images, labels = mnist.train_images[:2000], mnist.train_labels[:2000]
    return outsiders.outsiders(images, labels, 200, seed=3)


@pytest.fixture(scope="module")
def digits(mnist) -> list[torch.Tensor]:
    images, labels = mnist.train_images[:500], mnist.train_labels[:500]
    return [images[labels == digit].float() / 255 for digit in range(10)]


def test_a_pool_looks_as_the_networks_see_drawings(pool):
    assert pool.shape == (200, 28, 28)
    assert pool.dtype == torch.uint8
    ink = pool.float() / 255
    assert (ink.amax(dim=(1, 2)) > 0.9).all()
    places = torch.arange(28.0)
    mass = (ink.sum(dim=1) @ places) / ink.sum(dim=(1, 2))
    assert mass.mean() == pytest.approx(14, abs=0.3)


def test_the_same_seed_gives_the_same_pool_and_another_seed_another(mnist, pool):
    images, labels = mnist.train_images[:2000], mnist.train_labels[:2000]
    assert torch.equal(outsiders.outsiders(images, labels, 200, seed=3), pool)
    assert not torch.equal(outsiders.outsiders(images, labels, 200, seed=4), pool)


def test_the_shares_of_the_kinds_add_up_to_all():
    assert sum(outsiders.KINDS.values()) == pytest.approx(1)


@pytest.mark.parametrize("kind", list(outsiders.KINDS), ids=lambda kind: kind.__name__)
def test_every_kind_draws_ink_in_its_range(digits, kind):
    random = np.random.default_rng(0)
    for _ in range(5):
        ink = kind(digits, random)
        assert ink.min() >= 0
        assert ink.max() == pytest.approx(1, abs=0.15)


def test_a_mirrored_digit_is_a_training_image_turned_over(digits):
    made = outsiders.mirrored(digits, np.random.default_rng(1)).flip(1)
    among = [image for digit in outsiders.MIRRORED for image in digits[digit]]
    assert any(torch.equal(made, image) for image in among)


def test_every_glyph_is_strokes_of_points_in_the_unit_square():
    for name, strokes in outsiders.GLYPHS.items():
        for stroke in strokes:
            points = np.array(stroke)
            assert points.ndim == 2, name
            assert len(points) >= 2, name
            assert points.min() >= 0, name
            assert points.max() <= 1, name


def test_smoothing_keeps_the_ends_and_cuts_the_corner():
    corner = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    once = outsiders.smooth(corner, 1)
    expected = [[0, 0], [0.25, 0], [0.75, 0], [1, 0.25], [1, 0.75], [1, 1]]
    assert once == pytest.approx(np.array(expected))
    assert np.array_equal(outsiders.smooth(corner[:2], 3), corner[:2])
