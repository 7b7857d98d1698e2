"""A disk that refuses: each call that a writer makes of the system can fail, or be the last.

    with refusing(Refusal(at=4, error=errno.ENOSPC, for_good=True)):
        write_whole(path, content)  # its fourth call, and all after it, find no room

The calls are those of Python's own `os`, and what a file object is told.
"""

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest import mock

ERRORS = (errno.ENOSPC, errno.EROFS, errno.EIO)
# What write_whole has done, in its order; two steps are no calls of the system.
STEPS = (
    "begun",
    "made",
    "half written",
    "written",
    "flushed",
    "on disk",
    "for all",
    "renamed",
    "folder opened",
    "folder on disk",
)
SILENT = {"folder opened", "folder on disk", "unlink", "looked"}  # it goes on without them


@dataclass
class Refusal:
    """Which call is refused, counted from 1, and with which error; and what became of it."""

    at: int | None
    error: int = errno.ENOSPC
    for_good: bool = False  # whether all later calls are refused too
    told: int | None = None  # a pipe that hears each step, by its number in STEPS
    dies_at: str | None = None  # the step at which the process kills itself
    count: int = 0
    said: list[str] = field(default_factory=list)  # steps that were refused

    def comes(self, step: str) -> None:
        """Before a call. Raises OSError where it is refused."""
        self.count += 1
        if self.at is not None and (
            self.count == self.at or self.for_good and self.count > self.at
        ):
            self.said.append(step)
            raise OSError(self.error, os.strerror(self.error))

    def went(self, step: str) -> None:
        """After a call."""
        if self.told is not None and step in STEPS:
            os.write(self.told, bytes([STEPS.index(step)]))
        if step == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


class File:
    """A file that writes half of what it is told before the rest may be refused."""

    def __init__(self, file: object, refusal: Refusal) -> None:
        self.file, self.refusal = file, refusal

    def write(self, content: bytes) -> None:
        half = len(content) // 2
        self.file.write(content[:half])
        self.file.flush()
        self.refusal.went("half written")
        self.refusal.comes("written")
        self.file.write(content[half:])
        self.refusal.went("written")

    def flush(self) -> None:
        self.refusal.comes("flushed")
        self.file.flush()
        self.refusal.went("flushed")

    def fileno(self) -> int:
        return self.file.fileno()

    def close(self) -> None:
        self.file.close()

    def __enter__(self) -> "File":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


@contextmanager
def refusing(refusal: Refusal) -> Iterator[None]:
    """The system's calls, as long as this lasts."""
    is_folder = set()  # handles of folders

    def counted(call: Callable, step: str) -> Callable:
        def tried(*given: object, **named: object) -> object:
            refusal.comes(step)
            answer = call(*given, **named)
            refusal.went(step)
            return answer

        return tried

    def opened(path: object, flags: int, *given: object, **named: object) -> int:
        step = "folder opened" if os.path.isdir(path) else "made"
        refusal.comes(step)
        handle = real["open"](path, flags, *given, **named)
        if step == "folder opened":
            is_folder.add(handle)
        refusal.went(step)
        return handle

    def on_disk(handle: int) -> None:
        counted(real["fsync"], "folder on disk" if handle in is_folder else "on disk")(handle)

    real = {name: getattr(os, name) for name in ("open", "fsync", "fdopen")}
    changed = {
        "open": opened,
        "fsync": on_disk,
        "fdopen": lambda *given: File(real["fdopen"](*given), refusal),
        "fstat": counted(os.fstat, "looked"),
        "chmod": counted(os.chmod, "for all"),
        "replace": counted(os.replace, "renamed"),
        "unlink": counted(os.unlink, "unlink"),
    }
    with mock.patch.multiple(os, **changed):
        yield
