"""From a picture file, of whatever kind, to grey or coloured pixels, and from ink to a PNG."""

import struct
import threading
import warnings
import zlib
from collections.abc import Callable
from contextlib import nullcontext
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
MAX_PIXELS = 40_000_000  # whatever they take; in colour, fewer:
MAX_DECODED = 128_000_000  # bytes of memory for one picture, as its header foretells
MAX_PHOTO_PIXELS = 51_000_000  # phones of 50 megapixels give up to 8,192 x 6,144
PHOTO_SIDE = 320  # px; what the page sends too, and twice what a network sees of it
LARGE = 4_000_000  # bytes decoded; larger pictures wait for each other
WORKING_SIDE = 1_024  # px; larger pictures are scaled down while they are decoded
NO_CONTRAST = 0.1  # of the range; below it a picture shows nothing
one_large = threading.Lock()  # held while a large picture is decoded
FAULTS = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)


class PictureError(LabError):
    """A file that can't be read as a picture; the sentence says what to bring instead."""


def read_picture(source: str | Path | bytes | BinaryIO) -> Tensor:
    """Grey pixels (H, W) in [0, 1], 0 black to 1 white, sides of at most 1,024 px.

    PNG, JPEG, WebP, BMP or GIF; the first frame, turned upright by its EXIF, 16 bits scaled,
    transparency laid on white paper. The size is judged by the header, before anything is decoded.
    Raises PictureError.
    """
    return decoded(read_content(source), MAX_PIXELS, WORKING_SIDE, to_grey)


def read_photo(source: str | Path | bytes | BinaryIO) -> Tensor:
    """A photograph's colours (3, H, W) in [0, 1], sides of at most 320 px, upright.

    The same kinds of files as above, of at most 51 million pixels. Raises PictureError.
    """
    return decoded(read_content(source), MAX_PHOTO_PIXELS, PHOTO_SIDE, to_colours)


def decoded(
    content: bytes, most_pixels: int, side: int, to_tensor: Callable[[Image.Image], Tensor]
) -> Tensor:
    """A file's first frame, judged by its header, decoded near `side` px, upright, as a tensor."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, of pictures that we judge ourselves
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                check_size(picture, most_pixels)
                picture.draft("RGB", (side, side))  # JPEG: decode a smaller one
                with one_large if memory_of(picture) > LARGE else nullcontext():
                    picture.load()
                    shrink(picture, side)
                ImageOps.exif_transpose(picture, in_place=True)
                return to_tensor(picture)
    except Image.DecompressionBombError:
        raise too_large(most_pixels) from None
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


def check_size(picture: Image.Image, most_pixels: int) -> None:
    width, height = picture.size
    most = min(most_pixels, int(MAX_DECODED / memory_of(picture) * width * height))
    if max(width, height) > MAX_SIDE or width * height > most:
        raise too_large(most)


def memory_of(picture: Image.Image) -> float:
    """Bytes that it takes to decode a picture, whose header alone has been read.

    Pillow keeps colours in 4 bytes. WebP's decoder has two canvases of its own beside; a JPEG that
    comes in scans is collected in 2 bytes a sample before any of it is scaled down.
    """
    width, height = picture.size
    area = width * height
    if picture.format == "JPEG":
        shares = [across * down for _, across, down, _ in picture.layer]
        samples = sum(shares) / max(shares)
        return area * 2 * samples if picture.info.get("progressive") else area / 16
    if picture.format == "WEBP":
        return area * 12
    return area * {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}.get(picture.mode, 4)


def shrink(picture: Image.Image, side: int) -> None:
    """Scales a large picture down in place, before anything copies it."""
    if picture.mode not in DEEP:
        picture.thumbnail((side, side))


def too_large(most_pixels: int = MAX_PIXELS) -> PictureError:
    return PictureError(
        "picture_too_large",
        "the picture is too large; bring one of at most {side:,} px a side, {pixels} million "
        "pixels and {megabytes} MB",
        side=MAX_SIDE,
        pixels=most_pixels // 1_000_000,
        megabytes=MAX_BYTES // 1_000_000,
    )


def to_grey(picture: Image.Image) -> Tensor:
    """A decoded picture of any mode as (H, W) in [0, 1]."""
    if picture.mode in DEEP:
        return deep_to_grey(picture)
    if "A" in picture.getbands() or "transparency" in picture.info:
        return lay_on_paper(picture.convert("RGBA"))
    return pixels(picture.convert("RGB").convert("L"))


def to_colours(picture: Image.Image) -> Tensor:
    """A decoded picture of any mode as (3, H, W) in [0, 1], transparency on white paper."""
    if picture.mode in DEEP:
        return deep_to_grey(picture, PHOTO_SIDE).expand(3, -1, -1).contiguous()
    if "A" in picture.getbands() or "transparency" in picture.info:
        sheet = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(sheet, picture.convert("RGBA"))
    colours = pixels(picture.convert("RGB"))  # (H, W, 3)
    return colours.permute(2, 0, 1).contiguous()


# More than 8 bits a pixel: what one step of each mode is worth.
DEEP = {"I;16": 1 / 65_535, "I;16B": 1 / 65_535, "I": 1 / 65_535, "F": 1.0}


def deep_to_grey(picture: Image.Image, working_side: int = WORKING_SIDE) -> Tensor:
    """16-bit and float pictures scaled, where Pillow's convert("L") would clip them to white."""
    grey = torch.from_numpy(values_of(picture, max(picture.size) // (2 * working_side)))
    grey = grey.nan_to_num(0.0).clamp(0, 1)
    side = max(grey.shape)
    if side <= working_side:
        return grey
    size = [max(1, round(length * working_side / side)) for length in grey.shape]
    return torch.nn.functional.interpolate(grey[None, None], size=size, mode="area")[0, 0]


def values_of(picture: Image.Image, step: int) -> np.ndarray:
    """A deep picture's values as they are, or the means of squares of `step` px: (H, W) / step.
    Those are taken row by row, since all the values as floats would take twice the picture."""
    unit, (width, height) = DEEP[picture.mode], picture.size
    if step < 2:
        return np.asarray(picture, dtype=np.float32) * unit
    starts = np.arange(0, width, step)
    widths = np.diff([*starts, width])
    rows = []
    for top in range(0, height, step):
        band = picture.crop((0, top, width, min(top + step, height)))
        means = np.asarray(band, dtype=np.float32).mean(axis=0)  # (W,)
        rows.append(np.add.reduceat(means, starts) / widths * unit)
    return np.array(rows, dtype=np.float32)


def lay_on_paper(picture: Image.Image) -> Tensor:
    """A transparent picture on white paper, or on black where its ink is too light to show."""
    for paper in ("white", "black"):
        sheet = Image.new("RGBA", picture.size, paper)
        grey = pixels(Image.alpha_composite(sheet, picture).convert("L"))
        if grey.max() - grey.min() > NO_CONTRAST:
            break
    return grey


def pixels(picture: Image.Image) -> Tensor:
    """Mode "L" -> (H, W) in [0, 1], mode "RGB" -> (H, W, 3)."""
    return torch.from_numpy(np.asarray(picture, dtype=np.float32) / 255)


def on_paper(ink: Tensor) -> Image.Image:
    """Ink (H, W) in [0, 1] as a grey picture, 255 paper to 0 ink, one byte a pixel."""
    return Image.fromarray((255 * (1 - ink)).round().to(torch.uint8).numpy())


def as_png(ink: Tensor) -> bytes:
    """The same as a file."""
    file = BytesIO()
    on_paper(ink).save(file, "PNG")
    return file.getvalue()
