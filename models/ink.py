"""From a drawing to what the network sees: the 28 x 28 digit that MNIST would have made of it.

    grey picture (H, W) --find_ink--> ink (H, W) --to_digit--> digit (28, 28)

Grey is 0 black to 1 white; ink and digit are 0 paper to 1 ink. A drawing surface starts at ink.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

SIDE = 28  # px; what the networks take
INK_BOX = 20  # px; MNIST fits each digit into 20 x 20 of its 28 x 28
CENTRE = 14.0  # px, counted from pixel 0; where MNIST's digits have their centre of mass
PAPER_RING = 0.02  # of the shorter side: the edge of a picture, which mostly shows paper
MIN_CONTRAST = 0.15  # of the range between black and white; less is no ink but noise
SHADING = 0.08  # spread of the paper's brightness from which a picture counts as a photograph
NOISE_WIDTHS = 4  # standard deviations of the paper's noise that are no ink
TRACE = 0.1  # ink below this is the blur around a stroke, and no part of its box
THINNEST = 2.0  # px of 20; 24 % of MNIST's strokes are thinner, 5 % are under 1.6


def find_ink(grey: Tensor) -> Tensor:
    """Grey (H, W), dark on light or light on dark, evenly lit or not -> ink (H, W) in [0, 1].

    All zero where nothing stands out from the paper.
    """
    ring = paper_ring(grey)
    level = split_level(grey)
    paper_is_dark = (ring < level).float().mean() > 0.5
    if paper_is_dark:
        grey, ring, level = 1 - grey, 1 - ring, 1 - level
    paper = ring[ring >= level] if (ring >= level).any() else ring
    if paper.quantile(0.9) - paper.quantile(0.1) > SHADING:
        grey = smooth(grey, 3)
        contrast = lighting(grey) - grey
    else:
        contrast = paper.median() - grey
    return above_noise(contrast)


def above_noise(contrast: Tensor) -> Tensor:
    """How far each pixel is darker than its paper, (H, W) -> ink in [0, 1], paper's noise cut."""
    cut = split_level(contrast.clamp(min=0))
    stroke, rest = contrast[contrast > cut], contrast[contrast <= cut]
    if stroke.numel() == 0 or stroke.median() < MIN_CONTRAST:
        return torch.zeros_like(contrast)
    full = stroke.median()
    deviation = 1.4826 * (rest - rest.median()).abs().median()  # Hampel 1974; robust to ink's blur
    noise = (rest.median() + NOISE_WIDTHS * deviation).clamp(max=full / 2)
    return ((contrast - noise) / (full - noise)).clamp(0, 1)


def paper_ring(grey: Tensor) -> Tensor:
    """The pixels along the picture's edge, in one row."""
    width = max(1, round(min(grey.shape) * PAPER_RING))
    inner = torch.zeros_like(grey, dtype=torch.bool)
    inner[width:-width, width:-width] = True
    return grey[~inner]


def split_level(values: Tensor) -> Tensor:
    """The level that best parts values in [0, 1] into dark and light; Otsu 1979, on 256 bins."""
    counts = torch.histc(values, bins=256, min=0, max=1)
    centres = (torch.arange(256) + 0.5) / 256
    below = counts.cumsum(0)
    above = below[-1] - below
    mass = (counts * centres).cumsum(0)
    apart = (mass / below.clamp(min=1) - (mass[-1] - mass) / above.clamp(min=1)).square()
    between = below * above * apart  # the variance between the two classes, times a constant
    best = (between == between.max()).nonzero().float().mean()  # the middle of an empty stretch
    return (best + 1) / 256


