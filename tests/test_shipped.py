"""A file that is missing or damaged switches off what needs it, is named, and comes back."""

import json
import shutil

import pytest

from demo import bundles, cannot_start, readers, shipped, uploads, words
from demo.cannot_start import CannotStartError, in_one_sentence, sentence_for
from demo.draw_tab import network_menu
from demo.panels.amiss import files_amiss
from demo.whole_page import check_scripts, undefined_in
from models import checkpoint, curves, enough, filters
from models.checkpoint import CheckpointError

SHIPPED = checkpoint.FOLDER


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder in place of checkpoints/ with two small readers, and nothing in memory."""
    for name in ("linear", "small_cnn"):
        shutil.copy(SHIPPED / f"{name}.safetensors", tmp_path)
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    monkeypatch.setattr(shipped, "seen", {})
    readers.loaded.cache_clear()
    yield tmp_path
    readers.loaded.cache_clear()


def flip(path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_every_file_of_the_folder_is_in_the_table_with_its_command():
    names = {file.path.name: file.command for file in shipped.table()}
    there = {path.name for path in SHIPPED.iterdir()} - {"README.md", "seeds.json"}
    assert there <= names.keys()
    assert all(f"git checkout checkpoints/{name}" == names[name] for name in there)
    assert all(set(file.tabs) <= set(shipped.TABS) for file in shipped.table())
    parts = {f"amiss_part_{file.part}" for file in shipped.table()}
    assert parts <= words.WORDS["en"].keys()


def test_a_missing_file_is_told_until_it_is_back(folder):
    told = {one["file"]: one for one in files_amiss({})["files"]}
    assert told["digits.safetensors"]["missing"]
    assert told["digits.safetensors"]["tabs"] == ("draw", "denoise")
    assert told["digits.safetensors"]["command"] == "git checkout checkpoints/digits.safetensors"
    assert not {"linear.safetensors", "small_cnn.safetensors"} & told.keys()
    shutil.copy(SHIPPED / "digits.safetensors", folder)
    assert "digits.safetensors" not in {one["file"] for one in files_amiss({})["files"]}


def test_a_bit_flipped_in_a_weight_switches_a_reader_off_and_the_best_other_reads(folder):
    flip(folder / "small_cnn.safetensors", -1_000)  # a finite weight all the same
    with pytest.raises(CheckpointError, match="figures"):
        checkpoint.load("small_cnn")
    menu = network_menu({})
    lines = {line["name"]: line.get("error") for line in menu["networks"]}
    assert lines["small_cnn"] == "checkpoint_damaged"
    assert (lines["linear"], menu["chosen"]) == (None, "linear")
    assert readers.checkpoint_of().recipe.network == "linear"


def test_a_header_of_which_nothing_can_be_made_is_a_damaged_file(folder):
    path = folder / "linear.safetensors"
    whole = checkpoint.load("linear")
    figures = {"accuracy": 0.9, "calibration": {"temperature": "warm", "thresholds": [1]}}
    checkpoint.save_network(path, whole.network, whole.recipe, figures, "")
    told = {one["file"]: one for one in files_amiss({})["files"]}
    assert not told["linear.safetensors"]["missing"]


# ---- Measurements ---------------------------------------------------------------------------

BAD = ["", "[]", "null", "{}", "{", '{"points": [{}], "files": {}}', "[" * 100_000, "\x00"]
BAD += ['{"results": [[1]], "origins": {"teachers": {}}}', '{"blur": {"1": {"median": NaN}}}']
BAD += ['{"points": [], "files": []}', '{"results": [], "origins": []}', '{"blur": [3]}']


@pytest.mark.parametrize("content", BAD, ids=lambda text: text[:24] or "empty")
def test_garbled_measurements_are_as_good_as_none(content, tmp_path, monkeypatch):
    for module, name in ((curves, "CURVES"), (enough, "RESULTS"), (filters, "TUNED")):
        path = tmp_path / f"{name}.json"
        path.write_text(content)
        monkeypatch.setattr(module, name, path)
    filters.kept_strengths.cache_clear()
    assert (curves.kept_points(), enough.kept_results()) == ([], [])
    assert filters.strength("median", "blur", 1.0) in filters.FILTERS["median"].strengths
    filters.kept_strengths.cache_clear()


def test_a_measurement_of_another_type_or_without_an_end_is_refused(tmp_path, monkeypatch):
    kept = json.loads(curves.CURVES.read_text())
    for value in ("0.5", None, True, float("nan"), 1e999):
        kept["points"][0]["psnr"] = value
        path = tmp_path / "cleaning.json"
        path.write_text(json.dumps(kept))
        monkeypatch.setattr(curves, "CURVES", path)
        with pytest.raises(ValueError):  # noqa: PT011
            curves.read_points()


# ---- Where the lab can't start --------------------------------------------------------------


def test_a_panel_without_its_script_keeps_the_lab_from_starting(tmp_path, monkeypatch):
    (tmp_path / "panels").mkdir()
    (tmp_path / "panels" / "steps.html").write_text("")
    monkeypatch.setattr(bundles, "FOLDER", tmp_path)
    with pytest.raises(CannotStartError, match="steps.js is missing"):
        check_scripts("")


def test_the_page_s_scripts_define_all_that_they_use_and_a_gap_is_found():
    script = bundles.all_scripts()
    assert undefined_in(script) == []
    assert undefined_in(script.replace("lab.createCleanCards = ", "lab.other = ")) == [
        "createCleanCards"
    ]


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (ModuleNotFoundError("", name="torch.nn"), "requirements.txt"),
        (ModuleNotFoundError("", name="demo.page"), "git checkout -- demo/page.py"),
        (
            FileNotFoundError(2, "gone", str(cannot_start.ROOT / "demo" / "style.css")),
            "git checkout -- demo/style.css",
        ),
        (FileNotFoundError(2, "no usable temporary directory"), "no usable temporary directory"),
    ],
    ids=["package", "module", "file", "folder"],
)
def test_what_is_gone_is_named_with_the_command_that_brings_it_back(error, named):
    assert named in sentence_for(error)


def test_a_fault_of_the_program_is_not_hidden_behind_a_sentence():
    with pytest.raises(LookupError), in_one_sentence():
        raise LookupError("a mistake in the code")


def test_a_file_that_can_t_be_read_is_found(tmp_path, monkeypatch):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "zh.json").write_text("{")
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(cannot_start, "ROOT", tmp_path)
    assert "demo/zh.json is damaged" in sentence_for(json.JSONDecodeError("", "", 0))


def test_without_a_folder_for_temporary_files_a_sentence_says_what_to_set(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(uploads.VARIABLE, str(tmp_path / "file" / "below"))
    with pytest.raises(CannotStartError, match="TMPDIR"):
        uploads.own_uploads()
