"""Starts Digit Lab: what `python app.py` may be told, by its options or the environment.

Imports nothing slow: what is wrong is said before the lab is loaded.
"""

import argparse
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from demo.door import accounts
from demo.door.hosts import parted

MOST_JOBS = 16
MOST_VISITORS = 10_000
SLOTS = 2  # trainings that run at once, unless told otherwise: one a core of a small machine


DESCRIPTION = __doc__.partition(":")[0] + "."


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage lines."""

    def error(self, message: str) -> None:
        self.exit(2, f"{sentence(message)}; see python app.py --help.\n")


def sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def whole(what: str, low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number in that range."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text[:6]) <= high):
            raise argparse.ArgumentTypeError(f"{text!r} is not {what} between {low} and {high}")
        return int(text)

    return read


def host_name(text: str) -> str:
    """A name that the lab may be called by, without its port."""
    name, _ = parted(text.strip())
    if name is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of a host")
    return name


def accounts_in(text: str) -> accounts.Accounts:
    """The file of names and passwords at a path."""
    try:
        return accounts.read(Path(text))
    except accounts.AccountsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


@dataclass(frozen=True)
class Option:
    """What may be told by its name on the command line, else by a variable of the environment."""

    name: str
    variable: str
    default: str | None
    read: Callable[[str], object]
    help: str
    kept_as: str | None = None


OPTIONS = (
    Option("--host", "GRADIO_SERVER_NAME", "127.0.0.1", str, "address to listen on"),
    Option("--port", "GRADIO_SERVER_PORT", "7860", whole("a port", 1, 65535), "port to listen on"),
    Option(
        "--max-jobs",
        "LAB_MAX_JOBS",
        str(SLOTS),
        whole("a number of trainings", 1, MOST_JOBS),
        "trainings that run at once",
    ),
    Option(
        "--max-visitors",
        "LAB_MAX_VISITORS",
        None,
        whole("a number of visitors", 1, MOST_VISITORS),
        "pages open at once; as many as come, unless told",
    ),
    Option(
        "--auth-file",
        "LAB_AUTH_FILE",
        None,
        accounts_in,
        "names and passwords, in lines as --make-password prints them",
        "accounts",
    ),
)
ALLOWED = "LAB_ALLOW_HOST"  # names with commas between them


def parser_of(options: tuple[Option, ...]) -> Parser:
    parser = Parser(prog="app.py", description=DESCRIPTION)
    for one in options:
        default = os.environ.get(one.variable) or one.default
        told = f"{one.help} ({one.variable}" + (", %(default)s)" if default else ")")
        more = {"dest": one.kept_as} if one.kept_as else {}
        parser.add_argument(one.name, type=one.read, default=default, help=told, **more)
    allowed = (
        f"a further name that the lab goes by, behind a proxy, say; may be repeated ({ALLOWED})"
    )
    parser.add_argument(
        "--allow-host", type=host_name, action="append", default=[], metavar="NAME", help=allowed
    )
    made = "asks for a name and a password, prints their line for --auth-file, and ends"
    parser.add_argument("--make-password", action="store_true", help=made)
    return parser


def chosen_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The options of a command line, else of the environment; ends with a sentence on bad ones."""
    parser = parser_of(OPTIONS)
    options = parser.parse_args(arguments)
    names = filter(None, os.environ.get(ALLOWED, "").split(","))
    options.allow_host += [named(parser, name) for name in names]
    return options


def named(parser: Parser, text: str) -> str:
    try:
        return host_name(text)
    except argparse.ArgumentTypeError as error:
        parser.error(f"{ALLOWED}: {error}")


def refuse_unusable(host: str, port: int) -> None:
    """Ends with one sentence, before the slow imports, where nothing can listen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), port), family=family).close()
    except OSError as error:
        said = f"can't listen on {host} port {port} ({error.strerror}): try another --port."
        sys.exit(sentence(said))
