"""A digit reads the same in all twenty encodings that the reliability command makes of it."""

import io

import numpy as np
import pytest
from PIL import Image

from bench.reliability import encodings
from bench.reliability.twenty_files import ENCODINGS, SIDE, drawn
from models.picture import read_picture

DIGITS = 3


def test_a_digit_is_answered_alike_in_all_twenty_encodings(mnist):
    found = encodings.answers(mnist.test_images[:DIGITS].numpy(), encodings.read_here)
    assert [len(one) for one in found] == [20] * DIGITS
    assert [set(one.values()) for one in found] == [
        {(str(int(label)), None, None)} for label in mnist.test_labels[:DIGITS]
    ]


@pytest.mark.parametrize("name", ENCODINGS)
def test_an_encoding_shows_what_was_drawn(name, mnist):
    """Pillow's own reading of the file, where it needs no help, and ours beside it."""
    picture = drawn(mnist.test_images[0].numpy())
    content = ENCODINGS[name](picture)
    with Image.open(io.BytesIO(content)) as stored:
        assert stored.size == (SIDE, SIDE)
    dark = np.asarray(picture) < 128
    ours = read_picture(content).numpy() < 0.5
    assert (ours == dark).mean() > 0.98


def test_an_encoding_that_reads_differently_is_named():
    found = [
        {"a": (label, None, None), "b": ("7", None, None), "c": ("7", None, None)}
        for label in ("7", "1", "1")
    ]
    assert encodings.same(found) == 1
    assert encodings.outliers(found) == {"a": 2}
