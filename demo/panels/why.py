"""Why not another digit: the smallest change that turns the answer, and fooling it on purpose."""

from dataclasses import dataclass

from torch import Tensor, nn

from demo.asked import BadRequest, answering, caution_in, ink_in, is_centred, reader_in
from demo.canvas import canvas
from demo.panels import panels
from models.errors import LabError
from models.fool import (
    MOST_STRENGTH,
    Change,
    in_levels,
    measured,
    pushed,
    signs,
    smallest_change,
    to_levels,
    turning_strength,
)
from models.nets import CLASSES
from models.predict import Caution, classify, read

# ---- Words ----------------------------------------------------------------------------------

# Reasons for a refusal that leave no one digit to change, and the sentences that say so.
NO_DIGIT = {"blank": "why_blank", "dot": "why_dot", "several": "why_several"}


class NoDigitError(LabError):
    """A drawing that the lab does not take for one digit; the key says why."""


# ---- Handlers -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """The digit that is changed, and who reads it."""

    network: nn.Module
    caution: Caution
    digit: Tensor  # (28, 28) in [0, 1], in the 256 levels in which the page gets it
    probabilities: list[float]

    @property
    def label(self) -> int:
        return self.ranked(0)

    def ranked(self, rank: int) -> int:
        """The digit of a rank: 0 the likeliest."""
        order = sorted(range(CLASSES), key=lambda digit: -self.probabilities[digit])
        return order[rank]

    def reading(self, picture: Tensor) -> dict:
        """What the network reads in a picture (28, 28), and whether the lab would refuse it."""
        [answer] = read(self.network, [picture], self.caution)
        unlike = answer.digit_score < self.caution.threshold
        return {"label": answer.label, "confidence": answer.confidence, "refused": unlike}


@answering
def turn_answer(asked: dict) -> dict:
    """The smallest change that makes the network read `target`, the second likeliest if null.

    `asked`: what the canvas sends, and {"target"}.
    """
    target = digit_named(asked, "target")
    subject = subject_in(asked)
    target = subject.ranked(1) if target is None else target
    change = smallest_change(subject.network, subject.digit, target)
    if change is not None:
        change = in_levels(subject.network, subject.digit, change.picture, target)
    return told(subject, change) | {"target": str(target)}


@answering
def fool(asked: dict) -> dict:
    """The digit after one push of `strength` away from its answer, or `towards` another digit.

    `asked`: what the canvas sends, and {"strength", "towards", "search"}; with `search` true also
    the least strength from which the answer `turns`, null where none does.
    """
    strength, towards = strength_in(asked), digit_named(asked, "towards")
    subject = subject_in(asked)
    aim = subject.label if towards is None else towards
    way = signs(subject.network, subject.digit, aim, towards is not None)
    picture = to_levels(pushed(subject.digit, way, strength))
    answer = told(subject, measured(subject.digit, picture)) | {"strength": strength}
    if asked.get("search") is not True:
        return answer
    return answer | {"turns": turning_strength(subject.network, subject.digit, way)}


def subject_in(asked: dict) -> Subject:
    """The digit of a request and its reader. Raises LabError, also where it is not one digit."""
    network, caution = reader_in(asked).network, caution_in(asked)
    answer = classify(network, ink_in(asked), caution, is_centred(asked))
    if answer.reason in NO_DIGIT:
        raise NoDigitError(NO_DIGIT[answer.reason], "there is no one digit here to change")
    return Subject(network, caution, to_levels(answer.digit), answer.probabilities)


def digit_named(asked: dict, key: str) -> int | None:
    """A digit 0 to 9 of a request, None where it names none. Raises BadRequest."""
    value = asked.get(key)
    if value is not None and (type(value) is not int or not 0 <= value < CLASSES):
        raise BadRequest
    return value


def strength_in(asked: dict) -> float:
    """The strength of a request, 0 to MOST_STRENGTH. Raises BadRequest."""
    value = asked.get("strength")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRequest
    if not 0 <= value <= MOST_STRENGTH:  # NaN fails too
        raise BadRequest
    return float(value)


def told(subject: Subject, change: Change | None) -> dict:
    """What the page shows of a change; without one only the digit as it is."""
    answer = {
        "digit": canvas.to_text(subject.digit),
        "before": subject.reading(subject.digit),
        "change": None,
    }
    if change is None:
        return answer
    figures = {key: getattr(change, key) for key in ("norm", "pixels", "most", "added", "taken")}
    return answer | {
        "change": figures | {"ink": float(subject.digit.sum())},
        "changed": canvas.to_text(change.picture),
        "after": subject.reading(change.picture),
    }


# ---- The panel ------------------------------------------------------------------------------


def build() -> None:
    """Lays the panel out."""
    panels.lay_out(
        "why.html", "draw", "lab.startWhy(element, server)", [turn_answer, fool], folded="why"
    )
