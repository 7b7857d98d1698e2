"""From MNIST's four compressed files to tensors, with nothing fetched and nothing written."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from models.errors import LabError

FOLDER = Path(__file__).resolve().parent.parent / "data" / "mnist"
SIDE = 28  # px; every MNIST image is 28 x 28
# SHA-256 of the compressed files, as data/mnist/SHA256SUMS lists them.
CHECKSUMS = {
    "train-images-idx3-ubyte.gz": (
        "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971"
    ),
    "train-labels-idx1-ubyte.gz": (
        "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b"
    ),
}
HEADER_BYTES = {"idx3": 16, "idx1": 8}  # magic number, then one 32-bit size a dimension


class DataError(LabError):
    """A data file is missing or damaged; the sentence says which, and how to get it back."""


@dataclass(frozen=True)
class Mnist:
    """All of MNIST. Images (N, 28, 28) uint8, 0 paper to 255 ink; labels (N,) uint8, 0 to 9."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    checksum: str  # SHA-256 over the four files' checksums: names the data in a checkpoint


def read_verified(name: str, folder: Path) -> bytes:
    """The uncompressed content of one file, after its compressed bytes matched their checksum."""
    path = folder / name
    remedy = "get it back with: git checkout -- data/mnist"
    try:
        compressed = path.read_bytes()
    except OSError:
        raise DataError("data_missing", f"{{file}} is missing; {remedy}", file=name) from None
    if hashlib.sha256(compressed).hexdigest() != CHECKSUMS[name]:
        damaged = f"{{file}} is damaged (its checksum is wrong); {remedy}"
        raise DataError("data_damaged", damaged, file=name)
    try:
        return gzip.decompress(compressed)
    except (OSError, EOFError, zlib.error):
        raise DataError("data_damaged", f"{{file}} is damaged; {remedy}", file=name) from None


def decode(name: str, folder: Path) -> Tensor:
    """One IDX file as a uint8 tensor: images (N, 28, 28) or labels (N,)."""
    content = read_verified(name, folder)
    kind = "idx3" if "idx3" in name else "idx1"
    # bytearray: torch warns about memory that it may not write to
    values = torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=HEADER_BYTES[kind])
    return values.view(-1, SIDE, SIDE) if kind == "idx3" else values


@cache
def load_mnist(folder: Path = FOLDER) -> Mnist:
    """All 70,000 images, verified and decoded once a process.

    Raises DataError with the file, what is wrong with it and how to get it back.
    Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
    """
    tensors = [decode(name, folder) for name in CHECKSUMS]
    checksum = hashlib.sha256("".join(CHECKSUMS.values()).encode()).hexdigest()
    return Mnist(*tensors, checksum=checksum)


def to_batch(images: Tensor) -> Tensor:
    """(B, 28, 28) uint8, 0 to 255 -> (B, 1, 28, 28) float, 0 paper to 1 ink."""
    return images.unsqueeze(1).float().div(255)


def __getattr__(name: str) -> type:
    """BookMNIST, for whom torchvision has to be imported, which takes seconds."""
    if name != "BookMNIST":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from models.book_mnist import BookMNIST

    return BookMNIST
