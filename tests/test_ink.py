"""From a drawing to the digit: wherever, however large and in whatever colours it was drawn."""

import pytest
import torch
from PIL import Image, ImageDraw
from torchvision.transforms.v2.functional import pil_to_tensor, resize

from models.ink import find_ink, resized, to_digit

SEVEN = [(0, 0), (60, 0), (25, 100)]
TWO = [(0, 20), (20, 0), (45, 0), (60, 20), (55, 40), (0, 100), (65, 100)]
ONE = [(0, 0), (0, 100)]
DASH = [(0, 0), (100, 0)]
SHAPES = {"seven": SEVEN, "two": TWO, "one": ONE, "dash": DASH}


def drawn(points, size=(280, 280), at=(90, 60), scale=1.0, pen=14) -> torch.Tensor:
    """Ink (H, W) in [0, 1]: a polyline with round joints, drawn four times larger and averaged."""
    picture = Image.new("L", (size[0] * 4, size[1] * 4))
    draw = ImageDraw.Draw(picture)
    dots = [((at[0] + x * scale) * 4, (at[1] + y * scale) * 4) for x, y in points]
    draw.line(dots, fill=255, width=round(pen * 4))
    for x, y in dots:
        radius = pen * 2
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return pil_to_tensor(picture.reduce(4))[0] / 255


def centre_of(digit: torch.Tensor) -> tuple[float, float]:
    """Centre of mass in px, counted from pixel 0, as (y, x)."""
    axis = torch.arange(28.0)
    mass = digit.sum()
    return float((digit.sum(1) * axis).sum() / mass), float((digit.sum(0) * axis).sum() / mass)


def box_of(digit: torch.Tensor) -> tuple[int, int]:
    """Height and width of the ink's box in px."""
    rows, columns = digit.any(1).nonzero(), digit.any(0).nonzero()
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


def likeness(one: torch.Tensor, other: torch.Tensor) -> float:
    """Correlation of two digits' pixels, 1 when equal; the best of shifts by up to a pixel.

    Digits are centred by whole pixels, so that a hair's breadth may move one by a pixel.
    """
    shifts = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    moved = [one.roll(shift, (0, 1)).flatten() for shift in shifts]
    return max(float(torch.corrcoef(torch.stack([m, other.flatten()]))[0, 1]) for m in moved)


def assert_is_mnist_s_way(digit: torch.Tensor) -> None:
    assert digit.shape == (28, 28)
    assert digit.amin() == 0
    assert digit.amax() == pytest.approx(1, abs=0.02)
    assert max(box_of(digit)) == 20
    assert centre_of(digit) == pytest.approx((14, 14), abs=0.5)


# ---- ink -> digit --------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("at", [(20, 20), (150, 30), (40, 150), (140, 150)])
def test_a_digit_drawn_anywhere_lands_in_the_middle(shape, at):
    assert_is_mnist_s_way(to_digit(drawn(SHAPES[shape], at=at)))


def test_a_digit_drawn_elsewhere_is_the_same_digit():
    here, there = (to_digit(drawn(TWO, at=at)) for at in [(20, 20), (161, 143)])
    assert torch.equal(here, there)


@pytest.mark.parametrize("scale", [0.3, 0.6, 1.6, 2.2])
def test_a_digit_drawn_smaller_or_larger_is_nearly_the_same_digit(scale):
    usual = to_digit(drawn(TWO, at=(50, 30)))
    other = to_digit(drawn(TWO, at=(30, 30), scale=scale, pen=14 * scale))
    assert_is_mnist_s_way(other)
    assert likeness(usual, other) > 0.95


@pytest.mark.parametrize("size", [(28, 28), (64, 200), (900, 300), (1000, 1000)])
def test_the_canvas_may_have_any_size(size):
    scale = min(size) / 150
    digit = to_digit(drawn(SEVEN, size, (min(size) * 0.2,) * 2, scale, pen=14 * scale))
    assert_is_mnist_s_way(digit)
    assert likeness(digit, to_digit(drawn(SEVEN))) > 0.9  # few pixels in the smallest


@pytest.mark.parametrize("size", [[20, 14], [7, 20], [28, 28], [1, 20]])
def test_ink_is_made_small_as_torchvision_does_it(size):
    ink = torch.rand(120, 84, generator=torch.Generator().manual_seed(0))
    assert torch.equal(resized(ink, size), resize(ink[None], size, antialias=True)[0])


def test_the_aspect_is_kept():
    height, width = box_of(to_digit(drawn(SEVEN, pen=10)))  # (100 + 10) x (60 + 10) px of ink
    assert height == 20
    assert width == pytest.approx(20 * 70 / 110, abs=1)


