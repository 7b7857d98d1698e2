"""The Denoise tab: a digit, the noise poured over it, and what each cleaner makes of that."""

import random
from types import ModuleType

from torch import Tensor

from demo import denoise_event
from demo.asked import (
    BadRequest,
    answering,
    cleaner_in,
    digit_in,
    noise_in,
    seed_in,
    seen_in,
)
from demo.canvas import canvas
from demo.cleaners import cleaned_by
from demo.panels import clean_code, clean_curve, latent, panels
from demo.readers import MOST_OWN, described, is_own, read_in
from models.cleaners import CLEANERS, DEFAULT_CLEANER
from models.curves import NOTHING
from models.data import load_mnist
from models.denoise import likeness, spoil_digit
from models.errors import LabError
from models.noise import NOISES

# ---- Words ----------------------------------------------------------------------------------

# A cleaner's colour wherever it is seen: Okabe and Ito 2008, safe for the colour-blind.
COLOURS = {
    "denoiser": "#d55e00",
    "conv_autoencoder": "#0072b2",
    "linear_autoencoder": "#009e73",
    "lmmse": "#cc79a7",
    "median": "#e69f00",
    "gaussian_filter": "#56b4e9",
    "total_variation": "#8a8a8a",
}
# The folded sections below the tab, from top to bottom.
PANELS: tuple[ModuleType, ...] = (clean_curve, latent, clean_code)


class NoInkError(LabError):
    """A digit without ink: nothing to spoil."""

    def __init__(self) -> None:
        super().__init__("denoise_blank", "there is no ink in this digit; draw one first")


# ---- Handlers -------------------------------------------------------------------------------


def denoise_menu(_value: object) -> dict:
    """What there is to choose from: noises with their levels, and cleaners."""
    noises = [
        {
            "key": key,
            "weakest": noise.weakest,
            "strongest": noise.strongest,
            "step": noise.step,
            "middle": noise.nearest(noise.middle),
            "unit": noise.unit,
            "random": noise.is_random,
        }
        for key, noise in NOISES.items()
    ]
    cleaners = [
        {"key": key, "kind": cleaner.kind, "colour": COLOURS[key]}
        for key, cleaner in CLEANERS.items()
    ]
    return {"noises": noises, "cleaners": cleaners, "cleaner": DEFAULT_CLEANER}


@answering
def clean_up(asked: dict) -> dict:
    """Spoils and cleans a digit: {"digit", "noise", "level", "seed", "cleaner"}.

    Gives both pictures, how near each comes to the digit, and what `digits` reads in all three.
    """
    digit, spoiled = spoiled_in(asked)
    cleaned = cleaned_by(cleaner_in(asked), spoiled, *noise_in(asked))
    original, before, after = read_in([digit, spoiled, cleaned])
    return {
        "spoiled": canvas.to_text(spoiled),
        "cleaned": canvas.to_text(cleaned),
        "original": original,
        "before": before | likeness(spoiled, digit),
        "after": after | likeness(cleaned, digit),
    }


@answering
def compare_cleaners(asked: dict) -> dict:
    """The same spoiled digit by each of `cleaners`: a row each.

    A cleaner whose file is missing or damaged has its error in its row.
    """
    digit, spoiled = spoiled_in(asked)
    noise, level = noise_in(asked)
    cleaned: dict[str, Tensor] = {}
    failed = {}
    for key in cleaners_in(asked):
        try:
            plain = key == NOTHING
            cleaned[key] = spoiled if plain else cleaned_by(key, spoiled, noise, level)
        except LabError as error:
            failed[key] = described(error)
    readings = dict(zip(cleaned, read_in(list(cleaned.values())), strict=True))
    rows = [
        {"key": key, "picture": canvas.to_text(picture)} | readings[key] | likeness(picture, digit)
        for key, picture in cleaned.items()
    ]
    return {"rows": rows + [{"key": key} | error for key, error in failed.items()]}


@answering
def random_test_digit(_asked: dict) -> dict:
    """A random image of the test set and the digit that it is."""
    mnist = load_mnist()
    at = random.randrange(len(mnist.test_labels))
    return {
        "digit": canvas.to_text(mnist.test_images[at] / 255),
        "label": str(int(mnist.test_labels[at])),
    }


@answering
def digit_shown(asked: dict) -> dict:
    """The digit (28, 28) of a picture or a drawing, as the canvas sends them."""
    digit = digit_in(asked)
    if not digit.any():
        raise LabError("picture_blank", "there is nothing to see in this picture")
    return {"digit": canvas.to_text(digit)}


def cleaners_in(asked: dict) -> list[str]:
    """The cleaners that a request lists, NOTHING and the visitor's own among them or not.

    Raises BadRequest.
    """
    keys, known = asked.get("cleaners"), {NOTHING, *CLEANERS}
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise BadRequest
    if not 0 < len(keys) == len(set(keys)) <= len(known) + MOST_OWN:
        raise BadRequest
    if not all(key in known or is_own(key) for key in keys):
        raise BadRequest
    return keys


def spoiled_in(asked: dict) -> tuple[Tensor, Tensor]:
    """A request's digit and the same spoiled, (28, 28) each. Raises BadRequest, NoInkError."""
    digit = seen_in(asked)
    if not digit.any():
        raise NoInkError
    return digit, spoil_digit(digit, *noise_in(asked), seed_in(asked))


# ---- The tab --------------------------------------------------------------------------------


def build() -> None:
    """Lays the tab out, and the public event beside it."""
    panels.lay_out(
        "denoise.html",
        "denoise",
        "lab.startDenoiseTab(element, server)",
        [denoise_menu, clean_up, compare_cleaners, random_test_digit, digit_shown],
    )
    for panel in PANELS:
        panel.build()
    denoise_event.build()
