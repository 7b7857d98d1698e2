"""From a photograph to the square that a backbone sees: as it is, or varied a little.

Never mirrored: a hand sign's mirror image is another sign.
"""

import math

import torch
from torch import Generator, Tensor

from models.backbones import SIDE

SMALLEST = 0.6  # share of the middle square's area that a varied view keeps, at least
STRETCH = 1.15  # how much longer one side of a varied view may be than the other
LIGHT = 0.25  # brightness, contrast and saturation change by so much at most, up or down
TURN = 10.0  # degrees, either way


def square(photo: Tensor) -> Tensor:
    """The middle square of a photograph (3, H, W) at (3, 160, 160)."""
    from torchvision.transforms.v2 import functional as F2  # only whoever needs it waits for it

    side = min(photo.shape[1:])
    return F2.resize(F2.center_crop(photo, [side, side]), [SIDE, SIDE], antialias=True)


def varied(photo: Tensor, generator: Generator) -> Tensor:
    """A view (3, 160, 160) of a photograph (3, H, W): turned, cropped, in another light."""
    from torchvision.transforms.v2 import functional as F2

    middle = square(photo)
    turned = F2.rotate(middle, uniform(-TURN, TURN, generator), F2.InterpolationMode.BILINEAR)
    area = uniform(SMALLEST, 1, generator)
    stretch = math.exp(uniform(-math.log(STRETCH), math.log(STRETCH), generator))
    height = min(SIDE, round(SIDE * math.sqrt(area * stretch)))
    width = min(SIDE, round(SIDE * math.sqrt(area / stretch)))
    top = round(uniform(0, SIDE - height, generator))
    left = round(uniform(0, SIDE - width, generator))
    view = F2.resized_crop(turned, top, left, height, width, [SIDE, SIDE], antialias=True)
    for change in (F2.adjust_brightness, F2.adjust_contrast, F2.adjust_saturation):
        view = change(view, uniform(1 - LIGHT, 1 + LIGHT, generator))
    return view


def uniform(low: float, high: float, generator: Generator) -> float:
    return low + (high - low) * torch.rand((), generator=generator).item()