@pytest.mark.parametrize("pen", [1, 2, 4])
def test_a_thin_pen_leaves_a_stroke_that_the_network_can_see(pen):
    digit = to_digit(drawn(SEVEN, at=(60, 30), scale=2, pen=pen))
    assert_is_mnist_s_way(digit)
    assert digit.sum() > 40  # two strokes of about 11 and 20 px, well over a px wide
    assert (digit > 0.5).any(dim=1).sum() == 20  # in every row


@pytest.mark.parametrize("pen", [20, 40])
def test_a_thick_pen_is_not_thickened(pen):
    digit = to_digit(drawn(SEVEN, at=(60, 60), pen=pen))
    wanted = drawn(SEVEN, at=(60, 60), pen=pen).sum() * (20 / (100 + pen)) ** 2
    assert digit.sum().item() == pytest.approx(wanted.item(), rel=0.1)


def test_no_ink_gives_an_empty_digit():
    assert to_digit(torch.zeros(280, 280)).shape == (28, 28)
    assert not to_digit(torch.zeros(280, 280)).any()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1)])
def test_the_smallest_canvas_full_of_ink_is_no_error(size):
    digit = to_digit(torch.ones(size))
    assert digit.shape == (28, 28)
    assert digit.isfinite().all()


def test_a_single_dot_of_ink_is_no_error():
    ink = torch.zeros(280, 280)
    ink[3, 277] = 1
    assert_is_mnist_s_way(to_digit(ink))


@pytest.mark.parametrize("through_grey", [False, True])
def test_mnist_s_own_digits_come_back_nearly_as_they_were(mnist, through_grey):
    generator = torch.Generator().manual_seed(0)
    alike = []
    for image in mnist.test_images[:300].float() / 255:
        top, left = torch.randint(40, (2,), generator=generator).tolist()
        canvas = torch.zeros(68, 90)
        canvas[top : top + 28, left : left + 28] = image
        ink = find_ink(1 - canvas) if through_grey else canvas
        alike.append(likeness(to_digit(ink), image))
    alike = torch.tensor(alike)
    assert alike.median() > 0.99
    assert (alike > 0.95).float().mean() >= 0.95


# ---- grey picture -> ink -------------------------------------------------------------------------


def shading(size=(280, 280)) -> torch.Tensor:
    """A sheet lit from one corner: 1 there, 0.5 in the opposite one."""
    down, across = torch.linspace(0, 1, size[1]), torch.linspace(0, 1, size[0])
    return 1 - 0.25 * (down[:, None] + across)


def speckles(strength: float) -> torch.Tensor:
    return strength * torch.randn(280, 280, generator=torch.Generator().manual_seed(0))


LOOKS = {
    "black on white": lambda ink: 1 - ink,
    "white on black": lambda ink: ink,
    "pencil on grey paper": lambda ink: 0.75 - 0.35 * ink,
    "chalk on a board": lambda ink: 0.2 + 0.6 * ink,
    "faint": lambda ink: 0.95 - 0.25 * ink,
    "a grainy scan": lambda ink: (0.9 - 0.8 * ink + speckles(0.02)).clamp(0, 1),
    "a grainy scan of faint pencil": lambda ink: (0.85 - 0.4 * ink + speckles(0.01)).clamp(0, 1),
    "a sheet lit from one side": lambda ink: shading() * (1 - 0.8 * ink),
    "a grainy photograph": lambda ink: (shading() * (1 - 0.8 * ink) + speckles(0.01)).clamp(0, 1),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("shape", ["seven", "two"])
def test_ink_and_paper_may_have_any_brightness_and_either_order(look, shape):
    ink = drawn(SHAPES[shape], at=(110, 90))
    found = find_ink(LOOKS[look](ink))
    assert found.shape == ink.shape
    assert found.amin() >= 0
    assert found.amax() <= 1
    digit = to_digit(found)
    assert_is_mnist_s_way(digit)
    assert likeness(digit, to_digit(ink)) > 0.95


@pytest.mark.parametrize("grey", [0.0, 0.5, 1.0])
def test_an_empty_sheet_holds_no_ink(grey):
    assert not find_ink(torch.full((280, 280), grey)).any()


@pytest.mark.parametrize("strength", [0.01, 0.03])
def test_the_grain_of_empty_paper_is_no_ink(strength):
    assert not find_ink((0.8 + speckles(strength)).clamp(0, 1)).any()


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 2), (3, 400)])
def test_the_smallest_pictures_are_no_error(size):
    ink = find_ink(torch.rand(size, generator=torch.Generator().manual_seed(0)))
    assert ink.shape == size
    assert ink.isfinite().all()
