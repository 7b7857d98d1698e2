"""Servers for as long as they are needed: the lab as people start it, on a free port."""

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
class Server:
    """A running server: its address and its process id."""

    url: str
    pid: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    command: list[str], port: int, folder: Path = ROOT, **environment: str
) -> Iterator[Server]:
    """Starts a server of ours, waits for its page on that port, and ends it afterwards."""
    with process_running(command, port, folder, **environment) as (server, _):
        yield server


@contextmanager
def process_running(
    command: list[str], port: int, folder: Path = ROOT, **environment: str
) -> Iterator[tuple[Server, subprocess.Popen]]:
    """The same with its process, which may end before."""
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        wait_for(server.url, process)
        yield server, process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def running_app(**environment: str) -> Iterator[tuple[Server, subprocess.Popen]]:
    """The lab, and its process."""
    port = free_port()
    command = [sys.executable, "app.py", "--port", str(port)]
    with process_running(command, port, **environment) as started:
        yield started


@contextmanager
def running_lab(**environment: str) -> Iterator[Server]:
    """The lab, by `python app.py`."""
    port = free_port()
    with running([sys.executable, "app.py", "--port", str(port)], port, **environment) as lab:
        yield lab


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
