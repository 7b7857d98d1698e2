"""Files of weights as nobody should take them: what bench/reliability/weight_files.py sends.

cases(folder, seed) -> Case("pickle", b"…"), Case("cut", b"…"), …

Whatever a file would run makes a folder inside `folder`. What is wrong with a file of ours is wrong
in one place: it gets the checksum that belongs to it, so that no case is refused for that alone.
"""

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from models.checkpoint import as_bytes
from models.judge import LARGEST, LARGEST_HEADER
from models.recipe import Recipe
from models.seal import LENGTH, WORDS, sealed

KILO, MEGA = 1_000, 1_000_000  # bytes
FIGURES = {"accuracy": 0.5, "cpu_seconds": 1.0}
SMALL = Recipe("mlp", width=8, depth=2)  # 26 kB
OURS = (SMALL, Recipe("small_cnn"), Recipe("linear"), Recipe("linear_autoencoder", loss="mse"))
FLIPS = 300  # files with one bit changed
TYPES = ("F16", "BF16", "F64", "F32", "I32", "I64", "U8", "BOOL", "F8_E4M3", "f32", "", None, 4)
Edit = Callable[[dict], None]  # of a header as JSON has it


@dataclass(frozen=True)
class Case:
    """A file, and what kind of fault it has."""

    kind: str
    content: bytes


def cases(folder: Path, seed: int, cut_every: int = KILO, flips: int = FLIPS) -> Iterator[Case]:
    """All of them; the same for a seed."""
    ours = [sound(recipe) for recipe in OURS]
    generator = random.Random(seed)
    yield from named("pickle", pickles(folder))
    yield from named("bomb", bombs())
    yield from named("no safetensors", others())
    yield from named("header", headers(ours[0]))
    yield from named("recipe", recipes(ours[0]))
    for content in ours[:2]:
        for name in names_in(content):
            yield from named("name", names(content, name))
            yield from named("shape", shapes(content, name))
            yield from named("type", types(content, name))
            yield from named("place", places(content, name))
            yield from named("no number", no_numbers(content, name))
    for content in ours[:3]:
        yield from named("cut", (content[:at] for at in range(0, len(content), cut_every)))
    yield from named("flipped bit", flipped(ours, generator, flips))
    yield from named("more behind", (content + more for content in ours for more in BEHIND))
    yield from named("no checksum", map(unsealed, ours))


def named(kind: str, contents: Iterator[bytes]) -> Iterator[Case]:
    return (Case(kind, content) for content in contents)


def sound(recipe: Recipe, seed: int = 0) -> bytes:
    """A file as the lab writes it."""
    torch.manual_seed(seed)
    return as_bytes(recipe.build_network().state_dict(), recipe, FIGURES, "0" * 64)


# ---- What would run something -------------------------------------------------------------------


class Trap:
    """What a pickle runs: it makes a folder."""

    def __init__(self, target: str, call: Callable) -> None:
        self.target, self.call = target, call

    def __reduce__(self) -> tuple:
        return self.call, (self.target,)


def pickles(folder: Path) -> Iterator[bytes]:
    """Pickles in all that they are packed in, which run `mkdir` in several ways."""
    ways = (("os", "mkdir"), ("posix", "mkdir"), ("nt", "mkdir"), ("os", "makedirs"))
    shells = (("os", "system"), ("subprocess", "getoutput"), ("builtins", "exec"))
    for number, (module, name) in enumerate([*ways, *shells]):
        target = str(folder / f"ran_{number}")
        said = {"system": f"mkdir {target}", "getoutput": f"mkdir {target}"}.get(name, target)
        if name == "exec":
            said = f"import os; os.mkdir({target!r})"
        bare = f"c{module}\n{name}\n(V{said}\ntR.".encode()  # protocol 0, which all versions read
        yield from packed(bare)
    for number, call in enumerate((Path.mkdir, Path.touch)):
        trap = Trap(Path(folder / f"ran_torch_{number}"), call)
        for content in ({"0.weight": trap}, trap, [torch.zeros(2), trap]):
            yield from (saved(content, modern) for modern in (True, False))
    file = io.BytesIO()
    np.save(file, np.array([Trap(folder / "ran_numpy", Path.mkdir)]), allow_pickle=True)
    yield file.getvalue()


