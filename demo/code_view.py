"""From what the page just did to a PyTorch script that does the same without the lab.

The script is made of the lab's own source: what is shown is what ran. A tab describes itself as
parts, each a comment and some code; `script` joins them, `notebook` makes a cell of each.
"""

import ast
import inspect
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from demo.words import say
from models import checkpoint, ink, nets
from models.checkpoint import Checkpoint

Imports = dict[str, set[str]]  # module: its names as an import writes them; none for the module


@dataclass(frozen=True)
class Part:
    """A step of a script: what it is for, in the reader's language, and its code."""

    words: str
    code: str


# ---- The lab's own source -------------------------------------------------------------------


@cache
def tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def names_of(node: ast.stmt) -> set[str]:
    """What a statement at the top of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    elements = [one for target in targets for one in getattr(target, "elts", [target])]
    return {one.id for one in elements if isinstance(one, ast.Name)}


def used_in(nodes: Iterable[ast.AST]) -> set[str]:
    return {one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name)}


def needed(module: ModuleType, wanted: set[str]) -> list[ast.stmt]:
    """The statements that define `wanted`, and all that those lean on, in the module's order."""
    body = [node for node in tree_of(module).body if names_of(node)]
    found: set[str] = set()
    while wanted - found:
        found |= wanted
        wanted = wanted | used_in(node for node in body if names_of(node) & found)
    return [node for node in body if names_of(node) & found]


def source(module: ModuleType, *wanted: str) -> str:
    """The source of these functions, classes and constants and of all that they lean on.

    As it stands in the module, comments included; decorators go with their functions.
    """
    lines = inspect.getsource(module).splitlines()
    pieces, last = [], None
    for node in needed(module, set(wanted)):
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        constant = not isinstance(node, ast.FunctionDef | ast.ClassDef)
        pieces += [] if last is None or (constant and last) else ["", ""]
        pieces += lines[first - 1 : node.end_lineno]
        last = constant
    return "\n".join(pieces)


def imports(module: ModuleType, *wanted: str) -> Imports:
    """What that source takes from other libraries."""
    used = used_in(needed(module, set(wanted)))
    found: Imports = defaultdict(set)
    for node in tree_of(module).body:
        for alias in getattr(node, "names", []):
            if (alias.asname or alias.name) in used:
                written = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
                origin = node.module if isinstance(node, ast.ImportFrom) else alias.name
                found[origin] |= {written} if isinstance(node, ast.ImportFrom) else set()
    return found


def import_lines(*groups: Imports) -> str:
    """All imports, each module once, whole modules first, as isort would have them."""
    merged: Imports = defaultdict(set)
    whole = {module for group in groups for module, names in group.items() if not names}
    for group in groups:
        for module, names in group.items():
            merged[module] |= names
    lines = [f"import {module}" for module in sorted(whole)]
    named = sorted((module, names) for module, names in merged.items() if names)
    return "\n".join(
        [*lines, *(f"from {module} import {', '.join(sorted(names))}" for module, names in named)]
    )


# ---- Reading a drawing ----------------------------------------------------------------------


def reading(kept: Checkpoint, language: str) -> list[Part]:
    """The script of the Draw tab: drawing.png through a network to ten probabilities."""
    name = kept.recipe.network
    build = nets.NETS[name].build.__name__
    factors = has_factors(name)
    groups = [imports(ink, "to_digit"), imports(nets, build), {"torch": set()}]
    groups += [imports(checkpoint, "whole_weight")] if factors else []
    lines = import_lines(*groups, {"PIL": {"Image"}, TRANSFORMS: {"functional as transforms"}})
    network = source(nets, build) + ("\n\n\n" + source(checkpoint, "whole_weight") if factors else "")
    return [
        Part(say("code_about", language, name=name), lines),
        Part(say("code_ink", language), source(ink, "to_digit")),
        Part(say("code_network", language, name=name), network),
        Part(say("code_weights", language, name=name), loading(kept, factors)),
        Part(say("code_read", language), asking(kept)),
    ]


TRANSFORMS = "torchvision.transforms.v2"


def has_factors(name: str) -> bool:
    """Whether a network's file keeps a wide layer as two thin factors."""
    tensors, _ = checkpoint.read(checkpoint.path_of(name))
    return any(key.endswith(checkpoint.LEFT) for key in tensors)


def loading(kept: Checkpoint, factors: bool) -> str:
    """The network built as its recipe says, with the weights that lie beside the script."""
    settings = ", ".join(f"{key}={value!r}" for key, value in kept.recipe.network_settings().items())
    build = nets.NETS[kept.recipe.network].build.__name__
    lines = [
        f'tensors = torch.load("{kept.recipe.network}.pt", weights_only=True)',
        f"network = {build}({settings})".replace("'", '"'),
    ]
    if factors:
        lines.append("tensors = {name: whole_weight(name, tensors) for name in network.state_dict()}")
    return "\n".join([*lines, "network.load_state_dict(tensors)", "network.eval()"])


def temperature_of(kept: Checkpoint) -> float:
    """What a network's logits are divided by before they become probabilities."""
    calibration = kept.figures.get("calibration")
    return calibration["temperature"] if isinstance(calibration, dict) else 1.0


def asking(kept: Checkpoint) -> str:
    """The steps from the picture to the printed probabilities."""
    temperature = temperature_of(kept)
    divided = "logits" if temperature == 1 else f"(logits / {temperature!r})"
    return f"""\
torch.set_num_threads(1)
grey = transforms.pil_to_tensor(Image.open("drawing.png"))[0]  # (H, W), 255 paper to 0 ink
ink = (255 - grey) / 255  # (H, W) in [0, 1], 0 paper to 1 ink
digit = to_digit(ink)  # (28, 28)
with torch.inference_mode():
    logits = network(digit.view(1, 1, SIDE, SIDE))  # (1, 1, 28, 28) -> (1, 10)
probabilities = {divided}.softmax(dim=1)[0]  # (10,)
for label, probability in enumerate(probabilities.tolist()):
    print(label, f"{{probability:.8f}}")"""


# ---- As files -------------------------------------------------------------------------------


def commented(words: str, width: int = 96) -> str:
    """A sentence as comment lines; Chinese counts double."""
    lines, line, used = [], "", 0
    for piece in words.split(" ") if words.isascii() else words:
        size = sum(2 if ord(one) > 0x2000 else 1 for one in piece) + words.isascii()
        if used + size > width:
            lines.append(line)
            line, used = "", 0
        line += (" " if line and words.isascii() else "") + piece
        used += size
    return "\n".join(f"# {one.strip()}" for one in [*lines, line])


def script(parts: list[Part]) -> str:
    """The parts as one Python file."""
    return "\n\n\n".join(f"{commented(part.words)}\n{part.code}" for part in parts) + "\n"


def notebook(parts: list[Part]) -> str:
    """The parts as a Jupyter notebook, nbformat 4.5: a cell of words and one of code each."""
    cells = []
    for part in parts:
        shared = {"metadata": {}, "id": f"part{len(cells)}"}
        cells.append({"cell_type": "markdown", "source": part.words, **shared})
        code = {"execution_count": None, "outputs": [], "source": part.code}
        cells.append({"cell_type": "code", **code, **shared, "id": f"part{len(cells)}"})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}
    return json.dumps(whole, ensure_ascii=False, indent=1)
