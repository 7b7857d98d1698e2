"""Bytes that somebody brings, handed to a process of its own that may be lost with them.

It is held to a time by the clock and to so many bytes of answer; to memory and computing it holds
itself, by models/limits.py, where the system keeps such limits: Windows and macOS only in part.
"""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 10.0  # s by the clock; on an idle machine it takes 0.2
MOST_ANSWERED = 1_000_000  # bytes; what is said of a header of 100,000


class ApartError(Exception):
    """The process could not be begun, took too long, said too much, or died."""


def answer_of(
    options: list[str], content: bytes, seconds: float = MOST_SECONDS, most: int = MOST_ANSWERED
) -> bytes:
    """What `python OPTIONS` writes when it has read the content. Raises ApartError."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # numpy would begin one a core
    try:
        process = subprocess.Popen([sys.executable, *options], cwd=ROOT, env=one_thread, **pipes)
    except OSError:
        raise ApartError from None
    clock = threading.Timer(seconds, process.kill)
    with process:
        clock.start()
        try:
            answer = talk(process, content, most)
            status = process.wait()
        finally:
            process.kill()  # nothing where it has ended
            clock.cancel()
    if status != 0:
        raise ApartError
    return answer


def talk(process: subprocess.Popen, content: bytes, most: int) -> bytes:
    """Hands the content over and takes the answer. Raises ApartError for one that is too long."""
    with suppress(OSError):  # it has gone, or reads no more
        process.stdin.write(content)
    with suppress(OSError):
        process.stdin.close()
    answer = process.stdout.read(most + 1)
    if len(answer) > most:
        raise ApartError
    return answer
