"""The docstrings and comments of a script in the reader's language; its code stays as it is.

A table a language, words/code/zh.json: what the lab's source says, and what says the same. What
a table lacks stays in English.
"""

import inspect
import json
from ast import literal_eval
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO
from itertools import pairwise
from tokenize import COMMENT, INDENT, NL, STRING, TokenError, TokenInfo, generate_tokens

from demo.words import FOLDER
from demo.wrapping import LINE_WIDTH, wrapped

CODE_WORDS: dict[str, dict[str, str]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((FOLDER / "code").glob("*.json"))
}
QUOTES = '"""'


def in_language(code: str, language: str) -> str:
    """The code with its words in a language; as it is where it is no Python."""
    table = CODE_WORDS.get(language, {})
    try:
        found = remarks(code) if table else []
    except (TokenError, SyntaxError):
        return code
    lines = code.split("\n")
    for remark in reversed(found):  # so that the places of those above stay right
        if remark.text in table:
            remark.put(lines, table[remark.text])
    return "\n".join(lines)


@dataclass(frozen=True)
class Remark:
    """A docstring or a comment: what it says, and from where to where, (row from 1, column)."""

    text: str  # each paragraph in one line, an empty line between them
    start: tuple[int, int]
    end: tuple[int, int]
    fills_lines: bool  # false: it stands behind code
    is_docstring: bool = False

    def put(self, lines: list[str], words: str) -> None:
        """Puts other words in its place."""
        (first, left), (last, right) = self.start, self.end
        head, tail = lines[first - 1][:left], lines[last - 1][right:]
        new = self.written(words)
        new = [head + new[0], *(" " * left + line if line else "" for line in new[1:])]
        new[-1] += tail
        lines[first - 1 : last] = new

    def written(self, words: str) -> list[str]:
        """Words as the lines of such a remark, without their indentation."""
        width = LINE_WIDTH - self.start[1]
        if self.is_docstring:
            return docstring(words, width)
        lines = wrapped(words, width - len("# ")) if self.fills_lines else [words]
        return [f"# {line}" for line in lines]


def docstring(words: str, width: int) -> list[str]:
    """Of several paragraphs, with the closing quotes below them, as the lab writes it."""
    first, *others = words.split("\n\n")
    if not others:
        return wrapped(f"{QUOTES}{first}{QUOTES}", width)
    lines = wrapped(QUOTES + first, width)
    for paragraph in others:
        lines += ["", *wrapped(paragraph, width)]
    return [*lines, QUOTES]


# ---- Finding them ---------------------------------------------------------------------------


def remarks(code: str) -> list[Remark]:
    """All docstrings and comments, from above. Raises TokenError, SyntaxError."""
    tokens = list(generate_tokens(StringIO(code).readline))
    found = [*docstrings(tokens), *comments(tokens, code.split("\n"))]
    return sorted(found, key=lambda remark: remark.start)


def docstrings(tokens: list[TokenInfo]) -> Iterator[Remark]:
    """What a function or a class begins with, where that is a text."""
    for before, one in pairwise(token for token in tokens if token.type not in (NL, COMMENT)):
        if before.type == INDENT and one.type == STRING:
            paragraphs = inspect.cleandoc(literal_eval(one.string)).split("\n\n")
            text = "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)
            yield Remark(text, one.start, one.end, True, True)


def comments(tokens: list[TokenInfo], lines: list[str]) -> list[Remark]:
    """Comments; those that fill lines one below the other are one."""
    found: list[Remark] = []
    for token in tokens:
        if token.type != COMMENT:
            continue
        (row, column), text = token.start, token.string.removeprefix("#").strip()
        fills = not lines[row - 1][:column].strip()
        if fills and found and found[-1].fills_lines and found[-1].end[0] == row - 1:
            found[-1] = replace(found[-1], text=f"{found[-1].text} {text}", end=token.end)
        else:
            found.append(Remark(text, token.start, token.end, fills))
    return found
