"""The panels' files put together for the head of the page, and how a panel is laid out."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr

FOLDER = Path(__file__).resolve().parent


def files(ending: str) -> list[Path]:
    """All panels' files of a kind; what they share, panel.js and panel.css, comes first."""
    return sorted(FOLDER.glob(f"*{ending}"), key=lambda path: (path.stem != "panel", path.name))


def script() -> str:
    """All panels' scripts, for the head of the page."""
    return "\n".join(path.read_text(encoding="utf-8") for path in files(".js"))


def styles() -> str:
    """All panels' style sheets."""
    return "\n".join(path.read_text(encoding="utf-8") for path in files(".css"))


def lay_out(markup: str, start: str, server_functions: list[Callable]) -> gr.HTML:
    """A panel: its HTML file, the line of script that starts it, and what it may ask."""
    return gr.HTML(
        html_template=(FOLDER / markup).read_text(encoding="utf-8"),
        js_on_load=start,
        server_functions=server_functions,
        apply_default_css=False,
        elem_classes="lab-bare",
    )
