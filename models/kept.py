"""Small JSON files of measurements: what of them can be trusted, or a ValueError.

A damaged file is as good as none: whoever reads one goes on without it.
"""

import json
import math
from dataclasses import fields
from pathlib import Path
from types import NoneType
from typing import TypeVar, get_args, get_type_hints

T = TypeVar("T")


def content_of(path: Path) -> dict:
    """The object of a JSON file. Raises ValueError, also where there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    except (OSError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return checked(content, dict)


def refuse(name: str) -> None:
    """NaN and infinity, which Python's JSON knows and nobody else's."""
    raise ValueError(name)


def checked(value: object, kind: type[T]) -> T:
    """The value, which must be of that kind. Raises ValueError."""
    if not isinstance(value, kind):
        raise ValueError(f"{value!r:.40} is no {kind.__name__}")
    return value


def rows_in(values: object, kind: type[T]) -> list[T]:
    """A dataclass a row of values by their names, or in the order of its fields.

    Raises ValueError where a value is missing, of another type or not finite.
    """
    hints, names = get_type_hints(kind), [field.name for field in fields(kind)]
    rows = []
    for row in checked(values, list):
        named = row if isinstance(row, dict) else dict(zip(names, checked(row, list), strict=True))
        if set(named) != set(names) or not all(is_of(hints[key], named[key]) for key in names):
            raise ValueError("a row of other values")
        rows.append(kind(**named))
    return rows


def is_of(hint: object, value: object) -> bool:
    """Whether a value is of a type such as `float | None`; whole numbers are floats, too."""
    allowed = get_args(hint) or (hint,)
    if isinstance(value, bool | NoneType):
        return type(value) in allowed
    if float in allowed and isinstance(value, int | float):
        return math.isfinite(value)
    return type(value) in allowed
