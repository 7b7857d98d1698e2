"""A pupil as a safetensors file, and back from one that somebody brings.

The file holds the drawings, the head's weights and, of a tuned head, its own last block; its
header the classes' names. Judged by its header before one tensor is made of it.
"""

import json

import torch
from safetensors.torch import save
from torch import Tensor

from models.checkpoint import MADE_FOR, CheckpointError
from models.embedding import DIMENSIONS, SymbolNet, load_teacher
from models.foreign import WORDS, header_of, kind_of, tensors_of
from models.symbol_heads import FITS, Head, prepare
from models.symbol_names import check_names
from models.symbols import MOST_CLASSES, MOST_DRAWINGS, Pupil, SymbolError, check_examples

LARGEST = 4_000_000  # bytes; a tuned head has 1.1 MB, ten classes of twenty drawings 0.2 MB
LAST = "last."  # before the names of a tuned last block's weights
TYPES = {torch.float32: "F32", torch.int64: "I64"}  # as safetensors names them


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
    return save({name: one.contiguous() for name, one in tensors.items()}, header)


def pupil_from_bytes(content: bytes) -> tuple[Pupil, list[str]]:
    """The pupil and its classes' names. Raises SymbolError for any other file, CheckpointError
    where the lab's own teacher is missing."""
    try:
        if len(content) > LARGEST:
            raise ValueError("too large")
        header = header_of(content)
        words = header.pop(WORDS, {})
        names, head, seed = json.loads(words["names"]), words["head"], int(words["seed"])
        check_header(header, names, head, seed)
        return rebuild(tensors_of(content), head, seed), check_names(names)
    except (CheckpointError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        sentence = "that file is no head of symbols that the lab has made; bring one"
        raise SymbolError("symbols_head_file_bad", sentence) from None


def check_header(header: dict[str, object], names: object, head: str, seed: int) -> None:
    """Raises ValueError unless names, types and shapes are those of such a head."""
    well_named = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not well_named or head not in FITS or not 0 <= seed < 2**63:
        raise ValueError("no names, head or seed")
    count = kind_of(header["digits"])[1][0]
    if not 2 <= len(names) <= MOST_CLASSES or not 2 <= count <= MOST_CLASSES * MOST_DRAWINGS:
        raise ValueError("too few or too many")
    expected = {
        "digits": ["U8", [count, 28, 28]],
        "labels": ["I64", [count]],
        "weight": ["F32", [len(names), DIMENSIONS]],
        "bias": ["F32", [len(names)]],
    }
    if head == "tuned":
        with torch.device("meta"):
            block = SymbolNet().last.state_dict()
        kinds = {LAST + name: [TYPES[one.dtype], list(one.shape)] for name, one in block.items()}
        expected |= kinds
    if {name: kind_of(entry) for name, entry in header.items()} != expected:
        raise ValueError("other tensors")


def rebuild(tensors: dict[str, Tensor], head: str, seed: int) -> Pupil:
    """A pupil of these tensors. Raises ValueError or SymbolError where their values can't be."""
    labels, digits = tensors["labels"], tensors["digits"]
    classes = len(tensors["bias"])
    if not all(one.isfinite().all() for one in tensors.values()):
        raise ValueError("not finite")
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
