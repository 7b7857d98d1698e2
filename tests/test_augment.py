"""Ways to vary a training image: the digit moves, bends or thickens, and stays the digit it is."""

import math

import pytest
import torch

from models import augment as module
from models.augment import AUGMENTATIONS, augment


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def varied(images, names, labels=None, seed=0):
    labels = torch.zeros(len(images), dtype=torch.long) if labels is None else labels
    return augment(images, labels, names, seeded(seed))


@pytest.fixture(scope="module")
def labelled(mnist):
    """2,000 training digits (N, 1, 28, 28) in [0, 1] and their labels."""
    return mnist.train_images[:2000].unsqueeze(1) / 255, mnist.train_labels[:2000].long()


def bars(count: int) -> torch.Tensor:
    """The same soft upright bar in the middle of each picture, (count, 1, 28, 28)."""
    axis = torch.arange(28) - 13.5
    bar = torch.exp(-((axis / 1.5) ** 2))[None, :] * torch.exp(-((axis / 6) ** 4))[:, None]
    return bar.expand(count, 1, 28, 28).clone()


def moments(images: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Centre (x, y) and second moments (xx, xy, yy) of the ink, px from the picture's middle."""
    axis = torch.arange(28) - 13.5
    mass = images.sum(dim=(1, 2, 3))
    x = (images * axis).sum(dim=(1, 2, 3)) / mass
    y = (images * axis[:, None]).sum(dim=(1, 2, 3)) / mass
    dx = axis.view(1, 1, 1, 28) - x.view(-1, 1, 1, 1)
    dy = axis.view(1, 1, 28, 1) - y.view(-1, 1, 1, 1)
    second = [(images * d).sum(dim=(1, 2, 3)) / mass for d in (dx * dx, dx * dy, dy * dy)]
    return x, y, *second


@pytest.fixture
def only(monkeypatch):
    """Switches off every part of the affine map but the named ones."""

    def keep(*names):
        for name in {"ROTATION", "ZOOM", "SHEAR", "SHIFT"} - set(names):
            monkeypatch.setattr(module, name, 0.0)

    return keep


# ---- every way -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_a_varied_image_keeps_shape_and_range_and_differs_from_the_original(name, labelled):
    images, labels = labelled
    out = varied(images, (name,), labels)
    assert (out.shape, out.dtype) == (images.shape, images.dtype)
    assert out.amin() >= -1e-6
    assert out.amax() <= 1 + 1e-6
    assert not torch.equal(out, images)


@pytest.mark.parametrize("names", [*((name,) for name in AUGMENTATIONS), AUGMENTATIONS])
def test_the_same_seed_varies_the_same_way_and_another_differently(names, labelled):
    images, labels = labelled
    once, again = varied(images, names, labels, seed=1), varied(images, names, labels, seed=1)
    assert torch.equal(once, again)
    assert not torch.equal(once, varied(images, names, labels, seed=2))


def test_varying_draws_from_its_own_generator_only_and_leaves_the_originals_alone(labelled):
    images, labels = labelled
    before, state = images.clone(), torch.get_rng_state()
    varied(images, AUGMENTATIONS, labels)
    assert torch.equal(images, before)
    assert torch.equal(torch.get_rng_state(), state)


def test_no_way_chosen_means_no_change(labelled):
    images, labels = labelled
    assert torch.equal(varied(images, (), labels), images)


def test_equal_images_of_a_batch_are_varied_each_in_its_own_way():
    out = varied(bars(20), ("affine",)).flatten(1)
    assert len({tuple(row) for row in out.tolist()}) == 20


# ---- the affine map ------------------------------------------------------------------------------


def test_an_affine_map_with_every_part_off_is_the_identity(only):
    only()
    assert torch.allclose(varied(bars(4), ("affine",)), bars(4), atol=1e-5)


def test_shift_moves_the_ink_by_up_to_its_pixels_both_ways(only):
    only("SHIFT")
    x, y, *_ = moments(varied(bars(400), ("affine",)))
    for moved in (x, y):
        assert moved.abs().amax() <= module.SHIFT + 0.1
        assert moved.amin() < -0.9 * module.SHIFT
        assert moved.amax() > 0.9 * module.SHIFT


def test_rotation_turns_the_ink_by_up_to_its_angle_both_ways(only):
    only("ROTATION")
    x, y, xx, xy, yy = moments(varied(bars(400), ("affine",)))
    tilt = 0.5 * torch.atan2(-2 * xy, yy - xx)  # of the long axis against upright
    assert tilt.abs().amax() <= module.ROTATION + math.radians(0.5)
    assert tilt.amin() < -0.9 * module.ROTATION
    assert tilt.amax() > 0.9 * module.ROTATION
    assert torch.stack([x, y]).abs().amax() < 0.05  # it turns about the middle


def test_scale_changes_width_and_height_each_by_up_to_its_share(only):
    only("ZOOM")
    _, _, xx, _, yy = moments(varied(bars(400), ("affine",)))
    _, _, xx0, _, yy0 = moments(bars(1))
    low, high = 1 / (1 + module.ZOOM), 1 / (1 - module.ZOOM)
    tall = (yy / yy0).sqrt()
    assert low - 0.02 <= tall.amin() < 1 < tall.amax() <= high + 0.02
    wide = (xx / xx0).sqrt()
    assert torch.corrcoef(torch.stack([wide, tall]))[0, 1].abs() < 0.2  # each on its own


def test_shear_slants_the_ink_by_up_to_its_slope_both_ways(only):
    only("SHEAR")
    _, _, _, xy, yy = moments(varied(bars(400), ("affine",)))
    slope = xy / yy  # px sideways a px of height
    assert slope.abs().amax() <= module.SHEAR + 0.01
    assert slope.amin() < -0.9 * module.SHEAR
    assert slope.amax() > 0.9 * module.SHEAR


# ---- bending, stroke width, shapes ---------------------------------------------------------------


def test_an_elastic_bend_of_no_strength_is_the_identity(monkeypatch):
    monkeypatch.setattr(module, "ELASTIC_STRENGTH", 0.0)
    assert torch.allclose(varied(bars(4), ("elastic",)), bars(4), atol=1e-5)


def test_an_elastic_bend_displaces_by_its_strength_in_pixels():
    moved = module.elastic_flow(500, seeded()) * 28 / 2  # grid_sample's units -> px
    corners = moved[:, [0, 0, -1, -1], [0, -1, 0, -1]]  # control points: no interpolation there
    assert corners.std().item() == pytest.approx(module.ELASTIC_STRENGTH, rel=0.05)
    assert corners.mean().abs() < 0.1
    assert (moved[:, 1:] - moved[:, :-1]).abs().amax() < module.ELASTIC_STRENGTH * 3  # smooth


def test_a_stroke_gets_thicker_or_thinner_never_both():
    before = bars(500)
    after = varied(before, ("stroke",))
    change = (after - before).flatten(1)
    thicker, thinner = (change > 1e-6).any(dim=1), (change < -1e-6).any(dim=1)
    assert not (thicker & thinner).any()
    assert thicker.any()
    assert thinner.any()
    varied_share = (thicker | thinner).float().mean().item()
    # 4 standard deviations of a share over 500
    assert varied_share == pytest.approx(module.STROKE_SHARE, abs=4 * (0.24 / 500) ** 0.5)


def test_a_thicker_stroke_stays_within_a_pixel_of_the_old_one():
    before = torch.zeros(200, 1, 28, 28)
    before[:, :, 5:23, 14] = 1
    after = varied(before, ("stroke",))
    assert after[..., :13].sum() == 0
    assert after[..., 16:].sum() == 0
    assert after[..., 13].sum() > 0


def test_extra_strokes_are_drawn_on_zeros_ones_and_sevens_only(labelled):
    images, labels = labelled
    added = varied(images, ("shape",), labels) - images
    assert added.amin() >= 0  # ink is only ever added
    changed = (added > 0).flatten(1).any(dim=1)
    share = module.VARIANT_SHARE
    shares = {0: share, 7: share, 1: 1 - (1 - share) ** 2}  # a one may get a flag, a foot or both
    for digit in range(10):
        of_digit = changed[labels == digit].float()
        wanted = shares.get(digit, 0.0)
        spread = (wanted * (1 - wanted) / len(of_digit)) ** 0.5
        assert of_digit.mean().item() == pytest.approx(wanted, abs=4 * spread)


def test_a_segment_is_a_stroke_of_its_width_between_its_ends():
    start, end = torch.tensor([[6.0, 14.0]]), torch.tensor([[22.0, 14.0]])
    drawn = module.draw_segments(torch.zeros(1, 1, 28, 28), start, end, torch.tensor([2.0]))[0, 0]
    assert (drawn[13:15, 6:22] == 1).all()  # rows 13 and 14 lie within 1 px of y = 14
    assert drawn[:12].sum() + drawn[16:].sum() == 0
    assert drawn[:, :4].sum() + drawn[:, 24:].sum() == 0


def test_a_segment_of_no_width_draws_nothing():
    ends = torch.tensor([[6.0, 14.0]]), torch.tensor([[22.0, 14.0]])
    assert module.draw_segments(torch.zeros(1, 1, 28, 28), *ends, torch.tensor([0.0])).sum() == 0


def test_the_edges_of_the_ink_are_the_middles_of_its_first_and_last_row():
    image = torch.zeros(1, 1, 28, 28)
    image[0, 0, 5:21, 12:15] = 1
    assert module.ink_edge(image, last=False).tolist() == [[13.5, 5.5]]
    assert module.ink_edge(image, last=True).tolist() == [[13.5, 20.5]]
