"""Runs scripts as a visitor would, without the lab: python -I outside.py FOLDER…

Prints JSON: what the script and what the notebook in each folder print.
"""

import contextlib
import importlib.util
import io
import json
import os
import runpy
import sys
from pathlib import Path

# The lab itself and what it is built on, except torch, torchvision and pillow.
FORBIDDEN = ("app", "demo", "models", "tests", "gradio", "safetensors", "scipy", "pandas")
FORBIDDEN += ("torchmetrics", "tqdm")


def run_notebook(path: Path) -> None:
    """Its cells of code, one after the other, as Jupyter runs them."""
    names: dict[str, object] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(cell["source"], names)


def said_by(run, path: Path) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        run(path)
    return out.getvalue()


def main() -> None:
    assert importlib.util.find_spec("models") is None
    sys.modules.update(dict.fromkeys(FORBIDDEN))  # importing one of them fails from here on
    found, folders = {}, sys.argv[1:]
    del sys.argv[1:]  # a script's own options are read from there
    for folder in folders:
        os.chdir(folder)
        [script], [notebook] = Path().glob("*.py"), Path().glob("*.ipynb")
        run = said_by(lambda path: runpy.run_path(str(path)), script)
        found[folder] = [run, said_by(run_notebook, notebook)]
    sys.__stdout__.write(json.dumps(found))


main()
