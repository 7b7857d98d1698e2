"""Numbers and switches that the chapters' pages send, checked."""

import math

from demo.asked import BadRequest
from models.errors import LabError


class NumberError(LabError):
    """A number beyond its range, or none."""

    def __init__(self, low: float, high: float) -> None:
        words = f"type a number from {low:g} to {high:g}"
        super().__init__("idea_number", words, low=low, high=high, value=(low + high) / 2)


def number_in(asked: dict, key: str, low: float, high: float) -> float:
    """A number of a request, both ends of its range included. Raises NumberError."""
    value = asked.get(key)
    if type(value) not in (int, float) or not math.isfinite(value) or not low <= value <= high:
        raise NumberError(low, high)
    return float(value)


def switch_in(asked: dict, key: str) -> bool:
    """A switch of a request. Raises BadRequest."""
    value = asked.get(key)
    if not isinstance(value, bool):
        raise BadRequest
    return value
