"""Three hundred pictures: modes by formats by EXIF, cut off and with bits turned."""

import io
import itertools
from collections.abc import Iterator
from random import Random

from PIL import Image, ImageDraw

FORMATS = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
    "WEBP": ("L", "RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB"),
    "GIF": ("1", "L", "P"),
    "TIFF": ("1", "L", "RGB", "CMYK", "F", "I;16", "LAB"),  # not one that the lab reads
    "ICO": ("RGBA",),
    "PPM": ("L", "RGB"),
}
WITH_EXIF = ("PNG", "JPEG", "WEBP")
ORIENTATION = 0x0112  # of EXIF; 1 to 8 are known
TURNS = (*range(1, 9), 0, 9, 65_535)
SIZE = (56, 84)  # px
CUTS = (0.02, 0.2, 0.5, 0.9, 0.999)  # shares of a file


def digit(mode: str) -> Image.Image:
    """A black 1 on white in a mode."""
    picture = Image.new("L", SIZE, 255)
    ImageDraw.Draw(picture).line([(30, 15), (26, 66)], fill=0, width=8)
    if mode == "LAB":
        return Image.merge("LAB", [picture] * 3)
    if mode in ("I;16", "I", "F"):
        return picture.convert("I").convert(mode)
    return picture if mode == "L" else picture.convert("RGB").convert(mode)


def saved(picture: Image.Image, kind: str, turn: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    file = io.BytesIO()
    picture.save(
        file, kind, **({"exif": exif.tobytes()} if kind in ("PNG", "JPEG", "WEBP") else {})
    )
    return file.getvalue()


def pictures(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many files, each with what it is: whole ones of all modes, formats and turns first, then
    cut ones, then ones with bits turned; a third each."""
    random = Random(seed)
    kinds = [(kind, mode) for kind, modes in FORMATS.items() for mode in modes]
    turns = itertools.cycle(TURNS)
    for at in range(count):
        kind, mode = kinds[at % len(kinds)]
        turn = next(turns)
        content = saved(digit(mode), kind, turn)
        name = f"{kind} {mode} {turn}"
        if at % 3 == 1:
            share = random.choice(CUTS)
            yield f"{name} cut at {share}", content[: int(len(content) * share)]
        elif at % 3 == 2:
            yield f"{name} turned", turned(content, random)
        else:
            yield name, content


def turned(content: bytes, random: Random) -> bytes:
    """A file with some of its bits turned, most of them where headers lie."""
    spoiled = bytearray(content)
    for _ in range(random.randint(1, 8)):
        place = random.randrange(min(len(content), random.choice((64, len(content)))))
        spoiled[place] ^= 1 << random.randrange(8)
    return bytes(spoiled)
