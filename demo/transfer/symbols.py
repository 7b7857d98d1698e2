"""The section "Teach it your own symbols": drawings in, a network that reads them out."""

import base64
import binascii
import time

from demo.asked import BadRequest, answering, digit_in, seed_in
from demo.canvas import canvas
from demo.code_view import script
from demo.saving import language_in, saved, shown
from demo.taught import Taught, keep_taught, read_taught
from demo.transfer import symbols_code
from demo.transfer.symbols_asked import set_in
from demo.transfer.symbols_code import parts
from demo.transfer.symbols_teaching import bytes_of, pack, score, teach
from models.errors import LabError
from models.hand_drawn import Drawing, draw_all
from models.symbol_files import unpack
from models.symbols import SymbolError

# ---- Words ----------------------------------------------------------------------------------

DRAWN = 5  # drawings of each symbol that the lab draws itself, and one more to read
LARGEST_FILE = 6_000_000  # bytes of a ZIP to load; 200 drawings and a head take some 1,300,000


class NoInkError(LabError):
    """A drawing without ink."""

    def __init__(self) -> None:
        super().__init__("symbols_no_ink", "there is no ink on the sheet")


# ---- Handlers -------------------------------------------------------------------------------


@answering
def see_symbol(asked: dict) -> dict:
    """What is on the sheet as the network sees it: {"seen": base64 of 28 x 28 bytes}."""
    digit = digit_in(asked)
    if not digit.any():
        raise NoInkError
    return {"seen": canvas.to_text(digit)}


@answering
def draw_symbols(asked: dict) -> dict:
    """Symbols in the lab's own hand, drawn anew for each {"seed"}.

    {"symbols": [{"name", "drawings": [{"seen", "strokes"}]}], "unseen": the strokes of one more
    drawing of the first}.
    """
    drawn = draw_all(DRAWN + 1, seed_in(asked))
    symbols = [
        {"name": name, "drawings": [as_kept(one) for one in drawings[:DRAWN]]}
        for name, drawings in drawn.items()
    ]
    first = next(iter(drawn.values()))
    return {"symbols": symbols, "unseen": as_kept(first[DRAWN])["strokes"]}


def as_kept(drawing: Drawing) -> dict:
    """A drawing as the page keeps the visitor's own."""
    strokes = [
        {"width": round(drawing.width, 3), "points": stroke.round(3).flatten().tolist()}
        for stroke in drawing.strokes
    ]
    return {"seen": canvas.to_text(drawing.digit), "strokes": strokes}


@answering
def teach_symbols(asked: dict) -> dict:
    """Teaches {"names", "examples", "head"} and keeps what it learned for this visitor.

    `owner`: the key that an earlier call gave, so that the visitor's oldest makes room.
    """
    names, examples, head = set_in(asked)
    began = time.perf_counter()
    pupil = teach(examples, head)
    seconds = time.perf_counter() - began
    taught = Taught(tuple(names), pupil.read, tuple(examples), bytes_of(pupil))
    kept = keep_taught(taught, asked.get("owner"))
    return kept | {"names": names, "head": head, "seconds": seconds}


@answering
def score_symbols(asked: dict) -> dict:
    """How often each drawing is read right by what the others teach, with the head asked for.

    The table has a row a class as drawn, a column a class as read, the last for none of them.
    """
    _, examples, head = set_in(asked)
    scores = score(examples, head)
    return {"accuracy": scores.accuracy, "folds": scores.folds, "table": scores.table}


@answering
def read_symbol(asked: dict) -> dict:
    """What is on the sheet, read by what the visitor has taught: as the Draw tab's answer."""
    return read_taught(asked)


@answering
def pack_symbols(asked: dict) -> dict:
    """The set as a ZIP in base64: the drawings as PNGs, and the head that they teach."""
    return {"file": base64.b64encode(pack(*set_in(asked))).decode("ascii")}


@answering
def unpack_symbols(asked: dict) -> dict:
    """The set in a ZIP that the visitor loads: {"names", "examples"}, as they are sent."""
    text = asked.get("file")
    if not isinstance(text, str):
        raise BadRequest
    if len(text) > LARGEST_FILE * 4 // 3:
        raise SymbolError("symbols_file_bad", "that file is too large to be a set of symbols")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest from None
    names, examples = unpack(content)
    pixels = [[canvas.to_text(drawing / 255) for drawing in drawings] for drawings in examples]
    return {"names": names, "examples": pixels}


@answering
def show_symbols_code(asked: dict) -> dict:
    """The script that teaches by a head, {"head", "language"}, and how large all of it is."""
    language = language_in(asked)
    code = script(parts(asked, language), language)
    return shown(code, symbols_code.megabytes())


@answering
def save_symbols_file(asked: dict) -> dict:
    """One of symbols_code.FILES in base64: {"file", "head", "language"}; for the ZIP also the
    set, and the ink where there is any on the sheet."""
    return saved(symbols_code.FILES, asked)


HANDLERS = (
    see_symbol,
    draw_symbols,
    teach_symbols,
    score_symbols,
    read_symbol,
    pack_symbols,
    unpack_symbols,
    show_symbols_code,
    save_symbols_file,
)
__all__ = ["HANDLERS", "parts"]
