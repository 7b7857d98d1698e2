"""A set of digits as a ZIP: what torchvision reads of it, and what is no such file."""

import csv
import io
import struct
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.datasets import ImageFolder

from models.digit_files import MOST_DIGITS, DigitFileError, pack, unpack


@pytest.fixture
def digits(mnist):
    return mnist.test_images[:12], mnist.test_labels[:12].long()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        for name, body in files.items():
            file.writestr(name, body)
    return content.getvalue()


def png(width: int = 28, height: int = 28, mode: str = "L", level: int = 90) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height), level).convert(mode).save(file, "PNG")
    return file.getvalue()


def grainy() -> bytes:
    """A picture that packs badly, so that half of it is missing in half of its file."""
    file = io.BytesIO()
    levels = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


def test_a_set_comes_back_as_it_went(digits):
    images, labels = unpack(pack(*digits))
    assert torch.equal(images, digits[0])
    assert torch.equal(labels, digits[1])


def test_torchvision_reads_the_unpacked_folder(digits, tmp_path):
    zipfile.ZipFile(io.BytesIO(pack(*digits))).extractall(tmp_path)
    data = ImageFolder(str(tmp_path))
    found = sorted(
        (int(data.classes[target]), np.asarray(picture.convert("L")).tobytes())
        for picture, target in data
    )
    wanted = zip(digits[1].tolist(), digits[0], strict=True)
    assert found == sorted((label, image.numpy().tobytes()) for label, image in wanted)


def test_the_list_names_every_picture_and_its_label(digits):
    file = zipfile.ZipFile(io.BytesIO(pack(*digits)))
    lines = list(csv.DictReader(io.StringIO(file.read("labels.csv").decode())))
    assert [int(line["label"]) for line in lines] == digits[1].tolist()
    assert {line["file"] for line in lines} < set(file.namelist())


def test_equal_sets_give_equal_files(digits):
    assert pack(*digits) == pack(*digits)


def test_what_systems_add_to_a_folder_is_passed_over():
    files = {
        "my digits/4/one.PNG": png(mode="RGB"),
        "my digits/4/.DS_Store": b"x",
        "__MACOSX/my digits/4/._one.png": b"x",
        "my digits/notes.txt": b"x",
        "my digits/12/other.png": png(),
        "my digits/4/blank.png": png(level=0),
    }
    images, labels = unpack(zipped(files))
    assert labels.tolist() == [4]
    assert images.unique().tolist() == [90]


def test_a_whole_set_of_two_hundred_fits(mnist):
    images, labels = unpack(pack(mnist.test_images[:200], mnist.test_labels[:200]))
    assert images.shape == (MOST_DIGITS, 28, 28)
    assert torch.equal(labels, mnist.test_labels[:200])


def stating(width: int, height: int) -> bytes:
    """A picture whose head states another size than it has."""
    content = png()
    return content[:16] + struct.pack(">II", width, height) + content[24:]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no ZIP at all",
        zipped({}),
        zipped({"labels.csv": b"file,label\n"}),
        zipped({"4/one.png": b"no picture"}),
        zipped({"4/one.png": grainy()[:400]}),
        zipped({"4/one.png": png(27, 28)}),
        zipped({"4/one.png": stating(50_000, 50_000)}),
        zipped({"4/one.png": png(level=0)}),
        zipped({"4/one.png": png() + bytes(10_000_000)}),
        zipped({"one.png": png()}),
        zipped({"ten/one.png": png()}),
        zipped({f"4/{number}.png": png() for number in range(MOST_DIGITS + 1)}),
        zipped({f"{number}.txt": b"" for number in range(5_000)}),
        zipped({"4/one.png": png()}, zipfile.ZIP_LZMA),
        zipped({"4/one.png": png()})[:90],
        zipped({"4/one.png": grainy().replace(b"IHDR", b"IHDX")}),
    ],
    ids=[
        "empty",
        "text",
        "nothing in it",
        "a list alone",
        "no picture",
        "truncated picture",
        "27 px",
        "50000 px",
        "no ink",
        "inflates to 10 MB",
        "no folder",
        "folder of another name",
        "201 digits",
        "5000 files",
        "lzma",
        "truncated",
        "broken picture",
    ],
)
def test_a_file_that_is_no_set_of_digits_gives_one_sentence(content):
    with pytest.raises(DigitFileError, match="no ZIP with a folder"):
        unpack(content)
