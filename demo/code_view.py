"""From the steps of what the page did to files that do the same without the lab.

A tab describes itself as parts, each some words and some code, mostly the lab's own source
(lab_source.py). `script` joins them, `notebook` makes a pair of cells of each, `zipped` packs.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

COMMENT_WIDTH = 96  # columns of words after "# "; the lab's lines have 100
# A word, or a character of a script without spaces, with the punctuation and spaces behind it.
PIECE = re.compile(r"(?:[!-~]+|\S)[，。：；、）]*\s*")
PACKED_ALREADY = (".pt", ".png")  # deflating them again saves nothing


@dataclass(frozen=True)
class Part:
    """A step of a script: what it is for, in the reader's language, and its code."""

    words: str
    code: str


def script(parts: list[Part]) -> str:
    """The parts as one Python file."""
    return "\n\n\n".join(f"{commented(part.words)}\n{part.code}" for part in parts) + "\n"


def notebook(parts: list[Part]) -> str:
    """The parts as a Jupyter notebook, nbformat 4.5: a cell of words and one of code each."""
    cells = []
    for number, part in enumerate(parts, 1):
        words = {"cell_type": "markdown", "id": f"words-{number}", "source": part.words}
        code = {"cell_type": "code", "id": f"code-{number}", "source": part.code.strip()}
        cells += [words | {"metadata": {}}]
        cells += [code | {"metadata": {}, "execution_count": None, "outputs": []}]
    kernel = {"name": "python3", "display_name": "python3", "language": "python"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def commented(words: str) -> str:
    """Sentences as comment lines; each line of theirs begins a new one."""
    lines = []
    for sentence in words.splitlines():
        lines.append("")
        for piece in PIECE.findall(sentence):
            if columns(lines[-1] + piece.rstrip()) > COMMENT_WIDTH:
                lines.append("")
            lines[-1] += piece
    return "\n".join(f"# {line.rstrip()}" for line in lines)


def columns(text: str) -> int:
    """How wide a text stands in a fixed-width font: Chinese counts double."""
    return len(text) + sum(unicodedata.east_asian_width(one) in "WF" for one in text)


def literal(value: object) -> str:
    """A setting as the lab writes it in code, text in double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def zipped(files: dict[str, bytes]) -> bytes:
    """Files by name as one ZIP."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files.items():
            method = ZIP_STORED if name.endswith(PACKED_ALREADY) else ZIP_DEFLATED
            archive.writestr(name, content, method)
    return packed.getvalue()
