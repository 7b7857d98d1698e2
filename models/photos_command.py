"""python -m models photos: few-shot reading of a folder of photographs, a folder a class."""

import argparse
import time
from pathlib import Path

import torch
from torch import Tensor

from models.commands import CommandError, progress, say
from models.foundations_command import SEEDS
from models.photos import (
    MOST_PHOTOS,
    PhotoError,
    PhotoPupil,
    check_classes,
    check_names,
    teach_photos,
)
from models.picture import PictureError, read_photo

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")


def read_photos(options: argparse.Namespace) -> int:
    """Teaches K photographs of each class, reads all others; prints the share that was right."""
    if not 0 <= options.seed < SEEDS:
        raise CommandError("bad_seed", f"the seed must be from 0 to {SEEDS - 1}")
    if not 1 <= options.shots <= MOST_PHOTOS:
        sentence = "--shots can't be {shots}; it takes a whole number from 1 to {most}"
        raise CommandError("setting_range", sentence, shots=options.shots, most=MOST_PHOTOS)
    torch.set_num_threads(1)
    teaching, reading = drawn(classes_in(options.folder), options.shots, options.seed)
    began = time.monotonic()
    photos = [[opened(file) for file in files] for files in teaching]
    pupil = teach_photos(photos, options.backbone, options.head, options.seed)
    seconds = time.monotonic() - began
    accuracy = share_right(pupil, reading)
    facts = {"shots": options.shots, "seed": options.seed, "head": options.head}
    say(facts | {"accuracy": accuracy, "seconds": seconds}, options.json)
    return 0


def classes_in(folder: Path) -> list[list[Path]]:
    """The picture files in each folder, in the order of the folders' names. Raises PhotoError."""
    if not folder.is_dir():
        sentence = "{folder} is no folder: name one that holds a folder of photographs a class"
        raise PhotoError("photos_no_folder", sentence, folder=folder.name)
    folders = sorted(one for one in folder.iterdir() if one.is_dir() and one.name[0] != ".")
    check_classes(len(folders))
    check_names([one.name for one in folders])
    return [sorted(file for file in one.iterdir() if is_photo(file)) for one in folders]


def is_photo(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and file.name[0] != "."


def drawn(
    classes: list[list[Path]], shots: int, seed: int
) -> tuple[list[list[Path]], list[list[Path]]]:
    """K files of each class to teach, and all others to read. Raises PhotoError."""
    generator = torch.Generator().manual_seed(seed)
    teaching, reading = [], []
    for place, files in enumerate(classes, 1):
        if len(files) <= shots:
            sentence = "class {place} has {count} photographs: {shots} to teach and one to read "
            sentence += "are needed"
            raise PhotoError("photos_too_few", sentence, place=place, count=len(files), shots=shots)
        order = torch.randperm(len(files), generator=generator).tolist()
        teaching.append([files[at] for at in order[:shots]])
        reading.append([files[at] for at in sorted(order[shots:])])
    return teaching, reading


def opened(file: Path) -> Tensor:
    try:
        return read_photo(file)
    except PictureError as error:
        sentence = "{file}: {fault}"
        raise PhotoError(error.key, sentence, file=file.name, fault=str(error)) from None


def share_right(pupil: PhotoPupil, reading: list[list[Path]]) -> float:
    pairs = [(label, file) for label, files in enumerate(reading) for file in files]
    right = sum(
        pupil.read(opened(file)).index == label for label, file in progress(pairs, "reading")
    )
    return right / len(pairs)
