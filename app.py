"""Starts the lab: `python app.py [--host HOST] [--port PORT] …`, then open the printed address."""

import sys

from demo import stopping
from demo.cannot_start import in_one_sentence
from demo.door import accounts
from demo.options import chosen_options, refuse_unusable


def make_password() -> None:
    """Prints a line for the file of --auth-file."""
    try:
        print(accounts.asked_for())
    except accounts.AccountsError as error:
        sys.exit(f"That can't be used: {error}.")


def main() -> None:
    options = chosen_options()
    if options.make_password:
        return make_password()
    refuse_unusable(options.host, options.port)
    stopping.listen(stopping.end_at_once)
    with in_one_sentence():
        from demo.page import open_page, warm_up  # slow

        page, url = open_page(options)
    print(f"Digit Lab is open at {url}", flush=True)
    warm_up()
    stopping.wait()
    stopping.wind_down(page)


if __name__ == "__main__":
    main()
