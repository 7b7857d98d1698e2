"""Files are written whole or not at all, whenever the writer dies and whatever the disk does."""

import ast
import errno
import os
import time
from pathlib import Path

import pytest

from bench.reliability.faulty_disk import SILENT, STEPS, Refusal, refusing
from bench.reliability.writers import WRITERS, save_version
from bench.reliability.writing import NAME, cut_off, kill_writers, outcome, refused_at
from models import sweep as sweeping
from models.checkpoint import sha256_of, write_whole
from models.sweep import held, sweep

ROOT = Path(__file__).resolve().parent.parent
WRITES = ("write_text", "write_bytes", "savez", "dump", "tofile", "mkstemp", "NamedTemporaryFile")


# ---- Killed ---------------------------------------------------------------------------------


def test_a_writer_killed_at_any_moment_leaves_a_whole_file_and_nothing_after_a_sweep(tmp_path):
    facts = kill_writers(3 * len(STEPS), 1, tmp_path)
    found = {key: facts["seen"][key] for key in ("unusable", "missing", "stale")}
    assert found == {"unusable": 0, "missing": 0, "stale": 0}
    assert facts["seen"]["left beside"] > 0  # or nobody was killed in time
    assert all(facts["steps"][step] for step in STEPS)


def test_what_somebody_is_writing_is_never_swept(tmp_path):
    with held(tmp_path / "mlp.safetensors") as (file, temporary):
        file.write(b"half")
        assert sweep(tmp_path) == []
        assert os.path.exists(temporary)
    assert list(tmp_path.iterdir()) == []


def test_only_what_a_writer_leaves_is_swept(tmp_path):
    half = tmp_path / ".digits.safetensors.ab_12xyz"
    others = [tmp_path / name for name in ("digits.safetensors", ".gitkeep", ".a.b")]
    for path in (half, *others):
        path.write_bytes(b"")
    assert sweep(tmp_path) == [half.name]
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_without_locks_a_file_is_swept_by_its_age(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "fcntl", None)
    old, new = tmp_path / ".mlp.safetensors.ab_12xyz", tmp_path / ".mlp.safetensors.zyx21_ba"
    for path in (old, new):
        path.write_bytes(b"")
    then = time.time() - sweeping.OLD - 1
    os.utime(old, (then, then))
    assert sweep(tmp_path) == [old.name]


def test_the_next_writer_of_a_file_clears_what_the_last_one_left_anywhere(tmp_path):
    left = tmp_path / ".out.png.ab_12xyz"
    others = tmp_path / ".out.pngs.ab_12xyz"
    for path in (left, others):
        path.write_bytes(b"half")
    write_whole(tmp_path / "out.png", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [others.name, "out.png"]


# ---- Refused --------------------------------------------------------------------------------


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("name", WRITERS)
def test_whatever_call_a_disk_refuses_the_old_file_stands_and_a_sentence_is_said(
    name, for_good, tmp_path
):
    wrong, at, reached = [], 0, True
    while reached:
        at += 1
        folder = tmp_path / str(at)
        folder.mkdir()
        fault, reached = refused_at(name, folder, at, errno.ENOSPC, for_good)
        wrong += [fault] if fault else []
    assert wrong == []
    assert at > len(STEPS)


def test_a_writer_that_writes_in_place_is_found_out(tmp_path):
    path = tmp_path / "small_cnn.safetensors"
    save_version(path, NAME, 0)
    old = sha256_of(path)

    def in_place(place: Path) -> None:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_TRUNC), "wb") as file:
            file.write(b"new")
            os.fsync(file.fileno())

    refusal = Refusal(at=2)
    with refusing(refusal):
        assert outcome(in_place, path, old)
    assert not SILENT.issuperset(refusal.said)


def test_a_file_that_the_system_cuts_off_never_takes_the_old_one_s_place(tmp_path):
    count, wrong = cut_off(tmp_path)
    assert (count > 0, wrong) == (True, [])


# ---- Nobody writes otherwise ----------------------------------------------------------------


def calls_that_write(source: str) -> list[str]:
    """Calls in a source that write a file by themselves."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            modes = [one.value for one in node.args[1:] if isinstance(one, ast.Constant)]
            opens = name in ("open", "fdopen") and any("w" in str(mode) for mode in modes)
            found += [ast.unparse(node)] if opens or name in WRITES else []
    return found


def test_every_file_is_written_in_the_one_way_that_is_whole():
    paths = [*(ROOT / "models").rglob("*.py"), *(ROOT / "demo").rglob("*.py"), ROOT / "app.py"]
    paths.remove(ROOT / "models" / "sweep.py")
    found = {path.name: calls_that_write(path.read_text(encoding="utf-8")) for path in paths}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_a_planted_write_is_found():
    for call in ('path.write_text("x")', 'open(path, "wb")', "path.write_bytes(b'')"):
        assert len(calls_that_write(call)) == 1
