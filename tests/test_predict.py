"""A drawing in, an answer out: the promised keys, and a reading that follows the ink."""

import json

import pytest
import torch
from torch import nn

from models.checkpoint import load
from models.parts import split
from models.predict import classify

KEYS = [
    "file", "label", "confidence", "probabilities", "digit_score", "refused", "reason",
    "number", "parts",
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> nn.Module:
    return load("small_cnn").network


def placed(image: torch.Tensor, top=0, left=0, size=(28, 28)) -> torch.Tensor:
    """A test image as ink on a larger sheet."""
    sheet = torch.zeros(size)
    sheet[top : top + 28, left : left + 28] = image.float() / 255
    return sheet


@pytest.mark.parametrize(
    ("top", "left", "size"), [(0, 0, (28, 28)), (0, 0, (90, 60)), (150, 200, (280, 280))]
)
def test_a_digit_is_read_wherever_it_stands(mnist, reader, top, left, size):
    right = 0
    for image, label in zip(mnist.test_images[:200], mnist.test_labels[:200].tolist(), strict=True):
        right += classify(reader, placed(image, top, left, size)).label == str(label)
    assert right >= 190


def test_the_digit_that_the_network_saw_comes_with_the_answer(mnist, reader):
    answer = classify(reader, placed(mnist.test_images[0], 40, 3, (80, 80)))
    assert answer.digit.shape == (28, 28)
    with torch.no_grad():
        wanted = reader(answer.digit.view(1, 1, 28, 28)).softmax(1)[0]
    assert answer.probabilities == pytest.approx(wanted.tolist(), abs=1e-6)
    assert answer.confidence == pytest.approx(wanted.amax().item(), abs=1e-6)


def test_the_label_is_the_likeliest_digit_and_the_score_its_probability():
    class Sure(nn.Module):
        def forward(self, x):
            return torch.tensor([[0.0] * 4 + [3.0] + [0.0] * 5])

    answer = classify(Sure(), torch.ones(20, 20))
    likeliest = 20.0855 / 29.0855  # e^3 of e^3 + 9
    assert answer.label == "4"
    assert answer.confidence == pytest.approx(likeliest, abs=1e-4)
    assert answer.digit_score == pytest.approx(likeliest, abs=1e-4)
    assert (answer.refused, answer.reason, answer.number, answer.parts) == (False,) + (None,) * 3


@pytest.mark.parametrize("size", [(280, 280), (28, 28), (1, 1)])
def test_a_blank_sheet_is_refused_without_asking_the_network(size):
    def never(batch):
        raise AssertionError("the network was asked")

    answer = classify(never, torch.zeros(size))
    assert (answer.label, answer.refused, answer.reason) == (None, True, "blank")
    assert answer.digit_score == 0
    assert answer.probabilities == pytest.approx([0.1] * 10)


@pytest.mark.parametrize("ink", [torch.zeros(9, 9), torch.ones(9, 9)], ids=["blank", "ink"])
def test_every_answer_is_json_with_all_its_keys(reader, ink):
    answer = classify(reader, ink).as_json("a.png")
    assert list(answer) == KEYS
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert answer["file"] == "a.png"
    assert classify(reader, ink).as_json()["file"] is None


@pytest.mark.parametrize("radius", [2, 8, 20])
def test_a_blot_is_a_dot_wherever_it_falls(reader, radius):
    rows, columns = torch.meshgrid(torch.arange(280), torch.arange(280), indexing="ij")
    blot = ((rows - 60).square() + (columns - 200).square() <= radius**2).float()
    answer = classify(reader, blot)
    assert (answer.label, answer.refused, answer.reason) == (None, True, "dot")


def test_digits_in_a_row_are_a_number_and_no_digit(mnist, reader):
    picked = [int((mnist.test_labels == digit).nonzero()[2]) for digit in (2, 0, 1, 6)]
    row = torch.cat([placed(mnist.test_images[at]) for at in picked], dim=1)
    answer = classify(reader, row)
    assert (answer.label, answer.refused, answer.reason) == (None, True, "several")
    assert answer.number == "2016"
    assert [part["label"] for part in answer.parts] == ["2", "0", "1", "6"]
    lefts = [part["box"][0] for part in answer.parts]
    assert all(28 * at <= left < 28 * (at + 1) for at, left in enumerate(lefts))


def test_leading_zeros_of_a_number_are_kept(mnist, reader):
    picked = [int((mnist.test_labels == digit).nonzero()[2]) for digit in (0, 0, 7)]
    row = torch.cat([placed(mnist.test_images[at]) for at in picked], dim=1)
    assert classify(reader, row).number == "007"


def test_a_digit_in_two_strokes_stays_one_digit(mnist, reader):
    five = placed(mnist.test_images[int((mnist.test_labels == 5).nonzero()[0])], 30, 30, (90, 90))
    rows = five.sum(1).nonzero()
    cut = int(rows[0, 0]) + 5
    five[cut : cut + 1] = 0  # the pen lifted for a hair's breadth
    assert classify(reader, five).number is None


def pushed_together(left: torch.Tensor, right: torch.Tensor):
    """The two beside each other, and again and again with one column less in between."""
    for shared in range(8):
        both = torch.zeros(28, left.shape[1] + right.shape[1] - shared)
        both[:, : left.shape[1]] = left
        both[:, -right.shape[1] :] = torch.maximum(both[:, -right.shape[1] :], right)
        yield both


def test_a_third_of_digits_pushed_into_each_other_are_still_read_as_the_two(mnist, reader):
    """Cutting them apart by a straight line takes a little ink from the one or the other."""
    columns = (mnist.test_images[:200] > 127).any(1)  # (200, 28)
    wide = [at for at in range(200) if columns[at].sum() >= 14][:60]
    right = 0
    for first, second in zip(wide[::2], wide[1::2], strict=True):
        left, other = (mnist.test_images[at][:, columns[at]] / 255 for at in (first, second))
        pair = next(one for one in pushed_together(left, other) if len(split(one)) == 1)
        wanted = f"{mnist.test_labels[first]}{mnist.test_labels[second]}"
        right += classify(reader, pair).number == wanted
    assert right >= 10


def test_a_wide_digit_is_not_taken_for_two(mnist, reader):
    wide = [
        torch.nn.functional.interpolate(image[None, None] / 255, size=(28, 40))[0, 0]
        for image in mnist.test_images[:100]
    ]
    single = sum(classify(reader, image).number is None for image in wide)
    assert single >= 90
