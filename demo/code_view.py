"""From the steps of what the page did to files that do the same without the lab.

A tab describes itself as parts, each some words and some code, mostly the lab's own source
(lab_source.py). `script` joins them, `notebook` makes a pair of cells of each, `zipped` packs.
"""

import json
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from demo.code_words import in_language
from demo.words import DEFAULT_LANGUAGE
from demo.wrapping import wrapped

COMMENT_WIDTH = 96  # columns of words after "# "; the lab's lines have 100
PACKED_ALREADY = (".pt", ".png")  # deflating them again saves nothing


@dataclass(frozen=True)
class Part:
    """A step of a script: what it is for, in the reader's language, and its code."""

    words: str
    code: str


def script(parts: list[Part], language: str = DEFAULT_LANGUAGE) -> str:
    """The parts as one Python file, the remarks in the code in the same language as the words."""
    pieces = [f"{commented(one.words)}\n{in_language(one.code, language)}" for one in parts]
    return "\n\n\n".join(pieces) + "\n"


def notebook(parts: list[Part], language: str = DEFAULT_LANGUAGE) -> str:
    """The parts as a Jupyter notebook, nbformat 4.5: a cell of words and one of code each."""
    cells = []
    for number, part in enumerate(parts, 1):
        words = {"cell_type": "markdown", "id": f"words-{number}", "source": part.words}
        source = in_language(part.code.strip(), language)
        code = {"cell_type": "code", "id": f"code-{number}", "source": source}
        cells += [words | {"metadata": {}}]
        cells += [code | {"metadata": {}, "execution_count": None, "outputs": []}]
    kernel = {"name": "python3", "display_name": "python3", "language": "python"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def commented(words: str) -> str:
    """Sentences as comment lines; each line of theirs begins a new one."""
    lines = [line for sentence in words.splitlines() for line in wrapped(sentence, COMMENT_WIDTH)]
    return "\n".join(f"# {line}" for line in lines)


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
