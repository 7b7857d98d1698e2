"""The Draw tab: a drawing, a picture or a test image in, the answer out."""

import random
from types import ModuleType

import gradio as gr
from torch import Tensor, nn

from demo.asked import answering, caution_in, ink_in, is_centred, reader_in
from demo.canvas import canvas
from demo.panels import code, inside, own_digits, steps, test_set, why
from demo.picture_input import picture_bytes, raw_picture
from demo.public_event import in_words
from demo.readers import default_reader, is_taught, menu
from demo.reading_line import ReadingLine
from demo.taught import read_taught
from models.calibrate import CARES, DEFAULT_CARE
from models.data import load_mnist
from models.ink import find_ink
from models.picture import read_picture
from models.predict import Caution, classify

# ---- Words ----------------------------------------------------------------------------------

SAMPLES = 4  # as many test images as the book's last step shows
# The folded sections below the tab, from top to bottom.
PANELS: tuple[ModuleType, ...] = (steps, inside, why, test_set, own_digits, code)
READINGS = ReadingLine()

# ---- Handlers -------------------------------------------------------------------------------


@answering
def read_drawing(asked: dict) -> dict:
    """Reads what is on a canvas.

    `asked`: {"kind", "width", "height", "pixels", "model", "care", "centred"}. Gives the answer,
    `seen`, the 28 x 28 pixels, and `threshold`, below which a digit score is refused; for a picture
    also the `ink` found. What a visitor has taught answers with names of its own.
    """
    if is_taught(asked.get("model")):
        return with_ink(read_taught(asked), asked, ink_in(asked))
    ink, caution = ink_in(asked), caution_in(asked)
    prediction = classify(reader_in(asked).network, ink, caution, is_centred(asked))
    answer = prediction.as_json() | {"seen": canvas.to_text(prediction.digit)}
    answer |= {"threshold": caution.threshold}
    return with_ink(answer, asked, ink)


def with_ink(answer: dict, asked: dict, ink: Tensor) -> dict:
    """An answer, and the ink that was found where it is to a picture."""
    return answer | {"ink": canvas.to_text(ink)} if asked["kind"] == "picture" else answer


def network_menu(_value: object) -> dict:
    """The networks to choose from, the one that reads unless another is chosen, and the cares."""
    lines = menu()
    cares = {"cares": list(CARES), "care": DEFAULT_CARE}
    return {"networks": lines, "chosen": default_reader(lines), **cares}


@answering
def read_samples(asked: dict) -> dict:
    """Four random test images, or the ones at `positions`, each read by the network `model`."""
    mnist = load_mnist()
    positions = asked.get("positions")
    if not is_positions(positions, len(mnist.test_labels)):
        positions = random.sample(range(len(mnist.test_labels)), SAMPLES)
    network, caution = reader_in(asked).network, caution_in(asked)
    samples = [
        read_sample(mnist.test_images[at] / 255, int(mnist.test_labels[at]), network, caution)
        for at in positions
    ]
    return {"positions": positions, "samples": samples}


def read_sample(image: Tensor, label: int, network: nn.Module, caution: Caution) -> dict:
    """One test image (28, 28), the digit that it is, and the digit that the network reads."""
    predicted = classify(network, image, caution).label
    return {"ink": canvas.to_text(image), "label": str(label), "predicted": predicted}


def is_positions(value: object, count: int) -> bool:
    """Whether a value is a list of four places in the test set."""
    return (
        isinstance(value, list)
        and len(value) == SAMPLES
        and all(type(position) is int and 0 <= position < count for position in value)
    )


def classify_picture(picture: object, model: object, request: gr.Request) -> dict:
    """Reads a picture file: the public event /classify. `picture` is the upload's description."""
    try:
        ink = find_ink(read_picture(picture_bytes(picture)))
        asked = {"model": model}
        return classify(reader_in(asked).network, ink, caution_in(asked)).as_json()
    except Exception as error:
        raise in_words(error, request) from None


# ---- The tab --------------------------------------------------------------------------------


def build() -> None:
    """Lays the tab out, and the public event beside it."""
    gr.HTML(
        html_template=canvas.markup(),
        js_on_load="lab.startDrawTab(element, server)",
        server_functions=[READINGS.of(read_drawing), network_menu, read_samples],
        apply_default_css=False,
        elem_classes="lab-bare",
    )
    for panel in PANELS:
        panel.build()
    with gr.Group(visible=False):
        picture = raw_picture()
        model = gr.Textbox("digits", label="model")
        answer = gr.JSON(label="answer")
        ask = gr.Button()

    ask.click(
        classify_picture,
        [picture, model],
        answer,
        api_name="classify",
        preprocess=False,  # the picture is judged before anything decodes it
        concurrency_limit=None,  # thirty visitors at once don't stand in a line
    )
