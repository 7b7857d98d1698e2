"""The chapter `loss` of the foundations: seven predictions, dragged, and what four losses say."""

import torch
from torch import Tensor

from demo.asked import BadRequest, answering, count_in
from demo.code_view import Part
from demo.foundations.values import number_in, switch_in
from demo.lab_source import Excerpts
from demo.words import say
from models.ideas import loss_shapes

TARGETS = (2.0, 3.0, 2.4, 4.0, 3.2, 4.4, 3.6)
OUTLIER = 4  # the point whose target can be moved away
FARTHEST = 8.0  # by so much
LOW, HIGH = -2.0, 12.0  # where a prediction may lie
PLACES = 57  # of a curve, four a unit


def points_in(asked: dict) -> tuple[list[float], list[float], int]:
    """Seven predictions, seven targets and the right class of a request. Raises LabError."""
    values = asked.get("predictions")
    if not isinstance(values, list) or len(values) != len(TARGETS):
        raise BadRequest
    guess = [number_in({"value": value}, "value", LOW, HIGH) for value in values]
    target = list(TARGETS)
    target[OUTLIER] = round(target[OUTLIER] + number_in(asked, "outlier", 0, FARTHEST), 6)
    return guess, target, count_in(asked, "label", len(TARGETS))


@answering
def judge_predictions(asked: dict) -> dict:
    """What the losses say of {"predictions", "outlier", "label", "point", "together"}.

    `curve` is each loss with prediction `point` at each of `places`, or with all of them there.
    """
    guess, target, label = points_in(asked)
    guess, target = torch.tensor(guess), torch.tensor(target)
    point, together = count_in(asked, "point", len(TARGETS)), switch_in(asked, "together")
    moved = list(range(len(TARGETS))) if together else [point]
    places = torch.linspace(LOW, HIGH, PLACES)
    losses = {}
    for name, judge in loss_shapes.LOSSES.items():
        value, gradient = loss_shapes.value_and_gradient(judge, guess, target, label)
        curve = loss_shapes.curve(judge, guess, target, label, moved, places)
        losses[name] = {"value": value, "gradient": gradient.tolist(), "curve": curve.tolist()}
        losses[name]["slope"] = gradient[moved].sum().item()
    return {
        "losses": losses,
        "places": places.tolist(),
        "targets": target.tolist(),
        "base": TARGETS[OUTLIER],  # the outlier's target before it is moved
        "softmax": guess.softmax(0).tolist(),
        "mean": target.mean().item(),
        "median": target.median().item(),
    } | worst_of(guess, target)


def worst_of(guess: Tensor, target: Tensor) -> dict:
    """Which prediction is farthest off, by how much, and its share of two losses."""
    worst = int((guess - target).abs().argmax())
    shares = {
        name: share[worst].item() for name, share in loss_shapes.shares(guess, target).items()
    }
    return {"worst": worst, "off": (guess - target)[worst].item(), "shares": shares}


HANDLERS: tuple = (judge_predictions,)

# ---- Code -----------------------------------------------------------------------------------

NUMBERS = """
target = torch.tensor({target})
guess = torch.tensor({guess})
label = {label}

for name, judge in LOSSES.items():
    value, gradient = value_and_gradient(judge, guess, target, label)
    print(name, value, gradient.tolist())
for name, share in shares(guess, target).items():
    print(name, share.tolist())"""


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError."""
    guess, target, label = points_in(asked)
    source = Excerpts()
    losses = source.take(loss_shapes, "LOSSES")
    gradient = source.take(loss_shapes, "value_and_gradient", "shares")
    source.modules.add("torch")
    numbers = NUMBERS.format(guess=guess, target=target, label=label)
    return [
        Part(say("idea_loss_code", language), f"\n{source.import_lines()}\n\n{losses}"),
        Part(say("idea_loss_code_gradient", language), gradient),
        Part(say("idea_loss_code_numbers", language), numbers),
    ]
