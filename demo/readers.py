"""The networks that read a drawing: loaded when first asked for, kept for everybody."""

import threading
from functools import cache

from torch import nn

from models import checkpoint
from models.errors import LabError
from models.nets import NETS

DEFAULT_READER = "digits"
loading = threading.Lock()  # two visitors' first readings load a network once


class UnknownReader(LabError):
    """A name that is none of the readers."""


def names() -> list[str]:
    """The readers of the menu: what is shipped, the default one first even where it is missing."""
    shipped = [name for name in NETS if name in checkpoint.available(kind="reader")]
    return [DEFAULT_READER, *(name for name in shipped if name != DEFAULT_READER)]


def reader(name: object = None) -> nn.Module:
    """A trained network by name, without one the default.

    Raises UnknownReader for a name that is no reader's, CheckpointError for a file that is
    missing or damaged.
    """
    name = default_name() if name is None else name
    if not isinstance(name, str) or name not in NETS or NETS[name].kind != "reader":
        raise UnknownReader("unknown_network", "There is no network of that name.")
    with loading:
        return loaded(name).network


def default_name() -> str:
    """`digits`, or the first shipped reader where that file is missing."""
    shipped = checkpoint.available(kind="reader")
    return DEFAULT_READER if DEFAULT_READER in shipped or not shipped else shipped[0]


@cache
def loaded(name: str) -> checkpoint.Checkpoint:
    return checkpoint.load(name)


def menu() -> list[dict]:
    """A line a reader: its name, its test accuracy, and what is wrong with its file, if so."""
    return [menu_line(name) for name in names()]


def menu_line(name: str) -> dict:
    try:
        with loading:
            figures = loaded(name).figures
    except LabError as error:
        return {"name": name, "accuracy": None, **described(error)}
    return {"name": name, "accuracy": figures.get("accuracy")}


def described(error: LabError) -> dict:
    """An error as the page's scripts take it: a key of the word tables and its details."""
    details = {name: str(value) for name, value in error.details.items()}
    return {"error": error.key, "details": details}
