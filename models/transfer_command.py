"""python -m models transfer, teach and enough."""

import argparse
import time
from dataclasses import asdict

import torch

from models.checkpoint import check_writable
from models.commands import CommandError, progress, say
from models.enough import (
    RESULTS,
    kept_results,
    key_of,
    measure_all,
    plan,
    write_results,
)
from models.teachers import BUDGET, TEACHERS, own_accuracy, save_teacher, teach, teacher_path
from models.transfer import Learner, Transfer, check_one_of


def transfer_once(options: argparse.Namespace) -> int:
    """One line: how well five digits are read that were learned from few examples."""
    torch.set_num_threads(1)
    transfer = Transfer(
        options.way, options.teacher, options.examples, options.seed, not options.no_augmentation
    )
    *_, last = progress(Learner(transfer, glances=0).steps(), "learning")
    facts = {name: getattr(transfer, name) for name in ("way", "teacher", "examples", "seed")}
    measured = {name: getattr(last, name) for name in ("accuracy", "forgotten", "seconds")}
    say(facts | measured, options.json)
    return 0


def teach_all(options: argparse.Namespace) -> int:
    """Trains teachers, a line each; kept where --out or --write says so."""
    torch.set_num_threads(1)
    if options.out and options.write:
        raise CommandError("transfer_two_places", "choose one of --out and --write")
    keys = options.keys or list(TEACHERS)
    for key in keys:
        check_one_of("the teacher", key, tuple(TEACHERS))
        if options.out or options.write:
            check_writable(teacher_path(key, options.out))
    for key in keys:
        began = time.process_time()
        for _step, _loss, network in progress(teach(key, BUDGET), key, BUDGET.steps):  # noqa: B007
            pass
        seconds = time.process_time() - began
        if options.out or options.write:
            facts = save_teacher(teacher_path(key, options.out), key, network, BUDGET, seconds)
        else:
            facts = {"task": key, "accuracy": own_accuracy(key, network), "seconds": seconds}
        say(facts, options.json)
    return 0


def measure_enough(options: argparse.Namespace) -> int:
    """A line a run; with --write, what is measured already is kept, and a stopped run goes on."""
    torch.set_num_threads(1)
    if options.write:
        check_writable(RESULTS)
    known = kept_results() if options.write else []
    measured = {key_of(result) for result in known}
    results = []
    for result in progress(measure_all(known), "measuring", sum(1 for _ in plan())):
        results.append(result)
        if key_of(result) in measured:
            continue
        say(asdict(result), options.json)
        if options.write:
            done = {key_of(one) for one in results}
            write_results(results + [one for one in known if key_of(one) not in done])
    return 0
