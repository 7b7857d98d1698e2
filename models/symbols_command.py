"""python -m models symbols and train-symbols."""

import argparse
from dataclasses import asdict

import torch

from models.checkpoint import check_writable
from models.commands import CommandError, progress, say
from models.embedding import SymbolNet, save_teacher
from models.pen import digit_of, read_drawings
from models.recipe import check_choice
from models.symbol_heads import HEADS
from models.symbol_trial import check_range, draw, seen, trials
from models.train_symbols import SymbolRecipe, described, train_teacher

LARGEST_SEED = 2**63 - 1
MOST_STEPS = 1_000_000  # days of work


def read_symbols(options: argparse.Namespace) -> int:
    """One line: some classes of a file taught by a few drawings, all other drawings read."""
    check_choice("the head", options.head, HEADS)
    check_range("--seed", options.seed, 0, LARGEST_SEED)
    torch.set_num_threads(1)
    drawings = read_drawings(options.file)
    digits = [digit_of(strokes) for _, strokes in progress(drawings, "drawing", len(drawings))]
    if not digits:
        raise CommandError("symbols_file_empty", "{file} holds no drawings", file=options.file.name)
    labels = [label for label, _ in drawings]
    made = draw(labels, options.shots, options.classes, options.seed)
    (trial,) = trials(seen(labels, torch.stack(digits)), made, options.seed, (options.head,))
    asked = {name: getattr(options, name) for name in ("shots", "classes", "seed")}
    say(asked | asdict(trial), options.json)
    return 0


def train_symbols(options: argparse.Namespace) -> int:
    """A line every hundred steps, then the figures on classes that were held out."""
    check_range("--seed", options.seed, 0, LARGEST_SEED)
    check_range("--steps", options.steps, 1, MOST_STEPS)
    torch.set_num_threads(1)
    recipe = SymbolRecipe(steps=options.steps, seed=options.seed)
    if options.out:
        check_writable(options.out)
    torch.manual_seed(recipe.seed)
    network = SymbolNet()
    for facts in progress(train_teacher(recipe, network), "training", recipe.steps // 100):
        say(facts, options.json)
    whole, figures = described(network, recipe)
    if options.out:
        save_teacher(options.out, network, whole, figures)
    say({"done": True, **figures}, options.json)
    return 0
