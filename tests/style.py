"""Whether what visitors take home is written as the lab's own code is."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


COMMANDS = (["check"], ["format", "--check"])


def assert_house_style(folder: Path, commands: Sequence[list[str]] = COMMANDS) -> None:
    """All Python files in a folder, formatted and linted with the lab's own rules."""
    for command in commands:
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache"]
        done = subprocess.run(
            [*ruff, "--config", str(ROOT / "pyproject.toml"), str(folder)],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout
