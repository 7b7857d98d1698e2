"""The foundations: the chapters in the book's order, each laid out with its code panel."""

import json
from pathlib import Path
from types import ModuleType

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
from demo.section_code import code_handlers

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


show_idea_code, save_idea_file = code_handlers(CHAPTERS, "foundations")


# ---- The page -------------------------------------------------------------------------------


def build() -> None:
    """Lays the list of chapters out, and the chapters below it."""
    start = f"lab.startChapters(element, {json.dumps(list(CHAPTERS))})"
    panels.lay_out(FOLDER / "chapters.html", "train", start, [], PART)
    for key, chapter in CHAPTERS.items():
        functions = [*chapter.HANDLERS, show_idea_code, save_idea_file]
        start = f'lab.mountChapter("{key}", element, server)'
        panels.lay_out(FOLDER / f"{key}.html", "train", start, functions, PART)
