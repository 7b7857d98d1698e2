"""A picture in, an answer out."""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from models.ink import to_digit
from models.nets import CLASSES


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


def blank(digit: Tensor) -> Prediction:
    """The answer to a drawing without ink: every digit as likely as the next."""
    even = [1 / CLASSES] * CLASSES
    return Prediction(None, 0.0, even, 0.0, True, "blank", None, None, digit)


@torch.inference_mode()
def classify(network: nn.Module, ink: Tensor) -> Prediction:
    """Reads ink (H, W) in [0, 1], of any size, with a reader in eval mode."""
    digit = to_digit(ink)
    if not digit.any():
        return blank(digit)
    batch = digit.view(1, 1, *digit.shape)  # (28, 28) -> (1, 1, 28, 28)
    probabilities = network(batch).softmax(dim=1)[0]  # (1, 10) -> (10,)
    likeliest = int(probabilities.argmax())
    confidence = float(probabilities[likeliest])
    return Prediction(
        label=str(likeliest),
        confidence=confidence,
        probabilities=probabilities.tolist(),
        digit_score=confidence,
        refused=False,
        reason=None,
        number=None,
        parts=None,
        digit=digit,
    )
