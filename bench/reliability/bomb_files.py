"""Files and bodies that are small on the way and would be huge once they are opened."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

MEGABYTE = 1_000_000  # bytes
PIECE = 1 << 20  # zeros that are packed once and repeated
WHOLE_MOD = 65_521  # of Adler-32 (RFC 1950)
GREY, COLOUR = 0, 2  # PNG's colour types
CHANNELS = {GREY: 1, COLOUR: 3}


def packed_zeros(count: int) -> bytes:
    """A zlib stream of so many zeros, without making them: one packed piece, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = packer.compress(bytes(PIECE)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    rest = last.compress(bytes(count % PIECE)) + last.flush()
    checksum = struct.pack(">HH", count % WHOLE_MOD, 1)  # of zeros alone
    return b"\x78\xda" + whole * (count // PIECE) + rest + checksum


def chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def png(width: int, height: int, colour: int = GREY, *more: bytes) -> bytes:
    """A whole black PNG of that size, with further chunks before its pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    pixels = packed_zeros(height * (1 + width * CHANNELS[colour]))
    chunks = [chunk(b"IHDR", header), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def text_bomb(count: int) -> bytes:
    """A PNG of 28 x 28 px with a text of so many characters, packed (zTXt)."""
    return png(28, 28, GREY, chunk(b"zTXt", b"Comment\0\0" + packed_zeros(count)))


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def gif(frames: int, side: int) -> bytes:
    """An animation of equal frames."""
    one = saved(Image.new("L", (side, side)), "GIF")
    at = one.index(b",", 13 + 3 * (2 << (one[10] & 7)))  # behind the header and its colours
    return one[:at] + one[at:-1] * frames + b";"


def jpeg(width: int, height: int, **options: object) -> bytes:
    """A JPEG whose header says that size."""
    small = saved(Image.new("RGB", (64, 64)), "JPEG", **options)
    begin = b"\xff\xc2" if options.get("progressive") else b"\xff\xc0"
    at = small.index(begin) + 5
    return small[:at] + struct.pack(">HH", height, width) + small[at + 4 :]


def webp(side: int) -> bytes:
    """A WebP whose header says that many pixels a side, 16,383 at most."""
    small = saved(Image.new("RGB", (64, 64)), "WEBP", lossless=True)
    at = small.index(b"VP8L") + 9
    rest = struct.unpack("<I", small[at : at + 4])[0] & ~0xFFF_FFFF
    size = (side - 1) | (side - 1) << 14 | rest
    return small[:at] + struct.pack("<I", size) + small[at + 4 :]


def numbers(count: int) -> bytes:
    """A JSON object with a list of so many numbers."""
    return b'{"data": [' + b"1," * (count - 1) + b"1]}"


def nested(depth: int) -> bytes:
    return b'{"data": ' + b"[" * depth + b"]" * depth + b"}"


def megabytes(count: int) -> Iterator[bytes]:
    """A JSON object with a long text, as it is sent, in pieces of 64 kB."""
    yield b'{"data": "'
    for _ in range(count * MEGABYTE // 65_536):
        yield b"x" * 65_536
    yield b'"}'
