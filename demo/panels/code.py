"""The code for this: the script of what the page just did, shown and packed to take home."""

import base64

import gradio as gr

from demo.asked import BadRequest, answering, caution_in, ink_in, is_centred, reader_in
from demo.code_view import notebook, script, zipped
from demo.panels import panels
from demo.reading_code import DRAWING, NOTEBOOK, SCRIPT, Reading, parts, take_home
from demo.words import WORDS
from models import checkpoint
from models.picture import as_png

# ---- Handlers -------------------------------------------------------------------------------

MEGABYTE = 1_000_000


def language_in(asked: dict) -> str:
    """The language that a request is in. Raises BadRequest."""
    language = asked.get("language")
    if not isinstance(language, str) or language not in WORDS:
        raise BadRequest
    return language


def reading_in(asked: dict) -> Reading:
    """What the page was set to when it read. Raises LabError."""
    return Reading(reader_in(asked), caution_in(asked), is_centred(asked), language_in(asked))


@answering
def show_code(asked: dict) -> dict:
    """The script for the settings of a reading: {"model", "care", "centred", "language"}.

    Also how many lines it has, and how many megabytes it and its weights are to take home.
    """
    reading = reading_in(asked)
    code = script(parts(reading))
    size = checkpoint.path_of(reading.name).stat().st_size / MEGABYTE
    return {"script": code, "lines": code.count("\n"), "size": max(round(size, 1), 0.1)}


def packed(asked: dict) -> bytes:
    return zipped(take_home(reading_in(asked), ink_in(asked)))


def script_alone(asked: dict) -> bytes:
    return script(parts(reading_in(asked))).encode()


def notebook_alone(asked: dict) -> bytes:
    return notebook(parts(reading_in(asked))).encode()


def drawing_alone(asked: dict) -> bytes:
    return as_png(ink_in(asked))


# What can be asked for: its file's name, and what makes it.
FILES = {
    "zip": ("read_digit.zip", packed),
    "script": (SCRIPT, script_alone),
    "notebook": (NOTEBOOK, notebook_alone),
    "drawing": (DRAWING, drawing_alone),
}


@answering
def save_file(asked: dict) -> dict:
    """One of FILES for a reading, in base64: what `show_code` takes, {"file"}, and the ink."""
    wish = asked.get("file")
    if not isinstance(wish, str) or wish not in FILES:
        raise BadRequest
    name, make = FILES[wish]
    return {"name": name, "content": base64.b64encode(make(asked)).decode("ascii")}


# ---- The panel ------------------------------------------------------------------------------


def build() -> gr.HTML:
    return panels.lay_out("code.html", "lab.startCode(element, server)", [show_code, save_file])
