"""The public event /denoise: a picture spoiled and cleaned, and what became of it in figures."""

import gradio as gr
from PIL import Image
from torch import Tensor

from demo.picture_input import picture_bytes, raw_picture
from demo.public_event import in_words
from demo.readers import read_in
from models.cleaners import CLEANERS, DEFAULT_CLEANER
from models.denoise import clean_digit, digit_of_picture, likeness, spoil_digit
from models.errors import LabError
from models.noise import NOISES
from models.picture import on_paper, read_picture
from models.recipe import RANGES

NOISE, LEVEL, SEED = "gaussian", 0.5, 0  # unless a caller says otherwise: the book's

# ---- Handlers -------------------------------------------------------------------------------


def chosen(name: str, value: object, table: dict) -> str:
    """A key of a table. Raises LabError."""
    if isinstance(value, str) and value in table:
        return value
    choices = ", ".join(table)
    raise LabError("api_choice", "{name} takes one of {choices}", name=name, choices=choices)


def level_of(noise: str, value: object) -> float:
    """A level that this noise takes. Raises LabError."""
    entry = NOISES[noise]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and entry.lowest <= value <= entry.highest:  # NaN fails too
        return value
    limits = {"noise": noise, "low": f"{entry.lowest:g}", "high": f"{entry.highest:g}"}
    raise LabError("api_level", "the level of {noise} goes from {low} to {high}", **limits)


def seed_of(value: object) -> int:
    """A seed, which clients without whole numbers send as 3.0. Raises LabError."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    low, high = RANGES["seed"]
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    sentence = "the seed is a whole number from {low} to {high}"
    raise LabError("api_seed", sentence, low=low, high=high)


def denoise_picture(
    picture: object, noise: object, level: object, model: object, seed: object, request: gr.Request
) -> tuple[Image.Image, dict]:
    """The event: the cleaned digit, dark ink on white, and its figures."""
    try:
        settings = {
            "noise": (kind := chosen("noise", noise, NOISES)),
            "level": level_of(kind, level),
            "model": chosen("model", model, CLEANERS),
            "seed": seed_of(seed),
        }
        digit = digit_of_picture(read_picture(picture_bytes(picture)))
        cleaned, figures = denoised(digit, **settings)
        return on_paper(cleaned), figures
    except Exception as error:
        raise in_words(error, request) from None


def denoised(
    digit: Tensor, noise: str, level: float, model: str, seed: int
) -> tuple[Tensor, dict[str, object]]:
    """The digit (28, 28) spoiled and cleaned; the figures of it, and what is read before and after.

    Raises LabError.
    """
    spoiled = spoil_digit(digit, noise, level, seed)
    cleaned = clean_digit(spoiled, noise, level, model)
    before, after = [
        {"read": reading["label"], "confidence": reading["confidence"]}
        for reading in read_in([spoiled, cleaned])
    ]
    settings = {"noise": noise, "level": level, "model": model, "seed": seed}
    unclean = likeness(spoiled, digit) | before
    return cleaned, likeness(cleaned, digit) | after | settings | {"spoiled": unclean}


# ---- The event ------------------------------------------------------------------------------


def build() -> None:
    """The event's inputs and outputs, which nobody sees, and the event."""
    with gr.Group(visible=False):
        picture = raw_picture()
        noise = gr.Textbox(NOISE, label="noise")
        level = gr.Number(LEVEL, label="level")
        model = gr.Textbox(DEFAULT_CLEANER, label="model")
        seed = gr.Number(SEED, label="seed")
        # kept under a name made of its content, a few hundred bytes, until the uploads are cleared
        cleaned = gr.Image(label="cleaned", format="png")
        figures = gr.JSON(label="figures")
        ask = gr.Button()

    ask.click(
        denoise_picture,
        [picture, noise, level, model, seed],
        [cleaned, figures],
        api_name="denoise",
        preprocess=False,  # the picture is judged before anything decodes it
        concurrency_limit=None,  # thirty visitors at once don't stand in a line
    )
