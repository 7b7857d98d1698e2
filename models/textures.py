"""Five textures that the lab makes up: a task that has nothing to do with digits."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from models.augment import SIDE, uniform

PERIOD = (3.0, 8.0)  # px, of what repeats
GRAIN = (4, 5, 6, 8, 10)  # random points a side, spread over the picture
NOISE = 0.1  # standard deviation, on every texture


def turned(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Coordinates (B, 28, 28) in periods along and across an axis: any angle, phase and period."""
    angle = uniform(count, 0, math.pi, generator).view(-1, 1, 1)
    period = uniform(count, *PERIOD, generator).view(-1, 1, 1)
    shift = uniform(2 * count, 0, 1, generator).view(2, count, 1, 1)
    y, x = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    along = (angle.cos() * x + angle.sin() * y) / period
    across = (angle.cos() * y - angle.sin() * x) / period
    return along + shift[0], across + shift[1]


def wave(position: Tensor) -> Tensor:
    """Periods -> [-1, 1]."""
    return (2 * math.pi * position).sin()


def stripes(count: int, generator: Generator) -> Tensor:
    along, _ = turned(count, generator)
    return wave(along) * 2


def checks(count: int, generator: Generator) -> Tensor:
    along, across = turned(count, generator)
    return wave(along) * wave(across) * 3


def dots(count: int, generator: Generator) -> Tensor:
    along, across = turned(count, generator)
    return (wave(along) + wave(across) - 1) * 2


def rings(count: int, generator: Generator) -> Tensor:
    centre = uniform(2 * count, 0, SIDE, generator).view(2, count, 1, 1)
    period = uniform(count, *PERIOD, generator).view(-1, 1, 1)
    y, x = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    return wave(torch.hypot(x - centre[0], y - centre[1]) / period) * 2


def grain(count: int, generator: Generator) -> Tensor:
    """Coarse ones and fine ones, as many of each."""
    drawn = []
    for share, side in zip(torch.arange(count).tensor_split(len(GRAIN)), GRAIN, strict=True):
        points = torch.randn(len(share), 1, side, side, generator=generator)
        drawn.append(F.interpolate(points, size=(SIDE, SIDE), mode="bicubic").squeeze(1) * 2)
    return torch.cat(drawn)


# Each entry make(count, generator) -> (B, 28, 28), below zero paper and above it ink.
TEXTURES: dict[str, Callable[[int, Generator], Tensor]] = {
    "stripes": stripes,
    "checks": checks,
    "dots": dots,
    "rings": rings,
    "grain": grain,
}


def make_textures(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """`count` of each: images (5 · count, 28, 28) uint8, and labels, the textures' numbers."""
    generator = Generator().manual_seed(seed)
    images = torch.cat([make(count, generator) for make in TEXTURES.values()])
    noise = torch.randn(images.shape, generator=generator) * NOISE
    pixels = (images.sigmoid() + noise).clamp(0, 1).mul(255).to(torch.uint8)
    return pixels, torch.arange(len(TEXTURES)).repeat_interleave(count)
