"""Each part of the project imports only what DESIGN lets it import, told from the code alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"app", "bench", "demo", "models", "tests"}
# What each part may import of the project: app -> demo -> models, never back.
PARTS = {"app": {"demo", "models"}, "demo": {"demo", "models"}, "models": {"models"}}
# These stand alone; a module that is not named here may import anything else in `models`.
ALONE: dict[str, set[str]] = {
    "models.nets": set(),
    "models.noise": set(),
    "models.augment": set(),
    "models.ink": set(),
    "models.losses": {"models.nets"},
    # for its types alone: an optimiser is built from a recipe
    "models.optimizers": {"models.recipe"},
    # the tables, and the error that a bad value is refused with
    "models.recipe": {
        "models.nets",
        "models.noise",
        "models.augment",
        "models.losses",
        "models.optimizers",
        "models.errors",
        "models.init",
    },
    "models.init": set(),
}


def name_of(path: Path) -> str:
    """demo/canvas/canvas.py -> demo.canvas.canvas, models/__init__.py -> models."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, module: str, is_package: bool = False) -> Iterator[str]:
    """Every module that a source names in an import, wherever in it the import stands.

    `from models import ink` counts as models.ink: the caller settles whether that is a module.
    """
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(parents) if node.level else ""
            origin = ".".join(filter(None, [base, node.module]))
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def is_tab(module: str) -> bool:
    return module.startswith("demo.") and module.split(".")[1].endswith("_tab")


def faults(source: str, module: str, known: set[str], is_package: bool = False) -> list[str]:
    """Each import in a source that breaks a rule, in words."""
    part = module.split(".")[0]
    out = []
    for name in sorted(set(imports(source, module, is_package))):
        root = name.split(".")[0]
        if root == "gradio" and part != "demo":
            out.append(f"{module} imports gradio, which only demo/ may")
        if root in OURS and root not in PARTS[part] and root != part:
            out.append(f"{module} imports {name}, which stands above it")
        if is_tab(module) and is_tab(name) and name in known and name != module:
            out.append(f"{module} imports another tab, {name}")
        if module in ALONE and name in known - ALONE[module] - {"models"}:
            allowed = ", ".join(sorted(ALONE[module])) or "nothing of the project"
            out.append(f"{module} imports {name}, and may import {allowed}")
    return out


def sources() -> list[Path]:
    files = [ROOT / "app.py", *(ROOT / "demo").rglob("*.py"), *(ROOT / "models").rglob("*.py")]
    return [path for path in files if path.exists()]


KNOWN = {name_of(path) for path in sources()}


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_module_imports_only_what_its_part_may(path):
    is_package = path.name == "__init__.py"
    assert faults(path.read_text(encoding="utf-8"), name_of(path), KNOWN, is_package) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("models.engine", "import gradio as gr"),
        ("models.engine", "def late():\n    from gradio import State"),
        ("models.engine", "from demo import charts"),
        ("models.engine", "import app"),
        ("models.engine", "from tests.conftest import mnist"),
        ("demo.page", "from bench.server import running_lab"),
        ("models.transfer.heads", "from ...demo.words import table"),
        ("demo.page", "import app"),
        ("app", "import gradio"),
        ("demo.draw_tab", "from demo.train_tab import build"),
        ("demo.draw_tab", "from demo import train_tab"),
        ("demo.draw_tab", "from . import train_tab"),
        ("demo.draw_tab", "from .train_tab import build"),
        ("models.nets", "from models.recipe import Recipe"),
        ("models.ink", "from models import data"),
        ("models.noise", "from .data import load_mnist"),
        ("models.recipe", "from models.engine import train"),
    ],
)
def test_a_planted_breach_of_a_rule_is_found(module, source):
    known = KNOWN | {"demo.train_tab", "demo.draw_tab", "models.recipe", "models.engine"}
    assert len(faults(source, module, known | {"models.data"})) >= 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("app", "from demo.page import build_page"),
        ("demo.draw_tab", "import gradio as gr\nfrom demo.canvas.canvas import canvas"),
        ("demo.draw_tab", "from models.predict import classify"),
        ("demo.page", "from demo import draw_tab, train_tab"),
        (
            "models.engine",
            "import torch\nfrom models import nets\nfrom models.recipe import Recipe",
        ),
        ("models.recipe", "from models.nets import NETS\nfrom models.errors import LabError"),
        ("models.nets", "import torch\nfrom torchvision.transforms import v2"),
    ],
)
def test_an_import_along_the_arrows_passes(module, source):
    known = KNOWN | {"demo.train_tab", "demo.draw_tab", "models.nets", "models.recipe"}
    assert faults(source, module, known) == []


def test_the_command_line_program_stays_within_fifty_lines():
    """app.py is an address, limits, the page and its launch."""
    assert (ROOT / "app.py").read_text(encoding="utf-8").count("\n") <= 50
