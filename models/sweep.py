"""Temporary files of what is being written: made, held while their writer lives, and swept.

    with held(path) as (file, temporary):  # digits.safetensors -> .digits.safetensors.x2k9_a1b
        ...                                # written, and renamed while it is held

The system lets go of a file when its writer dies, however it dies, so what nobody holds can be
swept at once, and what is being written is safe, also from another lab in the same folder.
"""

import errno
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where nobody can delete a file that is open
    fcntl = None

TRIES = 3  # to make a file that no sweep takes away
OLD = 3600.0  # s; no file takes that long to write
RANDOM = r"\.[a-z0-9_]{8}"  # what tempfile adds to a name
TEMPORARY = re.compile(rf"\.[\w-]+\.(safetensors|md|json|txt){RANDOM}")


@contextmanager
def held(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """A new file beside `path`, open for writing, and its name; gone afterwards unless renamed.

    Raises OSError.
    """
    file, temporary = new_held(path)
    try:
        with file:
            yield file, temporary
    finally:
        remove(temporary)


def new_held(path: Path) -> tuple[BinaryIO, str]:
    """Raises OSError."""
    for _ in range(TRIES):  # a sweep may be faster
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        hold(handle)
        if is_there(handle, temporary):
            return os.fdopen(handle, "wb"), temporary
        os.close(handle)
        remove(temporary)
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def remove(temporary: str) -> None:
    with suppress(OSError):  # renamed; or a disk that takes no orders any more
        os.unlink(temporary)


def hold(handle: int) -> None:
    """Until the handle is closed, by whatever it may be."""
    if fcntl is not None:
        with suppress(OSError):  # a file system without locks: then by its age
            fcntl.flock(handle, fcntl.LOCK_EX)


def is_there(handle: int, name: str) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(name))
    except OSError:
        return False


def sweep(folder: Path, wanted: re.Pattern = TEMPORARY) -> list[str]:
    """Deletes the temporary files of a folder that nobody writes any more; gives their names."""
    swept = []
    for path in hidden_in(folder):
        with suppress(OSError):  # gone meanwhile, or a folder that is read-only
            if wanted.fullmatch(path.name) and path.is_file() and remove_if_left(path):
                swept.append(path.name)
    return swept


def hidden_in(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder.glob(".*"))
    return []


def sweep_beside(path: Path) -> None:
    """Deletes what earlier writers of one file have left, in a folder that nothing else sweeps."""
    sweep(path.parent, re.compile(re.escape(f".{path.name}") + RANDOM))


def remove_if_left(path: Path) -> bool:
    """Raises OSError."""
    if fcntl is None:
        return remove_if_old(path)
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()  # while it is held, so that nobody begins to write it
    except BlockingIOError:
        return False
    except OSError:
        return remove_if_old(path)
    finally:
        os.close(handle)
    return True


def remove_if_old(path: Path) -> bool:
    if path.stat().st_mtime >= time.time() - OLD:
        return False
    path.unlink()
    return True
