"""torchrun with two processes: the same training as with one, and one voice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.__main__ import main
from models.checkpoint import load_file

ROOT = Path(__file__).resolve().parent.parent
# Batches that don't part evenly: 2,500 images in batches of 63, the last one of 43.
OPTIONS = ["small_cnn", "--train-images", "2500", "--batch-size", "63", "--epochs", "2", "--json"]


@pytest.fixture(scope="module")
def together(tmp_path_factory) -> tuple[list[dict], Path]:
    """The lines of two processes that train together, and the file that they keep."""
    out = tmp_path_factory.mktemp("together") / "both.safetensors"
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*torchrun, "--nproc-per-node", "2", "-m", "models", "train", *OPTIONS]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    answer = subprocess.run(
        [*command, "--out", str(out)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()], out


@pytest.fixture
def alone(capsys) -> list[dict]:
    assert main(["train", *OPTIONS]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_two_processes_train_as_one_does_and_one_of_them_speaks(together, alone):
    lines, _ = together
    assert [line["step"] for line in lines] == [line["step"] for line in alone]
    assert [line["epoch"] for line in lines] == [line["epoch"] for line in alone]
    first, first_alone = lines[0], alone[0]  # rounding has not spread yet
    assert first["loss"] == pytest.approx(first_alone["loss"], rel=1e-4)
    assert first["train_accuracy"] == pytest.approx(first_alone["train_accuracy"], abs=1e-6)
    last, last_alone = lines[-1], alone[-1]
    assert last["done"] is True
    assert last["loss"] == pytest.approx(last_alone["loss"], rel=0.05)
    assert last["test_accuracy"] > 0.9
    # twice the standard error of an accuracy of 0.94 over 10,000 images, for each of the two
    assert last["test_accuracy"] == pytest.approx(last_alone["test_accuracy"], abs=0.01)


def test_what_two_processes_keep_is_one_sound_checkpoint(together):
    lines, out = together
    kept = load_file(out, "small_cnn")
    assert kept.figures["weights_sha256"] == lines[-1]["weights_sha256"]
    assert kept.figures["accuracy"] == lines[-1]["accuracy"]
    assert list(out.parent.iterdir()) == [out]
