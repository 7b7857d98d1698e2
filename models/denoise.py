"""A digit in, spoiled and cleaned: what came of it, and what is left of the noise."""

import torch
from torch import Generator, Tensor

from models.cleaners import CLEANERS, clean
from models.ink import SIDE, find_ink, paper_ring, to_digit, whole_sheet
from models.measure import psnr, ssim
from models.noise import NOISES
from models.picture import PictureError
from models.recipe import check_choice, check_level

FAINTEST = 0.05  # of the range; the lowest contrast leaves twice as much, a JPEG of nothing less


def digit_of_picture(grey: Tensor, is_noisy: bool = False) -> Tensor:
    """Grey (H, W) in [0, 1], 0 black to 1 white -> the digit (28, 28), 0 paper to 1 ink.

    A drawing is cropped and centred as MNIST does it. A noisy picture is only made small, so that
    the noise is left for a cleaner; so is one that has a digit's size. Raises PictureError.
    """
    if is_noisy or grey.shape == (SIDE, SIDE):
        paper_is_light = paper_ring(grey).median() > 0.5
        digit = whole_sheet(1 - grey if paper_is_light else grey)
    else:
        digit = to_digit(find_ink(grey))
    if digit.max() - digit.min() < FAINTEST:
        raise PictureError("picture_blank", "no digit was found in the picture; bring another")
    return digit


def spoil_digit(digit: Tensor, noise: str, level: float, seed: int) -> Tensor:
    """(28, 28) in [0, 1] spoiled, the same for the same seed. Raises RecipeError."""
    check_choice("noise", noise, NOISES)
    check_level("level", noise, level)
    generator = Generator().manual_seed(seed)
    return NOISES[noise].spoil(digit[None, None], level, generator)[0, 0]


def clean_digit(spoiled: Tensor, noise: str, level: float, cleaner: str) -> Tensor:
    """(28, 28) in [0, 1] cleaned. Raises RecipeError, CheckpointError, DataError."""
    check_choice("the cleaner", cleaner, CLEANERS)
    check_choice("noise", noise, NOISES)
    check_level("level", noise, level)
    return clean(cleaner, spoiled[None, None], noise, level)[0, 0]


@torch.inference_mode()
def likeness(picture: Tensor, original: Tensor) -> dict[str, float]:
    """How near (28, 28) in [0, 1] comes to the original: mse, psnr in dB (at most 100), ssim."""
    pair = picture[None, None], original[None, None]
    return {
        "mse": float((picture - original).square().mean()),
        "psnr": float(psnr(*pair)),
        "ssim": ssim(*pair),
    }
