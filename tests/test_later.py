"""What takes seconds to import waits until somebody needs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo import bundles, later

ROOT = Path(__file__).resolve().parent.parent
SLOW = {"torchvision", "torch._dynamo", "skimage", "scipy.signal", "scipy.stats", "torchmetrics"}
# As in `python app.py` until the first digit is read, without the server around it.
FIRST_ANSWER = """
import json, sys
import torch
from demo import draw_tab, page
from demo.canvas import canvas
from demo.readers import DEFAULT_READER, reader

page.build_page()
reader(DEFAULT_READER)
ink = torch.zeros(100, 100)
ink[20:80, 47:55] = 1
asked = {"kind": "ink", "width": 100, "height": 100, "pixels": canvas.to_text(ink)}
print(json.dumps([draw_tab.read_drawing(asked)["label"], list(sys.modules)]))
"""


def test_the_first_answer_needs_none_of_the_slow_libraries():
    command = [sys.executable, "-c", FIRST_ANSWER]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    label, loaded = json.loads(done.stdout.splitlines()[-1])
    assert label == "1"
    assert SLOW.isdisjoint(loaded)


@pytest.fixture
def begun(monkeypatch) -> list[str]:
    """What is imported in the background, in order."""
    names = []
    monkeypatch.setattr(later, "import_module", names.append)
    later.load_soon.cache_clear()
    yield names
    later.load_soon.cache_clear()


@pytest.mark.parametrize("bundle", bundles.FILES)
def test_a_tab_s_scripts_bring_what_it_needs_once(begun, bundle):
    with TestClient(Starlette(routes=bundles.ROUTES)) as client:
        for _ in range(2):
            client.get(f"/{bundles.address(bundle, '.js')}")
    assert begun == ([later.NEEDED[bundle]] if bundle in later.NEEDED else [])


def test_what_is_needed_later_can_be_imported():
    assert later.NEEDED.keys() <= bundles.FILES.keys()
    for name in later.NEEDED.values():
        assert later.import_module(name).__name__ == name
