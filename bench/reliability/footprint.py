"""What a running server takes: memory, open files, threads, and files in its folder for uploads."""

import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.jobs import descendants

MEGABYTE = 1_000_000
PREFIX = "digit-lab-"  # of a lab's folder for uploads; its process id follows


@dataclass(frozen=True)
class Footprint:
    """At one moment."""

    at: float  # s since the beginning
    server: float  # MB resident, with its part of what it shares
    all: float  # MB, with the server's children
    files: int  # descriptors that the server has open
    threads: int
    uploads: int  # files on disk
    disk: float  # MB


def taken(pid: int, at: float) -> Footprint:
    """Raises OSError where the server is no more."""
    server = memory_of(pid)
    children = 0.0
    for child in descendants(pid):
        with suppress(OSError):  # gone meanwhile
            children += memory_of(child)
    sizes = []
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}{pid}-*/**/*"):
        with suppress(OSError):
            sizes += [path.stat().st_size] if path.is_file() else []
    process = Path(f"/proc/{pid}")
    return Footprint(
        at=at,
        server=server,
        all=server + children,
        files=len(list((process / "fd").iterdir())),
        threads=len(list((process / "task").iterdir())),
        uploads=len(sizes),
        disk=sum(sizes) / MEGABYTE,
    )


def memory_of(pid: int) -> float:
    """MB that a process takes; what several share counts in equal parts."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / MEGABYTE
    return 0.0


@dataclass(frozen=True)
class Growth:
    """The middle of the first quarter of some time, and of its last."""

    before: float
    after: float

    @property
    def more(self) -> float:
        return self.after - self.before


def growth(prints: Sequence[Footprint], value: Callable[[Footprint], float]) -> Growth:
    """How a value has grown. One moment decides nothing: of each quarter the median counts."""
    quarter = max(1, len(prints) // 4)
    first, last = prints[:quarter], prints[-quarter:]
    return Growth(*(statistics.median(map(value, part)) for part in (first, last)))


def has_room(memory: Growth, share: float, least: float) -> bool:
    """Whether memory has grown by no more than a share, or some MB where that is more."""
    return memory.more <= max(share * memory.before, least)
