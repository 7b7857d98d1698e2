"""A file's bytes kept on disk as long as somebody holds them: an hour of trainings is no memory.

kept = KeptFile(content)  # kept.size, kept.read(); the file goes with `kept`
"""

import secrets
import weakref
from contextlib import suppress
from functools import cache
from pathlib import Path

from demo.uploads import new_folder
from models.checkpoint import CheckpointError, write_whole


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
            self.path = Path(folder(), secrets.token_hex(16))
            write_whole(self.path, content)
        except (OSError, CheckpointError):
            self.content = content
        else:
            weakref.finalize(self, remove, self.path)

    def read(self) -> bytes:
        """Raises OSError where something has taken the file away."""
        return self.path.read_bytes() if self.content is None else self.content


def remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
