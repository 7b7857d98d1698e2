"""From ink to digit: each step of the way as a picture, and the switch of centring."""

import gradio as gr

from demo.asked import answering, ink_in, is_centred
from demo.canvas import canvas
from demo.panels import panels
from models.ink_steps import Fitting, ink_steps


@answering
def steps_of_drawing(asked: dict) -> dict:
    """How what is on the sheet becomes 28 x 28 pixels.

    `asked`: {"kind", "width", "height", "pixels", "centred"}. `fitting` is None where the sheet
    is taken as it is, or holds no ink; `inked` is the share of the sheet that is ink.
    """
    ink = ink_in(asked)
    steps = ink_steps(ink, is_centred(asked))
    return {
        "inked": float(ink.mean()),
        "fitting": steps.fitting and described_fitting(steps.fitting),
        "digit": canvas.to_text(steps.digit),
        "mass": steps.mass,
    }


def described_fitting(fitting: Fitting) -> dict:
    """The steps in between as the page's script takes them."""
    height, width = fitting.small.shape
    return {
        "box": fitting.box,
        "widened": fitting.widened,
        "small": {"width": width, "height": height, "pixels": canvas.to_text(fitting.small)},
        "middle": canvas.to_text(fitting.middle),
        "mass": fitting.mass,
        "shift": fitting.shift,
    }


def build() -> gr.HTML:
    """Lays the panel out."""
    return panels.lay_out(
        "steps.html", "draw", "lab.startSteps(element, server)", [steps_of_drawing], folded="steps"
    )
