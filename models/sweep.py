"""What a process that died while it wrote a file has left beside it: cleared away.

`checkpoint.write_whole` writes to `.NAME.` and eight letters before it renames; nothing else here
makes such files.
"""

import re
import time
from contextlib import suppress
from pathlib import Path

OLD = 3600.0  # s; no file takes that long to write
TEMPORARY = re.compile(r"\.[\w-]+\.(safetensors|md|json|txt)\.[a-z0-9_]{8}")


def sweep(folder: Path, older_than: float = OLD) -> list[str]:
    """Deletes temporary files of a folder that are so many seconds old; gives their names."""
    before, swept = time.time() - older_than, []
    for path in sorted(folder.glob(".*")):
        with suppress(OSError):  # gone meanwhile, or a folder that is read-only
            if TEMPORARY.fullmatch(path.name) and path.is_file() and path.stat().st_mtime < before:
                path.unlink()
                swept.append(path.name)
    return swept
