"""From 0–4 to 5–9: three ways side by side, and how many examples are enough."""

import base64
import math
from collections import defaultdict
from functools import cache, lru_cache

import torch
from torch import Tensor, nn

from demo.asked import answering
from demo.code_view import Part
from demo.shipped import stamp
from demo.train_live import begin, follow_training, steer_training
from demo.transfer import compare_code
from demo.transfer.compare_asked import comparison_in
from models import enough
from models.data import to_batch
from models.enough import RIGHT, Result, gap, kept_results, summary
from models.errors import LabError
from models.few_examples import high_digits_test
from models.nets import TransferCNN
from models.teachers import BLOCKS, CLASSES, TEACHERS, load_teacher, teacher_path
from models.transfer import GLANCE, LEARNING, WAYS

SHOWN_DIGITS = 4  # decimals of what is kept

# ---- Handlers -------------------------------------------------------------------------------


@answering
def compare_facts(asked: dict) -> dict:
    """What there is to compare with, the same for everybody.

    {"blocks": [{"key", "weights"}] from the pixels on, "teachers": [{"key", "accuracy": on its own
    task, null where its file is missing, "pictures": [{"pixels", "label"}]}], "steps" of each way,
    "times" that taught blocks learn slower, "glance" and "whole": test images, "kept": the points
    that were measured over seeds}.
    """
    return {
        "blocks": [{"key": name, "weights": weights_in(name)} for name in BLOCKS],
        "teachers": [shown_teacher(key) for key in TEACHERS],
        "steps": LEARNING.steps,
        "times": round(LEARNING.rate / LEARNING.rate_below),
        "glance": GLANCE,
        "whole": len(high_digits_test()[1]),
        "kept": kept_points(),
    }


@answering
def start_comparison(asked: dict) -> dict:
    """Begins to compare: {"settings", "owner"}. Gives its "key", "owner" and "total" steps.

    In a process of its own, in the line of the trainings; `follow_training` tells its points,
    {"step", "seconds", "standings": [{"way", "step", "loss", "accuracy", "seconds"}]}, a way's last
    one with "done", "forgotten", "weights_trained" and "locked", too; and its end.
    """
    settings = asked.get("settings")
    comparison = comparison_in(settings if isinstance(settings, dict) else {})
    key, owner = begin(comparison, asked.get("owner"))
    return {"key": key, "owner": owner, "total": comparison.total}


# ---- What there is to compare with ----------------------------------------------------------


@cache
def weights_in(block: str) -> int:
    """Weights of a block that can learn."""
    with torch.device("meta"):
        part: nn.Module = getattr(TransferCNN(CLASSES), block)
    return sum(weight.numel() for weight in part.parameters())


def shown_teacher(key: str) -> dict:
    try:
        accuracy = load_teacher(key).facts.get("accuracy")
    except LabError:
        accuracy = None  # said when a comparison needs it
    return {"key": key, "accuracy": accuracy, "pictures": pictures_of(key)}


@cache
def pictures_of(key: str) -> list[dict]:
    """One picture of each class as a teacher met them, and what it was told that they are."""
    teacher = TEACHERS[key]
    examples = teacher.test()
    first = [int((examples.labels == label).nonzero()[0]) for label in range(CLASSES)]
    pixels = teacher.show(to_batch(examples.images[first]))  # (5, 1, 28, 28) in [0, 1]
    return [{"pixels": as_bytes(one), "label": at} for at, one in enumerate(pixels[:, 0])]


def as_bytes(picture: Tensor) -> str:
    """(28, 28) in [0, 1], one byte each."""
    return base64.b64encode((picture * 255).round().byte().numpy().tobytes()).decode("ascii")


def kept_points() -> list[dict]:
    """Each point that was measured over seeds; read anew when a file that it depends on changes."""
    files = [enough.RESULTS, *(teacher_path(key) for key in TEACHERS)]
    return points_once(tuple(stamp(file) for file in files))


@lru_cache(1)
def points_once(_stamps: tuple) -> list[dict]:
    """Scratch stands there once, for all teachers."""
    places: dict[tuple[int, bool], list[Result]] = defaultdict(list)
    for result in kept_results():
        places[result.examples, result.augmentation].append(result)
    pairs = [(way, key) for way in WAYS for key in TEACHERS if way != "scratch" or key == RIGHT]
    points = [
        kept_point(places[place], way, key, *place)
        for way, key in pairs
        for place in sorted(places)
    ]
    return [point for point in points if point["seeds"]]


def kept_point(results: list[Result], way: str, teacher: str, count: int, varied: bool) -> dict:
    mean, spread, seeds = summary(results, way, teacher, count, varied)
    point = {"way": way, "teacher": teacher, "examples": count, "augmentation": varied}
    point |= {"mean": finite(mean), "spread": finite(spread), "seeds": seeds}
    if way == "scratch":
        return point
    found = gap(results, way, teacher, count, varied)
    signs = {"negative": found.is_negative, "positive": found.is_positive}
    return point | {"gap": finite(found.mean), "gap_spread": finite(found.spread)} | signs


def finite(value: float) -> float | None:
    """JSON has no NaN, which stands for what one run alone does not say."""
    return round(value, SHOWN_DIGITS) if math.isfinite(value) else None


# ---- Code -----------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script of the three ways, as they are set. Raises LabError."""
    return compare_code.parts(comparison_in(asked), language)


def along(asked: dict) -> dict[str, bytes]:
    """The teacher's file, which the script reads. Raises LabError."""
    return compare_code.teacher_file(comparison_in(asked))


HANDLERS: tuple = (compare_facts, start_comparison, follow_training, steer_training)
