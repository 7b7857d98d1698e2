"""What the readers answer to the whole test set: kept in a file, counted, and looked through."""

from dataclasses import dataclass
from threading import Lock

import torch
from safetensors.torch import save
from torch import Tensor

from models.calibrate import caution_of
from models.checkpoint import MADE_FOR, Checkpoint, CheckpointError, path_of, read, write_whole
from models.measure import logits
from models.nets import CLASSES

KEPT = "answers"  # beside the checkpoints; `python -m models evaluate --write` renews it
LEAST_DOUBT = 2**-24  # the smallest float16 above 0: no network is certain
PIECE = 250  # images read at a time where nothing fits: about a second of the slowest reader


@dataclass(frozen=True)
class Answers:
    """What one reader answers to N images, in their order, when it may not refuse."""

    labels: Tensor  # (N,) uint8, the digit that each was read as
    doubts: Tensor  # (N,) float16 above 0: 1 - that digit's probability, as calibrated
    sha256: str  # of the checkpoint's file: its weights and its calibration


def answers_from(outputs: Tensor, checkpoint: Checkpoint) -> Answers:
    """A checkpoint's logits (N, 10) as answers.

    The doubt is kept and not the probability, since float16 tells 0.0001 from 0.00001, but not
    0.9999 from 0.99999.
    """
    temperature = caution_of(checkpoint.figures).temperature
    likeliest = (outputs.double() / temperature).softmax(dim=1).amax(dim=1)
    doubts = (1 - likeliest).clamp(min=LEAST_DOUBT).half()
    return Answers(outputs.argmax(dim=1).to(torch.uint8), doubts, checkpoint.sha256)


# ---- Kept in a file -------------------------------------------------------------------------


def write_answers(answered: dict[str, Answers]) -> None:
    """Keeps the readers' answers, by name. Raises CheckpointError."""
    tensors, header = {}, {"made_for": MADE_FOR}
    for name, answers in answered.items():
        tensors |= {f"{name}.labels": answers.labels, f"{name}.doubts": answers.doubts}
        header[name] = answers.sha256
    write_whole(path_of(KEPT), save(tensors, header))


def kept_answers(checkpoint: Checkpoint, count: int) -> Answers | None:
    """A checkpoint's kept answers to `count` images; None unless they are of this very file."""
    name = checkpoint.recipe.network
    try:
        tensors, header = read(path_of(KEPT))
    except CheckpointError:
        return None
    labels, doubts = tensors.get(f"{name}.labels"), tensors.get(f"{name}.doubts")
    if labels is None or doubts is None or header.get(name) != checkpoint.sha256:
        return None
    return Answers(labels, doubts, checkpoint.sha256) if fits(labels, doubts, count) else None


def fits(labels: Tensor, doubts: Tensor, count: int) -> bool:
    """Whether these can be answers to so many images."""
    if not labels.shape == doubts.shape == (count,):
        return False
    if (labels.dtype, doubts.dtype) != (torch.uint8, torch.float16):
        return False
    return bool((labels < CLASSES).all() and (doubts > 0).all() and (doubts <= 1).all())


class Survey:
    """A reader's answers to all images: those kept, else read a piece whenever somebody asks.

    So a network that somebody has just trained is measured while people wait for it, and never
    otherwise; and all who wait share the work.
    """

    def __init__(self, checkpoint: Checkpoint, images: Tensor) -> None:
        """`images` (N, 28, 28) uint8."""
        kept = kept_answers(checkpoint, len(images))
        self.checkpoint, self.images = checkpoint, images
        self.pieces = [kept] if kept else []
        self.reading = Lock()

    def share(self) -> float:
        """How much is read, in [0, 1]."""
        return sum(len(piece.labels) for piece in self.pieces) / len(self.images)

    def advance(self) -> None:
        """Reads the next piece, unless all is read or somebody else is at it."""
        if self.share() == 1 or not self.reading.acquire(blocking=False):
            return
        try:
            start = PIECE * len(self.pieces)
            outputs = logits(self.checkpoint.network, self.images[start : start + PIECE])
            self.pieces.append(answers_from(outputs, self.checkpoint))
        finally:
            self.reading.release()

    def answers(self) -> Answers:
        """All answers as far as they are read."""
        labels = torch.cat([piece.labels for piece in self.pieces])
        doubts = torch.cat([piece.doubts for piece in self.pieces])
        return Answers(labels, doubts, self.checkpoint.sha256)


# ---- Counted and looked through -------------------------------------------------------------


def confusion(answers: Answers, truths: Tensor) -> Tensor:
    """How often each digit, a row, was read as each, a column: (10, 10) whole numbers."""
    from torchmetrics.functional.classification import multiclass_confusion_matrix

    return multiclass_confusion_matrix(answers.labels.long(), truths.long(), CLASSES)


def accuracy_per_digit(answers: Answers, truths: Tensor) -> Tensor:
    """The share of each digit's images that are read right, (10,) in [0, 1]."""
    from torchmetrics.functional.classification import multiclass_accuracy

    labels = answers.labels.long()
    return multiclass_accuracy(labels, truths.long(), CLASSES, average="none")


def find(answers: Answers, truths: Tensor, cell: tuple[int, int] | None = None) -> Tensor:
    """Positions of a cell's images (what they are, what they were read as), else of all mistakes.

    What deserves a look comes first: mistakes by how sure the network was, right answers by how
    unsure.
    """
    if cell is None:
        chosen = answers.labels != truths
    else:
        chosen = (truths == cell[0]) & (answers.labels == cell[1])
    right = cell is not None and cell[0] == cell[1]
    positions = chosen.nonzero()[:, 0]
    doubts = answers.doubts[positions].float()
    return positions[doubts.argsort(descending=right, stable=True)]
