"""This run as code: the plain PyTorch script of a training, shown and packed."""

import gradio as gr

from demo.asked import BadRequest, answering, count_in
from demo.code_view import notebook, script, zipped
from demo.panels import panels
from demo.saving import Files, language_in, saved, shown
from demo.train_asked import recipe_in
from demo.training_code import NOTEBOOK, SCRIPT, SIZE, parts, take_home
from demo.training_steps import Run
from models.engine import total_steps

# ---- Handlers -------------------------------------------------------------------------------


def run_in(asked: dict) -> Run:
    """The training of a request, as far as it went. Raises LabError."""
    recipe, steps = recipe_in(asked), None
    if recipe.precision != "float32" or recipe.outsiders or recipe.penned:
        raise BadRequest  # the tab offers neither, and the script knows nothing of them
    if asked.get("steps") is not None:
        steps = count_in(asked, "steps", total_steps(recipe) + 1) or None
    return Run(recipe, steps, language_in(asked))


@answering
def show_train_code(asked: dict) -> dict:
    """The script of a training: {"recipe", "steps": those it took or null, "language"}.

    Also how many lines it has, and how many megabytes all that goes along is.
    """
    return shown(script(parts(run_in(asked)), language_in(asked)), SIZE)


def packed(asked: dict) -> bytes:
    return zipped(take_home(run_in(asked)))


def script_alone(asked: dict) -> bytes:
    return script(parts(run_in(asked)), language_in(asked)).encode()


def notebook_alone(asked: dict) -> bytes:
    return notebook(parts(run_in(asked)), language_in(asked)).encode()


FILES: Files = {
    "zip": ("train_digits.zip", packed),
    "script": (SCRIPT, script_alone),
    "notebook": (NOTEBOOK, notebook_alone),
}


@answering
def save_train_file(asked: dict) -> dict:
    """One of FILES in base64: what `show_train_code` takes, and {"file"}."""
    return saved(FILES, asked)


# ---- The panel ------------------------------------------------------------------------------


def build() -> gr.HTML:
    """Laid out as the Draw tab's panel is; only what it says and asks differs."""
    functions = [show_train_code, save_train_file]
    return panels.lay_out(
        "code.html", "train", "lab.startTrainCode(element, server)", functions, "lab-part-digits"
    )
