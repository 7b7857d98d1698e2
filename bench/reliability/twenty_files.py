"""One picture of a digit as twenty kinds of files, all of which show the same."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

SIDE = 280  # px of the picture, as the Draw tab's sheet has
FINE = 3  # times as fine is the outline of the ink before it is scaled down
ORIENTATION = 0x0112  # of EXIF
# How a picture is stored, by its EXIF orientation, so that it stands upright when it is turned.
STORED = {
    3: Image.Transpose.ROTATE_180,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
# Where each pass of an interlaced PNG begins and how far its pixels lie apart: x, y, dx, dy
# (PNG specification, 8.2: Adam7).
PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
Picture = Image.Image


def drawn(image: np.ndarray) -> Picture:
    """A test image (28, 28), white on black -> a grey picture, dark on white, as a pen leaves it:
    its edges are as sharp as the picture is fine, and not the blur of 28 pixels made large."""
    paper = Image.fromarray(255 - image)
    large = paper.resize((FINE * SIDE, FINE * SIDE), Image.Resampling.BICUBIC)
    sharp = large.point(lambda level: 255 * (level >= 128))
    return sharp.resize((SIDE, SIDE), Image.Resampling.BOX)


def blurred(image: np.ndarray) -> Picture:
    """The same with the blur of 28 pixels made large, which black and white alone can't show."""
    return Image.fromarray(255 - image).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def saved(picture: Picture, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def turned(picture: Picture, kind: str, orientation: int, **options: object) -> bytes:
    """As a camera that was held in another way stores it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = picture.transpose(STORED[orientation])
    return saved(stored, kind, exif=exif.tobytes(), **options)


def transparent(picture: Picture) -> Picture:
    """Black ink, and nothing where there is paper."""
    alpha = picture.point(lambda level: 255 - level)
    black = Image.new("L", picture.size, 0)
    return Image.merge("RGBA", [black, black, black, alpha])


def deep(picture: Picture) -> Picture:
    """The same in 16 bits."""
    return Image.fromarray(np.asarray(picture, dtype=np.uint16) * 257)


def colours(picture: Picture) -> Picture:
    """Dark blue on cream."""
    paper, ink = Image.new("RGB", picture.size, (250, 244, 220)), (15, 30, 90)
    return Image.composite(paper, Image.new("RGB", picture.size, ink), picture)


def interlaced(picture: Picture) -> bytes:
    """A grey PNG in seven passes, which Pillow reads but does not write."""
    levels = np.asarray(picture)
    rows = [
        b"\0" + row.tobytes() for x, y, dx, dy in PASSES for row in levels[y::dy, x::dx] if row.size
    ]
    head = struct.pack(">IIBBBBB", *picture.size, 8, 0, 0, 0, 1)
    pieces = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, content) for kind, content in pieces)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A piece of a PNG: its length, its kind, its content and their checksum."""
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def first_of_two(picture: Picture) -> bytes:
    """An animation whose second picture is blank."""
    blank = Image.new("L", picture.size, 255)
    return saved(picture, "GIF", save_all=True, append_images=[blank], duration=100)


ENCODINGS: dict[str, Callable[[Picture], bytes]] = {
    "PNG, grey": lambda one: saved(one, "PNG"),
    "PNG, colour": lambda one: saved(one.convert("RGB"), "PNG"),
    "PNG, blue on cream": lambda one: saved(colours(one), "PNG"),
    "PNG, grey and opaque": lambda one: saved(one.convert("LA"), "PNG"),
    "PNG, colour and opaque": lambda one: saved(one.convert("RGBA"), "PNG"),
    "PNG, transparent paper": lambda one: saved(transparent(one), "PNG"),
    "PNG, palette": lambda one: saved(one.convert("P"), "PNG"),
    "PNG, 1 bit": lambda one: saved(one.convert("1", dither=Image.Dither.NONE), "PNG"),
    "PNG, 16 bits": lambda one: saved(deep(one), "PNG"),
    "PNG, interlaced": interlaced,
    "PNG, turned by EXIF": lambda one: turned(one, "PNG", 3),
    "JPEG, grey": lambda one: saved(one, "JPEG", quality=75),
    "JPEG, colour": lambda one: saved(one.convert("RGB"), "JPEG", quality=75),
    "JPEG, CMYK": lambda one: saved(one.convert("RGB").convert("CMYK"), "JPEG", quality=90),
    "JPEG, progressive": lambda one: saved(one, "JPEG", quality=75, progressive=True),
    "JPEG, turned by EXIF": lambda one: turned(one, "JPEG", 6, quality=90),
    "WebP, lossless": lambda one: saved(one.convert("RGB"), "WEBP", lossless=True),
    "WebP, lossy, turned by EXIF": lambda one: turned(one.convert("RGB"), "WEBP", 8, quality=80),
    "BMP": lambda one: saved(one.convert("RGB"), "BMP"),
    "GIF, animated": first_of_two,
}
