"""The code for this: the script that trains and applies the chosen cleaner, shown and packed."""

import gradio as gr

from demo.asked import answering, cleaner_in, noise_in, seed_in, seen_in
from demo.cleaning_code import NOTEBOOK, SCRIPT, parts, size, take_home
from demo.cleaning_steps import DIGIT, Cleaning
from demo.code_view import notebook, script, zipped
from demo.panels import panels
from demo.readers import is_own
from demo.saving import Files, language_in, saved, shown
from models.errors import LabError
from models.picture import as_png

# ---- Handlers -------------------------------------------------------------------------------


class OwnCodeError(LabError):
    """The script of what the visitor has trained stands where it was trained."""

    def __init__(self) -> None:
        super().__init__("clean_code_own", "the Train tab has the script of what you trained there")


def cleaning_in(asked: dict) -> Cleaning:
    """What the tab is set to. Raises BadRequest, and OwnCodeError for a visitor's own cleaner."""
    cleaner = cleaner_in(asked)
    if is_own(cleaner):
        raise OwnCodeError
    return Cleaning(*noise_in(asked), seed_in(asked), cleaner, language_in(asked))


@answering
def show_clean_code(asked: dict) -> dict:
    """The script for the settings of the tab: {"noise", "level", "seed", "cleaner", "language"}.

    Also how many lines it has, and how many megabytes it is to take home with what was learned.
    """
    cleaning = cleaning_in(asked)
    return shown(script(parts(cleaning), cleaning.language), size(cleaning))


def packed(asked: dict) -> bytes:
    return zipped(take_home(cleaning_in(asked), seen_in(asked)))


def script_alone(asked: dict) -> bytes:
    return script(parts(cleaning_in(asked)), language_in(asked)).encode()


def notebook_alone(asked: dict) -> bytes:
    return notebook(parts(cleaning_in(asked)), language_in(asked)).encode()


def digit_alone(asked: dict) -> bytes:
    return as_png(seen_in(asked))


FILES: Files = {
    "zip": ("clean_digit.zip", packed),
    "script": (SCRIPT, script_alone),
    "notebook": (NOTEBOOK, notebook_alone),
    "drawing": (DIGIT, digit_alone),
}


@answering
def save_clean_file(asked: dict) -> dict:
    """One of FILES in base64: what `show_clean_code` takes, {"file"}, and the digit's 28 x 28."""
    return saved(FILES, asked)


# ---- The panel ------------------------------------------------------------------------------


def build() -> gr.HTML:
    """Laid out as the Draw tab's panel is; only what it says and asks differs."""
    functions = [show_clean_code, save_clean_file]
    return panels.lay_out("code.html", "denoise", "lab.startCleanCode(element, server)", functions)
