"""What each command does: it consumes the same functions as the page and prints what they give."""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path

import torch
from tqdm import tqdm

from models.answers import Answers, answers_from, write_answers
from models.calibrate import CARES, calibrate, caution_of
from models.checkpoint import (
    Checkpoint,
    available,
    check_writable,
    load,
    path_of,
    save_network,
)
from models.cleaners import CLEANERS
from models.curves import (
    READER,
    Point,
    kept_points,
    levels,
    measure_test_set,
    tune_filters,
    write_points,
    write_strengths,
)
from models.data import load_mnist
from models.engine import Snapshot, new_network, total_steps, train
from models.errors import LabError
from models.filters import TUNED
from models.final import final_figures
from models.ink import find_ink
from models.measure import evaluate_cleaner, logits, reader_figures
from models.nets import NETS, count_parameters
from models.noise import NOISES
from models.picture import read_picture
from models.predict import Prediction, classify
from models.recipe import RECIPES, Recipe, best_recipe, check_choice, check_level
from models.report import write_report
from models.shrink import RANK, shrink
from models.workers import Workers, join_workers

SLOW = 1  # seconds; work that takes longer shows a progress bar on a terminal


class CommandError(LabError):
    """An option that does not fit."""


def say(facts: dict[str, object], as_json: bool) -> None:
    """One line: JSON, or the same facts for a person."""
    if as_json:
        # JSON knows neither NaN nor infinity: null stands for what is no number
        finite = {name: None if no_number(value) else value for name, value in facts.items()}
        print(json.dumps(finite, ensure_ascii=False, allow_nan=False), flush=True)
        return
    words = [f"{name} {plain(value)}" for name, value in facts.items() if value is not None]
    print("  ".join(words), flush=True)


