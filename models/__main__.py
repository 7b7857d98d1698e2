"""The command line, python -m models COMMAND: parsers here, what they do in commands.py."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from pathlib import Path

from models import commands
from models.backbones import BACKBONES, DEFAULT_BACKBONE, FETCHED
from models.calibrate import DEFAULT_CARE
from models.cleaners import CLEANERS, DEFAULT_CLEANER
from models.denoise_command import UNTOLD, denoise_file
from models.errors import LabError
from models.fetch import fetch_backbone
from models.foundations import RUNGS
from models.foundations_command import climb_rung
from models.nets import NETS
from models.noise import NOISES
from models.photos import HEADS as PHOTO_HEADS
from models.photos_command import read_photos
from models.recipe import CHOICES, Recipe
from models.symbol_heads import HEADS as SYMBOL_HEADS
from models.symbols_command import read_symbols, train_symbols
from models.teachers import TEACHERS
from models.train_symbols import SymbolRecipe
from models.transfer import MOST_EXAMPLES, WAYS, Transfer
from models.transfer_command import measure_enough, teach_all, transfer_once


class Parser(argparse.ArgumentParser):
    """argparse, but bad input gets one sentence."""

    def error(self, message: str) -> None:
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        sys.exit(2)


def switch(text: str) -> bool:
    """yes or no, for settings that are on or off."""
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.lower() not in words:
        raise argparse.ArgumentTypeError(f"{text!r} is neither yes nor no")
    return words[text.lower()]


def names(text: str) -> tuple[str, ...]:
    """Names with commas between them; an empty text is none."""
    return tuple(name for name in text.split(",") if name)


def rate_changes(text: str) -> tuple[tuple[int, float], ...]:
    """STEP:RATE with commas between them; an empty text is none."""
    pairs = (pair.partition(":") for pair in names(text))
    return tuple((int(step), float(rate)) for step, _, rate in pairs)


def add_recipe_options(parser: argparse.ArgumentParser) -> None:
    """Every field of Recipe as an option: learning_rate -> --learning-rate."""
    kinds = {bool: switch, tuple[str, ...]: names, tuple[tuple[int, float], ...]: rate_changes}
    for field in fields(Recipe):
        if field.name == "network" or field.default is MISSING:
            continue
        choices = f"one of {', '.join(CHOICES[field.name])}" if field.name in CHOICES else None
        parser.add_argument(
            "--" + field.name.replace("_", "-"),
            type=kinds.get(field.type, field.type),
            metavar=field.name.upper(),
            default=argparse.SUPPRESS,
            help=choices or f"for instance {field.default!r}".replace("%", "%%"),
        )


def add_denoise_options(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Without --noise the picture is the noisy one: it is made small and cleaned, and what was "
        f"tuned for a noise (lmmse and the filters) takes it for {UNTOLD} at its middle. With "
        "--noise its digit is found, spoiled, and cleaned. 28 x 28 px are taken pixel by pixel."
    )
    cleaners = f"one of {', '.join(CLEANERS)}; default: %(default)s"
    parser.add_argument("--model", default=DEFAULT_CLEANER, metavar="NAME", help=cleaners)
    parser.add_argument("source", type=Path, metavar="IN", help="the picture, PNG or JPEG say")
    parser.add_argument("target", type=Path, metavar="OUT", help="the cleaned digit, a 28 x 28 PNG")
    spoiled = f"spoil it first, by one of {', '.join(NOISES)}"
    parser.add_argument("--noise", metavar="KIND", help=spoiled)
    middle = "how much of it; default: the middle of its range"
    parser.add_argument("--level", type=float, metavar="L", help=middle)
    parser.add_argument("--seed", type=int, metavar="S", help="of what is random in it; default: 0")


def add_photo_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    words = "few-shot reading of photographs, a folder a class"
    photos = command("photos", read_photos, words)
    shots = "photographs of each class that are learned from; all others are read"
    photos.add_argument("--shots", type=int, default=5, metavar="K", help=f"{shots}; default: 5")
    photos.add_argument("--seed", type=int, default=0, metavar="S", help="default: 0")
    words = f"one of {', '.join(PHOTO_HEADS)}; default: %(default)s"
    photos.add_argument("--head", default=PHOTO_HEADS[0], help=words)
    words = f"one of {', '.join(BACKBONES)}; default: %(default)s"
    photos.add_argument("--backbone", default=DEFAULT_BACKBONE, metavar="NAME", help=words)
    photos.add_argument("folder", type=Path, metavar="FOLDER", help="holds a folder a class")
    fetch = command("fetch", fetch_backbone, "bring a network that knows ImageNet, for photographs")
    names = ", ".join(name for name, backbone in BACKBONES.items() if backbone.weights)
    fetch.add_argument("name", metavar="NAME", help=f"one of {names}")
    words = "a .pth file that is here already, read with limits; default: torchvision's address"
    fetch.add_argument("--from", dest="source", type=Path, metavar="FILE", help=words)
    words = f"where to keep it; default: what {FETCHED} names, or fetched/ in the checkout"
    fetch.add_argument("--out", type=Path, metavar="FOLDER", help=words)


def add_transfer_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    words = "0-4 -> 5-9: learn five digits from few examples, from a teacher or from scratch"
    transfer = command("transfer", transfer_once, words)
    transfer.add_argument("--way", default="tuned", help=f"one of {', '.join(WAYS)}")
    teacher = f"one of {', '.join(TEACHERS)}; default: %(default)s"
    transfer.add_argument("--teacher", default=Transfer.teacher, metavar="T", help=teacher)
    each = f"of each digit, 1 to {MOST_EXAMPLES}; default: %(default)s"
    transfer.add_argument("--examples", type=int, default=Transfer.examples, metavar="K", help=each)
    transfer.add_argument("--seed", type=int, default=0, metavar="S", help="default: 0")
    bare = "learn from the examples as they are"
    transfer.add_argument("--no-augmentation", action="store_true", help=bare)
    teach = command("teach", teach_all, "train the teachers, all by one recipe and budget")
    teach.add_argument("keys", nargs="*", metavar="TEACHER", help=f"{', '.join(TEACHERS)}")
    teach.add_argument("--out", type=Path, metavar="FOLDER", help="keep them; default: don't")
    teach.add_argument("--write", action="store_true", help="keep them in checkpoints/")
    words = "accuracy over the number of examples, for each way and teacher, over seeds"
    enough = command("enough", measure_enough, words)
    renewed = "renew transfer.json in checkpoints/; what is measured of these teachers is kept"
    enough.add_argument("--write", action="store_true", help=renewed)


def add_symbol_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    words = "teach some symbols of a file by a few drawings each and read all its others"
    symbols = command("symbols", read_symbols, words)
    symbols.epilog = (
        "accuracy: the likeliest class is right, called unknown or not; accuracy_accepted: right "
        "and not called unknown; outsiders_refused: drawings of all other classes called unknown."
    )
    symbols.add_argument("--shots", type=int, default=5, metavar="K", help="drawings of each, 1-20")
    symbols.add_argument("--classes", type=int, default=5, metavar="N", help="2 to 10; default: 5")
    symbols.add_argument("--seed", type=int, default=0, metavar="S", help="of the draw; default: 0")
    heads = ", ".join(SYMBOL_HEADS)
    symbols.add_argument("--head", default=SYMBOL_HEADS[0], metavar="HEAD", help=heads)
    listed = 'a JSON list of {"label", "strokes": [[[x, y], ...], ...]}'
    symbols.add_argument("file", type=Path, metavar="FILE", help=listed)
    train = command("train-symbols", train_symbols, "train the teacher of symbols, by its recipe")
    train.add_argument("--steps", type=int, default=SymbolRecipe.steps, metavar="N")
    train.add_argument("--seed", type=int, default=0, metavar="S", help="default: 0")
    train.add_argument("--out", type=Path, metavar="FILE", help="keep the result; default: don't")


def build_parser() -> Parser:
    parser = Parser(prog="python -m models", description=__doc__.splitlines()[0])
    below = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, function: object, words: str) -> argparse.ArgumentParser:
        made = below.add_parser(name, help=words, description=words)
        made.add_argument("--json", action="store_true", help="one JSON object a line")
        made.set_defaults(run=function)
        return made

    command("list", commands.list_networks, "the networks: parameters, bytes, figures as measured")
    classify = command("classify", commands.classify_files, "read the digit in each picture")
    classify.add_argument("--model", default="digits", metavar="NAME")
    care = "the share of real digits that it may lose by refusing what looks like none"
    classify.add_argument("--care", type=float, default=DEFAULT_CARE, help=f"{care}: 0 to 0.2")
    classify.add_argument("files", nargs="+", type=Path, metavar="FILE")
    words = "clean the digit in a picture, spoiled first where --noise is given"
    add_denoise_options(command("denoise", denoise_file, words))
    evaluate = command("evaluate", commands.evaluate, "measure on the whole test set")
    evaluate.add_argument("names", nargs="*", metavar="NAME", help="default: all that are shipped")
    evaluate.add_argument("--noise", default="gaussian", help="cleaners: the kind of noise")
    middle = "cleaners: how much of it; default: the middle of its range"
    evaluate.add_argument("--level", type=float, metavar="LEVEL", help=middle)
    renewed = "renew README.md and answers.safetensors in checkpoints/"
    evaluate.add_argument("--write", action="store_true", help=renewed)
    words = "how well cleaned digits are read over each noise's levels, on the whole test set"
    curves = command("curves", commands.measure_curves, words)
    renewed = "renew cleaning.json in checkpoints/; what is measured of these files is kept"
    curves.add_argument("--write", action="store_true", help=renewed)
    train = command("train", commands.train_network, "train a network, by its own best recipe")
    train.add_argument("network", metavar="NAME", help=", ".join(NETS))
    train.add_argument("--out", type=Path, metavar="FILE", help="keep the result; default: don't")
    train.add_argument("--threads", type=int, default=1, help="CPU threads of each process")
    add_recipe_options(train)
    words = "climb one rung of the book's ladder, from bare tensors to torch.optim"
    foundations = command("foundations", climb_rung, words)
    foundations.add_argument("rung", metavar="RUNG", help=f"one of {', '.join(RUNGS)}")
    foundations.add_argument("--seed", type=int, default=0, metavar="S", help="default: 0")
    wrong = "tensors: clamp the hidden gradient, as the book prints it"
    foundations.add_argument("--book-gradient", action="store_true", help=wrong)
    add_transfer_commands(command)
    add_symbol_commands(command)
    add_photo_commands(command)
    words = "fit how sure a reader may be, on the images that its training held out"
    calibrate = command("calibrate", commands.calibrate_file, words)
    calibrate.add_argument("file", type=Path, metavar="FILE")
    shrink = command("shrink", commands.shrink_file, "book_cnn's wide layer as two thin factors")
    shrink.add_argument("source", type=Path, metavar="IN")
    shrink.add_argument("target", type=Path, metavar="OUT")
    shrink.add_argument("--rank", type=int, default=None)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives the exit code: 0 done, 1 it could not be, 2 it was misspelt."""
    options = build_parser().parse_args(arguments)
    try:
        return options.run(options)
    except LabError as error:
        print(f"python -m models {options.command}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print(f"python -m models {options.command}: stopped; nothing was kept", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
