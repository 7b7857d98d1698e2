"""Every writer of the project, each with a small file, in two versions that differ."""

import argparse
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from unittest import mock

import torch
from torch import nn

from bench.reliability import record
from models import curves, denoise_command, embedding, enough, filters, report, teachers
from models.answers import Answers, write_answers
from models.checkpoint import save_network, save_tensors, write_whole
from models.recipe import RECIPES


@dataclass(frozen=True)
class Writer:
    """What writes a version, 0 or 1, to a path of that name."""

    file: str
    write: Callable[[Path, int], object]


@cache
def network_of(name: str) -> nn.Module:
    """A network with its first weights, made once."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    return RECIPES[name].build_network()


def save_version(path: Path, name: str, version: int) -> None:
    """A network's checkpoint whose figures tell the version."""
    save_network(path, network_of(name), RECIPES[name], {"version": version}, "")


def save_thin(path: Path, version: int) -> None:
    tensors = {"weight.left": torch.zeros(8, 2).half(), "weight.right": torch.ones(2, 8).half()}
    save_tensors(path, tensors, RECIPES["linear"], {"version": version}, "")


def keep_answers(path: Path, version: int) -> None:
    labels, doubts = torch.zeros(10, dtype=torch.uint8), torch.full((10,), 0.5).half()
    with mock.patch("models.answers.path_of", return_value=path):
        write_answers({"linear": Answers(labels, doubts, str(version))})


def keep_teacher(path: Path, version: int) -> None:
    none = teachers.Examples(torch.zeros(1), torch.zeros(1), torch.tensor([]))
    quick = teachers.Teacher(lambda: none, lambda: none)
    with (
        mock.patch.dict(teachers.TEACHERS, {"quick": quick}),
        mock.patch.object(teachers, "own_accuracy", return_value=0.5),
        mock.patch.object(teachers, "load_mnist", return_value=mock.Mock(checksum="")),
    ):
        teachers.save_teacher(path, "quick", teachers.new_network(), teachers.BUDGET, version)


def keep_points(path: Path, version: int) -> None:
    point = curves.Point("blur", float(version), "denoiser", 0.5, 0.1, 10.0, 0.5)
    with mock.patch.object(curves, "CURVES", path):
        curves.write_points([point])


def keep_strengths(path: Path, version: int) -> None:
    with mock.patch.object(curves, "TUNED", path):
        curves.write_strengths({"blur": {"1": dict.fromkeys(filters.FILTERS, version)}})


def keep_results(path: Path, version: int) -> None:
    result = enough.Result("scratch", "digits04", 1, True, version, 0.5, None, 1.0)
    with mock.patch.object(enough, "RESULTS", path):
        enough.write_results([result])


def keep_report(path: Path, version: int) -> None:
    with (
        mock.patch.object(report, "FOLDER", path.parent),
        mock.patch.object(report, "transfer_part", return_value=f"version {version}"),
        mock.patch.object(report, "seeds_note", str),
    ):
        report.write_report([])


def keep_rows(path: Path, version: int) -> None:
    with mock.patch.object(record, "RESULTS", path.parent):
        record.keep(path.stem, [record.Row("version", "", str(version))], 1.0)


def clean_picture(path: Path, version: int) -> None:
    noise = {"noise": "gaussian", "level": 0.3, "seed": version}
    options = argparse.Namespace(source=path, target=path, model="median", json=True, **noise)
    stroke = torch.ones(28, 28)
    stroke[6:22, 14:16] = 0.0  # grey, 0 black
    with (
        mock.patch.object(denoise_command, "read_picture", return_value=stroke),
        redirect_stdout(StringIO()),
    ):
        denoise_command.denoise_file(options)


WRITERS = {
    "any file": Writer("any.txt", lambda path, version: write_whole(path, b"%d" % version)),
    "train --out": Writer(
        "small_cnn.safetensors", lambda path, version: save_version(path, "small_cnn", version)
    ),
    "shrink": Writer("book_cnn.safetensors", save_thin),
    "evaluate --write: answers": Writer("answers.safetensors", keep_answers),
    "evaluate --write: report": Writer("README.md", keep_report),
    "curves --write: points": Writer("cleaning.json", keep_points),
    "curves --write: strengths": Writer("strengths.json", keep_strengths),
    "enough --write": Writer("transfer.json", keep_results),
    "teach --out": Writer("teacher_digits04.safetensors", keep_teacher),
    "train-symbols --out": Writer(
        "symbols.safetensors",
        lambda path, version: embedding.save_teacher(
            path, embedding.SymbolNet(), {}, {"version": version}
        ),
    ),
    "denoise": Writer("cleaned.png", clean_picture),
    "reliability results": Writer("writing.json", keep_rows),
}
