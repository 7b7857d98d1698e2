"""All reliability commands one after the other, and RELIABILITY.md from what they kept.

    python -m bench.reliability.all [--only NAME …]

A command that fails is named at the end; the others still run.
"""

import argparse
import subprocess
import sys
import time

from bench.reliability import report
from bench.reliability.record import ROOT


def run(name: str) -> bool:
    """One command with its rows kept; gives whether it ended well."""
    print(f"== {name}: {report.COMMANDS[name]}", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", f"bench.reliability.{name}", "--write"]
    ended_well = subprocess.run(command, cwd=ROOT).returncode == 0
    print(f"== {name}: {time.monotonic() - began:.0f} s", flush=True)
    return ended_well


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reliability.all", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=report.COMMANDS, default=report.COMMANDS)
    options = parser.parse_args()
    failed = [name for name in options.only if not run(name)]
    report.main()
    if failed:
        sys.exit(f"These ended with an error: {', '.join(failed)}")


if __name__ == "__main__":
    main()
