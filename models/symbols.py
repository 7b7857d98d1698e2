"""Teach a few symbols of one's own by a handful of drawings each, then read new ones.

    drawings of each class --teach--> Pupil --read--> SymbolAnswer

The teacher's embeddings do the seeing (models/embedding.py), one of HEADS the telling apart, and
what looks like none of the classes is unknown (models/familiar.py).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from models.embedding import Teacher, load_teacher, to_inputs
from models.errors import LabError
from models.familiar import doubt_of, evidence
from models.symbol_heads import FITS, HEADS, Head, Lesson, prepare, see

LEAST_CLASSES, MOST_CLASSES = 2, 10
LEAST_DRAWINGS, MOST_DRAWINGS = 2, 20  # of each class
NEIGHBOURS = 5  # drawings that an answer names as nearest
__all__ = ["HEADS", "Pupil", "SymbolAnswer", "SymbolError", "teach"]


class SymbolError(LabError):
    """Symbols that can't be taught; the sentence says what is missing."""


@dataclass(frozen=True)
class Neighbour:
    """A taught drawing near to the one that was read."""

    kind: int  # its class
    example: int  # its number among the drawings of that class, from 0
    distance: float  # 1 - cosine of the embeddings: 0 the same, up to 2


@dataclass(frozen=True)
class SymbolAnswer:
    """What a pupil answers to one drawing."""

    index: int | None  # the class; None: unknown
    best: int  # the likeliest class, whether it is known or not
    probabilities: list[float]  # one a class, of these classes alone
    familiarity: float  # in [0, 1], how much it looks like the likeliest class's drawings
    threshold: float  # below it a drawing is unknown
    nearest: tuple[int, int]  # class and number of the nearest drawing
    neighbours: list[Neighbour]  # the nearest first


