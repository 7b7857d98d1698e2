"""A safetensors file taken apart without making one tensor of it, by a process that may do little.

`python -m models.judge` reads a whole file from its input and writes what it found as JSON; it
loads no torch, opens nothing, and is refused more memory and time than the largest file needs.
"""

import json
import math
import sys
from dataclasses import asdict, dataclass

import numpy as np

from models.limits import limit_memory, limit_seconds, lock_in
from models.seal import CHECKSUM, LENGTH, WORDS, is_sealed

LARGEST = 20_000_000  # bytes of a file
LARGEST_HEADER = 100_000  # bytes; `digits` has the longest of ours, with 6,000
MOST_MEMORY = 150_000_000  # bytes beyond what the process has when it begins to read
MOST_SECONDS = 5  # s of computing; 20 MB take 0.1
WIDTHS = {"F32": 4, "I64": 8, "U8": 1}  # bytes of a number, of the types that our files have


class NoWeightsError(ValueError):
    """No safetensors file at all."""


@dataclass(frozen=True)
class Layout:
    """What a file says of itself, and whether that is so."""

    words: dict[str, str]  # recipe, figures, …; empty where they are none
    kinds: dict[str, list]  # name -> [type, shape]; [None, None] of what describes no tensor
    places: dict[str, int]  # name -> its first byte
    is_whole: bool  # the tensors fill the file, without gap or overlap
    is_finite: bool
    is_sealed: bool  # its checksum is right

    def __post_init__(self) -> None:
        """Raises TypeError: it may come from a process that is no longer what we began."""
        worded = isinstance(self.words, dict) and isinstance(self.kinds, dict)
        if not worded or not all(isinstance(word, str) for word in self.words.values()):
            raise TypeError
        if not isinstance(self.places, dict) or not are_counts(list(self.places.values())):
            raise TypeError


def layout_of(content: bytes) -> Layout:
    """Takes a whole file's bytes apart. Raises NoWeightsError."""
    header = header_of(content)
    words = header.pop(WORDS, {})
    well_worded = isinstance(words, dict) and all(isinstance(one, str) for one in words.values())
    start = LENGTH + int.from_bytes(content[:LENGTH], "little")
    kinds = {name: kind_of(entry) for name, entry in header.items()}
    spans = {name: span_of(header[name], start) for name, kind in kinds.items() if kind[0]}
    is_whole = len(spans) == len(kinds) and fills(spans, kinds, start, len(content))
    return Layout(
        words=words if well_worded else {},
        kinds=kinds,
        places={name: first for name, (first, _) in spans.items()} if is_whole else {},
        is_whole=is_whole,
        is_finite=is_whole and are_finite(content, spans, kinds),
        is_sealed=well_worded and is_sealed(content, words.get(CHECKSUM)),
    )


def check_length(content: bytes) -> None:
    """Raises NoWeightsError where the first eight bytes state no header that can be here."""
    size = int.from_bytes(content[:LENGTH], "little")
    if not 2 <= size <= min(LARGEST_HEADER, len(content) - LENGTH):
        raise NoWeightsError("no header of that length")


def header_of(content: bytes) -> dict[str, object]:
    """The header of a safetensors file as it stands there. Raises NoWeightsError."""
    check_length(content)
    size = int.from_bytes(content[:LENGTH], "little")
    try:
        text = content[LENGTH : LENGTH + size].decode()
        header = json.loads(text, object_pairs_hook=once_each)
    except (ValueError, RecursionError):
        raise NoWeightsError("no JSON") from None
    if not isinstance(header, dict):
        raise NoWeightsError("no JSON object")
    return header


def once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON; two readers of one that names a thing twice may take either."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise NoWeightsError("a name twice")
    return dict(pairs)


def kind_of(entry: object) -> list:
    """[type, shape] of a header's entry; [None, None] of what describes none of our tensors."""
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        return [None, None]
    kind, shape = entry["dtype"], entry["shape"]
    known = isinstance(kind, str) and kind in WIDTHS
    return [kind, shape] if known and are_counts(shape) else [None, None]


def are_counts(found: object) -> bool:
    """Whether this is a list of whole numbers from 0 on; JSON's true and 1.0 are none."""
    return isinstance(found, list) and all(type(one) is int and one >= 0 for one in found)


def span_of(entry: dict, start: int) -> tuple[int, int]:
    """First byte and end of a tensor, counted from the file's beginning; (0, 0) where unsaid."""
    offsets = entry["data_offsets"]
    if not are_counts(offsets) or len(offsets) != 2:
        return 0, 0
    return start + offsets[0], start + offsets[1]


def fills(spans: dict[str, tuple[int, int]], kinds: dict[str, list], start: int, end: int) -> bool:
    """Whether tensors lie one behind the other, each as long as its shape, from start to end."""
    at = start
    for name, (first, after) in sorted(spans.items(), key=lambda pair: pair[1]):
        kind, shape = kinds[name]
        width = WIDTHS[kind]
        if first != at or first % width or after - first != width * math.prod(shape):
            return False
        at = after
    return at == end


def are_finite(content: bytes, spans: dict[str, tuple[int, int]], kinds: dict[str, list]) -> bool:
    """Whether all floats are; spans lie within the content."""
    floats = (span for name, span in spans.items() if kinds[name][0] == "F32")
    view = memoryview(content)
    return all(np.isfinite(np.frombuffer(view[a:b], "<f4")).all() for a, b in floats)


def shut_in() -> None:
    """From here on this process may compute a little, and do nothing else."""
    limit_memory(MOST_MEMORY)
    limit_seconds(MOST_SECONDS)
    lock_in()


def main() -> None:
    shut_in()
    content = sys.stdin.buffer.read(LARGEST + 1)
    try:
        if len(content) > LARGEST:
            raise NoWeightsError("too large")
        found = asdict(layout_of(content))
    except NoWeightsError:
        found = None
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
