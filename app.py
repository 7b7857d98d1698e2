"""Starts the lab: `python app.py [--host HOST] [--port PORT]`, then open the printed address."""

import argparse
import os
import socket
import sys


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage lines."""

    def error(self, message: str) -> None:
        self.exit(2, f"{message[0].upper()}{message[1:]}; see python app.py --help.\n")


def port_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 1 and 65535")
    return int(text)


def chosen_address(arguments: list[str] | None = None) -> argparse.Namespace:
    """Host and port from the command line, else from gradio's own environment variables."""
    parser = Parser(prog="app.py", description=__doc__)
    host, port = os.environ.get("GRADIO_SERVER_NAME"), os.environ.get("GRADIO_SERVER_PORT")
    parser.add_argument("--host", default=host or "127.0.0.1", help="default: %(default)s")
    parser.add_argument(
        "--port", type=port_number, default=port or "7860", help="default: %(default)s"
    )
    return parser.parse_args(arguments)


def refuse_unusable(host: str, port: int) -> None:
    """Ends with one sentence, before the slow imports, where nothing can listen."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        sys.exit(f"Can't listen on {host} port {port} ({error.strerror}): try another --port.")


if __name__ == "__main__":
    address = chosen_address()
    refuse_unusable(address.host, address.port)
    from demo.page import open_page, warm_up

    page, url = open_page(address.host, address.port)
    print(f"Digit Lab is open at {url}", flush=True)
    if trouble := warm_up():
        print(trouble, flush=True)
    page.block_thread()
