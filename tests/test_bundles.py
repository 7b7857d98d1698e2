"""The page's scripts and style sheets in bundles: nothing left out, nothing asked for in vain."""

import gzip
import re
from collections import defaultdict

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo import bundles, first_script
from demo.words import WORDS

FIRST_LIMIT = 100_000  # bytes of the page's own scripts and styles at the first look
OTHERS = [name for name in bundles.FILES if name != bundles.FIRST]
# Gradio runs one where the head of the page is; the page is sent with the other.
ALONE = {bundles.FOLDER / "head.js", first_script.LOOK}
# Used in another bundle after `await lab.need(...)` for the one that has it, or while it is there.
AWAITED = {
    ("first", "createPenKeys"): "surface.js",
    ("train", "setCleaning"): "train_shelf_use.js",
    ("draw", "exampleStrokes"): "why_try.js",
    ("first", "createLinks"): "purpose.js",
    ("first", "playOpening"): "draw_tab.js",
    ("denoise", "setRecipe"): "denoise_stage.js",
    ("denoise", "showTrainPart"): "denoise_stage.js",
    ("denoise", "trainMenuReady"): "denoise_stage.js",
    ("path", "cleaningReady"): "path_places.js",
    ("path", "setCleaning"): "path_places.js",
    ("path", "setRecipe"): "path_places.js",
    ("path", "showTrainPart"): "path_places.js",
    ("path", "showTransferPart"): "path_places.js",
    ("path", "trainMenuReady"): "path_places.js",
    ("path", "transferKeys"): "path_places.js",
}
# Chapters stand in the Train tab and sections start once its parts do.
BESIDE = {"foundations": "train", "kit": "train"}


@pytest.fixture(scope="module")
def client():
    with TestClient(Starlette(routes=bundles.ROUTES)) as client:
        yield client


def names_in(bundle: str) -> tuple[set[str], dict[str, set[str]]]:
    """The names that a bundle's scripts give to `lab`, and those that they use, with the files."""
    given, used = set(), defaultdict(set)
    for path in bundles.files_of(bundle, ".js"):
        text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        given |= set(re.findall(r"\blab\.(\w+)(?:\.\w+)?\s*(?:\?\?)?=(?!=|>)", text))
        for name in re.findall(r"\blab\.(\w+)", text):
            used[name].add(path.name)
    return given, used


def test_each_script_and_style_sheet_is_in_a_bundle():
    found = {path for end in (".js", ".css") for path in bundles.FOLDER.rglob(f"*{end}")}
    assert {path for path in found if bundles.bundle_of(path) is None} == ALONE


def test_the_first_look_is_light():
    assert len(bundles.document_head().encode("utf-8") + first_script.script()) <= FIRST_LIMIT


def test_a_bundle_uses_what_it_has_or_needs():
    given = {name: names_in(name)[0] for name in bundles.FILES}
    everything = set().union(*given.values())
    told = {"tables", "bundles"}
    astray = []
    for bundle in bundles.FILES:
        near = {bundle, bundles.FIRST, *(bundles.KIT,) * (bundle != bundles.FIRST)}
        near |= {BESIDE.get(bundle, bundle)}
        known = told.union(*(given[name] for name in near))
        for name, files in names_in(bundle)[1].items():
            if name in everything and name not in known:
                astray += [(bundle, name, file) for file in files]
    assert sorted(astray) == sorted((*key, file) for key, file in AWAITED.items())


def test_words_come_first_or_later_and_none_is_lost():
    first, later = bundles.first_words(), bundles.later_words()
    for language, table in WORDS.items():
        assert not first[language].keys() & later[language].keys()
        assert first[language] | later[language] == table


@pytest.mark.parametrize("name", OTHERS)
def test_the_page_is_told_where_a_bundle_lies(client, name):
    entry = bundles.table()[name]
    for ending, kind in bundles.TYPES.items():
        address = entry["script" if ending == ".js" else "style"]
        answer = client.get(f"/{address}", headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"]
        assert answer.text.startswith(bundles.joined(name, ending))


def test_without_gzip_the_same_comes_as_it_is(client):
    file = bundles.sent("kit", ".js")
    address = f"/{bundles.address('kit', '.js')}"
    plain = client.get(address, headers={"accept-encoding": "identity"})
    assert plain.content == file.content == gzip.decompress(file.packed)


@pytest.mark.parametrize(
    "path",
    ["kit.000000000000.js", "first.000000000000.js", "nothing.000000000000.js", "kit.x.html"],
)
def test_what_there_is_not_is_not_found(client, path):
    assert client.get(f"/lab/bundle/{path}").status_code == 404
