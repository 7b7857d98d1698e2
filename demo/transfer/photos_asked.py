"""What the page asks of the section on photographs, checked."""

import base64
import binascii
from dataclasses import dataclass

from torch import Tensor

from demo.asked import BadRequest, choice_in, seed_in
from models.backbones import BACKBONES
from models.photos import HEADS, MOST_CLASSES, MOST_PHOTOS, PhotoError, check_classes, check_names
from models.picture import read_photo

MOST_TEXT = 400_000  # characters of a photograph in base64; the page sends some 30,000
MOST_NAME = 40  # characters of a class's name


@dataclass(frozen=True)
class Asked:
    """What is to be taught, and how."""

    names: list[str]
    classes: list[list[Tensor]]  # photographs (3, H, W) in [0, 1]
    backbone: str
    head: str
    seed: int


def teaching_in(asked: dict) -> Asked:
    """{"classes": [{"name", "photos": [base64 of a picture file]}], "backbone", "head", "seed"}.

    Raises LabError.
    """
    backbone, head = choices_in(asked)
    names, texts = classes_in(asked)
    classes = [[photo_in(text) for text in photos] for photos in texts]
    return Asked(names, classes, backbone, head, seed_in(asked))


def choices_in(asked: dict) -> tuple[str, str]:
    """The backbone and the head of a request. Raises BadRequest."""
    return choice_in(asked, "backbone", BACKBONES), choice_in(asked, "head", HEADS)


def classes_in(asked: dict) -> tuple[list[str], list[list[object]]]:
    """The classes' names, and their photographs as they came. Raises BadRequest, PhotoError."""
    classes = asked.get("classes")
    if not isinstance(classes, list) or len(classes) > 10 * MOST_CLASSES:
        raise BadRequest
    check_classes(len(classes))
    if not all(isinstance(one, dict) for one in classes):
        raise BadRequest
    names = [one.get("name") for one in classes]
    photos = [one.get("photos") for one in classes]
    if not all(isinstance(name, str) and len(name) <= MOST_NAME for name in names):
        raise BadRequest
    if not all(isinstance(group, list) for group in photos):
        raise BadRequest
    check_names(names)
    for place, group in enumerate(photos, 1):
        check_count(place, len(group))
    return [name.strip() for name in names], photos


def check_count(place: int, count: int) -> None:
    """Before anything of a class is decoded."""
    if count > MOST_PHOTOS:
        sentence = "class {place} has {count} photographs, and {most} are the most"
        raise PhotoError("photos_too_many", sentence, place=place, count=count, most=MOST_PHOTOS)


def photo_in(text: object) -> Tensor:
    """Base64 of a picture file -> (3, H, W) in [0, 1]. Raises BadRequest, PictureError."""
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise BadRequest
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest from None
    return read_photo(content)
