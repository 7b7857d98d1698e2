"""The book's path below all tabs: the list, and what the page is told of each entry."""

from pathlib import Path

import gradio as gr

from demo.asked import answering
from demo.panels import panels
from demo.path.table import ENTRIES, IDEAS, Entry

FOLDER = Path(__file__).resolve().parent


@answering
def book_path(_asked: dict) -> dict:
    """Every entry in the book's order, what its printed lines come to among it."""
    return {"entries": [described(entry) for entry in ENTRIES]}


def described(entry: Entry) -> dict:
    from demo.path.today import outcome  # with torchvision, which takes seconds the first time

    return {
        "key": entry.key,
        "kind": "idea" if entry in IDEAS else "program",
        "address": entry.address,
        "places": [place.as_json() for place in (entry.place, *entry.also)],
        "today": [outcome(name) for name in entry.today],
    }


def build() -> gr.HTML:
    """A folded section; nothing of it is fetched before somebody opens it."""
    start = "lab.startPath(element, () => lab.createPath(element, server))"
    return panels.lay_out(FOLDER / "path.html", panels.FIRST, start, [book_path], "lab-path-place")