@dataclass(frozen=True)
class Pupil:
    """What was taught: drawings, and a head that tells their classes apart."""

    head_name: str
    seed: int
    head: Head
    lesson: Lesson
    teacher: Teacher

    @property
    def classes(self) -> int:
        return self.lesson.classes

    @property
    def examples(self) -> list[Tensor]:
        """The taught drawings, (n, 28, 28) uint8 for each class."""
        lesson = self.lesson
        return [lesson.digits[lesson.labels == kind] for kind in range(lesson.classes)]

    def read(self, digit: Tensor) -> SymbolAnswer:
        """The answer to a drawing (28, 28), uint8 or float in [0, 1]; a blank one is unknown."""
        return self.read_all(digit.unsqueeze(0))[0]

    @torch.no_grad()
    def read_all(self, digits: Tensor) -> list[SymbolAnswer]:
        """The same for (B, 28, 28) in one pass."""
        digits = to_bytes(digits)
        features, asked = see(self.teacher.network, to_inputs(digits))
        chances, familiarity, known = self.judge(features, asked)
        inked = digits.flatten(1).amax(1) > 0
        familiarity, known = familiarity * inked, known & inked
        distances = 1 - asked @ self.lesson.drawings.T  # (B, N)
        return [
            SymbolAnswer(
                index=int(chance.argmax()) if sure else None,
                best=int(chance.argmax()),
                probabilities=chance.tolist(),
                familiarity=float(score),
                threshold=self.threshold,
                nearest=(near[0].kind, near[0].example),
                neighbours=near,
            )
            for chance, score, sure, near in zip(
                chances, familiarity, known, map(self.nearest, distances), strict=True
            )
        ]

    @torch.no_grad()
    def judge(self, features: Tensor, asked: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Probabilities (B, C), familiarity (B,) and whether it suffices (B,).

        features (B, 96, 3, 3) and asked (B, D) are of drawings as `see` gives them.
        """
        chances, lesson = self.head.logits(features, asked).softmax(1), self.lesson
        rows = evidence(asked, lesson.drawings, lesson.labels, chances.argmax(1))
        doubt = doubt_of(self.teacher.figures)
        familiarity = doubt.familiarity(rows)
        return chances, familiarity, familiarity >= doubt.threshold

    @property
    def threshold(self) -> float:
        return doubt_of(self.teacher.figures).threshold

    def nearest(self, distances: Tensor) -> list[Neighbour]:
        """The taught drawings in the order of their distances (N,), the first few."""
        labels = self.lesson.labels
        places = distances.argsort(stable=True)[:NEIGHBOURS].tolist()
        return [
            Neighbour(int(labels[i]), int((labels[:i] == labels[i]).sum()), float(distances[i]))
            for i in places
        ]


def teach(
    examples: list[Tensor],
    head: str = "prototypes",
    seed: int = 0,
    lesson: Lesson | None = None,
    least: int = LEAST_DRAWINGS,
) -> Pupil:
    """A pupil that knows drawings (n, 28, 28) of each class, uint8 or float in [0, 1].

    The same drawings and seed give the same pupil. A lesson that `lesson_of` made of the same
    drawings and seed is used instead of another. Raises SymbolError, CheckpointError.
    """
    if head not in FITS:
        sentence = "there is no head {head}; choose one of {choices}"
        raise SymbolError("symbols_no_head", sentence, head=head, choices=", ".join(HEADS))
    lesson = lesson or lesson_of(examples, seed, least)
    teacher = load_teacher()
    everything = torch.ones(1, len(lesson.owner), dtype=torch.bool)
    fitted = FITS[head](lesson, teacher.network, everything, seed)[0]
    return Pupil(head, seed, fitted, lesson, teacher)


def lesson_of(examples: list[Tensor], seed: int = 0, least: int = LEAST_DRAWINGS) -> Lesson:
    """The drawings checked, varied and embedded: what every head begins with."""
    drawings = [to_bytes(each) for each in examples]
    check_examples(drawings, least)
    counts = torch.tensor([len(each) for each in drawings])
    labels = torch.arange(len(drawings)).repeat_interleave(counts)
    return prepare(load_teacher().network, torch.cat(drawings), labels, seed)


def to_bytes(digits: Tensor) -> Tensor:
    """(B, 28, 28) in uint8, whether they came so or as floats in [0, 1]."""
    if digits.dtype == torch.uint8:
        return digits
    return (digits.clamp(0, 1) * 255).round().to(torch.uint8)


def check_examples(examples: list[Tensor], least: int = LEAST_DRAWINGS) -> None:
    """Raises SymbolError for what can't be taught, with the class's number from 1."""
    if len(examples) < LEAST_CLASSES:
        sentence = "teach at least {least} symbols: with one there is nothing to tell apart"
        raise SymbolError("symbols_few_classes", sentence, least=LEAST_CLASSES)
    if len(examples) > MOST_CLASSES:
        sentence = "that are {count} symbols; teach at most {most}"
        raise SymbolError("symbols_many_classes", sentence, count=len(examples), most=MOST_CLASSES)
    for number, drawings in enumerate(examples, 1):
        check_class(number, drawings, least)
    check_apart(examples)


def check_class(number: int, drawings: Tensor, least: int) -> None:
    """Raises SymbolError where a class has too few or too many drawings, or a blank one."""
    count = len(drawings)
    if count < least:
        sentence = "symbol {number} has {count} drawings; draw at least {least} of each"
        raise SymbolError("symbols_few_drawings", sentence, number=number, count=count, least=least)
    if count > MOST_DRAWINGS:
        sentence = "symbol {number} has {count} drawings; keep at most {most} of each"
        raise SymbolError(
            "symbols_many_drawings", sentence, number=number, count=count, most=MOST_DRAWINGS
        )
    blank = (drawings.flatten(1).amax(1) == 0).nonzero()
    if len(blank):
        sentence = "drawing {drawing} of symbol {number} is blank; draw it again or delete it"
        raise SymbolError("symbols_blank", sentence, number=number, drawing=int(blank[0]) + 1)


def check_apart(examples: list[Tensor]) -> None:
    """Raises SymbolError where one drawing stands in two classes, bit by bit the same."""
    seen: dict[bytes, int] = {}
    for number, drawings in enumerate(examples, 1):
        for drawing in drawings:
            first = seen.setdefault(drawing.numpy().tobytes(), number)
            if first != number:
                sentence = "symbols {first} and {second} share a drawing; delete it from one"
                raise SymbolError("symbols_shared", sentence, first=first, second=number)
