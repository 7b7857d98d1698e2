"""From a picture file, of whatever kind, to grey pixels, and from ink to a PNG."""

import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from models.errors import LabError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
MAX_BYTES = 20_000_000  # a phone's largest photographs are about half of that
MAX_SIDE = 12_000  # px
MAX_PIXELS = 40_000_000  # a decoded picture of this size takes 160 MB
WORKING_SIDE = 1_024  # px; larger pictures are scaled down while they are decoded
NO_CONTRAST = 0.1  # of the range; below it a picture shows nothing
FAULTS = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)


class PictureError(LabError):
    """A file that can't be read as a picture; the sentence says what to bring instead."""


def read_picture(source: str | Path | bytes | BinaryIO) -> Tensor:
    """Grey pixels (H, W) in [0, 1], 0 black to 1 white, sides of at most 1,024 px.

    PNG, JPEG, WebP, BMP or GIF; the first frame, turned upright by its EXIF, 16 bits scaled,
    transparency laid on white paper. The size is judged by the header, before anything is decoded.
    Raises PictureError.
    """
    content = read_content(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, of pictures that we judge ourselves
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                check_size(picture)
                picture.draft("RGB", (WORKING_SIDE, WORKING_SIDE))  # JPEG: decode a smaller one
                picture.load()
                picture = ImageOps.exif_transpose(picture)
                return to_grey(picture)
    except Image.DecompressionBombError:
        raise too_large() from None
    except FAULTS:
        sentence = "this is no whole picture; bring a PNG, JPEG, WebP, BMP or GIF"
        raise PictureError("picture_unreadable", sentence) from None


def read_content(source: str | Path | bytes | BinaryIO) -> bytes:
    """The file's bytes, at most MAX_BYTES of them."""
    if isinstance(source, bytes):
        content = source
    elif isinstance(source, str | Path):
        try:
            with open(source, "rb") as file:
                content = file.read(MAX_BYTES + 1)
        except (OSError, ValueError):
            raise PictureError(
                "picture_missing", "the file is not there or can't be opened; check its name"
            ) from None
    else:
        content = source.read(MAX_BYTES + 1)
    if not content:
        raise PictureError("picture_empty", "the file is empty; bring one that holds a picture")
    if len(content) > MAX_BYTES:
        raise too_large()
    return content


def check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise too_large()


def too_large() -> PictureError:
    return PictureError(
        "picture_too_large",
        "the picture is too large; bring one of at most {side:,} px a side, {pixels} million "
        "pixels and {megabytes} MB",
        side=MAX_SIDE,
        pixels=MAX_PIXELS // 1_000_000,
        megabytes=MAX_BYTES // 1_000_000,
    )


def to_grey(picture: Image.Image) -> Tensor:
    """A decoded picture of any mode as (H, W) in [0, 1]."""
    picture.thumbnail((WORKING_SIDE, WORKING_SIDE)) if picture.mode not in DEEP else None
    if picture.mode in DEEP:
        return deep_to_grey(picture)
    if "A" in picture.getbands() or "transparency" in picture.info:
        return lay_on_paper(picture.convert("RGBA"))
    return pixels(picture.convert("RGB").convert("L"))


# More than 8 bits a pixel: what one step of each mode is worth.
DEEP = {"I;16": 1 / 65_535, "I;16B": 1 / 65_535, "I": 1 / 65_535, "F": 1.0}


def deep_to_grey(picture: Image.Image) -> Tensor:
    """16-bit and float pictures scaled, where Pillow's convert("L") would clip them to white."""
    values = np.asarray(picture, dtype=np.float32) * DEEP[picture.mode]
    grey = torch.from_numpy(values).nan_to_num(0.0).clamp(0, 1)
    side = max(grey.shape)
    if side <= WORKING_SIDE:
        return grey
    size = [max(1, round(length * WORKING_SIDE / side)) for length in grey.shape]
    return torch.nn.functional.interpolate(grey[None, None], size=size, mode="area")[0, 0]


def lay_on_paper(picture: Image.Image) -> Tensor:
    """A transparent picture on white paper, or on black where its ink is too light to show."""
    for paper in ("white", "black"):
        sheet = Image.new("RGBA", picture.size, paper)
        grey = pixels(Image.alpha_composite(sheet, picture).convert("L"))
        if grey.max() - grey.min() > NO_CONTRAST:
            break
    return grey


def pixels(picture: Image.Image) -> Tensor:
    """Mode "L" -> (H, W) in [0, 1]."""
    return torch.from_numpy(np.asarray(picture, dtype=np.float32) / 255)


def on_paper(ink: Tensor) -> Image.Image:
    """Ink (H, W) in [0, 1] as a grey picture, 255 paper to 0 ink, one byte a pixel."""
    return Image.fromarray((255 * (1 - ink)).round().to(torch.uint8).numpy())


def as_png(ink: Tensor) -> bytes:
    """The same as a file."""
    file = BytesIO()
    on_paper(ink).save(file, "PNG")
    return file.getvalue()