def lighting(grey: Tensor) -> Tensor:
    """How bright the paper would be without the ink: the lightest nearby, smoothed. (H, W)."""
    reach = max(3, min(grey.shape) // 6) | 1  # px, odd; wider than a stroke
    lightest = F.max_pool2d(grey[None, None], reach, stride=1, padding=reach // 2)
    darkest = -F.max_pool2d(-lightest, reach, stride=1, padding=reach // 2)
    return smooth(darkest[0, 0], reach)


def smooth(values: Tensor, width: int) -> Tensor:
    """The mean of each pixel's width x width neighbours; (H, W) -> (H, W)."""
    mean = F.avg_pool2d(
        values[None, None], width, stride=1, padding=width // 2, count_include_pad=False
    )
    return mean[0, 0]


def to_digit(ink: Tensor, centred: bool = True) -> Tensor:
    """Ink (H, W) -> the digit (28, 28): cropped, 20 px on its longer side, centred by its mass.

    Not centred, the whole sheet is made small as it is: what a network sees without this file.
    """
    if not centred:
        return whole_sheet(ink)
    cropped = crop(ink)
    if cropped.numel() == 0:
        return torch.zeros(SIDE, SIDE)
    return centre(shrink(thicken(cropped)))


def crop(ink: Tensor) -> Tensor:
    """What the box around all ink holds; empty where there is none."""
    left, top, right, bottom = ink_box(ink)
    return ink[top:bottom, left:right]


def ink_box(ink: Tensor) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in px, right and bottom just outside; all 0 without ink."""
    there = ink > TRACE
    rows, columns = there.any(1).nonzero(), there.any(0).nonzero()
    if len(rows) == 0:
        return 0, 0, 0, 0
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def stroke_width(ink: Tensor) -> float:
    """How wide the pen was, in px: a stroke's area is width x length, its outline 2 x length."""
    padded = F.pad(ink, (1, 1, 1, 1))
    down = padded[1:, :-1] - padded[:-1, :-1]
    across = padded[:-1, 1:] - padded[:-1, :-1]
    outline = (down.square() + across.square()).sqrt().sum()  # the total variation
    return float(2 * ink.sum() / outline)


def thicken(ink: Tensor) -> Tensor:
    """A pen too thin to survive the shrinking is widened to THINNEST px of 20."""
    grow = missing_width(ink)
    if grow == 0:
        return ink
    padded = F.pad(ink, (grow,) * 4)[None, None]
    wide = F.max_pool2d(padded, (1, 2 * grow + 1), stride=1, padding=(0, grow))
    return F.max_pool2d(wide, (2 * grow + 1, 1), stride=1, padding=(grow, 0))[0, 0]


def missing_width(ink: Tensor) -> int:
    """By how many px a stroke must grow on each side to survive the shrinking; mostly 0."""
    wanted = THINNEST * max(ink.shape) / INK_BOX
    return max(0, round((wanted - stroke_width(ink)) / 2))


def shrink(ink: Tensor) -> Tensor:
    """The longer side to 20 px with the aspect kept, each pixel the mean of what it covers."""
    scale = INK_BOX / max(ink.shape)
    size = [max(1, round(length * scale)) for length in ink.shape]
    small = resized(ink, size)
    return (small / small.amax().clamp(min=TRACE)).clamp(0, 1)


def resized(ink: Tensor, size: list[int]) -> Tensor:
    """(H, W) -> (h, w), as torchvision's resize does it, which takes seconds to import."""
    small = F.interpolate(ink[None, None], size, mode="bilinear", antialias=True)
    return small[0, 0]


def centre(ink: Tensor) -> Tensor:
    """(h, w) up to 20 x 20 -> (28, 28), by whole pixels, so that its mass lies at (14, 14)."""
    return lay(ink, *corner(ink))


def corner(ink: Tensor) -> tuple[int, int]:
    """Left and top of (h, w) in 28 x 28, in px, for its mass to lie in the middle."""
    height, width = ink.shape
    return place(ink.sum(0), SIDE - width), place(ink.sum(1), SIDE - height)


def lay(ink: Tensor, left: int, top: int) -> Tensor:
    """(h, w) on empty paper of 28 x 28, its corner at that pixel."""
    digit = torch.zeros(SIDE, SIDE)
    height, width = ink.shape
    digit[top : top + height, left : left + width] = ink
    return digit


def place(profile: Tensor, room: int) -> int:
    """Where an axis must begin for its centre of mass to come to CENTRE, inside the picture."""
    return min(max(round(CENTRE - balance(profile)), 0), room)


def balance(profile: Tensor) -> float:
    """The centre of mass along an axis, in px counted from its first pixel."""
    positions = torch.arange(len(profile), dtype=profile.dtype)
    return float((profile * positions).sum() / profile.sum())


def whole_sheet(ink: Tensor) -> Tensor:
    """Ink (H, W) -> (28, 28), longer side to longer side, the ink where it was drawn."""
    scale = SIDE / max(ink.shape)
    size = [max(1, round(length * scale)) for length in ink.shape]
    small = resized(ink, size).clamp(0, 1)
    top, left = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    return F.pad(small, (left, SIDE - size[1] - left, top, SIDE - size[0] - top))