def no_number(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def plain(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def progress(things: Iterable, words: str, total: int | None = None) -> Iterator:
    """The things with a progress bar, if the errors go to a terminal and it takes over a second."""
    silent = not sys.stderr.isatty()
    yield from tqdm(things, words, total, disable=silent, delay=SLOW, leave=False)


def list_networks(options: argparse.Namespace) -> int:
    failed = False
    for name, entry in NETS.items():
        parameters = count_parameters(RECIPES[name].build_network())
        facts = {"name": name, "kind": entry.kind, "parameters": parameters, "bytes": None}
        try:
            if path_of(name).exists():
                figures = load(name).figures
                facts["bytes"] = path_of(name).stat().st_size
                facts |= {key: figures.get(key) for key in ("accuracy", "mse", "psnr", "ssim")}
        except LabError as error:
            failed = True
            facts["error"] = str(error)
        say(facts, options.json)
    return int(failed)


def load_kind(name: str, kind: str) -> Checkpoint:
    """The shipped network of that name, which must be a reader or a cleaner, whichever is asked."""
    check_choice("the network", name, [key for key, entry in NETS.items() if entry.kind == kind])
    return load(name)


def classify_files(options: argparse.Namespace) -> int:
    torch.set_num_threads(1)
    chosen = load_kind(options.model, "reader")
    network, caution = chosen.network, caution_of(chosen.figures, checked_care(options.care))
    failed = False
    for file in progress(options.files, "reading"):
        try:
            prediction = classify(network, find_ink(read_picture(file)), caution)
        except LabError as error:
            failed = True
            say_failure(str(file), error, options.json)
            continue
        if options.json:
            say(prediction.as_json(str(file)), as_json=True)
        else:
            print(f"{file}: {in_words(prediction)}", flush=True)
    return int(failed)


def checked_care(care: float) -> float:
    low, high = CARES[0], CARES[-1]
    if not low <= care <= high:  # NaN fails too
        sentence = "--care can't be {care}; it takes a number from {low:g} to {high:g}"
        raise CommandError("setting_range", sentence, care=care, low=low, high=high)
    return care


def say_failure(file: str, error: LabError, as_json: bool) -> None:
    if as_json:
        say({"file": file, "error": str(error)}, as_json=True)
    else:
        print(f"{file}: {error}", file=sys.stderr, flush=True)


def in_words(prediction: Prediction) -> str:
    if prediction.number:
        return f"{prediction.number} ({len(prediction.parts)} digits)"
    if prediction.refused:
        return f"not read ({prediction.reason})"
    return f"{prediction.label} ({prediction.confidence:.1%} sure)"


def evaluate(options: argparse.Namespace) -> int:
    check_choice("noise", options.noise, NOISES)
    level = NOISES[options.noise].middle if options.level is None else options.level
    check_level("--level", options.noise, level)
    shipped = available("reader") + available("cleaner")
    for name in options.names:
        check_choice("the network", name, NETS)
    rows, answered = [], {}
    # the report is about all that is shipped, whatever is named
    for name in progress(shipped if options.write else options.names or shipped, "measuring"):
        row, answers = measure(name, options.noise, level)
        rows.append(row)
        if answers:
            answered[name] = answers
        say(row, options.json)
    if options.write:
        write_report(rows)
        write_answers(answered)
    return 0


def measure(name: str, noise: str, level: float) -> tuple[dict[str, object], Answers | None]:
    """The promised figures of one shipped network; a reader's answers to the test set too."""
    began = time.monotonic()
    checkpoint, mnist = load(name), load_mnist()
    network = checkpoint.network
    size = {"parameters": count_parameters(network), "bytes": path_of(name).stat().st_size}
    if NETS[name].kind == "reader":
        outputs = logits(network, mnist.test_images)
        facts = reader_figures(outputs, mnist.test_labels) | size
        row = {"name": name, **facts, "seconds": time.monotonic() - began}
        return row, answers_from(outputs, checkpoint)
    reader = load("digits").network if "digits" in available() else None
    facts = evaluate_cleaner(network, reader, mnist, noise, level)
    return {"name": name, "noise": noise, "level": level, **facts, **size}, None


def train_network(options: argparse.Namespace) -> int:
    if options.threads < 1:
        sentence = "--threads can't be {threads}; it takes a whole number from 1"
        raise CommandError("setting_range", sentence, threads=options.threads)
    torch.set_num_threads(options.threads)
    known = {field.name for field in fields(Recipe)} - {"network"}
    changes = {name: value for name, value in vars(options).items() if name in known}
    recipe = best_recipe(options.network, **changes)
    if options.out:
        check_writable(options.out)
    with join_workers() as workers:
        return train_and_say(recipe, options.out, options.json, workers)


def train_and_say(recipe: Recipe, out: Path | None, as_json: bool, workers: Workers) -> int:
    """Trains and prints a line a snapshot; of several processes only the first one speaks."""
    network = new_network(recipe)
    last = None
    for snapshot in with_bar(train(recipe, network, workers), recipe, workers):
        last = snapshot
        if workers.is_first:
            say(asdict(snapshot), as_json)
    if not workers.is_first:
        return 0
    figures = final_figures(network.cpu(), recipe)
    if out and not last.diverged:
        data = load_mnist().checksum
        kept = figures | {"seconds": last.seconds, "cpu_seconds": last.cpu_seconds}
        save_network(out, network, recipe, kept, data)
    say({"done": True, **asdict(last), **figures}, as_json)
    return int(last.diverged)


def with_bar(snapshots: Iterator[Snapshot], recipe: Recipe, workers: Workers) -> Iterator[Snapshot]:
    """The snapshots, under a bar that counts training steps."""
    total = total_steps(recipe)
    silent = not (sys.stderr.isatty() and workers.is_first)
    with tqdm(total=total, desc=recipe.network, unit="step", disable=silent, delay=SLOW) as bar:
        for snapshot in snapshots:
            bar.update(snapshot.step - bar.n)
            yield snapshot


def measure_curves(options: argparse.Namespace) -> int:
    """A line a noise, level and cleaner; with --write, what is measured already is kept."""
    mnist, reader = load_mnist(), load(READER).network
    if options.write and not TUNED.exists():
        write_strengths(tune_filters(mnist))
    known = kept_points() if options.write else []
    total = sum(len(levels(noise)) for noise in NOISES) * (1 + len(CLEANERS))
    points: list[Point] = []
    for point in progress(measure_test_set(mnist, reader, known), "measuring", total):
        points.append(point)
        say(asdict(point), options.json)
        if options.write and point not in known:
            unmeasured = [kept for kept in known if kept not in points]
            write_points(points + unmeasured)  # so that a stopped run goes on where it was
    return 0


def calibrate_file(options: argparse.Namespace) -> int:
    torch.set_num_threads(1)
    check_writable(options.file)
    say(calibrate(options.file), options.json)
    return 0


def shrink_file(options: argparse.Namespace) -> int:
    rank = RANK if options.rank is None else options.rank
    say(shrink(options.source, options.target, rank), options.json)
    return 0
