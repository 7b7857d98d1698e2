"""What is said where the lab can't start: one sentence, which names what mends it.

    with in_one_sentence():
        from demo.page import open_page
        ...

Imports nothing of the lab, whose own files may be what is wrong.
"""

import ast
import json
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ("demo", "models")  # folders, and packages
READERS = {
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".py": ast.parse,
}


class CannotStartError(Exception):
    """The sentence says why, and what to do."""


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Ends the process with a sentence and status 1 where what it encloses can't be done."""
    try:
        yield
    except CannotStartError as error:
        sys.exit(capital(str(error)))
    except (ImportError, SyntaxError, OSError, ValueError, LookupError, AttributeError) as error:
        if (sentence := sentence_for(error)) is None:
            raise  # a fault of the program, which its developer wants to see
        sys.exit(capital(sentence))


def sentence_for(error: Exception) -> str | None:
    """What is wrong with the files that this lab is made of, if that is what is wrong."""
    if isinstance(error, ModuleNotFoundError) and error.name.split(".")[0] not in OURS:
        wanted = "install what the lab needs with: python -m pip install -r requirements.txt"
        return f"the Python package {error.name.split('.')[0]} is missing: {wanted}"
    if isinstance(error, ModuleNotFoundError):
        return missing(error.name.replace(".", "/") + ".py")
    if isinstance(error, OSError) and (named := own_file(error.filename)):
        return missing(named) if isinstance(error, FileNotFoundError) else damaged(named)
    if broken := first_broken():
        return damaged(broken)
    if isinstance(error, OSError):
        return f"the lab can't start: {error.strerror or error}."
    return None


def capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def own_file(name: object) -> str | None:
    """The path of a file below the lab's folder, from there."""
    if not isinstance(name, str):
        return None
    try:
        return Path(str(name)).resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return None


def first_broken() -> str | None:
    """The first of the lab's own files that is not what its name says."""
    paths = [ROOT / "pyproject.toml", *(p for one in OURS for p in sorted((ROOT / one).rglob("*")))]
    for path in paths:
        if path.suffix in READERS and not is_readable(path):
            return path.relative_to(ROOT).as_posix()
    return None


def is_readable(path: Path) -> bool:
    try:
        return READERS[path.suffix](path.read_text(encoding="utf-8")) is not False
    except (OSError, ValueError, SyntaxError):
        return False


def missing(name: str) -> str:
    return f"the file {name} is missing; get it back with: git checkout -- {name}"


def damaged(name: str) -> str:
    return f"the file {name} is damaged; get it back with: git checkout -- {name}"
