"""Nothing in the project unpickles, evaluates or executes what others bring."""

import re

import pytest

from bench.reliability.dangerous_calls import (
    LOADERS,
    ROOT,
    TAKEN_HOME,
    all_breaches,
    breaches,
    sources,
)

PLANTED = [
    "import pickle",
    "from pickle import loads",
    "import marshal as m",
    "def late():\n    import dill",
    "eval('1')",
    "run = exec",
    "import builtins\nbuiltins.eval('1')",
    "from builtins import exec as run\nrun('1')",
    "compile('1', 'x', 'exec')",
    "__import__('os')",
    "import os\nos.system('ls')",
    "from os import system as s\ns('ls')",
    "import os as o\no.popen('ls')",
    "import subprocess\nsubprocess.run('ls', shell=True)",
    "from subprocess import getoutput\ngetoutput('ls')",
    "import yaml\nyaml.load('x')",
    "import numpy as np\nnp.load('x', allow_pickle=True)",
    "import torch\ntorch.load('x')",
    "import torch\ntorch.load('x', weights_only=True)",  # safe, and not here
    "import torch\ntorch.load('x', weights_only=False)",
    "from torch import load\nload('x')",
    "import torch\ntorch.jit.load('x')",
    "SCRIPT = 'weights = torch.load(path)'",
]
HARMLESS = [
    "import re\nre.compile('x')",
    "model.eval()",
    "import subprocess\nsubprocess.run(['ls'])",
    "import numpy as np\nnp.load('x')",
    "import json\njson.load(file)",
    "SCRIPT = 'weights = torch.load(path, weights_only=True)'",
]


def test_nothing_dangerous_is_called_anywhere():
    assert all_breaches() == []


def test_all_of_the_project_is_looked_at():
    seen = {path.relative_to(ROOT).parts[0] for path in sources()}
    assert seen == {"app.py", "demo", "models", "bench", "tests", ".ci"}
    written = [path for path in ROOT.rglob("*.py") if ".venv" not in path.parts]
    assert set(sources()) == set(written)


@pytest.mark.parametrize("source", PLANTED, ids=lambda source: source.replace("\n", "; "))
def test_a_planted_call_is_found(source):
    assert breaches(source, "demo/planted.py") != []


@pytest.mark.parametrize("source", HARMLESS, ids=lambda source: source.replace("\n", "; "))
def test_a_harmless_one_is_not(source):
    assert breaches(source, "demo/planted.py") == []


@pytest.mark.parametrize("path", sorted(LOADERS | TAKEN_HOME | {"tests/test_x.py"}))
def test_weights_are_loaded_without_code_wherever_they_may_be_loaded(path):
    assert breaches("import torch\ntorch.load(x, weights_only=True)", path) == []
    assert breaches("import torch\ntorch.load(x)", path) != []


def test_the_lab_calls_nothing_that_is_there_to_be_taken_home():
    """The loaders in demo/standalone.py are copied as text; named, and never called here."""
    called = re.compile(r"\bload(_thin)?_weights\(")
    sites = [
        (path.relative_to(ROOT).as_posix(), line.strip())
        for path in sources()
        if path.relative_to(ROOT).parts[0] in ("app.py", "demo", "models")
        for line in path.read_text(encoding="utf-8").splitlines()
        if called.search(line)
    ]
    assert [site for site in sites if site[0] not in TAKEN_HOME and '"{' not in site[1]] == []


def test_the_page_s_scripts_evaluate_nothing():
    scripts = [*(ROOT / "demo").rglob("*.js"), *(ROOT / "demo").rglob("*.html")]
    evaluating = re.compile(
        r"\beval\(|new Function\(|document\.write|set(Timeout|Interval)\(['\"`]"
    )
    assert [path.name for path in scripts if evaluating.search(path.read_text("utf-8"))] == []
