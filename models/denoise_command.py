"""What `python -m models denoise` does: a picture in, its digit cleaned, a small picture out."""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor

from models.checkpoint import check_writable, write_whole
from models.cleaners import CLEANERS
from models.commands import CommandError, say
from models.denoise import clean_digit, digit_of_picture, likeness, spoil_digit
from models.noise import NOISES
from models.picture import as_png, read_picture
from models.recipe import RANGES, check_between, check_choice, check_level

UNTOLD = "gaussian"  # what a filter takes noise for that it was told nothing about


@dataclass(frozen=True)
class Pouring:
    """What is poured over the digit before it is cleaned."""

    noise: str
    level: float
    seed: int


def pouring(options: argparse.Namespace) -> Pouring | None:
    """The noise that was asked for, None without. Raises LabError."""
    noise, level, seed = options.noise, options.level, options.seed
    if noise is None:
        for name, value in {"--level": level, "--seed": seed}.items():
            if value is not None:
                sentence = "{name} says how to spoil the picture; name the noise with --noise too"
                raise CommandError("level_alone", sentence, name=name)
        return None
    check_choice("--noise", noise, NOISES)
    level = NOISES[noise].middle if level is None else level
    check_level("--level", noise, level)
    seed = 0 if seed is None else seed
    check_between("--seed", seed, int, *RANGES["seed"])
    return Pouring(noise, level, seed)


def denoise_file(options: argparse.Namespace) -> int:
    """Cleans one picture into OUT, and says how near it came to what it was before the noise."""
    torch.set_num_threads(1)
    check_choice("--model", options.model, CLEANERS)
    poured = pouring(options)
    check_writable(options.target)
    digit = digit_of_picture(read_picture(options.source), is_noisy=poured is None)
    cleaned, figures = clean_known(digit, poured, options.model)
    write_whole(options.target, as_png(cleaned))
    files = {"file": str(options.source), "out": str(options.target), "model": options.model}
    say(files | figures, options.json)
    return 0


def clean_known(
    digit: Tensor, poured: Pouring | None, cleaner: str
) -> tuple[Tensor, dict[str, object]]:
    """The cleaned digit (28, 28), and its figures; they are None where no original is known."""
    if poured is None:
        unknown = ("noise", "level", "seed", "mse", "psnr", "ssim")
        cleaned = clean_digit(digit, UNTOLD, NOISES[UNTOLD].middle, cleaner)
        return cleaned, dict.fromkeys(unknown)
    spoiled = spoil_digit(digit, poured.noise, poured.level, poured.seed)
    cleaned = clean_digit(spoiled, poured.noise, poured.level, cleaner)
    return cleaned, vars(poured) | likeness(cleaned, digit)
