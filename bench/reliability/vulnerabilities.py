"""Known vulnerabilities in the pinned packages, and dangerous calls in the lab's own code.

    python -m bench.reliability.vulnerabilities [--write] [--seconds N]

pip-audit asks a database on the internet, where it is installed and gets an answer within so many
seconds; else the row says of what day the pins are. bandit reads all Python code of the project;
what it finds is counted by severity. The walk over the code is dangerous_calls.py's.
"""

import importlib.util
import json
import subprocess
import sys
import time
from collections import Counter

from bench.reliability.dangerous_calls import FOLDERS, ROOT, all_breaches, sources
from bench.reliability.record import Row, arguments, show

PINS = ("requirements.txt", "tests/requirements.txt")
LAB = ("demo", "models", ".ci")  # what runs on a server or builds it; benches and tests do not


def audited(seconds: float) -> tuple[Row, str]:
    """The row of known vulnerabilities, and what kept it from being measured."""
    if importlib.util.find_spec("pip_audit") is None:
        return unasked("pip-audit is not installed: pip install pip-audit, and run this again.")
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    command += ["--requirement", PINS[1]]  # which names the other
    command += ["--no-deps", "--disable-pip"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds)
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return unasked("The database that pip-audit asks can't be reached from this machine.")
    known = [f"{one['name']} {one['id']}" for one in flattened(found)]
    measured = ", ".join(known) or f"0 in {len(found)} packages"
    return Row("known vulnerabilities in the pinned packages", "0 high", measured, not known), ""


def flattened(found: list[dict]) -> list[dict]:
    return [{"name": one["name"], **hole} for one in found for hole in one.get("vulns", [])]


def unasked(why: str) -> tuple[Row, str]:
    dates = ", ".join(f"{pins} of {day_of(pins)}" for pins in PINS)
    row = Row("known vulnerabilities in the pinned packages", "0 high", f"not asked: {dates}", None)
    return row, why


def day_of(path: str) -> str:
    """The day of the last commit that changed a file."""
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%cs", "--", path]
    try:
        return subprocess.check_output(command, text=True).strip() or "no commit"
    except (OSError, subprocess.CalledProcessError):
        return "an unknown day"


def pinned() -> Row:
    """Whether every package is pinned to one release."""
    lines = [line for pins in PINS for line in (ROOT / pins).read_text("utf-8").splitlines()]
    named = [line.partition("#")[0].strip() for line in lines]
    named = [line for line in named if line and not line.startswith("-r ")]
    loose = [line for line in named if "==" not in line]
    return Row("packages named, those not pinned", "0", f"{len(named)}, {len(loose)}", not loose)


def read_by_bandit() -> list[Row]:
    """What bandit finds, in the lab itself and in all code."""
    command = [sys.executable, "-m", "bandit", "--quiet", "--format", "json", "--recursive"]
    done = subprocess.run([*command, "app.py", *FOLDERS], cwd=ROOT, capture_output=True, text=True)
    found = json.loads(done.stdout)["results"]
    in_lab = [one for one in found if one["filename"].startswith(LAB)]
    counts = Counter(one["issue_severity"] for one in found)
    medium = Counter(one["test_name"] for one in in_lab if one["issue_severity"] == "MEDIUM")
    listed = ", ".join(f"{count} {name}" for name, count in medium.items()) or "none"
    files = f"{len(sources())} files"
    return [
        Row(f"bandit, {files}: high", "0", str(counts["HIGH"]), counts["HIGH"] == 0),
        Row("bandit: medium in app, demo, models and .ci", "", listed),
        Row(
            "bandit: medium and low in all, benches and tests too",
            "",
            f"{counts['MEDIUM']}, {counts['LOW']}",
        ),
    ]


def main() -> None:
    parser = arguments("vulnerabilities", __doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="that pip-audit may take")
    options = parser.parse_args()
    began = time.monotonic()
    known, why = audited(options.seconds)
    found = all_breaches()
    what = "pickle, eval, exec, a shell, or torch.load beyond its places"
    calls = Row(what, "0", ", ".join(found) or "0", not found)
    rows = [known, pinned(), *read_by_bandit(), calls]
    show("vulnerabilities", rows, time.monotonic() - began, options.write, why)


if __name__ == "__main__":
    main()
