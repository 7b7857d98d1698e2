"""What is watched while a lab is under attack: its memory, and what other visitors feel."""

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import numpy as np

from bench.door import sheet
from bench.jobs import Lab
from bench.server import Server

VISITORS, THINKS = 4, 0.2  # callers, and s between two readings of each


class Memory:
    """The server's resident memory: what it held, and its peak since."""

    def __init__(self, pid: int) -> None:
        self.folder = Path(f"/proc/{pid}")
        (self.folder / "clear_refs").write_text("5")  # the peak begins anew
        self.before = self.now("VmRSS")

    def now(self, name: str) -> float:
        """MB."""
        for line in (self.folder / "status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024 / 1e6
        raise LookupError(name)

    def peak(self) -> float:
        return self.now("VmHWM") - self.before


def visit(server: Server, told: Connection) -> None:
    """Visitors who read until they are told to stop; then says how long each reading took, in ms,
    and how many failed. Runs in a process of its own."""
    times: list[float] = []
    failed: list[str] = []
    stop = threading.Event()
    lab = Lab(server)

    def read() -> None:
        while not stop.wait(THINKS):
            began = time.perf_counter()
            try:
                lab.ask("read_drawing", **sheet()).raise_for_status()
            except httpx.HTTPError as error:
                failed.append(type(error).__name__)
            times.append(1e3 * (time.perf_counter() - began))

    with ThreadPoolExecutor(VISITORS) as callers:
        for _ in range(VISITORS):
            callers.submit(read)
        told.send("ready")
        told.recv()
        stop.set()
    told.send((times, len(failed)))


class Visitors:
    """Readings from another process for as long as something else is done."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.times: list[float] = []
        self.failed = 0

    def __enter__(self) -> "Visitors":
        context = multiprocessing.get_context("spawn")
        self.told, other = context.Pipe()
        self.process = context.Process(target=visit, args=(self.server, other), daemon=True)
        self.process.start()
        self.told.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self.told.send("stop")
        times, failed = self.told.recv()
        self.process.join()
        self.times += times
        self.failed += failed

    def p95(self) -> float:
        return float(np.percentile(self.times, 95))

    def said(self) -> str:
        return f"p95 {self.p95():.0f} ms of {len(self.times)} readings, {self.failed} failed"
