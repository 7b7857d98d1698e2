"""The networks that read a drawing: loaded when first asked for, kept for everybody."""

import math
import threading
from functools import cache

from torch import Tensor, nn

from demo.shipped import figures_of
from demo.visitor import Room, Store
from models import checkpoint
from models.calibrate import caution_of
from models.errors import LabError
from models.nets import NETS
from models.predict import read

DEFAULT_READER = "digits"
OWN = "own:"  # and a key: a network that belongs to the visitor who holds the key
TAUGHT = "taught:"  # and a key: one that names other things than digits, demo/taught.py's
MOST_OWN = 4  # of one visitor and kind
OWN_ROOM = Room(each=150_000_000, all=500_000_000)  # bytes; book_cnn takes 103 MB
loading = threading.Lock()  # two visitors' first readings load a network once


def bytes_of(kept: checkpoint.Checkpoint) -> int:
    """The memory that a network's weights take, or the file that they lie in."""
    if kept.content:
        return len(kept.content)
    return sum(tensor.nbytes for tensor in kept.network.state_dict().values())


own_networks: Store[checkpoint.Checkpoint] = Store(most_each=MOST_OWN, size=bytes_of, room=OWN_ROOM)


class UnknownReader(LabError):
    """A name that is none of the readers."""


def reader(name: object = None) -> nn.Module:
    """A trained network by name, without one the default; raises what `checkpoint_of` does."""
    return checkpoint_of(name).network


def checkpoint_of(name: object = None) -> checkpoint.Checkpoint:
    """A trained network with its recipe and figures, without a name the default.

    Raises UnknownReader for a name that is no reader's, for one that reads no digits and for a
    visitor's own network that is no longer kept, LabError for a missing or damaged file.
    """
    if name is None:
        return default_checkpoint()
    if is_own(name):
        return own_network(name.removeprefix(OWN))
    if is_taught(name):
        raise UnknownReader("taught_no_digits", "What you taught reads no digits.")
    if not isinstance(name, str) or name not in NETS or NETS[name].kind != "reader":
        raise UnknownReader("unknown_network", "There is no network of that name.")
    with loading:
        return loaded(name)


def default_checkpoint() -> checkpoint.Checkpoint:
    """`digits`; only where it can't be loaded are the others' files looked at."""
    try:
        return checkpoint_of(DEFAULT_READER)
    except LabError:
        return checkpoint_of(default_reader(menu()))


def read_in(digits: list[Tensor]) -> list[dict]:
    """What `digits` reads in pictures (28, 28), each as it is, and whether the Draw tab would
    refuse to; the best of the others where its file is amiss. Raises CheckpointError.
    """
    reader = checkpoint_of()
    caution = caution_of(reader.figures)
    return [
        {
            "label": answer.label,
            "confidence": answer.confidence,
            "refused": answer.digit_score < caution.threshold,
        }
        for answer in read(reader.network, digits, caution)
    ]


def is_own(name: object) -> bool:
    """Whether a name means a visitor's own network."""
    return isinstance(name, str) and name.startswith(OWN)


def is_taught(name: object) -> bool:
    """Whether a name means what a visitor has taught."""
    return isinstance(name, str) and name.startswith(TAUGHT)


def own_network(key: str) -> checkpoint.Checkpoint:
    """The network behind a visitor's key. Raises UnknownReader."""
    network = own_networks.find(key)
    if network is None:
        sentence = "your own network is no longer kept: it was unused for an hour, or replaced"
        raise UnknownReader("own_network_gone", sentence)
    return network


@cache
def loaded(name: str) -> checkpoint.Checkpoint:
    figures_of(name)  # which also judges what they say
    return checkpoint.load(name)


def menu() -> list[dict]:
    """A line a reader that is shipped; the default one first, even where its file is missing."""
    shipped = checkpoint.available(kind="reader")
    return [menu_line(name) for name in dict.fromkeys([DEFAULT_READER, *shipped])]


def menu_line(name: str) -> dict:
    """A reader's name, its test accuracy, whether it refuses, and what is wrong with its file.

    A network that nobody has chosen is looked at once and not kept.
    """
    try:
        figures = figures_of(name)
    except LabError as error:
        return {"name": name, "accuracy": None, "refuses": False, **described(error)}
    accuracy = figures.get("accuracy")
    known = accuracy if isinstance(accuracy, float) and math.isfinite(accuracy) else None
    return {"name": name, "accuracy": known, "refuses": "calibration" in figures}


def default_reader(lines: list[dict]) -> str:
    """`digits`; where its file is missing or damaged, the most accurate of the others."""
    readable = [line for line in lines if "error" not in line] or lines
    best = max(readable, key=lambda line: (line["name"] == DEFAULT_READER, line["accuracy"] or 0))
    return best["name"]


def described(error: LabError) -> dict:
    """An error as the page's scripts take it: a key of the word tables and its details."""
    details = {name: str(value) for name, value in error.details.items()}
    return {"error": error.key, "details": details}
