"""Networks that visitors have taught here: they read the sheet with names of their own.

What reads ten digits is demo/readers.py's. A taught network knows other names, two or more, and may
answer that a drawing is none of them. Anything with such a `read` can be offered the same way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from demo.asked import digit_in
from demo.canvas import canvas
from demo.readers import TAUGHT, UnknownReader, is_taught
from demo.visitor import Room, Store

MOST_EACH = 2  # of one visitor
MEGABYTE = 1_000_000
ROOM = Room(each=40 * MEGABYTE, all=300 * MEGABYTE)  # bytes
BLANK, UNLIKE = "blank", "taught"  # why it names nothing: keys of the page's words


class TaughtAnswer(Protocol):
    """What a taught network makes of a digit."""

    index: int | None  # of its names; None for none of them
    probabilities: list[float]  # one a name
    familiarity: float  # in [0, 1], how much it is like anything that it was taught
    threshold: float  # below it, the answer is "none of them"
    nearest: tuple[int, int] | None  # class and example that it is most like


@dataclass(frozen=True)
class Taught:
    """A taught network: what it calls its classes, how it reads, and what it learned from."""

    names: tuple[str, ...]
    read: Callable[[Tensor], TaughtAnswer]  # (28, 28) in [0, 1] -> its answer
    examples: tuple[Tensor, ...]  # a class each, (N, 28, 28) in [0, 1]
    size: int  # bytes


def size_of(taught: Taught) -> int:
    """The memory that a taught network takes, with its examples."""
    return taught.size + sum(each.nbytes for each in taught.examples)


taught_networks: Store[Taught] = Store(most_each=MOST_EACH, size=size_of, room=ROOM)


def taught_in(asked: dict) -> Taught:
    """The taught network that a request names. Raises UnknownReader where it is not kept."""
    name = asked.get("model")
    found = taught_networks.find(name.removeprefix(TAUGHT)) if is_taught(name) else None
    if found is None:
        sentence = "what you taught is no longer kept: it was unused for an hour, or replaced"
        raise UnknownReader("taught_gone", sentence)
    return found


def keep_taught(taught: Taught, owner: object) -> dict:
    """Keeps a taught network for a visitor: its name, the owner's key, and all names still kept."""
    key, owner = taught_networks.keep(taught, owner)
    kept = [TAUGHT + own for own in taught_networks.keys_of(owner)]
    return {"name": TAUGHT + key, "owner": owner, "kept": kept}


def read_taught(asked: dict) -> dict:
    """What is on a canvas, read by the taught network `model`: the Draw tab's answer, with `names`
    in place of the ten digits and `nearest`, the example that it is most like.

    Raises BadRequest, UnknownReader.
    """
    taught, digit = taught_in(asked), digit_in(asked)
    seen = {"names": taught.names, "seen": canvas.to_text(digit)}
    if not digit.any():
        return unread(BLANK, len(taught.names)) | seen
    answer = taught.read(digit)
    said = {
        "confidence": max(answer.probabilities),
        "probabilities": list(answer.probabilities),
        "digit_score": answer.familiarity,
        "threshold": answer.threshold,
        "nearest": nearest_of(taught, answer),
    }
    if answer.index is None:
        return unread(UNLIKE, len(taught.names)) | said | seen
    named = {"label": taught.names[answer.index], "refused": False, "reason": None}
    return unread(UNLIKE, len(taught.names)) | said | named | seen


def unread(reason: str, count: int) -> dict:
    """An answer that names nothing."""
    return {
        "label": None,
        "confidence": 0.0,
        "probabilities": [1 / count] * count,
        "digit_score": 0.0,
        "threshold": 0.0,
        "nearest": None,
        "refused": True,
        "reason": reason,
        "number": None,
        "parts": None,
    }


def nearest_of(taught: Taught, answer: TaughtAnswer) -> dict | None:
    """The example that an answer is most like: its name and its 28 x 28 pixels."""
    if answer.nearest is None:
        return None
    group, example = answer.nearest
    picture = canvas.to_text(taught.examples[group][example])
    return {"name": taught.names[group], "picture": picture}
