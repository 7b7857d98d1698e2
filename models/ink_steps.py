"""How ink becomes a digit, step by step: what ink.py holds in its hands on the way.

    ink (H, W) --> its box --> small (h, w) --> in the middle by its box --> by its mass (28, 28)

Every step is ink.py's own function; nothing is worked out a second way. Points are (x, y) in px,
counted from pixel 0 as MNIST's (14, 14) is.
"""

from dataclasses import dataclass, field

from torch import Tensor

from models.ink import (
    SIDE,
    balance,
    centre,
    corner,
    crop,
    ink_box,
    lay,
    missing_width,
    shrink,
    thicken,
    to_digit,
)


@dataclass(frozen=True)
class Fitting:
    """How the ink is made as large as MNIST's digits are, and put where they are."""

    box: tuple[int, int, int, int]  # px of the sheet: left, top, right, bottom
    widened: int  # px of the sheet that a thin pen's stroke grew on each side
    small: Tensor = field(compare=False, repr=False)  # (h, w) in [0, 1], the longer one 20
    middle: Tensor = field(compare=False, repr=False)  # (28, 28): small with its box in the middle
    mass: tuple[float, float]  # the centre of mass of `middle`
    shift: tuple[int, int]  # px to the right and down from `middle` to the digit


@dataclass(frozen=True)
class InkSteps:
    """The way from ink to digit."""

    fitting: Fitting | None  # None where the sheet is taken as it is, or holds no ink
    digit: Tensor = field(compare=False, repr=False)  # (28, 28) in [0, 1], what the network sees
    mass: tuple[float, float] | None  # the centre of mass of `digit`; None without ink


def ink_steps(ink: Tensor, centred: bool = True) -> InkSteps:
    """What `to_digit` does to ink (H, W) in [0, 1], held still after each step."""
    cropped = crop(ink)
    if not centred or cropped.numel() == 0:
        digit = to_digit(ink, centred)
        return InkSteps(None, digit, mass_of(digit) if digit.any() else None)
    fitting = fit(cropped, ink_box(ink))
    digit = centre(fitting.small)
    return InkSteps(fitting, digit, mass_of(digit))


def fit(cropped: Tensor, box: tuple[int, int, int, int]) -> Fitting:
    """What the box holds, (H, W) with some ink, made as large as MNIST's digits."""
    small = shrink(thicken(cropped))
    height, width = small.shape
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    middle = lay(small, left, top)
    to_left, to_top = corner(small)
    shift = (to_left - left, to_top - top)
    return Fitting(box, missing_width(cropped), small, middle, mass_of(middle), shift)


def mass_of(picture: Tensor) -> tuple[float, float]:
    """Where the ink of (H, W) balances: x and y in px. There must be some."""
    return balance(picture.sum(0)), balance(picture.sum(1))
