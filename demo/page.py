"""The page: its head, its tabs, and the server that offers it."""

import json
from pathlib import Path

import gradio as gr
import torch

from demo import draw_tab
from demo.canvas import canvas
from demo.readers import reader
from demo.theme import build_theme
from demo.words import DEFAULT_LANGUAGE, WORDS, say
from models.errors import LabError

FOLDER = Path(__file__).resolve().parent
UPLOAD_LIFE = 3600  # s; older uploads are deleted
PICTURE_LIMIT = "20mb"  # an upload; a phone's photograph has 3 to 8
STYLES = (
    FOLDER / "style.css",
    FOLDER / "canvas" / "canvas.css",
    FOLDER / "canvas" / "wide.css",
)
TABS = ("tab_draw",)  # word keys, in the order of the tabs


def label_tabs(language: str) -> list[dict] | dict:
    """The tabs renamed into another language, when the switch in the head is pressed."""
    known = language if isinstance(language, str) and language in WORDS else DEFAULT_LANGUAGE
    labels = [gr.update(label=say(key, known)) for key in TABS]
    return labels if len(labels) > 1 else labels[0]


def build_page() -> gr.Blocks:
    labels = {language: {key: table[key] for key in TABS} for language, table in WORDS.items()}
    translate = gr.I18n(**labels)
    with gr.Blocks(
        title=say("lab_name"),
        analytics_enabled=False,  # gradio looks up foreign hosts at the start otherwise
        fill_width=True,
        delete_cache=(600, UPLOAD_LIFE),
    ) as page:
        page.translations = translate
        head = gr.HTML(
            html_template=(FOLDER / "head.html").read_text(encoding="utf-8"),
            js_on_load=(FOLDER / "head.js").read_text(encoding="utf-8"),
            apply_default_css=False,
            elem_classes="lab-bare",
        )
        with gr.Tabs(elem_classes="lab-tabs"), gr.Tab(translate("tab_draw")) as draw:
            draw_tab.build()

        head.language(label_tabs, head, [draw], queue=False, api_visibility="private")
    return page


def document_head() -> str:
    """Style sheets, words and the scripts that all tabs share.

    The sheets go here and not through `css_paths`, which rewrites them: it adds selectors, and
    loses borders that are set in one line with a variable and changed in the next.
    """
    styles = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    shared = (FOLDER / "page.js").read_text(encoding="utf-8")
    tables = json.dumps(WORDS, ensure_ascii=False).replace("<", "\\u003c")
    script = f"{shared}\nlab.tables = {tables};\n{canvas.script()}"
    return f"<style>\n{styles}\n</style>\n<script>\n{script}\n</script>"


def serve(host: str, port: int) -> None:
    """Offers the page until it is interrupted."""
    torch.set_num_threads(1)  # two threads on busy cores spin on barriers and are slower than one
    page = build_page()
    page.launch(
        server_name=host,
        server_port=port,
        theme=build_theme(),
        head=document_head(),
        i18n=page.translations,
        max_file_size=PICTURE_LIMIT,
        footer_links=[],
        enable_monitoring=False,
        run_history=False,
        ssr_mode=False,
        prevent_thread_lock=True,
    )
    try:
        reader()  # the first visitor finds it loaded
    except LabError as error:
        print(error)
    page.block_thread()
