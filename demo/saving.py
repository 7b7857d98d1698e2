"""What a panel of code hands to the browser: a script to show, and files to take home."""

import base64
from collections.abc import Callable

from demo.asked import BadRequest
from demo.words import WORDS

# What can be asked for: its file's name, and what makes it of a request.
Files = dict[str, tuple[str, Callable[[dict], bytes]]]
SMALLEST = 0.1  # MB that are said of a smaller file


def language_in(asked: dict) -> str:
    """The language that a request is in. Raises BadRequest."""
    language = asked.get("language")
    if not isinstance(language, str) or language not in WORDS:
        raise BadRequest
    return language


def shown(code: str, megabytes: float) -> dict:
    """A script, how many lines it has, and how large it is with all that goes along."""
    size = max(round(megabytes, 1), SMALLEST)
    return {"script": code, "lines": code.count("\n"), "size": size}


def saved(files: Files, asked: dict) -> dict:
    """The one of these files that a request names, in base64. Raises LabError."""
    wish = asked.get("file")
    if not isinstance(wish, str) or wish not in files:
        raise BadRequest
    name, make = files[wish]
    return {"name": name, "content": base64.b64encode(make(asked)).decode("ascii")}
