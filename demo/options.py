"""Starts Digit Lab: what `python app.py` may be told, by its options or the environment.

Imports nothing slow: what is wrong is said before the lab is loaded.
"""

import argparse
import os
import socket
import sys
from collections.abc import Callable
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


def chosen_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The options of a command line, else of the environment; ends with a sentence on bad ones."""
    told = os.environ.get
    parser = Parser(prog="app.py", description=DESCRIPTION)
    add = parser.add_argument
    host, port = told("GRADIO_SERVER_NAME"), told("GRADIO_SERVER_PORT")
    add("--host", default=host or "127.0.0.1", help="address to listen on; default: %(default)s")
    add(
        "--port",
        type=whole("a port", 1, 65535),
        default=port or "7860",
        help="default: %(default)s",
    )
    jobs = whole("a number of trainings", 1, MOST_JOBS)
    add(
        "--max-jobs",
        type=jobs,
        default=told("LAB_MAX_JOBS") or str(SLOTS),
        help="trainings that run at once; default: %(default)s",
    )
    add(
        "--max-visitors",
        type=whole("a number of visitors", 1, MOST_VISITORS),
        default=told("LAB_MAX_VISITORS") or None,
        help="pages open at once; default: as many as come",
    )
    add(
        "--auth-file",
        type=accounts_in,
        dest="accounts",
        default=told("LAB_AUTH_FILE") or None,
        help="names and passwords, a line each as --make-password prints it",
    )
    add(
        "--allow-host",
        type=host_name,
        action="append",
        default=[],
        help="a further name that the lab goes by, behind a proxy, say; may be given again",
    )
    add("--make-password", action="store_true", help="asks for a name and a password, and ends")
    options = parser.parse_args(arguments)
    options.allow_host += [
        named(parser, name) for name in told("LAB_ALLOW_HOST", "").split(",") if name
    ]
    return options


def named(parser: Parser, text: str) -> str:
    try:
        return host_name(text)
    except argparse.ArgumentTypeError as error:
        parser.error(f"LAB_ALLOW_HOST: {error}")


def refuse_unusable(host: str, port: int) -> None:
    """Ends with one sentence, before the slow imports, where nothing can listen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), port), family=family).close()
    except OSError as error:
        said = f"can't listen on {host} port {port} ({error.strerror}): try another --port."
        sys.exit(sentence(said))
