"""python -m models foundations: a line an epoch of one rung of the ladder."""

import argparse

import torch

from models.commands import CommandError, say
from models.foundations import RUNGS
from models.recipe import check_choice

SEEDS = 2**63  # they are below it


def climb_rung(options: argparse.Namespace) -> int:
    """Prints the loss before each epoch's update, and at last the last one."""
    check_choice("the rung", options.rung, RUNGS)
    if not 0 <= options.seed < SEEDS:
        raise CommandError("bad_seed", f"the seed must be from 0 to {SEEDS - 1}")
    if options.book_gradient and options.rung != "tensors":
        raise CommandError(
            "no_book_gradient",
            "the book's wrong gradient stands in the rung tensors alone: leave --book-gradient out",
        )
    torch.set_num_threads(1)  # two on small matrices are slower than one
    wrong = {"book_gradient": True} if options.book_gradient else {}
    loss = None
    for epoch, loss in enumerate(RUNGS[options.rung].climb(options.seed, **wrong), 1):
        say({"epoch": epoch, "loss": told(loss, options.json)}, options.json)
    say({"done": True, "loss": told(loss, options.json)}, options.json)
    return 0


def told(loss: float, as_json: bool) -> float | str:
    """All its digits, for people too: that the rungs agree to the last one is the point."""
    return loss if as_json else f"{loss:.9g}"
