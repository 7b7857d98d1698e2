"""What a reliability command measured, kept as a small file that RELIABILITY.md is made of.

rows = [Row("readings, idle: p95", "≤ 150 ms", "81 ms", True), …]
keep("drawing", rows)  ->  bench/reliability/results/drawing.json
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.checkpoint import write_whole

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True)
class Row:
    """One line of the report. `met`: None where nothing was asked."""

    what: str
    asked: str
    measured: str
    met: bool | None = None


def arguments(name: str, text: str) -> argparse.ArgumentParser:
    """A command's options, `--write` among them."""
    parser = argparse.ArgumentParser(
        prog=f"python -m bench.reliability.{name}",
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--write", action="store_true", help="keep the rows for RELIABILITY.md")
    return parser


def show(name: str, rows: list[Row], seconds: float, write: bool, limits: str = "") -> bool:
    """Prints the rows as JSON lines and keeps them if told to; gives whether all were met.

    `limits`: a sentence on what kept a row from its figure, or on what the run left out.
    """
    for row in rows:
        print(json.dumps(asdict(row), ensure_ascii=False), flush=True)
    if write:
        keep(name, rows, seconds, limits)
    return all(row.met is not False for row in rows)


def keep(name: str, rows: list[Row], seconds: float, limits: str = "") -> None:
    facts = {
        "command": " ".join([f"python -m bench.reliability.{name}", *options_given()]),
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(seconds),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "rows": [asdict(row) for row in rows],
        "limits": limits,
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
    write_whole(RESULTS / f"{name}.json", text.encode("utf-8"))


def options_given() -> list[str]:
    return [one for one in sys.argv[1:] if one != "--write"]


def commit() -> str:
    """The commit that was measured, with a + where files differ from it."""
    git = ["git", "-C", str(ROOT)]
    try:
        name = subprocess.check_output([*git, "rev-parse", "--short", "HEAD"], text=True).strip()
        changed = subprocess.check_output([*git, "status", "--porcelain", "-uno"], text=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    own = [line for line in changed.splitlines() if "bench/reliability/results" not in line]
    return name + ("+" if own else "")
