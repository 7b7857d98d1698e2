"""Where files that visitors send lie for an hour: in a folder of this process alone.

Gradio would share one folder with every lab on the machine, and keep what a cut-off upload left.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from demo.cannot_start import CannotStartError

LEAST_ROOM = 100_000  # bytes
NO_FOLDER = (
    "the lab needs a folder for temporary files ({fault}): make room in it, or name another one "
    "in the environment variable TMPDIR."
)
PREFIX = "digit-lab-"
VARIABLE = "GRADIO_TEMP_DIR"  # where gradio looks for the folder
LIFE = 3600.0  # s that a file is kept
SWEEP_EVERY = 600.0  # s
MOST = 1_000_000_000  # bytes of all files together
LOOK_EVERY = 2.0  # s between two looks at how many there are


class Uploads:
    """A folder for uploads, and how full it is."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder, self.most = folder, most
        self.size, self.looked = 0, -LOOK_EVERY

    def has_room(self) -> bool:
        """Whether one more file may come."""
        if time.monotonic() >= self.looked + LOOK_EVERY:
            self.size = sum(file.stat().st_size for file in self.files())
            self.looked = time.monotonic()
        return self.size < self.most

    def files(self) -> Iterator[Path]:
        return (path for path in self.folder.rglob("*") if path.is_file())

    def sweep(self, older_than: float = LIFE) -> int:
        """Deletes files of so many seconds, and folders that are empty then; gives their number."""
        before, swept = time.time() - older_than, 0
        for path in list(self.files()):
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    swept += 1
        for path in sorted(self.folder.rglob("*"), reverse=True):
            with suppress(OSError):  # not empty
                if path.is_dir() and path.stat().st_mtime < before:
                    path.rmdir()
        return swept

    def sweep_now_and_then(self) -> None:
        """In the background, as long as the process lives."""

        def live() -> None:
            while True:
                time.sleep(SWEEP_EVERY)
                self.sweep()

        threading.Thread(target=live, daemon=True).start()


def own_uploads() -> Uploads:
    """A new folder that nobody else can read, once what ended labs left is gone; or the one that
    GRADIO_TEMP_DIR names. Raises CannotStartError where nothing can be written there.
    """
    try:
        named = os.environ.get(VARIABLE) or new_folder()
        Path(named).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=named) as probe:
            probe.write(bytes(LEAST_ROOM))
    except OSError as error:
        raise CannotStartError(NO_FOLDER.format(fault=error.strerror)) from None
    os.environ[VARIABLE] = named
    return Uploads(Path(named))


def new_folder() -> str:
    """Raises OSError."""
    sweep_ended(Path(tempfile.gettempdir()))
    return tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")


def remove_own() -> None:
    """Removes this process's own folders, at its end."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def sweep_ended(temporary: Path) -> None:
    """Removes the folders of labs of ours that are no more, however they ended."""
    for folder in temporary.glob(f"{PREFIX}*-*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        with suppress(OSError):
            is_ours = not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()
            if number.isdigit() and is_ours and folder.is_dir() and not is_alive(int(number)):
                shutil.rmtree(folder, ignore_errors=True)


def is_alive(pid: int) -> bool:
    """Whether a process runs. Where that can't be asked without harm, it counts as running."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass  # somebody else's
    return True
