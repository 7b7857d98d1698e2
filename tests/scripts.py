"""Runs a chapter's script in this process, as if the lab were not there."""

import contextlib
import io
import sys

OURS = ("app", "demo", "models", "bench", "tests")


class Barred:
    """Finds none of the lab's packages for a script that must run without them."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.split(".")[0] in OURS:
            raise ModuleNotFoundError(f"{name} belongs to the lab")


def run_script(text: str) -> str:
    """What a script prints. Raises whatever it raises, and for what it takes from the lab."""
    hidden = {name: sys.modules.pop(name) for name in list(sys.modules) if is_ours(name)}
    barred = Barred()
    sys.meta_path.insert(0, barred)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(text, "script.py", "exec"), {"__name__": "__main__"})
    finally:
        sys.meta_path.remove(barred)
        sys.modules.update(hidden)
    return out.getvalue()


def is_ours(name: str) -> bool:
    return name.split(".")[0] in OURS
