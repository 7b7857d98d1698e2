"""Taught symbols as files: they come back as they went, and nothing else is taken for one."""

import io
import json
import struct
import zipfile

import pytest
import torch
from PIL import Image
from safetensors.torch import load, save
from torch import Tensor
from torchvision.datasets import ImageFolder

from models import symbol_head_file
from models.drawn_symbols import draw_pool, symbols
from models.foreign import judged_here
from models.seal import sealed
from models.symbol_files import pack, unpack
from models.symbol_head_file import as_bytes, pupil_from_bytes
from models.symbol_heads import HEADS
from models.symbol_names import check_names
from models.symbols import SymbolError, teach

NAMES = ["♥", "口", "a b/c"]


@pytest.fixture(scope="module")
def taught() -> list[Tensor]:
    return list(draw_pool(symbols(3), 3, 5))


@pytest.fixture(scope="module")
def pupils(taught):
    return {head: teach(taught, head, seed=4) for head in HEADS}


def key_of(function, *arguments) -> str:
    with pytest.raises(SymbolError) as caught:
        function(*arguments)
    assert "\n" not in str(caught.value)
    return caught.value.key


# ---- The set -------------------------------------------------------------------------------


def test_a_set_comes_back_as_it_went(taught, pupils):
    names, examples = unpack(pack(NAMES, taught, pupils["linear"]))
    assert names == NAMES
    assert all(torch.equal(one, other) for one, other in zip(examples, taught, strict=True))
    assert pack(NAMES, taught, None) == pack(NAMES, examples, None)


def test_a_symbol_without_a_drawing_keeps_its_name(taught):
    names, examples = unpack(pack(NAMES, [taught[0], taught[1][:0], taught[2]], None))
    assert names == NAMES
    assert [len(each) for each in examples] == [3, 0, 3]


def test_torchvision_reads_the_unpacked_folders(taught, tmp_path):
    zipfile.ZipFile(io.BytesIO(pack(NAMES, taught, None))).extractall(tmp_path)
    data = ImageFolder(str(tmp_path))
    assert data.classes == ["symbol_01", "symbol_02", "symbol_03"]
    assert len(data) == 9


def test_the_head_in_a_set_is_the_pupil(taught, pupils):
    with zipfile.ZipFile(io.BytesIO(pack(NAMES, taught, pupils["linear"]))) as file:
        back, names = pupil_from_bytes(file.read("head.safetensors"))
    assert names == NAMES
    assert back.read(taught[1][2]) == pupils["linear"].read(taught[1][2])


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        for name, body in files.items():
            file.writestr(name, body)
    return content.getvalue()


def png(width: int = 28, level: int = 90) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, 28), level).save(file, "PNG")
    return file.getvalue()


def stating(side: int) -> bytes:
    """A picture whose head states another size than it has."""
    return png()[:16] + struct.pack(">II", side, side) + png()[24:]


def test_folders_that_no_list_names_are_named_by_themselves():
    files = {"my set/圈/1.png": png(), "my set/B/1.PNG": png(), "my set/B/.x.png": b"x"}
    files["__MACOSX/my set/B/1.png"] = b"x"
    names, examples = unpack(zipped(files))
    assert sorted(names) == ["B", "圈"]
    assert [each.shape for each in examples] == [(1, 28, 28)] * 2


TWO = {"a/1.png": png(), "b/1.png": png()}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no ZIP at all",
        zipped({}),
        zipped(TWO)[:120],
        zipped(TWO, zipfile.ZIP_LZMA),
        zipped(TWO | {"a/1.png": b"no picture"}),
        zipped(TWO | {"a/1.png": png(27)}),
        zipped(TWO | {"a/1.png": stating(50_000)}),
        zipped(TWO | {"a/1.png": png() + bytes(10_000_000)}),
        zipped(TWO | {"symbols.json": bytes(10_000_000)}),
        zipped(TWO | {"symbols.json": b"[" * 9_000}),
        zipped(TWO | {"symbols.json": b'{"a": 1}'}),
        zipped(TWO | {"1.png": png()}),
        zipped({f"{number}/1.png": png() for number in range(11)}),
        zipped(TWO | {f"a/{number}.png": png() for number in range(21)}),
        zipped({f"{number}.txt": b"" for number in range(5_000)}),
    ],
    ids=[
        "empty",
        "text",
        "nothing in it",
        "truncated",
        "lzma",
        "no picture",
        "27 px",
        "50000 px",
        "inflates to 10 MB",
        "a list of 10 MB",
        "a nested list",
        "another list",
        "no folder",
        "11 folders",
        "21 pictures",
        "5000 files",
    ],
)
def test_a_file_that_is_no_set_gives_one_sentence(content):
    assert key_of(unpack, content) == "symbols_file_bad"


