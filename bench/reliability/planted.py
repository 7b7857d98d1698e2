"""The lab with a leak: python -m bench.reliability.planted --port PORT, as app.py takes it.

For bench.reliability.mixed alone, to show that it would see one. Each reading in the Draw tab
keeps some memory for good, and now and then an open file.
"""

import os
from functools import wraps

import app
from demo import draw_tab

LEAKED = 100_000  # bytes a reading
EVERY = 25  # readings an open file
kept: list[bytes | int] = []
read_drawing = draw_tab.read_drawing


@wraps(read_drawing)
def leaking(asked: dict) -> dict:
    kept.append(os.urandom(LEAKED))
    if len(kept) % EVERY == 0:
        kept.append(os.open(os.devnull, os.O_RDONLY))
    return read_drawing(asked)


if __name__ == "__main__":
    draw_tab.read_drawing = leaking
    app.main()
