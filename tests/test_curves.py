"""What was measured of the cleaners, and that it was measured: levels, points, and the promises."""

import json

import pytest
import torch

from models import curves
from models.checkpoint import load
from models.cleaners import CLEANERS
from models.cleaning_report import cleaning_part
from models.curves import NOTHING, kept_points, levels, measure_point
from models.data import to_batch
from models.filters import FILTERS
from models.noise import NOISES

SPOILING = [  # the kinds that destroy information: a linear map can't undo them
    "gaussian", "salt_pepper", "speckle", "mosaic", "patch", "scratches", "row_shift",
]  # fmt: skip
SUBSET = 300  # test images


@pytest.fixture(scope="module")
def points():
    return {(point.noise, point.level, point.cleaner): point for point in kept_points()}


def middle(noise):
    return NOISES[noise].nearest(NOISES[noise].middle)


@pytest.mark.parametrize("noise", NOISES)
def test_the_levels_go_from_the_weakest_over_the_middle_to_the_strongest(noise):
    measured, entry = levels(noise), NOISES[noise]
    assert (measured[0], measured[-1]) == (entry.weakest, entry.strongest)
    assert middle(noise) in measured
    assert len(set(measured)) == len(measured)


def test_every_noise_level_and_cleaner_was_measured_with_the_files_that_are_here(points):
    names = (NOTHING, *CLEANERS)
    wanted = {(noise, at, name) for noise in NOISES for at in levels(noise) for name in names}
    assert set(points) == wanted


@pytest.mark.parametrize("cleaner", [NOTHING, "denoiser", "linear_autoencoder", "median"])
def test_a_kept_point_is_what_a_part_of_the_test_set_shows(cleaner, points, mnist):
    digits = to_batch(mnist.test_images[:SUBSET])
    spoiled = NOISES["patch"].spoil(digits, 7, torch.Generator().manual_seed(5))
    reader = load("digits").network
    again = measure_point("patch", 7, cleaner, spoiled, digits, mnist.test_labels[:SUBSET], reader)
    kept = points["patch", 7, cleaner]
    assert again.recognised == pytest.approx(kept.recognised, abs=4 * (0.25 / SUBSET) ** 0.5)
    assert again.mse == pytest.approx(kept.mse, rel=0.25)
    assert again.psnr == pytest.approx(kept.psnr, abs=1)
    assert again.ssim == pytest.approx(kept.ssim, abs=0.03)


# ---- the promises ------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", SPOILING)
def test_the_denoiser_beats_the_best_linear_map_and_the_best_filter(noise, points):
    at = middle(noise)
    ours = points[noise, at, "denoiser"]
    others = [points[noise, at, name] for name in ("lmmse", *FILTERS)]
    assert ours.psnr > max(other.psnr for other in others)
    assert ours.ssim > max(other.ssim for other in others)


def test_the_denoiser_leaves_a_clean_digit_alone(points):
    assert points["gaussian", 0, "denoiser"].psnr >= 30


def test_a_mosaic_of_four_pixels_is_read_after_cleaning(points):
    assert points["mosaic", 4, "denoiser"].recognised >= 0.93


def test_under_twice_the_book_s_noise_cleaning_wins_a_quarter_of_the_digits(points):
    spoiled, cleaned = (points["gaussian", 1, name].recognised for name in (NOTHING, "denoiser"))
    assert cleaned >= spoiled + 0.25


def test_the_book_s_noise_is_cleaned_as_well_as_promised(points):
    ours = points["gaussian", 0.5, "denoiser"]
    assert ours.mse <= 0.0095
    assert ours.psnr >= 20.6


# ---- the file ----------------------------------------------------------------------------------


def test_points_of_other_files_are_forgotten(monkeypatch, tmp_path):
    content = json.loads(curves.CURVES.read_text())
    content["files"]["denoiser"] = "0" * 64
    stale = tmp_path / "cleaning.json"
    stale.write_text(json.dumps(content))
    monkeypatch.setattr(curves, "CURVES", stale)
    assert {point.cleaner for point in kept_points()} == {NOTHING, *CLEANERS} - {"denoiser"}
    content["files"]["digits"] = "0" * 64  # whatever was read was read by another network
    stale.write_text(json.dumps(content))
    assert kept_points() == []
    stale.write_text("{")
    assert kept_points() == []


def test_the_report_s_part_is_left_out_where_something_was_not_measured():
    assert cleaning_part(kept_points()[:-1]) == ""
