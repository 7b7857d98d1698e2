"""The test set, opened: what the chosen network reads right, what it mixes up, and each image."""

from functools import cache

import gradio as gr

from demo.asked import BadRequest, answering, reader_in
from demo.canvas import canvas
from demo.panels import panels
from demo.readers import checkpoint_of
from models.answers import Answers, Survey, accuracy_per_digit, confusion, find
from models.data import load_mnist
from models.nets import CLASSES

PAGE = 24  # images sent at once: whole rows of two, three, four or six

# ---- Handlers -------------------------------------------------------------------------------


@answering
def figures_of_test_set(asked: dict) -> dict:
    """How a network does on the test set.

    `asked`: {"model"}. Gives "accuracies" of the ten digits and the "matrix", a row a digit as it
    is, a column as it is read. Until a network is measured whose answers are not kept: "measured",
    the share that is; each request measures a piece more.
    """
    checkpoint = reader_in(asked)
    network, survey = checkpoint.recipe.network, survey_of(checkpoint.recipe.network)
    survey.advance()
    if survey.share() < 1:
        return {"network": network, "measured": survey.share()}
    answers, truths = survey.answers(), load_mnist().test_labels
    return {
        "network": network,
        "accuracies": accuracy_per_digit(answers, truths).tolist(),
        "matrix": confusion(answers, truths).tolist(),
    }


@answering
def images_of_test_set(asked: dict) -> dict:
    """A page of the images of one cell, else of all mistakes.

    `asked`: {"model", "cell": [really, read as] or None, "start": how many are there already}.
    """
    survey = survey_of(reader_in(asked).recipe.network)
    cell, start = cell_in(asked), start_in(asked)
    if survey.share() < 1:
        raise BadRequest
    answers = survey.answers()
    positions = find(answers, load_mnist().test_labels, cell).tolist()
    images = [image_at(position, answers) for position in positions[start : start + PAGE]]
    return {"cell": cell, "start": start, "total": len(positions), "images": images}


def image_at(position: int, answers: Answers) -> dict:
    """One test image, the digit that it is, and the digit that was read."""
    mnist = load_mnist()
    return {
        "ink": canvas.to_text(mnist.test_images[position] / 255),
        "label": str(int(mnist.test_labels[position])),
        "predicted": str(int(answers.labels[position])),
        "probability": 1 - float(answers.doubts[position]),
    }


def cell_in(asked: dict) -> tuple[int, int] | None:
    """The cell of the table that a request names. Raises BadRequest."""
    cell = asked.get("cell")
    if cell is None:
        return None
    if not isinstance(cell, list) or len(cell) != 2:
        raise BadRequest
    if not all(type(digit) is int and 0 <= digit < CLASSES for digit in cell):
        raise BadRequest
    return cell[0], cell[1]


def start_in(asked: dict) -> int:
    """After how many images the page begins that a request wants. Raises BadRequest."""
    start = asked.get("start", 0)
    if type(start) is not int or not 0 <= start <= len(load_mnist().test_labels):
        raise BadRequest
    return start


def survey_of(network: str) -> Survey:
    """The answers of a reader, which everybody shares like the reader itself."""
    return survey_once(network, checkpoint_of(network).sha256)


@cache
def survey_once(network: str, _sha256: str) -> Survey:
    """A survey a file: the checksum is there so that other weights are measured anew."""
    return Survey(checkpoint_of(network), load_mnist().test_images)


# ---- The panel ------------------------------------------------------------------------------


def build() -> gr.HTML:
    handlers = [figures_of_test_set, images_of_test_set]
    return panels.lay_out(
        "test_set.html", "draw", "lab.startTestSet(element, server)", handlers, folded="test_set"
    )
