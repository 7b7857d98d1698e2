"""A set of labelled digits as one file: a ZIP with a folder of pictures for each digit.

`torchvision.datasets.ImageFolder` reads it once it is unpacked; `labels.csv` lists the same.
"""

import csv
import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.errors import LabError

MOST_DIGITS = 200
SIDE = 28  # px
LIST = "labels.csv"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can hold: equal sets, equal bytes
LARGEST_FILE = 20_000  # bytes of a picture of 28 x 28; ours have some 400
MOST_MEMBERS = 4 * MOST_DIGITS  # pictures, folders, and what systems add of their own
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What reading raises for a damaged file; RuntimeError for one that is locked by a password,
# SyntaxError is pillow's for a broken PNG.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    RuntimeError,
    EOFError,
    SyntaxError,
)


class DigitFileError(LabError):
    """A file that holds no set of digits."""

    def __init__(self) -> None:
        sentence = "that file is no ZIP with a folder of 28 x 28 pictures for each digit"
        super().__init__("own_file_bad", sentence)


def pack(images: Tensor, labels: Tensor) -> bytes:
    """(N, 28, 28) uint8, ink 255 on 0, and labels (N,) -> a ZIP of 4/001.png … and labels.csv."""
    content, lines = io.BytesIO(), io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(["file", "label"])
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for number, (image, label) in enumerate(zip(images, labels.tolist(), strict=True), 1):
            name = f"{label}/{number:03}.png"
            file.writestr(zipfile.ZipInfo(name, FIRST_DATE), as_png(image))
            table.writerow([name, label])
        file.writestr(zipfile.ZipInfo(LIST, FIRST_DATE), lines.getvalue())
    return content.getvalue()


def as_png(image: Tensor) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image.numpy()).save(file, "PNG")
    return file.getvalue()


def unpack(content: bytes) -> tuple[Tensor, Tensor]:
    """The digits of such a ZIP: (N, 28, 28) uint8 and labels (N,), N from 1 to 200.

    A picture's digit is the name of the folder that it lies in; other files are passed over, and
    so are pictures without ink. Nothing is unpacked before its size is judged.
    Raises DigitFileError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            members = pictures_in(file)
            images = [read_picture(file, member) for member in members]
    except FAULTS:
        raise DigitFileError from None
    labels = [label_of(member) for member in members]
    inked = [(image, label) for image, label in zip(images, labels, strict=True) if image.any()]
    if not inked:
        raise DigitFileError
    pictures, digits = zip(*inked, strict=True)
    return torch.stack(pictures), torch.tensor(digits)


def pictures_in(file: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The pictures that lie in a folder named by a digit. Raises ValueError where there are too
    many, or one is too large or packed in another way than ZIPs usually are."""
    if len(file.infolist()) > MOST_MEMBERS:
        raise ValueError("too many files")
    members = [member for member in file.infolist() if label_of(member) is not None]
    if len(members) > MOST_DIGITS:
        raise ValueError("too many pictures")
    for member in members:
        if member.file_size > LARGEST_FILE or member.compress_type not in METHODS:
            raise ValueError("too large, or packed in another way")
    return members


def label_of(member: zipfile.ZipInfo) -> int | None:
    """The digit whose folder a picture lies in; None for any other file."""
    path = PurePosixPath(member.filename)
    folder = path.parent.name
    is_digit = len(folder) == 1 and folder in "0123456789"
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return int(folder) if is_digit and path.suffix.lower() == ".png" and not hidden else None


def read_picture(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> Tensor:
    """One picture (28, 28) uint8. Raises one of FAULTS for any other."""
    with file.open(member) as stream:
        content = stream.read(LARGEST_FILE + 1)  # the size that a ZIP states may be a lie
    if struct.unpack(">II", content[16:24]) != (SIDE, SIDE):  # as a PNG's head states it
        raise ValueError("not 28 x 28 pixels")
    with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
        return torch.from_numpy(np.array(picture.convert("L")))
