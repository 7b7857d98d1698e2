"""What lies on disk for a while: uploads, and what a process that died left."""

import os
import subprocess
import sys
import time

from demo import uploads
from demo.uploads import Uploads


def aged(path, seconds: float):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 10)
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_uploads_older_than_an_hour_go_and_younger_ones_stay(tmp_path):
    old, young = aged(tmp_path / "a" / "7.png", 3700), aged(tmp_path / "b" / "7.png", 60)
    cut_off = aged(tmp_path / "tmpab12cd", 3700)
    assert Uploads(tmp_path).sweep() == 2
    assert not old.exists()
    assert not cut_off.exists()
    assert young.exists()


def test_a_full_folder_takes_no_more(tmp_path):
    aged(tmp_path / "7.png", 0)
    assert Uploads(tmp_path, most=11).has_room()
    assert not Uploads(tmp_path, most=10).has_room()


def test_a_lab_has_a_folder_of_its_own_and_removes_it(tmp_path, monkeypatch):
    monkeypatch.setenv(uploads.VARIABLE, "")
    monkeypatch.setattr(uploads.tempfile, "tempdir", str(tmp_path))
    folder = uploads.own_uploads().folder
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700
    uploads.remove_own()
    assert not folder.exists()


def test_what_labs_left_that_are_no_more_is_removed(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = aged(tmp_path / f"digit-lab-{ended.pid}-abc" / "7.png", 0)
    ours = aged(tmp_path / f"digit-lab-{os.getpid()}-abc" / "7.png", 0)
    other = aged(tmp_path / "digit-lab-notes" / "7.png", 0)
    uploads.sweep_ended(tmp_path)
    assert [path.exists() for path in (left, ours, other)] == [False, True, True]
