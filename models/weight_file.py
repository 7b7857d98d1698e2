"""A .pth file of weights that somebody brings: read in a process of its own, kept as safetensors.

    .pth --child, with limits--> safetensors --judged by its header--> the bytes that are kept

The child is unpickle.py: it takes tensors and nothing else, and the system refuses it more memory,
time and disk than the largest of our backbones needs.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from torch import Tensor

from models.checkpoint import CheckpointError
from models.errors import LabError
from models.foreign import check_tensors, judged_here, sound_tensors
from models.unpickle import MOST_BYTES, MOST_SECONDS

# Why a converted file is refused: models/foreign.py's key -> this command's key and sentence.
REASONS = {
    "upload_other_weights": (
        "fetch_other_weights",
        "{file} holds other weights than {network} has: bring torchvision's own file",
    ),
    "upload_not_finite": (
        "fetch_not_finite",
        "some weights in {file} are not finite numbers: bring torchvision's own file",
    ),
}
NO_WEIGHTS = (
    "fetch_no_weights",
    "{file} is no file of weights that can be read safely: bring torchvision's own .pth",
)
ROOT = Path(__file__).resolve().parent.parent


class WeightFileError(LabError):
    """A file that holds no weights, or others than were asked for."""


def as_safetensors(path: Path, network: str, wanted: dict[str, Tensor]) -> bytes:
    """The bytes of a safetensors file with the weights of a .pth file.

    `wanted` gives each one's name, shape and type. Raises WeightFileError for a file that is
    missing, too large, no file of weights, or holds other weights or numbers that are not finite.
    """
    check_file(path)
    with tempfile.TemporaryDirectory() as folder:
        converted = Path(folder) / "weights.safetensors"
        content = converted.read_bytes() if converts(path, converted) else b""
    try:
        layout = judged_here(content)
        check_tensors(network, layout, wanted)
        sound_tensors(bytearray(content), layout, wanted, is_ours=False)
    except CheckpointError as error:
        key, sentence = REASONS.get(error.key, NO_WEIGHTS)
        raise WeightFileError(key, sentence, file=path.name, network=network) from None
    return content


def check_file(path: Path) -> None:
    if not path.is_file():
        raise WeightFileError("fetch_no_file", "{file} is not there", file=path.name)
    if path.stat().st_size > MOST_BYTES:
        sentence = "{file} is larger than {megabytes} MB: it holds no weights of these networks"
        megabytes = MOST_BYTES // 1_000_000
        raise WeightFileError("fetch_too_large", sentence, file=path.name, megabytes=megabytes)


def converts(path: Path, target: Path) -> bool:
    """Whether the child, within its limits, made a safetensors file of a .pth file."""
    command = [sys.executable, "-m", "models.unpickle", str(path.resolve()), str(target)]
    try:
        # by the clock too: a file may as well make a process wait
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=2 * MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and target.is_file()
