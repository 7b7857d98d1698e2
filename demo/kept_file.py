"""A file's bytes kept on disk as long as somebody holds them: an hour of trainings is no memory.

kept = KeptFile(content)  # kept.size, kept.read(); the file goes with `kept`
"""

import os
import tempfile
import weakref
from contextlib import suppress
from functools import cache
from pathlib import Path

from demo.uploads import new_folder


@cache
def folder() -> str:
    """This process's own, removed at its end, or at the start of the next lab. Raises OSError."""
    return new_folder()


class KeptFile:
    """Bytes in a temporary file; in memory where the disk takes none."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self.path: Path | None = None
        self.content: bytes | None = None
        try:
            self.path = written(content)
        except OSError:
            self.content = content
        else:
            weakref.finalize(self, remove, self.path)

    def read(self) -> bytes:
        """Raises OSError where something has taken the file away."""
        return self.path.read_bytes() if self.content is None else self.content


def written(content: bytes) -> Path:
    """A new file that nobody else can read. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=folder())
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:
        remove(path)
        raise
    return path


def remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
