"""Few-shot reading of a file of drawings: some classes are taught, everything else is read."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.embedding import load_teacher, to_inputs
from models.symbol_heads import FITS, see
from models.symbols import (
    LEAST_CLASSES,
    MOST_CLASSES,
    MOST_DRAWINGS,
    Pupil,
    SymbolError,
    lesson_of,
    teach,
    to_bytes,
)


@dataclass(frozen=True)
class File:
    """A file of drawings, each seen by the teacher once for all draws."""

    labels: list[str]
    digits: Tensor  # (N, 28, 28) in [0, 1]
    features: Tensor  # (N, 96, 3, 3)
    embedded: Tensor  # (N, D)


@dataclass(frozen=True)
class Draw:
    """Which drawings of a file, by number, are taught, asked and outsiders."""

    taught: list[Tensor]  # (shots,) for each class
    asked: list[Tensor]  # all other drawings of these classes
    outsiders: Tensor  # (O,), all drawings of all other classes


@dataclass(frozen=True)
class Trial:
    """What one head made of one draw; fractions of the drawings asked."""

    head: str
    accuracy: float  # the likeliest class is right, whether or not it was called unknown
    accuracy_accepted: float  # right and not called unknown
    outsiders_refused: float | None  # called unknown; None without outsiders


def seen(labels: list[str], digits: Tensor) -> File:
    """A file's drawings (N, 28, 28) in [0, 1] as the teacher sees them. Raises CheckpointError."""
    return File(labels, digits, *see(load_teacher().network, to_inputs(to_bytes(digits))))


def draw(labels: list[str], shots: int, classes: int, seed: int) -> Draw:
    """One draw of classes, among those with more than `shots` drawings, and of the taught ones.

    Raises SymbolError where there are too few such classes.
    """
    check_asked(shots, classes)
    random, names = np.random.default_rng(seed), np.array(labels)
    counts = {name: int((names == name).sum()) for name in sorted(set(labels))}
    enough = [name for name, count in counts.items() if count > shots]
    if len(enough) < classes:
        sentence = "only {found} symbols of the file have more than {shots} drawings, not {classes}"
        raise SymbolError(
            "symbols_file_small", sentence, found=len(enough), shots=shots, classes=classes
        )
    chosen = random.choice(enough, classes, replace=False)
    numbers = [torch.from_numpy(np.flatnonzero(names == name)) for name in chosen]
    orders = [each[torch.from_numpy(random.permutation(len(each)))] for each in numbers]
    return Draw(
        taught=[order[:shots] for order in orders],
        asked=[order[shots:] for order in orders],
        outsiders=torch.from_numpy(np.flatnonzero(~np.isin(names, chosen))),
    )


def check_asked(shots: int, classes: int) -> None:
    check_range("--shots", shots, 1, MOST_DRAWINGS)
    check_range("--classes", classes, LEAST_CLASSES, MOST_CLASSES)


def check_range(name: str, value: int, low: int, high: int) -> None:
    """Raises SymbolError for a number out of range."""
    if not low <= value <= high:
        sentence = "{name} can't be {value}; it takes a whole number from {low} to {high}"
        details = {"name": name, "value": value, "low": low, "high": high}
        raise SymbolError("symbols_range", sentence, **details)


def trials(
    file: File, made: Draw, seed: int, heads: tuple[str, ...] = tuple(FITS)
) -> Iterator[Trial]:
    """Each head taught the same drawings, one alone of a class too. Raises SymbolError."""
    taught = [file.digits[numbers] for numbers in made.taught]
    lesson = lesson_of(taught, seed, least=1)
    for head in heads:
        yield read_draw(teach(taught, head, seed, lesson), file, made)


def read_draw(pupil: Pupil, file: File, made: Draw) -> Trial:
    counts = torch.tensor([len(numbers) for numbers in made.asked])
    kinds, asked = torch.arange(len(counts)).repeat_interleave(counts), torch.cat(made.asked)
    chances, _, known = pupil.judge(file.features[asked], file.embedded[asked])
    right = chances.argmax(1) == kinds
    outside = made.outsiders
    refused = ~pupil.judge(file.features[outside], file.embedded[outside])[2]
    return Trial(
        head=pupil.head_name,
        accuracy=float(right.double().mean()),
        accuracy_accepted=float((right & known).double().mean()),
        outsiders_refused=float(refused.double().mean()) if len(outside) else None,
    )
