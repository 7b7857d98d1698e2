"""What is kept on disk for visitors: there as long as it is held, and no longer."""

import errno
import gc
from pathlib import Path

import pytest

from demo import kept_file
from demo.kept_file import KeptFile


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_file, "folder", lambda: str(tmp_path))
    return tmp_path


def test_a_file_comes_back_as_it_was_and_goes_with_what_holds_it(folder):
    kept = KeptFile(b"weights")
    [path] = folder.iterdir()
    assert kept.read() == b"weights"
    assert kept.size == 7
    del kept
    gc.collect()
    assert not path.exists()


def no_folder() -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("where", [no_folder, lambda: "/dev/full/kept"], ids=["none", "full"])
def test_what_the_disk_does_not_take_stays_in_memory(folder, monkeypatch, where):
    monkeypatch.setattr(kept_file, "folder", where)
    assert KeptFile(b"weights").read() == b"weights"
    assert list(folder.iterdir()) == []


def test_a_file_that_something_took_away_is_an_error(folder):
    kept = KeptFile(b"weights")
    for path in Path(folder).iterdir():
        path.unlink()
    with pytest.raises(OSError, match="No such file"):
        kept.read()
