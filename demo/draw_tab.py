"""The Draw tab: a drawing, a picture or a test image in, the answer out."""

import random

import gradio as gr
from torch import Tensor

from demo.canvas import canvas
from demo.picture_input import picture_bytes, raw_picture
from demo.readers import default_reader, described, menu, reader
from demo.words import language_of, say
from models.data import load_mnist
from models.errors import LabError
from models.ink import find_ink
from models.picture import read_picture
from models.predict import classify

# ---- Words ----------------------------------------------------------------------------------

KINDS = ("ink", "picture")  # pixels as drawn, ink 1 on paper 0; or grey, 0 black to 1 white
SAMPLES = 4  # as many test images as the book's last step shows

# ---- Handlers -------------------------------------------------------------------------------


def read_drawing(value: object) -> dict:
    """Reads what is on a canvas.

    `value`: {"kind", "width", "height", "pixels", "model"}; open to anybody, so all of it is
    checked. Gives the answer and `seen`, the 28 x 28 pixels; for a picture also the `ink` found.
    """
    try:
        request = value if isinstance(value, dict) else {}
        grey = canvas.to_tensor(*(request.get(key) for key in ("width", "height", "pixels")))
        if request.get("kind") not in KINDS:
            raise canvas.BadPixels
        ink = find_ink(grey) if request["kind"] == "picture" else grey
        answer = read_ink(ink, request.get("model"))
    except canvas.BadPixels:
        return {"error": "bad_request", "details": {}}
    except LabError as error:
        return described(error)
    return answer | {"ink": canvas.to_text(ink)} if request["kind"] == "picture" else answer


def read_ink(ink: Tensor, model: object) -> dict:
    """(H, W) ink -> the answer's JSON and `seen`, the digit as the network saw it."""
    prediction = classify(reader(model), ink)
    return prediction.as_json() | {"seen": canvas.to_text(prediction.digit)}


def network_menu(_value: object) -> dict:
    """The networks to choose from, and the one that reads unless another is chosen."""
    lines = menu()
    return {"networks": lines, "chosen": default_reader(lines)}


def read_samples(value: object) -> dict:
    """Four random test images, or the ones at `positions`, each read by the network `model`."""
    request = value if isinstance(value, dict) else {}
    try:
        mnist = load_mnist()
        positions = request.get("positions")
        if not is_positions(positions, len(mnist.test_labels)):
            positions = random.sample(range(len(mnist.test_labels)), SAMPLES)
        samples = [
            read_sample(mnist.test_images[at] / 255, int(mnist.test_labels[at]), request)
            for at in positions
        ]
    except LabError as error:
        return described(error)
    return {"positions": positions, "samples": samples}


def read_sample(image: Tensor, label: int, request: dict) -> dict:
    """One test image (28, 28), the digit that it is, and the digit that the network reads."""
    predicted = read_ink(image, request.get("model"))["label"]
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
        return classify(reader(model), ink).as_json()
    except LabError as error:
        language = language_of(request.headers.get("accept-language"))
        sentence = say(error.key, language, **error.details)
        raise gr.Error(sentence, print_exception=False) from None


# ---- The tab --------------------------------------------------------------------------------


def build() -> None:
    """Lays the tab out, and the public event beside it."""
    gr.HTML(
        html_template=canvas.markup(),
        js_on_load="lab.startDrawTab(element, server)",
        server_functions=[read_drawing, network_menu, read_samples],
        apply_default_css=False,
        elem_classes="lab-bare",
    )
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
