"""The foundations: the chapters in the book's order, each laid out with its code panel."""

import json
from pathlib import Path
from types import ModuleType

from demo.asked import BadRequest, answering, choice_in
from demo.code_view import notebook, script
from demo.foundations import (
    activations,
    bias,
    bug,
    data,
    fitting,
    gradient,
    ladder,
    loss,
    microscope,
    optimizers,
    plane,
    rate,
)
from demo.panels import panels
from demo.saving import Files, language_in, saved, shown

FOLDER = Path(__file__).resolve().parent
# In the order of the page. Each module has HANDLERS, what its script may ask of the server, and
# parts(settings, language), the code of what it shows.
CHAPTERS: dict[str, ModuleType] = {
    "ladder": ladder,
    "bug": bug,
    "microscope": microscope,
    "gradient": gradient,
    "loss": loss,
    "optimizers": optimizers,
    "rate": rate,
    "activations": activations,
    "bias": bias,
    "fitting": fitting,
    "plane": plane,
    "data": data,
}
PART = "lab-part-foundations"


# ---- Handlers -------------------------------------------------------------------------------


def script_of(asked: dict) -> str:
    return script(parts_of(asked))


def parts_of(asked: dict) -> list:
    """The code of a chapter: {"chapter", "settings": what the chapter is set to, "language"}."""
    chapter, settings = choice_in(asked, "chapter", CHAPTERS), asked.get("settings")
    if not isinstance(settings, dict):
        raise BadRequest
    return CHAPTERS[chapter].parts(settings, language_in(asked))


@answering
def show_idea_code(asked: dict) -> dict:
    """The script of what a chapter shows, and how many lines it has."""
    return shown(script_of(asked), 0)


FILES: Files = {
    "script": ("foundations.py", lambda asked: script_of(asked).encode()),
    "notebook": ("foundations.ipynb", lambda asked: notebook(parts_of(asked)).encode()),
}


@answering
def save_idea_file(asked: dict) -> dict:
    """One of FILES in base64: what `show_idea_code` takes, and {"file"}."""
    answer = saved(FILES, asked)
    return answer | {"name": f"{asked['chapter']}{Path(answer['name']).suffix}"}


# ---- The page -------------------------------------------------------------------------------


def build() -> None:
    """Lays the list of chapters out, and the chapters below it."""
    start = f"lab.startChapters(element, {json.dumps(list(CHAPTERS))})"
    panels.lay_out(FOLDER / "chapters.html", start, [], PART)
    for key, chapter in CHAPTERS.items():
        functions = [*chapter.HANDLERS, show_idea_code, save_idea_file]
        start = f'lab.mountChapter("{key}", element, server)'
        panels.lay_out(FOLDER / f"{key}.html", start, functions, PART)
