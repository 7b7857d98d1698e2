"""Gradio's own Sketchpad over the lab's classify: the page that bench/sketchpad.py compares with.

    python -m bench.sketchpad_page PORT

Written as gradio's documentation shows it: the sketch's change event, through the queue. The brush
has the lab's width, and the answer comes with the amount of ink, so that one answer is told from
the next. Network, care and threads are the lab's.
"""

import sys

import gradio as gr
import numpy as np
import torch

from demo.asked import caution_in, reader_in
from demo.page import keep_from_proxies
from models.predict import classify

BLANK = "blank"  # the answer to a cleared sheet
SIDE = 280  # px
PEN_RADIUS = 10  # px, half the width of the lab's medium pen


def read(sketch: dict) -> str:
    """The answer's words and how many pixels of ink it answers to."""
    grey = sketch["composite"]  # None when cleared, else (280, 280) uint8, 0 black to 255 white
    if grey is None:
        return BLANK
    ink = 1 - torch.from_numpy(np.ascontiguousarray(grey)) / 255
    answer = classify(reader_in({}).network, ink, caution_in({}))
    return f"{answer.label or '?'}, {float(ink.sum()):.0f} px"


def build() -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as page:
        sketch = gr.Sketchpad(
            image_mode="L",
            canvas_size=(SIDE, SIDE),
            brush=gr.Brush(default_size=PEN_RADIUS, colors=["#000000"], color_mode="fixed"),
            elem_id="sketch",
        )
        answer = gr.Label(elem_id="answer")
        sketch.change(read, sketch, answer)
    return page


def main() -> None:
    torch.set_num_threads(1)  # as the lab
    keep_from_proxies("127.0.0.1")
    caution_in({})  # loads the network, as the lab does before its first visitor
    build().launch(
        server_name="127.0.0.1",
        server_port=int(sys.argv[1]),
        quiet=True,
        ssr_mode=False,
        _frontend=False,  # no trial request, which a busy machine fails after 3 s
    )


if __name__ == "__main__":
    main()
