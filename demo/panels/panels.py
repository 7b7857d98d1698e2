"""The panels' files put together for the head of the page, and how a panel is laid out."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr

FOLDER = Path(__file__).resolve().parent
# What all panels share comes first.
SCRIPTS = ("panel.js",)
STYLES = ("panel.css",)


def script() -> str:
    """All panels' scripts, for the head of the page."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)


def styles() -> str:
    """All panels' style sheets."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in STYLES)


def lay_out(markup: str, start: str, server_functions: list[Callable]) -> gr.HTML:
    """A panel: its HTML file, the line of script that starts it, and what it may ask."""
    return gr.HTML(
        html_template=(FOLDER / markup).read_text(encoding="utf-8"),
        js_on_load=start,
        server_functions=server_functions,
        apply_default_css=False,
        elem_classes="lab-bare",
    )
