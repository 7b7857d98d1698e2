"""The code for this: the script of what the page just did, shown and packed to take home."""

import gradio as gr

from demo.asked import answering, caution_in, ink_in, is_centred, reader_in
from demo.code_view import notebook, script, zipped
from demo.panels import panels
from demo.reading_code import DRAWING, NOTEBOOK, SCRIPT, Reading, parts, take_home
from demo.saving import Files, language_in, saved, shown
from demo.weights import megabytes
from models.picture import as_png

# ---- Handlers -------------------------------------------------------------------------------


def reading_in(asked: dict) -> Reading:
    """What the page was set to when it read. Raises LabError."""
    return Reading(reader_in(asked), caution_in(asked), is_centred(asked), language_in(asked))


@answering
def show_code(asked: dict) -> dict:
    """The script for the settings of a reading: {"model", "care", "centred", "language"}.

    Also how many lines it has, and how many megabytes it and its weights are to take home.
    """
    reading = reading_in(asked)
    return shown(script(parts(reading), reading.language), megabytes(reading.name))


def packed(asked: dict) -> bytes:
    return zipped(take_home(reading_in(asked), ink_in(asked)))


def script_alone(asked: dict) -> bytes:
    return script(parts(reading_in(asked)), language_in(asked)).encode()


def notebook_alone(asked: dict) -> bytes:
    return notebook(parts(reading_in(asked)), language_in(asked)).encode()


def drawing_alone(asked: dict) -> bytes:
    return as_png(ink_in(asked))


FILES: Files = {
    "zip": ("read_digit.zip", packed),
    "script": (SCRIPT, script_alone),
    "notebook": (NOTEBOOK, notebook_alone),
    "drawing": (DRAWING, drawing_alone),
}


@answering
def save_file(asked: dict) -> dict:
    """One of FILES for a reading, in base64: what `show_code` takes, {"file"}, and the ink."""
    return saved(FILES, asked)


# ---- The panel ------------------------------------------------------------------------------


def build() -> gr.HTML:
    return panels.lay_out(
        "code.html", "draw", "lab.startCode(element, server)", [show_code, save_file], folded="code"
    )
