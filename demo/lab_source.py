"""Parts of the lab's own source, with all they lean on, for scripts that run without the lab."""

import ast
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType

OURS = ("demo", "models")  # packages whose source goes along; all others stay imports


class Excerpts:
    """The source that one script is made of: what one excerpt brings, no later one repeats.

    The script may show its excerpts in any order as long as what runs at once, a constant or a
    base class, stands above its use: functions look names up when they are called.
    """

    def __init__(self) -> None:
        self.brought: dict[str, str] = {}  # name: the statement that defines it
        self.modules: set[str] = set()  # imported whole, as `import` writes them
        self.names: dict[str, set[str]] = defaultdict(set)  # module: what is imported from it

    def take(self, module: ModuleType, *wanted: str) -> str:
        """The source of these functions, classes and constants and of all that they lean on.

        As it stands in the modules, with the comments on its lines and the decorators. Raises
        LookupError for a name that the module does not define or another one defines otherwise.
        """
        nodes = [node for node in needed(module, wanted) if self.is_new(module, node)]
        blocks = [self.take(home, name) for home, name in self.borrowed(module, nodes)]
        return "\n\n\n".join(filter(None, [*blocks, text_of(module, nodes)]))

    def is_new(self, module: ModuleType, node: ast.stmt) -> bool:
        """Whether a statement is not in the script yet; after this it is."""
        statement = ast.unparse(node)
        known = {self.brought.get(name) for name in names_of(node)}
        if known - {None, statement}:
            raise LookupError(f"{statement[:40]} of {module.__name__} is another one elsewhere")
        self.brought.update(dict.fromkeys(names_of(node), statement))
        return None in known

    def borrowed(
        self, module: ModuleType, nodes: list[ast.stmt]
    ) -> Iterator[tuple[ModuleType, str]]:
        """What these statements take from the lab's other modules; other libraries are noted."""
        used = used_in(nodes)
        for node in tree_of(module).body:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for alias in node.names:
                if (alias.asname or alias.name) not in used:
                    continue
                if isinstance(node, ast.Import):
                    self.modules.add(ast.unparse(alias))
                elif node.module.split(".")[0] in OURS:
                    yield unrun(node.module), alias.name
                else:
                    self.names[node.module].add(ast.unparse(alias))

    def uses(self, module: str) -> bool:
        """Whether something is imported from a module, at the script's head or in a function."""
        within = f"from {module} import"
        return module in self.names or any(within in text for text in self.brought.values())

    def import_lines(self) -> str:
        """All imports as isort would have them: Python's own first, whole modules before names."""
        lines = [(name, f"import {name}") for name in sorted(self.modules)]
        for module, names in sorted(self.names.items()):
            lines.append((module, f"from {module} import {', '.join(sorted(names))}"))
        groups = {True: [], False: []}
        for module, line in lines:
            groups[module.split(".")[0].split()[0] in sys.stdlib_module_names].append(line)
        return "\n\n".join("\n".join(group) for group in groups.values() if group)


@cache
def unrun(name: str) -> ModuleType:
    """A module for its source alone: run, it may import what takes seconds."""
    return module_from_spec(find_spec(name))


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


def needed(module: ModuleType, wanted: Iterable[str]) -> list[ast.stmt]:
    """The statements that define `wanted` and what those lean on, in the module's own order."""
    body = [node for node in tree_of(module).body if names_of(node)]
    defined = {name for node in body for name in names_of(node)}
    if missing := set(wanted) - defined:
        raise LookupError(f"{module.__name__} does not define {', '.join(sorted(missing))}")
    found: set[str] = set()
    new = set(wanted)
    while new:
        found |= new
        new = defined & used_in(node for node in body if names_of(node) & new) - found
    return [node for node in body if names_of(node) & found]


def text_of(module: ModuleType, nodes: list[ast.stmt]) -> str:
    """Statements as they stand in their module, two empty lines around functions and classes."""
    lines = inspect.getsource(module).splitlines()
    pieces, after_constant = [], None
    for node in nodes:
        is_constant = not isinstance(node, ast.FunctionDef | ast.ClassDef)
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        if after_constant is not None and not (is_constant and after_constant):
            pieces += ["", ""]
        pieces += lines[first - 1 : node.end_lineno]
        after_constant = is_constant
    return "\n".join(pieces)
