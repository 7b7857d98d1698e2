"""Taught symbols as one file: a ZIP with a folder of PNGs for each, and the head beside them.

`torchvision.datasets.ImageFolder` reads it once it is unpacked; `symbols.json` keeps the names,
which a folder's name may not hold.
"""

import io
import json
import zipfile
from pathlib import PurePosixPath

import torch
from torch import Tensor

from models.digit_files import FAULTS, FIRST_DATE, LARGEST_FILE, METHODS, SIDE, as_png, read_picture
from models.symbol_head_file import as_bytes
from models.symbol_names import check_names
from models.symbols import (
    MOST_CLASSES,
    MOST_DRAWINGS,
    Pupil,
    SymbolError,
    to_bytes,
)

LIST, HEAD = "symbols.json", "head.safetensors"
LARGEST_LIST = 10_000  # bytes
MOST_MEMBERS = 4 * MOST_CLASSES * MOST_DRAWINGS  # pictures, folders, and what systems add


def folder_of(number: int) -> str:
    """A folder's name that every system takes: symbol_01 for the first class."""
    return f"symbol_{number:02}"


def pack(names: list[str], examples: list[Tensor], pupil: Pupil | None) -> bytes:
    """A ZIP of symbol_01/001.png …, symbols.json and, of a pupil, head.safetensors.

    Examples (n, 28, 28) for each name, uint8 or float in [0, 1]; a class may have no drawing yet.
    Raises SymbolError for names that can't be.
    """
    names, content = check_names(names), io.BytesIO()
    listed = [{"folder": folder_of(i), "name": name} for i, name in enumerate(names, 1)]
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:

        def write(name: str, body: bytes) -> None:
            file.writestr(zipfile.ZipInfo(name, FIRST_DATE), body)

        for entry, drawings in zip(listed, examples, strict=True):
            for number, drawing in enumerate(to_bytes(drawings), 1):
                write(f"{entry['folder']}/{number:03}.png", as_png(drawing))
        write(LIST, json.dumps(listed, ensure_ascii=False, indent=1).encode())
        if pupil is not None:
            write(HEAD, as_bytes(pupil, names))
    return content.getvalue()


def unpack(content: bytes) -> tuple[list[str], list[Tensor]]:
    """Names, and the drawings (n, 28, 28) uint8 of each, of such a ZIP; n may be 0.

    A folder that symbols.json does not list is named by itself; blank pictures are passed over.
    Nothing is unpacked before its size is judged. Raises SymbolError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            members, named = pictures_in(file), names_in(file)
            folders = list(dict.fromkeys([*named, *members]))  # each once, those listed first
            drawn = [[read_picture(file, one) for one in members.get(f, [])] for f in folders]
    except (*FAULTS, RecursionError, TypeError, KeyError):
        raise no_file() from None
    if not any(drawn):
        raise no_file()
    names = check_names([named.get(folder, folder) for folder in folders])
    empty = torch.zeros(0, SIDE, SIDE, dtype=torch.uint8)
    inked = [[image for image in images if image.any()] for images in drawn]
    return names, [torch.stack(images) if images else empty for images in inked]


def no_file() -> SymbolError:
    sentence = "that file is no ZIP with a folder of 28 x 28 pictures for each symbol"
    return SymbolError("symbols_file_bad", sentence)


def pictures_in(file: zipfile.ZipFile) -> dict[str, list[zipfile.ZipInfo]]:
    """The pictures of each folder, in the order of their names. Raises ValueError where there are
    too many, or one is too large or packed in another way than ZIPs usually are."""
    if len(file.infolist()) > MOST_MEMBERS:
        raise ValueError("too many files")
    folders: dict[str, list[zipfile.ZipInfo]] = {}
    for member in sorted(file.infolist(), key=lambda member: member.filename):
        path = PurePosixPath(member.filename)
        if path.suffix.lower() != ".png" or path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        if member.file_size > LARGEST_FILE or member.compress_type not in METHODS:
            raise ValueError("too large, or packed in another way")
        folders.setdefault(path.parent.name, []).append(member)
    counts = [len(members) for members in folders.values()]
    if "" in folders or len(counts) > MOST_CLASSES or max(counts, default=0) > MOST_DRAWINGS:
        raise ValueError("no folder, or too many folders or pictures")
    return folders


def names_in(file: zipfile.ZipFile) -> dict[str, str]:
    """Folder -> name as symbols.json lists them; nothing where the file is not there."""
    listed = [one for one in file.infolist() if PurePosixPath(one.filename).name == LIST]
    if not listed:
        return {}
    if listed[0].file_size > LARGEST_LIST or listed[0].compress_type not in METHODS:
        raise ValueError("too large, or packed in another way")
    with file.open(listed[0]) as stream:
        entries = json.loads(stream.read(LARGEST_LIST + 1))
    return {str(entry["folder"]): str(entry["name"]) for entry in entries}
