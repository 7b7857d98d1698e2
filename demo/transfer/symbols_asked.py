"""What the section "Teach it your own symbols" is asked, checked."""

import torch
from torch import Tensor

from demo.asked import BadRequest, choice_in
from demo.canvas import canvas
from models import symbol_files
from models.ink import SIDE
from models.symbols import HEADS, MOST_CLASSES, MOST_DRAWINGS

LONGEST_NAME = 64  # characters that are looked at; what is too long is the check's to say


def names_in(asked: dict) -> list[str]:
    """The names of the classes. Raises BadRequest, SymbolError."""
    names = asked.get("names")
    if not isinstance(names, list) or len(names) > MOST_CLASSES:
        raise BadRequest
    if not all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in names):
        raise BadRequest
    return symbol_files.check_names(names)


def examples_in(asked: dict) -> list[Tensor]:
    """The drawings of each class, (N, 28, 28) in [0, 1]. Raises BadRequest.

    `asked["examples"]`: a list a class, of base64 of 784 bytes a drawing.
    """
    groups = asked.get("examples")
    if not isinstance(groups, list) or not 1 <= len(groups) <= MOST_CLASSES:
        raise BadRequest
    if not all(isinstance(group, list) and len(group) <= MOST_DRAWINGS for group in groups):
        raise BadRequest
    return [drawings_of(group) for group in groups]


def drawings_of(group: list) -> Tensor:
    """Base64 of 784 bytes each -> (N, 28, 28) in [0, 1]. Raises BadRequest."""
    try:
        drawings = [canvas.to_tensor(SIDE, SIDE, text) for text in group]
    except canvas.BadPixels:
        raise BadRequest from None
    return torch.stack(drawings) if drawings else torch.empty(0, SIDE, SIDE)


def set_in(asked: dict) -> tuple[list[str], list[Tensor], str]:
    """Names, drawings and the head of a request. Raises BadRequest, SymbolError."""
    names, examples = names_in(asked), examples_in(asked)
    if len(names) != len(examples):
        raise BadRequest
    return names, examples, choice_in(asked, "head", HEADS)
