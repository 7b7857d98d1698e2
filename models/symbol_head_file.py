"""A pupil as a safetensors file, and back from one that somebody brings.

The file holds the drawings, the head's weights and, of a tuned head, its own last block; its
header the classes' names. Judged by another process before one tensor is made of it.
"""

import json

import torch
from safetensors.torch import save
from torch import Tensor

from models.checkpoint import MADE_FOR, CheckpointError
from models.embedding import DIMENSIONS, SymbolNet, load_teacher
from models.foreign import check_tensors, judged_apart, sound_tensors
from models.judge import Layout
from models.seal import sealed
from models.symbol_heads import FITS, Head, prepare
from models.symbol_names import check_names
from models.symbols import MOST_CLASSES, MOST_DRAWINGS, Pupil, SymbolError, check_examples

LARGEST = 4_000_000  # bytes; a tuned head has 1.1 MB, ten classes of twenty drawings 0.2 MB
LAST = "last."  # before the names of a tuned last block's weights


def as_bytes(pupil: Pupil, names: list[str]) -> bytes:
    """The whole file: drawings, labels, head, and in the header names, head and seed."""
    tensors = {
        "digits": pupil.lesson.digits,
        "labels": pupil.lesson.labels,
        "weight": pupil.head.weight,
        "bias": pupil.head.bias,
    }
    if pupil.head.last is not None:
        block = pupil.head.last.state_dict()
        tensors |= {LAST + name: tensor for name, tensor in block.items()}
    header = {
        "made_for": MADE_FOR,
        "names": json.dumps(names, ensure_ascii=False),
        "head": pupil.head_name,
        "seed": str(pupil.seed),
    }
    return sealed(save({name: one.contiguous() for name, one in tensors.items()}, header))


def pupil_from_bytes(content: bytes) -> tuple[Pupil, list[str]]:
    """The pupil and its classes' names. Raises SymbolError for any other file, CheckpointError
    where the lab's own teacher is missing."""
    try:
        if len(content) > LARGEST:
            raise ValueError("too large")
        layout = judged_apart(content)
        words = layout.words
        names, head, seed = json.loads(words["names"]), words["head"], int(words["seed"])
        wanted = tensors_wanted(layout, names, head, seed)
        check_tensors(head, layout, wanted)
        tensors = sound_tensors(bytearray(content), layout, wanted)
        return rebuild(tensors, head, seed), check_names(names)
    except (CheckpointError, ValueError, KeyError, TypeError, RecursionError, IndexError):
        sentence = "that file is no head of symbols that the lab has made; bring one"
        raise SymbolError("symbols_head_file_bad", sentence) from None


def tensors_wanted(layout: Layout, names: object, head: str, seed: int) -> dict[str, Tensor]:
    """Names, shapes and types of such a head's tensors; the numbers are not there.

    Raises ValueError unless names, head and seed are those of one.
    """
    well_named = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not well_named or head not in FITS or not 0 <= seed < 2**63:
        raise ValueError("no names, head or seed")
    count = layout.kinds["digits"][1][0]
    if not 2 <= len(names) <= MOST_CLASSES or not 2 <= count <= MOST_CLASSES * MOST_DRAWINGS:
        raise ValueError("too few or too many")
    with torch.device("meta"):
        block = SymbolNet().last.state_dict() if head == "tuned" else {}
        return {
            "digits": torch.empty(count, 28, 28, dtype=torch.uint8),
            "labels": torch.empty(count, dtype=torch.int64),
            "weight": torch.empty(len(names), DIMENSIONS),
            "bias": torch.empty(len(names)),
        } | {LAST + name: tensor for name, tensor in block.items()}


def rebuild(tensors: dict[str, Tensor], head: str, seed: int) -> Pupil:
    """A pupil of these tensors. Raises ValueError or SymbolError where their values can't be."""
    labels, digits = tensors["labels"], tensors["digits"]
    classes = len(tensors["bias"])
    if not int(labels.min()) >= 0 or int(labels.max()) >= classes or (labels.diff() < 0).any():
        raise ValueError("no such classes")
    check_examples([digits[labels == kind] for kind in range(classes)])
    teacher, last = load_teacher(), None
    if head == "tuned":
        with torch.device("meta"):
            last = SymbolNet().last
        block = {n.removeprefix(LAST): one for n, one in tensors.items() if n.startswith(LAST)}
        last.load_state_dict(block, assign=True)
        last = last.eval().requires_grad_(False)
    lesson = prepare(teacher.network, digits, labels, seed)
    return Pupil(head, seed, Head(tensors["weight"], tensors["bias"], last), lesson, teacher)
