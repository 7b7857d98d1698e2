"""Teaching a visitor's symbols, one visitor after the other, and the set as a file."""

from torch import Tensor

from demo.turns import Turns
from models import symbol_files, symbol_scores, symbols
from models.errors import LabError
from models.symbol_scores import Scores
from models.symbols import Pupil, SymbolError

SEED = 0  # of a teaching: the same drawings teach the same
WAITING, PATIENCE = 3, 6.0  # visitors, and seconds of each


class TeachingBusyError(LabError):
    """Others are teaching."""

    def __init__(self) -> None:
        super().__init__("symbols_busy", "others are teaching just now; try again in some seconds")


# One teaching at a time on the whole server, and beside it one that leaves drawings out.
TURNS = Turns(WAITING, PATIENCE, TeachingBusyError)
SCORING = Turns(WAITING, PATIENCE, TeachingBusyError)


def teach(examples: list[Tensor], head: str) -> Pupil:
    """A pupil that knows drawings (N, 28, 28) of each class.

    Raises SymbolError, CheckpointError, TeachingBusyError.
    """
    return TURNS.work(symbols.teach, examples, head, SEED)


def score(examples: list[Tensor], head: str) -> Scores:
    """Each drawing read by what the others teach. Raises as `teach` does."""
    return SCORING.work(symbol_scores.leave_one_out, examples, head, SEED)


def pack(names: list[str], examples: list[Tensor], head: str) -> bytes:
    """The set as a ZIP, without a head where the drawings can't be taught.

    Raises CheckpointError, TeachingBusyError.
    """
    try:
        pupil = teach(examples, head)
    except SymbolError:
        pupil = None
    return symbol_files.pack(names, examples, pupil)


def bytes_of(pupil: Pupil) -> int:
    """The memory that a pupil takes beside the teacher, which all share."""
    lesson, head = pupil.lesson, pupil.head
    tensors = [lesson.digits, lesson.features, lesson.embedded, head.weight]
    tensors += head.last.parameters() if head.last else []
    return sum(tensor.nbytes for tensor in tensors)
