"""A digit in, spoiled and cleaned: what came of it, and what is left of the noise."""

import torch
from torch import Generator, Tensor
from torchmetrics.functional.image import structural_similarity_index_measure

from models.cleaners import CLEANERS, clean
from models.measure import psnr
from models.noise import NOISES
from models.recipe import check_choice, check_level


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
    ssim = structural_similarity_index_measure(*pair, data_range=1.0)
    return {
        "mse": float((picture - original).square().mean()),
        "psnr": float(psnr(*pair)),
        "ssim": float(ssim),
    }
