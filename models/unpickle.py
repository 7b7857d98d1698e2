"""A .pth file to a safetensors file, by a process that may do little else.

`python -m models.unpickle IN OUT` runs nothing that the file holds, takes only tensors from it, and
is refused more memory, time and disk than the largest of our backbones needs.
"""

import os
import sys
import threading
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from models.limits import limit_files, limit_memory, limit_seconds

MOST_BYTES = 200_000_000  # of the file; ResNet-18's has 47 million
MOST_MEMORY = 1_000_000_000  # bytes beyond what a new process has
MOST_SECONDS = 60  # s of computing; ResNet-18 takes 2
NO_WEIGHTS = 3  # exit status: the file holds something else
LOOK_EVERY = 0.5  # s between two looks whether anybody still waits for it


def convert(source: Path, target: Path) -> int:
    """Writes the tensors of a .pth file by their names; gives an exit status."""
    tensors = tensors_in(source)
    if not is_table_of_tensors(tensors):
        return NO_WEIGHTS
    # a copy of each: safetensors takes no two tensors that share their memory
    save_file({name: one.detach().clone().contiguous() for name, one in tensors.items()}, target)
    return 0


def tensors_in(source: str | Path) -> object:
    """What a .pth file holds; the one place where the lab reads such files. Runs nothing of it."""
    return torch.load(source, map_location="cpu", weights_only=True)


def is_table_of_tensors(found: object) -> bool:
    if not isinstance(found, dict):
        return False
    return all(isinstance(name, str) and isinstance(one, Tensor) for name, one in found.items())


def end_with(parent: int) -> None:
    """The process ends when its parent has: whatever the file makes it do."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    limit_memory(MOST_MEMORY)
    limit_seconds(MOST_SECONDS)
    limit_files(MOST_BYTES)
    sys.exit(convert(Path(sys.argv[1]), Path(sys.argv[2])))
