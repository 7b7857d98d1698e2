"""Runs all tests in two runs at once: those in a browser, two at a time, and the others.

With options of pytest it is one pytest with them, as in `make test ARGS="-k ink"`.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest"]
IN_A_BROWSER = sorted(str(path) for path in (ROOT / "tests").glob("test_browser*.py"))
# A browser and a lab each; a file's tests share pages. In the files' order the longest comes early.
TWO_AT_A_TIME = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def step_back() -> None:
    """The computing ones at the lowest priority: the browser answers as fast as without them."""
    os.nice(19)


def main(options: list[str]) -> int:
    """The exit code: 0 where all tests of both have passed."""
    if options:
        return subprocess.run([*PYTEST, *options], cwd=ROOT).returncode
    others = [*PYTEST, "--ignore-glob", "*/test_browser*.py"]
    modest = step_back if hasattr(os, "nice") else None
    with tempfile.TemporaryFile() as said:
        computing = subprocess.Popen(
            others, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, preexec_fn=modest
        )
        try:
            browsing = subprocess.run([*PYTEST, *TWO_AT_A_TIME, *IN_A_BROWSER], cwd=ROOT).returncode
            failed = computing.wait() or browsing
        finally:
            computing.terminate()
        said.seek(0)
        sys.stdout.buffer.write(said.read())
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