def packed(pickle: bytes) -> Iterator[bytes]:
    """A pickle as it is, with the marks of later protocols, compressed, and inside other files."""
    yield pickle
    yield from (bytes([0x80, version]) + pickle for version in (2, 3, 4, 5))
    yield from (pack(pickle) for pack in (gzip.compress, bz2.compress, lzma.compress))
    yield zipped({"archive/data.pkl": pickle, "archive/version": b"3"})
    yield zipped({"head.safetensors": pickle, "symbols.json": pickle})
    length = len(pickle).to_bytes(LENGTH, "little")
    yield length + pickle
    yield from (with_word(sound(SMALL), word, pickle.decode()) for word in ("recipe", "figures"))
    yield with_header({WORDS: {"recipe": "{}"}}, pickle)


def saved(content: object, modern: bool) -> bytes:
    file = io.BytesIO()
    torch.save(content, file, _use_new_zipfile_serialization=modern)
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return file.getvalue()


# ---- What is too much ---------------------------------------------------------------------------


def bombs() -> Iterator[bytes]:
    """Little that claims to be, or becomes, very much."""
    zeros = bytes(20 * MEGA)
    yield zipped({"archive/data/0": zeros})
    yield zipped({"a.zip": zipped({"b.zip": zipped({"c": zeros})})})
    yield from (pack(zeros) for pack in (gzip.compress, bz2.compress, lzma.compress))
    for size in (LARGEST_HEADER + 1, 10**9, 2**31, 2**32, 2**62, 2**63 - 1, 2**64 - 1):
        yield size.to_bytes(LENGTH, "little") + b"{" * 2 * LARGEST_HEADER
    yield from map(raw, (b"[" * 90_000, b'{"a":' * 18_000, b"[[]," * 20_000 + b"0]" * 20_000))
    yield raw(b"9" * 90_000)
    yield raw(b'{"x":' + b"9" * 90_000 + b"}")
    entry = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    yield with_header({str(number): entry for number in range(1_500)}, bytes(4))
    yield with_header({"x": {**entry, "shape": [1] * 40_000}}, bytes(4))
    for shape in (
        [10**12],
        [2**31, 2**31],
        [2**62, 4],
        [2**63],
        [2**64],
        [10**18, 10**18],
        [10**300],
    ):
        size = 4 * int(np.prod([float(one) for one in shape]).clip(0, 1e300))
        yield with_header({"x": {**entry, "shape": shape, "data_offsets": [0, size]}}, bytes(64))
        yield with_header({"x": {**entry, "shape": shape}}, bytes(4))
    yield from (bytes(size) for size in (LARGEST, LARGEST + 1))
    yield sound(SMALL) + bytes(LARGEST - 30_000)


# ---- What is no such file -----------------------------------------------------------------------


def others() -> Iterator[bytes]:
    """Files of other kinds, and none."""
    yield from (b"", b"\0", b"\0" * 8, b"{}", b"no weights at all", bytes(range(256)) * 40)
    yield from (
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"GGUF" + bytes(64),
        b"\x89HDF\r\n\x1a\n" + bytes(99),
    )
    yield saved({"0.weight": torch.zeros(8, 784)}, modern=True)
    file = io.BytesIO()
    np.savez(file, weight=np.zeros((8, 784), np.float32))
    yield file.getvalue()
    texts = (b"5", b"null", b"true", b'"x"', b"[]", b"{", b"{}", b'{"a":}', b"\xff\xfe{}", b"{}{}")
    yield from map(raw, (text.ljust(LENGTH) for text in texts))


