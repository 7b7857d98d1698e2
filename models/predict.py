"""A picture in, an answer out."""

from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn

from models.ink import crop, to_digit
from models.nets import CLASSES
from models.parts import Box, cut, is_wide, parts_of, split

DOT_SIDE = 0.2  # of the sheet; a compact blot smaller than this is no digit
DOT_TINY = 0.04  # of the sheet; nothing so small is read
DOT_FILL = 0.65  # of its box that a round or square blot fills; strokes leave more paper
DOT_ASPECT = 1.4  # a blot is about as wide as high; a 1 is not
HALF_SCORE = 0.5  # what both halves of a part must score at least to be two digits that touch
NUMBER_ASPECT = 1.3  # a drawing so much wider than high is no single digit


@dataclass(frozen=True)
class Caution:
    """How a reader doubts itself: the temperature of its confidence, and when it rather refuses."""

    temperature: float = 1.0
    threshold: float = 0.0  # drawings with a lower digit score are refused


@dataclass(frozen=True)
class Prediction:
    """What a network answers to one drawing. Probabilities and scores are fractions of 1."""

    label: str | None  # the digit; None when refused
    confidence: float  # the likeliest digit's probability
    probabilities: list[float]  # ten, always
    digit_score: float  # how much it looks like a digit; 0 when blank
    refused: bool
    reason: str | None  # why it was refused: a key of the page's words
    number: str | None  # several digits, read as a number
    parts: list[dict] | None  # of that number: label, confidence, box
    digit: Tensor = field(compare=False, repr=False)  # (28, 28) in [0, 1], what the network saw

    def as_json(self, file: str | None = None) -> dict[str, object]:
        """The answer as the command line and the API give it."""
        return {
            "file": file,
            "label": self.label,
            "confidence": self.confidence,
            "probabilities": self.probabilities,
            "digit_score": self.digit_score,
            "refused": self.refused,
            "reason": self.reason,
            "number": self.number,
            "parts": self.parts,
        }

    def refuse(self, reason: str) -> "Prediction":
        return replace(self, label=None, refused=True, reason=reason)


def blank(digit: Tensor) -> Prediction:
    """The answer to a drawing without ink: every digit as likely as the next."""
    even = [1 / CLASSES] * CLASSES
    return Prediction(None, 0.0, even, 0.0, True, "blank", None, None, digit)


def classify(
    network: nn.Module, ink: Tensor, caution: Caution | None = None, centred: bool = True
) -> Prediction:
    """Reads ink (H, W) in [0, 1], of any size, with a reader in eval mode.

    Refused are: no ink (`blank`), a mere dot (`dot`), several digits (`several`; they are read as
    a number beside it) and what looks like no digit (`unlike`; only with a caution).
    Not centred, the sheet is read as it is, for one digit.
    """
    caution = caution or Caution()
    digit = to_digit(ink, centred)
    if not digit.any():
        return blank(digit)
    groups = parts_and_halves(ink) if centred else []
    pieces = [to_digit(piece) for group in groups for piece, _ in group]
    whole, *each = read(network, [digit, *pieces], caution)
    if is_dot(ink):
        return whole.refuse("dot")
    parts = settle(groups, each)
    if len(parts) > 1 and is_number(ink, whole, parts):
        return as_number(whole, parts)
    return whole.refuse("unlike") if whole.digit_score < caution.threshold else whole


@torch.inference_mode()
def read(network: nn.Module, digits: list[Tensor], caution: Caution) -> list[Prediction]:
    """One answer for each digit (28, 28), all in one pass."""
    logits = network(torch.stack(digits).unsqueeze(1))  # (B, 1, 28, 28) -> (B, 10)
    scores = digit_scores(logits)
    probabilities = (logits / caution.temperature).softmax(dim=1)
    return [
        Prediction(
            label=str(int(chances.argmax())),
            confidence=float(chances.max()),
            probabilities=chances.tolist(),
            digit_score=float(score),
            refused=False,
            reason=None,
            number=None,
            parts=None,
            digit=digit,
        )
        for digit, chances, score in zip(digits, probabilities, scores, strict=True)
    ]


def digit_scores(logits: Tensor) -> Tensor:
    """How much each drawing looks like a digit: (B, 10) -> (B,) in [0, 1]."""
    return logits.softmax(dim=1).amax(dim=1)


def is_dot(ink: Tensor) -> bool:
    """Whether the ink is a blot without a stroke, or too little to be anything."""
    box = crop(ink)
    size = max(box.shape) / max(ink.shape)
    compact = max(box.shape) <= DOT_ASPECT * min(box.shape) and float(box.mean()) > DOT_FILL
    return size < DOT_TINY or (compact and size < DOT_SIDE)


def parts_and_halves(ink: Tensor) -> list[list[tuple[Tensor, Box]]]:
    """Each part of a drawing, followed by the two halves of one that may be two digits.

    Empty where there is one part alone that is too narrow for two.
    """
    parts = parts_of(ink)
    if len(parts) == 1 and not is_wide(parts[0].box):
        return []
    groups = [[piece, *cut(*piece)] for piece in split(ink, parts)]
    return groups if sum(map(len, groups)) > 1 else []


def settle(
    groups: list[list[tuple[Tensor, Box]]], answers: list[Prediction]
) -> list[tuple[Prediction, Box]]:
    """Each part as one digit, or as its halves where both make more sense. `answers` in order."""
    left, settled = iter(answers), []
    for group in groups:
        whole, *halves = [(next(left), box) for _, box in group]
        least = max(whole[0].digit_score, HALF_SCORE)
        are_two = halves and min(half.digit_score for half, _ in halves) > least
        settled += halves if are_two else [whole]
    return settled


def is_number(ink: Tensor, whole: Prediction, parts: list[tuple[Prediction, Box]]) -> bool:
    """Whether the parts make more sense than the whole, which may be a digit in two strokes."""
    height, width = crop(ink).shape
    weakest = min(part.digit_score for part, _ in parts)
    return width > NUMBER_ASPECT * height or weakest > whole.digit_score


def as_number(whole: Prediction, parts: list[tuple[Prediction, Box]]) -> Prediction:
    """The refusal of several digits, with the number that they make."""
    each = [
        {"label": part.label, "confidence": part.confidence, "box": list(box)}
        for part, box in parts
    ]
    number = "".join(part["label"] for part in each)
    return replace(whole.refuse("several"), number=number, parts=each)