def test_a_set_of_equal_names_is_refused():
    listed = [{"folder": "a", "name": "X"}, {"folder": "b", "name": "x "}]
    files = TWO | {"symbols.json": json.dumps(listed).encode()}
    assert key_of(unpack, zipped(files)) == "symbols_same_name"


# ---- The names -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "key"),
    [
        ([], "symbols_few_classes"),
        (["A"], "symbols_few_classes"),
        ([str(number) for number in range(100)], "symbols_many_classes"),
        (["A", "  "], "symbols_no_name"),
        (["A", "x" * 13], "symbols_long_name"),
        (["A", "x\ny"], "symbols_long_name"),
        (["A", "\u202ex"], "symbols_long_name"),
        (["A", "b", " a"], "symbols_same_name"),
        (["é", "e\u0301"], "symbols_same_name"),
    ],
)
def test_a_name_that_cannot_be_is_refused(names, key):
    assert key_of(check_names, names) == key


def test_signs_characters_and_letters_are_names():
    assert check_names([" ☆ ", "♥", "一", "人", "❤️", "A"]) == ["☆", "♥", "一", "人", "❤️", "A"]


# ---- The head ------------------------------------------------------------------------------


@pytest.mark.parametrize("head", HEADS)
def test_a_head_comes_back_with_the_same_answers(pupils, taught, head):
    back, names = pupil_from_bytes(as_bytes(pupils[head], NAMES))
    asked = torch.cat(taught)
    assert (back.head_name, back.seed, names) == (head, 4, NAMES)
    assert back.read_all(asked) == pupils[head].read_all(asked)


def changed(pupil, header: dict | None = None, **tensors: Tensor) -> bytes:
    """The pupil's file with other tensors, or other words in its header."""
    words = {"names": json.dumps(NAMES), "head": pupil.head_name, "seed": "0"} | (header or {})
    return sealed(save(load(as_bytes(pupil, NAMES)) | tensors, words))


def flipped(content: bytes) -> bytes:
    """The same with one bit of its last weight changed."""
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize("head", ["linear", "tuned"])
def test_a_head_that_is_none_is_refused(pupils, head, monkeypatch):
    monkeypatch.setattr(symbol_head_file, "judged_apart", judged_here)  # many, in no time
    pupil = pupils[head]
    sound, weight = changed(pupil), pupil.head.weight
    assert pupil_from_bytes(sound)[1] == NAMES
    labels = pupil.lesson.labels
    bad = [
        b"",
        b"\x80\x04pickled",
        sound[:-40],
        sound + bytes(5_000_000),
        save({"weight": weight}),
        flipped(sound),
        changed(pupil, weight=weight * float("nan")),
        changed(pupil, weight=weight[:2].contiguous()),
        changed(pupil, labels=labels + 1),
        changed(pupil, labels=labels - 1),
        changed(pupil, labels=labels.flip(0).contiguous()),
        changed(pupil, labels=torch.zeros_like(labels)),
        changed(pupil, digits=torch.zeros_like(pupil.lesson.digits)),
        changed(pupil, digits=pupil.lesson.digits.float()),
        changed(pupil, more=torch.zeros(1)),
        changed(pupil, {"names": "[]"}),
        changed(pupil, {"names": "[1, 2, 3]"}),
        changed(pupil, {"head": "prototypes" if head == "tuned" else "tuned"}),
        changed(pupil, {"seed": "-1"}),
        changed(pupil, {"seed": "x"}),
    ]
    keys = [key_of(pupil_from_bytes, content) for content in bad]
    assert set(keys) <= {"symbols_head_file_bad", "symbols_few_drawings", "symbols_blank"}
