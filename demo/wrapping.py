"""Words broken into lines as wide as a file's, in scripts with spaces and without."""

import re
import unicodedata

LINE_WIDTH = 100  # columns of a line of code
# A word, or a character of a script without spaces, with the marks that no line parts from it.
PIECE = re.compile(r"[（“《]*(?:[!-~]+|\S)[，。：；、）”》]*\s*")


def wrapped(words: str, width: int) -> list[str]:
    """The lines of a paragraph, each up to so many columns wide."""
    lines = [""]
    for piece in PIECE.findall(words):
        if columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def columns(text: str) -> int:
    """How wide a text stands in a fixed-width font: Chinese counts double."""
    return len(text) + sum(unicodedata.east_asian_width(one) in "WF" for one in text)
