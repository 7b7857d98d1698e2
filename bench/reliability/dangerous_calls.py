"""Calls that could run what a file or a visitor brings, found in the code itself.

breaches(source, "demo/x.py") -> ["demo/x.py:3 calls eval", …]; names are followed through imports.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("demo", "models", "bench", "tests", ".ci")
# What unpickles, or turns data into code, whatever it is called with.
MODULES = {
    *("pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"),
    *("jsonpickle", "code", "codeop"),
}
CALLS = {
    *("eval", "exec", "__import__", "breakpoint"),
    *("os.system", "os.popen", "os.startfile", "pty.spawn", "runpy.run_path", "runpy.run_module"),
    *("subprocess.getoutput", "subprocess.getstatusoutput"),
    *("torch.jit.load", "torch.hub.load", "torch.package.PackageImporter", "torch.export.load"),
    *("pandas.read_pickle", "numpy.lib.format.read_array"),
    *("yaml.load", "yaml.full_load", "yaml.unsafe_load", "yaml.load_all"),
}
# What is safe with one argument said, and not without it; or the other way round.
MUST_SAY = {"torch.load": ("weights_only", True)}
MAY_NOT_SAY = {"shell": True, "allow_pickle": True, "trust_remote_code": True}
WRITERS = {"numpy.save"}  # allow_pickle concerns what is read
# Where the lab itself reads files of PyTorch's: the weights for photographs that were installed, by
# pip or by `python -m models fetch`; and four steps of the book, which read what they just wrote.
LOADERS = {"models/unpickle.py", "models/ideas/four_steps.py"}
# What visitors take home as text, and what runs that text there; the lab calls nothing of it.
TAKEN_HOME = {"demo/standalone.py"}
HAND_OUT = ("demo/", "models/")  # whose texts may be code for visitors
# Tests that run the scripts that the lab hands out, or look at the files beside them.
SCRIPTS_RUN = {
    "tests/outside.py": {"exec", "runpy.run_path"},
    "tests/scripts.py": {"exec", "compile"},
    "tests/test_browser_code.py": {"compile"},
    "tests/test_clean_code.py": {"runpy.run_path"},
    "tests/test_code_view.py": {"exec"},
    "tests/test_train_code.py": {"exec"},
    "tests/test_idea_data.py": {"eval"},
    "tests/test_photos.py": {"pickle"},  # for the error's name
}


def sources() -> list[Path]:
    """All Python files of the project."""
    return [ROOT / "app.py", *(path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))]


def breaches(source: str, path: str) -> list[str]:
    """What a file does that it may not, with its line."""
    allowed = SCRIPTS_RUN.get(path, set())
    tree = ast.parse(source)
    found = [(line, what) for line, what in uses(tree) if what not in allowed]
    if path in LOADERS | TAKEN_HOME or path.startswith("tests/"):
        found = [(line, what) for line, what in found if what != "torch.load"]
    if path.startswith(HAND_OUT):
        found += unguarded_texts(tree)
    return [f"{path}:{line} uses {what}" for line, what in found]


def uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of all that is dangerous in a file, and of each torch.load."""
    known = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, name) for name in modules_of(node) if name in MODULES)
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, what) for what in faults_of(node, known))
        elif isinstance(node, ast.Name | ast.Attribute) and dotted(node, known) in CALLS:
            yield node.lineno, dotted(node, known)  # called, or handed on under another name


def faults_of(call: ast.Call, known: dict[str, str]) -> Iterator[str]:
    """What is dangerous in one call."""
    name = dotted(call.func, known)
    said = {one.arg: getattr(one.value, "value", None) for one in call.keywords}
    if name == "compile":  # a word that other things are called, too
        yield name
    if name in MUST_SAY:
        argument, value = MUST_SAY[name]
        yield name if said.get(argument) is value else f"{name} without {argument}={value}"
    if name not in WRITERS:
        yield from (
            f"{one}={said[one]}" for one, value in MAY_NOT_SAY.items() if said.get(one) is value
        )


def imported(tree: ast.Module) -> dict[str, str]:
    """What a file's names stand for: {"F": "torch.nn.functional"}."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {one.asname: one.name for one in node.names if one.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return known


def modules_of(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name.partition(".")[0] for one in node.names]
    return [] if node.level else [(node.module or "").partition(".")[0]]


def dotted(node: ast.expr, known: dict[str, str]) -> str:
    """torch.load for the node of it, whatever the file calls it; empty for what has no name."""
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value, known)
        return f"{owner}.{node.attr}".removeprefix("builtins.") if owner else ""
    return (
        known.get(node.id, node.id).removeprefix("builtins.") if isinstance(node, ast.Name) else ""
    )


def unguarded_texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Code that is handed out as text and loads a file without saying weights_only."""
    whole = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    pieces = {id(piece) for node in whole for piece in node.values}
    for node in (node for node in ast.walk(tree) if id(node) not in pieces):
        loads = text_of(node).split("torch.load(")[1:]
        if any("weights_only=True" not in one.partition("\n")[0] for one in loads):
            yield node.lineno, "torch.load without weights_only=True, as text"


def text_of(node: ast.AST) -> str:
    """The text of a string, also of one with gaps; empty for what is none."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(one) for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def all_breaches() -> list[str]:
    files = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sources()}
    return [
        breach
        for path, source in files.items()
        for breach in breaches(source, path.replace("\\", "/"))
    ]
