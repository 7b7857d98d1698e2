"""The panels' files put together for the head of the page, and how a panel is laid out."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr

FOLDER = Path(__file__).resolve().parent
OTHERS = (FOLDER.parent / "foundations", FOLDER.parent / "transfer")
CODE = "<!-- code -->"  # where a panel's markup wants a panel of code inside it


def files(ending: str) -> list[Path]:
    """All panels' files of a kind; what they share, panel.js and panel.css, comes first."""
    found = [path for folder in (FOLDER, *OTHERS) for path in folder.glob(f"*{ending}")]
    return sorted(found, key=lambda path: (path.stem != "panel", path.parent.name, path.name))


def script() -> str:
    """All panels' scripts, for the head of the page."""
    return "\n".join(path.read_text(encoding="utf-8") for path in files(".js"))


def styles() -> str:
    """All panels' style sheets."""
    return "\n".join(path.read_text(encoding="utf-8") for path in files(".css"))


def markup_of(file: str | Path) -> str:
    """An HTML file, of this folder unless it has a path."""
    text = (FOLDER / file).read_text(encoding="utf-8")
    return text.replace(CODE, markup_of("code.html")) if CODE in text else text


def lay_out(
    markup: str | Path, start: str, server_functions: list[Callable], *classes: str
) -> gr.HTML:
    """A panel: its HTML file, the line of script that starts it, and what it may ask."""
    return gr.HTML(
        html_template=markup_of(markup),
        js_on_load=start,
        server_functions=server_functions,
        apply_default_css=False,
        elem_classes=["lab-bare", *classes],
    )
