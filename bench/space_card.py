"""README's front matter, by which a Space knows how to run the lab: what is valid in it."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import yaml  # comes with gradio

LARGEST = 10_000_000  # bytes; a Space takes no larger file out of git
SHORT = 60  # characters of a short description
COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
SYMBOLS = {"So", "Sk", "Mn", "Me", "Cf"}  # Unicode's categories of an emoji and what modifies it
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;#]+)", re.MULTILINE)


class TextError(Exception):
    """README has no front matter that can be read."""


def front_matter(text: str) -> dict[str, object]:
    """What stands between the two lines of dashes at a README's head. Raises TextError."""
    found = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    if not found:
        raise TextError("README.md doesn't begin with front matter between two lines of ---.")
    try:
        card = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        raise TextError(f"README.md's front matter is no YAML: {error}") from None
    if not isinstance(card, dict):
        raise TextError("README.md's front matter holds no names and values.")
    return card


def pins(requirements: Path) -> dict[str, str]:
    """Package -> the version that a requirements file pins."""
    return dict(PIN.findall(requirements.read_text(encoding="utf-8")))


# ---- A rule a field -------------------------------------------------------------------------


def is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\n" not in value


def is_emoji(value: object) -> bool:
    return is_line(value) and {unicodedata.category(sign) for sign in value} <= SYMBOLS


def is_short(value: object) -> bool:
    return is_line(value) and len(value) <= SHORT


def is_version(value: object) -> bool:
    """Text: YAML takes 3.10 without quotes for the number 3.1."""
    return isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)+", value) is not None


def is_list_of_lines(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(is_line(one) for one in value)


RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    "title": (is_line, "one line of text"),
    "emoji": (is_emoji, "an emoji and nothing else"),
    "colorFrom": (COLOURS.__contains__, f"one of {', '.join(COLOURS)}"),
    "colorTo": (COLOURS.__contains__, f"one of {', '.join(COLOURS)}"),
    "sdk": (lambda value: value == "gradio", "gradio"),
    "sdk_version": (is_version, "a version in quotes"),
    "python_version": (is_version, "a version in quotes"),
    "app_file": (is_line, "a path from README's folder"),
    "pinned": (lambda value: isinstance(value, bool), "true or false"),
    "short_description": (is_short, f"one line of at most {SHORT} characters"),
    "tags": (is_list_of_lines, "a list of words"),
    "license": (is_line, "the key of a licence"),
}


def card_faults(card: dict[str, object], folder: Path, pinned: dict[str, str]) -> list[str]:
    """A sentence for each thing that a Space would refuse, or run otherwise than we do."""
    faults = [
        f"README.md's {name} is {card.get(name)!r} and has to be {wanted}."
        for name, (is_right, wanted) in RULES.items()
        if not is_right(card.get(name))
    ]
    sdk, gradio = card.get("sdk_version"), pinned.get("gradio")
    if sdk != gradio:
        faults.append(f"README.md's sdk_version is {sdk}, and requirements.txt pins {gradio}.")
    app_file = card.get("app_file")
    if is_line(app_file) and not (folder / app_file).is_file():
        faults.append(f"README.md's app_file, {app_file}, is not there.")
    return faults


def large_files(sizes: dict[str, int]) -> list[str]:
    """A sentence for each file that is too large for a Space. `sizes`: bytes by path."""
    return [
        f"{path} has {size:,} bytes, and a Space takes no file over {LARGEST:,}."
        for path, size in sizes.items()
        if size > LARGEST
    ]
