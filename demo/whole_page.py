"""Whether the page's own scripts are all there: the folders are read as they are."""

import re

from demo import bundles
from demo.cannot_start import CannotStartError

COMMENT = re.compile(r"(?m)(^|\s)//.*$")
USED = re.compile(r"""(?<!["'`])\blab\.(\w+)""")  # not the names of what browsers keep
DEFINED = re.compile(r"\blab\.(\w+)\s*(?:\?\?)?=(?!=)")
# page.js makes `lab` with the first three; the others are told in the head of the page.
FIRST = {"listeners", "hearers", "reading", "tables", "bundles"}
SECTIONS = ("panels", "foundations", "transfer")  # folders in which each has its own script
MEND = "get it back with: git checkout -- demo"


def check_scripts(script: str) -> None:
    """Raises CannotStartError where a panel has no script, or scripts use what none defines."""
    for path in sorted(page for name in SECTIONS for page in bundles.FOLDER.glob(f"{name}/*.html")):
        if not path.with_suffix(".js").is_file():
            raise CannotStartError(f"the file {path.stem}.js is missing; {MEND}")
    if gone := undefined_in(script):
        raise CannotStartError(f"a script is missing, the one that defines lab.{gone[0]}; {MEND}")


def undefined_in(script: str) -> list[str]:
    """Names of `lab` that a script uses and does not define."""
    code = COMMENT.sub("", script)
    return sorted(set(USED.findall(code)) - set(DEFINED.findall(code)) - FIRST)
