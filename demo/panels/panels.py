"""How a panel is laid out."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr

from demo.path.line import MARK, line_of

FOLDER = Path(__file__).resolve().parent
FIRST = "first"  # the bundle that is always there
CODE = "<!-- code -->"  # where a panel's markup wants a panel of code inside it


def markup_of(file: str | Path) -> str:
    """An HTML file, of this folder unless it has a path."""
    text = (FOLDER / file).read_text(encoding="utf-8")
    if MARK in text:
        text = text.replace(MARK, line_of(Path(file).stem))
    return text.replace(CODE, markup_of("code.html")) if CODE in text else text


def lay_out(
    markup: str | Path,
    bundle: str,
    start: str,
    server_functions: list[Callable],
    *classes: str,
    folded: str = "",
) -> gr.HTML:
    """A panel: its HTML file, the bundle of scripts (demo/bundles.py) and the line that starts it,
    and what it may ask. `folded`, a key: the bundle is not fetched before somebody may need it."""
    mount = f'lab.mountPanel("{bundle}", "{folded}"' if folded else f'lab.mount("{bundle}"'
    mounted = f"{mount}, element, () => {{ {start}; }});"
    return gr.HTML(
        html_template=markup_of(markup),
        js_on_load=start if bundle == FIRST else mounted,
        server_functions=server_functions,
        apply_default_css=False,
        elem_classes=["lab-bare", *classes],
    )
