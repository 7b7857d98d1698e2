"""The section "Teach it your own symbols": drawings in, a network that reads them out."""

import base64
import binascii
import time

import torch
from torch import Tensor

from demo.asked import BadRequest, answering, choice_in, digit_in
from demo.canvas import canvas
from demo.code_view import Part
from demo.taught import Taught, keep_taught, read_taught
from demo.turns import Turns
from models import symbol_files, symbol_scores, symbols
from models.errors import LabError
from models.ink import SIDE
from models.symbols import HEADS, MOST_CLASSES, MOST_DRAWINGS, Pupil, SymbolError

# ---- Words ----------------------------------------------------------------------------------

LARGEST_FILE = 12_000_000  # bytes of a ZIP to load, the network in it included
LONGEST_NAME = 64  # characters that are looked at; what is too long is the check's to say
SEED = 0  # of a teaching: the same drawings teach the same
WAITING, PATIENCE = 3, 6.0  # visitors, and seconds of each


class TeachingBusyError(LabError):
    """Others are teaching."""

    def __init__(self) -> None:
        super().__init__("symbols_busy", "others are teaching just now; try again in some seconds")


class BlankSymbolError(LabError):
    """A drawing without ink."""

    def __init__(self) -> None:
        super().__init__("symbols_no_ink", "there is no ink on the sheet")


# One teaching at a time on the whole server, and beside it one that leaves drawings out.
TURNS = Turns(WAITING, PATIENCE, TeachingBusyError)
SCORING = Turns(WAITING, PATIENCE, TeachingBusyError)

# ---- What is asked --------------------------------------------------------------------------


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


# ---- Handlers -------------------------------------------------------------------------------


@answering
def see_symbol(asked: dict) -> dict:
    """What is on the sheet as the network sees it: {"seen": base64 of 28 x 28 bytes}."""
    digit = digit_in(asked)
    if not digit.any():
        raise BlankSymbolError
    return {"seen": canvas.to_text(digit)}


@answering
def teach_symbols(asked: dict) -> dict:
    """Teaches {"names", "examples", "head"} and keeps what it learned for this visitor.

    `owner`: the key that an earlier call gave, so that the visitor's oldest makes room.
    """
    names, examples, head = set_in(asked)
    with TURNS.turn():
        began = time.perf_counter()
        pupil = symbols.teach(examples, head, SEED)
        seconds = time.perf_counter() - began
    taught = Taught(tuple(names), pupil.read, tuple(examples), bytes_of(pupil))
    kept = keep_taught(taught, asked.get("owner"))
    return kept | {"names": names, "head": head, "seconds": seconds}


def bytes_of(pupil: Pupil) -> int:
    """The memory that a pupil takes beside the teacher, which all share."""
    lesson, head = pupil.lesson, pupil.head
    tensors = [lesson.digits, lesson.features, lesson.embedded, head.weight]
    tensors += head.last.parameters() if head.last else []
    return sum(tensor.nbytes for tensor in tensors)


@answering
def score_symbols(asked: dict) -> dict:
    """How often each drawing is read right by what the others teach, with the head asked for.

    The table has a row a class as drawn, a column a class as read, the last for none of them.
    """
    _, examples, head = set_in(asked)
    with SCORING.turn():
        scores = symbol_scores.leave_one_out(examples, head, SEED)
    return {"accuracy": scores.accuracy, "table": scores.table}


@answering
def read_symbol(asked: dict) -> dict:
    """What is on the sheet, read by what the visitor has taught: as the Draw tab's answer."""
    return read_taught(asked)


@answering
def pack_symbols(asked: dict) -> dict:
    """The set as a ZIP in base64: the drawings as PNGs, and the head that they teach."""
    return {"file": base64.b64encode(packed_set(*set_in(asked))).decode("ascii")}


def packed_set(names: list[str], examples: list[Tensor], head: str) -> bytes:
    """The ZIP; without a head where the drawings can't be taught. Raises TeachingBusyError."""
    try:
        with TURNS.turn():
            pupil = symbols.teach(examples, head, SEED)
    except SymbolError:
        pupil = None
    return symbol_files.pack(names, examples, pupil)


@answering
def unpack_symbols(asked: dict) -> dict:
    """The set in a ZIP that the visitor loads: {"names", "examples"}, as they are sent."""
    text = asked.get("file")
    if not isinstance(text, str):
        raise BadRequest
    if len(text) > LARGEST_FILE * 4 // 3:
        raise SymbolError("symbols_file_bad", "that file is too large")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest from None
    names, examples = symbol_files.unpack(content)
    pixels = [[canvas.to_text(drawing / 255) for drawing in drawings] for drawings in examples]
    return {"names": names, "examples": pixels}


HANDLERS = (see_symbol, teach_symbols, score_symbols, read_symbol, pack_symbols, unpack_symbols)

# ---- The script -----------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the section shows."""
    return []
