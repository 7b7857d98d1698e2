"""The shelf of runs below the Train tab: compared, used in the other tabs, taken home."""

import gradio as gr

from demo.panels import panels
from demo.train_kept import kept_runs, upload_network, use_run


def build() -> gr.HTML:
    handlers = [kept_runs, use_run, upload_network]
    return panels.lay_out(
        "train_shelf.html",
        "train",
        "lab.startTrainShelf(element, server)",
        handlers,
        "lab-part-digits",
    )
