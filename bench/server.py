"""The lab started as people start it, on a free port, for as long as it is needed."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # s until the page has to answer, on a busy machine


@dataclass(frozen=True)
class Lab:
    """A running lab: its address and its process id."""

    url: str
    pid: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_lab(**environment: str) -> Iterator[Lab]:
    """Starts `python app.py`, waits for its page, and ends it afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    lab = Lab(f"http://127.0.0.1:{port}", process.pid)
    try:
        wait_for(lab.url, process)
        yield lab
    finally:
        process.terminate()
        process.wait(30)


def wait_for(url: str, process: subprocess.Popen) -> None:
    """Returns as soon as the page answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).read()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the page did not answer within {PATIENCE} s")
