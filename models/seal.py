"""The checksum that a file of ours carries in its own header, over every byte of itself.

    safetensors bytes --sealed--> the same tensors, and in the header a "checksum"

A bit that flips inside a weight leaves a file that is sound in every other way. The checksum tells
that a file is as the lab wrote it; it does not tell who wrote it, since anybody can work one out.
"""

import hashlib
import json

LENGTH = 8  # bytes in front of the header that say how long it is
WORDS = "__metadata__"  # the header's place for what is no tensor
CHECKSUM = "checksum"  # the word that holds it
BLANK = "0" * 64  # what stands in the checksum's place while it is worked out


def sealed(content: bytes) -> bytes:
    """A whole safetensors file with its checksum; equal tensors and words give equal bytes."""
    start = LENGTH + int.from_bytes(content[:LENGTH], "little")
    header = json.loads(content[LENGTH:start])
    words = header.get(WORDS, {}) | {CHECKSUM: BLANK}
    header[WORDS] = dict(sorted(words.items()))  # safetensors writes them in any order
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % LENGTH)  # what follows stays aligned
    head = len(text).to_bytes(LENGTH, "little") + text
    body = memoryview(content)[start:]
    checksum = checksum_of(head, body).encode()
    named = f'"{CHECKSUM}":"'.encode()
    return b"".join([head.replace(named + BLANK.encode(), named + checksum, 1), body])


def is_sealed(content: bytes, checksum: object) -> bool:
    """Whether a file has every byte that it had when this checksum was put into its header."""
    if not isinstance(checksum, str) or len(checksum) != len(BLANK) or not checksum.isascii():
        return False
    start = LENGTH + int.from_bytes(content[:LENGTH], "little")
    head = content[:start].replace(checksum.encode(), BLANK.encode())
    return checksum_of(head, memoryview(content)[start:]) == checksum


def checksum_of(head: bytes, body: memoryview) -> str:
    digest = hashlib.sha256(head)
    digest.update(body)
    return digest.hexdigest()