def raw(text: bytes, body: bytes = b"") -> bytes:
    """A header of these bytes, and what follows it."""
    return len(text).to_bytes(LENGTH, "little") + text + body


def with_header(header: dict, body: bytes) -> bytes:
    text = json.dumps(header).encode()
    return raw(text + b" " * (-len(text) % LENGTH), body)


# ---- A file of ours, with one fault -------------------------------------------------------------


def parts_of(content: bytes) -> tuple[dict, bytes]:
    start = LENGTH + int.from_bytes(content[:LENGTH], "little")
    return json.loads(content[LENGTH:start]), content[start:]


def edited(content: bytes, edit: Edit) -> bytes:
    """Another header before the same numbers, and the checksum that belongs to both."""
    header, body = parts_of(content)
    edit(header)
    return sealed(with_header(header, body))


def names_in(content: bytes) -> list[str]:
    return [name for name in parts_of(content)[0] if name != WORDS]


def with_word(content: bytes, word: str, value: object) -> bytes:
    return edited(content, lambda header: header[WORDS].update({word: value}))


def unsealed(content: bytes) -> bytes:
    header, body = parts_of(content)
    del header[WORDS]["checksum"]
    return with_header(header, body)


def headers(content: bytes) -> Iterator[bytes]:
    """Words that are none, and names that are there twice."""
    header, body = parts_of(content)
    for words in (None, [], "x", 5, {}, {"recipe": {}}, header[WORDS] | {"recipe": None}):
        yield with_header(header | {WORDS: words}, body)
    yield with_header({name: one for name, one in header.items() if name != WORDS}, body)
    text = json.dumps(header).encode()
    first = names_in(content)[0]
    entry = json.dumps({first: header[first]})[1:-1].encode()
    yield raw(text[:-1] + b", " + entry + b"}", body)
    for odd in (
        7,
        None,
        [],
        "x",
        {},
        {"dtype": "F32"},
        {"dtype": [], "shape": {}, "data_offsets": 0},
    ):
        yield edited(content, lambda header, odd=odd: header.update(extra=odd))
    for name in ("", "\ud800", "é" * 50, "x" * 5_000, "../../x", "<b>", "{name}", "__proto__"):
        entry = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
        yield with_header({name: entry} | header, body)


def recipes(content: bytes) -> Iterator[bytes]:
    """Recipes and figures that are none, or of another network than the weights."""
    own = json.loads(parts_of(content)[0][WORDS]["recipe"])
    texts = ["", "{", "[]", "5", "null", "NaN", "{}", "[" * 20_000, '{"network": ["mlp"]}']
    for text in texts:
        yield with_word(content, "recipe", text)
    for text in (*texts[:6], texts[7]):
        yield with_word(content, "figures", text)
    changes = [
        {"network": name} for name in ("alexnet", "digits", "linear", "book_cnn", "denoiser")
    ]
    changes += [{"width": width} for width in (9, 0, -1, 1e9, 10**30, True, "8", None, 4096)]
    changes += [{"depth": depth} for depth in (1, 3, 16, 10**9)] + [{"bias": False}, {"layers": 3}]
    for change in changes:
        yield with_word(content, "recipe", json.dumps(own | change))
    for name in own:
        yield with_word(content, "recipe", json.dumps(own | {name: {"x": [None]}}))


def names(content: bytes, name: str) -> Iterator[bytes]:
    """A tensor that is not there, is called otherwise, or is there under two names."""
    _, body = parts_of(content)
    yield edited(content, lambda header: header.pop(name))
    for other in (name.upper() + "_", name + "\0", " " + name, "module." + name, name[:-1]):
        yield edited(content, lambda header, other=other: header.update({other: header.pop(name)}))
    yield edited(content, lambda header: header.update(twin=header[name]))


