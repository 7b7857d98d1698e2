"""How well taught symbols are read when each drawing is left out of its own reading."""

from dataclasses import dataclass

import torch
from torch import Tensor

from models.embedding import Teacher, load_teacher
from models.familiar import doubt_of, evidence
from models.symbol_heads import FITS, Lesson
from models.symbols import lesson_of

FOLDS = 5  # for the tuned head, which takes too long to be fitted once for each drawing


@dataclass(frozen=True)
class Scores:
    """Fractions of the drawings, and how many there are of each answer."""

    accuracy: float  # the likeliest class is the right one, called unknown or not
    accepted: float  # right, and not called unknown
    table: list[list[int]]  # (C, C + 1): a row a class, a column an answer, the last one: unknown
    folds: int  # so many heads were fitted; fewer than drawings where several are left out at once


def leave_one_out(
    examples: list[Tensor], head: str, seed: int = 0, lesson: Lesson | None = None
) -> Scores:
    """Each drawing read by a pupil that was taught all others: exactly so, for two heads.

    The tuned head is fitted FOLDS times, each time without a fifth of each class's drawings.
    Raises SymbolError, CheckpointError.
    """
    lesson, teacher = lesson or lesson_of(examples, seed), load_teacher()
    folds = folds_of(lesson.labels, FOLDS if head == "tuned" else len(lesson.digits))
    best = out_of_fold(lesson, teacher, head, folds, seed)
    kept = ~torch.eye(len(best), dtype=torch.bool)  # (N, N): what each may be compared with
    doubt = doubt_of(teacher.figures)
    rows = evidence(lesson.drawings, lesson.drawings, lesson.labels, best, kept)
    known = doubt.familiarity(rows) >= doubt.threshold
    return scores(lesson, best, known, int(folds.max()) + 1)


def compare_heads(
    examples: list[Tensor], seed: int = 0, lesson: Lesson | None = None
) -> dict[str, float]:
    """The accuracy of each head by leaving out, over one lesson. Raises as `leave_one_out`."""
    lesson = lesson or lesson_of(examples, seed)
    return {head: leave_one_out(examples, head, seed, lesson).accuracy for head in FITS}


def folds_of(labels: Tensor, most: int) -> Tensor:
    """In which fold each drawing (N,) is left out: each in its own where there may be so many."""
    if most >= len(labels):
        return torch.arange(len(labels))
    place = torch.stack([(labels[:i] == labels[i]).sum() for i in range(len(labels))])
    return place % min(most, int(place.max()) + 1)


def out_of_fold(lesson: Lesson, teacher: Teacher, head: str, folds: Tensor, seed: int) -> Tensor:
    """The likeliest class of each drawing (N,) by the head that was fitted without its fold."""
    numbers = torch.arange(int(folds.max()) + 1).unsqueeze(1)
    kept = folds[lesson.owner] != numbers  # (F, M): a drawing's copies are left out with it
    fitted = FITS[head](lesson, teacher.network, kept, seed)
    best = torch.zeros(len(folds), dtype=torch.long)
    with torch.no_grad():
        for number, one in enumerate(fitted):
            out = (folds == number).nonzero().squeeze(1)
            best[out] = one.logits(lesson.features[out], lesson.embedded[out]).argmax(1)
    return best


def scores(lesson: Lesson, best: Tensor, known: Tensor, folds: int) -> Scores:
    answers = torch.where(known, best, lesson.classes)
    table = torch.zeros(lesson.classes, lesson.classes + 1, dtype=torch.long)
    table.index_put_((lesson.labels, answers), torch.tensor(1), accumulate=True)
    right = best == lesson.labels
    return Scores(
        accuracy=float(right.float().mean()),
        accepted=float((right & known).float().mean()),
        table=table.tolist(),
        folds=folds,
    )
