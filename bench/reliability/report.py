"""RELIABILITY.md, from what the reliability commands kept.

    python -m bench.reliability.report

A command that has kept nothing yet is named as not measured.
"""

import json
from pathlib import Path

from bench.reliability.record import RESULTS, ROOT
from models.checkpoint import write_whole

PAGE = ROOT / "RELIABILITY.md"
# The commands in the order of the report, each with what it asks.
COMMANDS = {
    "drawing": "Twenty people draw at once, idle and beside trainings",
    "crowd": "A hundred press at once",
    "memory": "Memory of the server and of a training",
    "malformed": "Malformed calls and pictures",
    "bombs": "Bombs and slow senders",
    "encodings": "One digit in twenty encodings",
    "weight_files": "Bad weight files",
    "recipes": "Extreme recipes",
    "writing": "Killed while writing, no disk, no permission",
    "start_up": "Started with something missing or damaged",
    "endings": "Stop, a closed tab, SIGTERM and kill -9",
    "strangers": "What belongs to others",
    "mixed": "An hour of everything",
    "vulnerabilities": "Known vulnerabilities and dangerous calls",
}
SIGNS = {True: "met", False: "**missed**", None: "stated"}
HEAD = """# Reliability

How the lab is tested against thirty visitors at once, trainings under way and hostile scripts
among them, and what came out. Every table is what its command printed; `make reliability` runs
them all (about two and a half hours on two cores) and writes this page anew. All servers listen on
127.0.0.1, and every command ends by itself. The short ones, with smaller counts and no times, are
part of `make test`.

Times are from the call to the whole answer, on the same machine as the callers, who take their
share of its cores. What is trusted, what is not, and how to report a hole:
[SECURITY.md](SECURITY.md).
"""


def section(name: str, title: str, folder: Path = RESULTS) -> str:
    """One command's part of the page."""
    path = folder / f"{name}.json"
    if not path.is_file():
        return f"## {title}\n\nNot measured yet: `python -m bench.reliability.{name}`\n"
    facts = json.loads(path.read_text(encoding="utf-8"))
    table = "\n".join(
        ["| what | asked | measured | |", "|---|---|---|---|", *map(line, facts["rows"])]
    )
    origin = "`{command}` · commit {commit} · {date} · {seconds} s · {machine}".format(**facts)
    said = f"\n{facts['limits']}\n" if facts["limits"] else ""
    return f"## {title}\n\n{origin}\n\n{table}\n{said}"


def line(row: dict) -> str:
    cells = [row["what"], row["asked"], row["measured"], SIGNS[row["met"]]]
    return f"| {' | '.join(map(cell, cells))} |"


def cell(text: str) -> str:
    return text.replace("|", "\\|") or "–"


def page(folder: Path = RESULTS) -> str:
    return "\n".join([HEAD, *(section(name, title, folder) for name, title in COMMANDS.items())])


def main() -> None:
    write_whole(PAGE, page().encode("utf-8"))


if __name__ == "__main__":
    main()