def shapes(content: bytes, name: str) -> Iterator[bytes]:
    """The same numbers in another shape, and shapes that are none."""
    shape = parts_of(content)[0][name]["shape"]
    count = int(np.prod(shape))
    changes = [[*shape, 1], [1, *shape], [count, 1, 1, 1], [-count], [shape], None, {}, "8", count]
    changes += [[float(one) for one in shape], [str(one) for one in shape], shape[::-1]]
    for change in changes:
        if json.dumps(change) != json.dumps(shape):
            yield edited(content, lambda header, change=change: header[name].update(shape=change))


def types(content: bytes, name: str) -> Iterator[bytes]:
    """Another type than float32, said alone and with numbers that are so."""
    own = parts_of(content)[0][name]["dtype"]
    for kind in (one for one in TYPES if one != own):
        yield edited(content, lambda header, kind=kind: header[name].update(dtype=kind))
    for kind, numpy_kind in (("F16", "<f2"), ("F64", "<f8"), ("I32", "<i4")):
        yield replaced(content, name, lambda old, to=numpy_kind: old.astype(to), kind)


def replaced(content: bytes, name: str, change: Callable, kind: str) -> bytes:
    """Other numbers for one tensor; what lies behind it moves."""
    header, body = parts_of(content)
    first, after = header[name]["data_offsets"]
    old = np.frombuffer(body[first:after], "<f4" if is_float(header[name]) else "<i8")
    new = change(old).tobytes()
    moved = len(new) - (after - first)
    for one, entry in header.items():
        if one != WORDS and entry["data_offsets"][0] >= after:
            entry["data_offsets"] = [at + moved for at in entry["data_offsets"]]
    header[name] |= {"dtype": kind, "data_offsets": [first, first + len(new)]}
    return sealed(with_header(header, body[:first] + new + body[after:]))


def is_float(entry: dict) -> bool:
    return entry["dtype"] == "F32"


def places(content: bytes, name: str) -> Iterator[bytes]:
    """Places that overlap, leave a gap, lie outside, or are none."""
    header, body = parts_of(content)
    first, after = header[name]["data_offsets"]
    end, size = len(body), after - first
    others = [header[other]["data_offsets"] for other in names_in(content) if other != name]
    changes = [[first + 4, after + 4], [first - 4, after - 4], [after, first], [first, first]]
    changes += [[end, end + size], [first, after + 4], [first, 2**63], [2**63, 2**63 + size]]
    changes += [[-size, 0], [first], [], None, {}, [str(first), str(after)], [first, after, after]]
    changes += [[first + 0.0, after], [True, after], others[0], [others[0][0], others[0][0] + size]]
    for change in changes:
        if change != [first, after]:
            yield edited(content, lambda h, change=change: h[name].update(data_offsets=change))


def no_numbers(content: bytes, name: str) -> Iterator[bytes]:
    """One weight that is no finite number, first or last; with all kinds of NaN."""
    header, body = parts_of(content)
    if not is_float(header[name]):
        return
    first, after = header[name]["data_offsets"]
    for bits in (0x7FC00000, 0xFFC00000, 0x7F800001, 0x7F800000, 0xFF800000):
        for at in (first, after - 4):
            spoiled = body[:at] + struct.pack("<I", bits) + body[at + 4 :]
            yield sealed(with_header(header, spoiled))


BEHIND = (b"\0", b"\0" * 4, b"PK\x05\x06" + bytes(18), bytes(KILO))


def flipped(ours: list[bytes], generator: random.Random, count: int) -> Iterator[bytes]:
    """One bit changed anywhere: in every second file in the header, else among the weights."""
    for number in range(count):
        content = bytearray(ours[number // 2 % len(ours)])
        start = LENGTH + int.from_bytes(content[:LENGTH], "little")
        bits = range(8 * start) if number % 2 else range(8 * start, 8 * len(content))
        bit = generator.choice(bits)
        content[bit // 8] ^= 1 << bit % 8
        yield bytes(content)
