"""README taken apart: its sections, its blocks of code, its tables and its links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """What stands between two fences, and the language that the first one names."""

    language: str
    code: str


def text_of(name: str = "README.md") -> str:
    """A README without its front matter."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


def prose(text: str) -> str:
    """All but the blocks of code."""
    return FENCE.sub("", text)


def blocks(text: str) -> list[Block]:
    return [Block(*found) for found in FENCE.findall(text)]


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ .*$", prose(text), re.MULTILINE)


def section(title: str) -> str:
    """What stands below a heading of the second level."""
    _, _, rest = text_of().partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The rows of all tables, a list of cells each."""
    lines = re.findall(r"^\|(.*)\|$", prose(text), re.MULTILINE)
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def links(text: str) -> list[str]:
    """Where its links and pictures lead."""
    return LINK.findall(prose(text))


def commands(start: str) -> list[str]:
    """Every line of code that begins so, without its comment."""
    lines = [line for block in blocks(text_of()) for line in block.code.splitlines()]
    return [line.partition("  #")[0].strip() for line in lines if line.startswith(start)]
