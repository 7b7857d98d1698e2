"""Ways to vary a training image, so that a reader meets more hands than MNIST's 500 writers.

torchvision's v2 transforms draw one set of numbers for a whole batch; here each image of a batch
gets its own, in one call, which is what makes augmented training affordable on two cores.
All take and give (B, 1, 28, 28) in [0, 1], ink 1, and draw only from the generator they are handed.
"""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

SIDE = 28  # px
ROTATION = math.radians(12)
ZOOM = 0.12  # up to 12 % larger or smaller, width and height each
SHEAR = 0.2  # px sideways a px of height
SHIFT = 1.5  # px
ELASTIC_POINTS = 5  # control points a side
ELASTIC_STRENGTH = 0.7  # px, standard deviation of a control point's displacement
STROKE_SHARE = 0.5  # of the images get another stroke width
VARIANT_SHARE = 0.25  # of the zeros, ones and sevens get a slash, a flag or foot, a bar


def uniform(count: int, low: float, high: float, generator: Generator) -> Tensor:
    """(count,) numbers between low and high."""
    return torch.rand(count, generator=generator) * (high - low) + low


def affine_flow(count: int, generator: Generator) -> Tensor:
    """Rotation, scale, shear and shift -> where each pixel is taken from, (B, 28, 28, 2)."""
    angle = uniform(count, -ROTATION, ROTATION, generator)
    wide, high = (uniform(count, 1 - ZOOM, 1 + ZOOM, generator) for _ in range(2))
    shear = uniform(count, -SHEAR, SHEAR, generator)
    shift = uniform(2 * count, -SHIFT, SHIFT, generator).view(count, 2) * 2 / SIDE
    cos, sin = angle.cos(), angle.sin()
    # rotation @ shear @ scale, in grid_sample's units: the picture's half side is 1
    rows = [cos * wide, (cos * shear - sin) * high, shift[:, 0]]
    rows += [sin * wide, (sin * shear + cos) * high, shift[:, 1]]
    matrix = torch.stack(rows, dim=1).view(count, 2, 3)
    return F.affine_grid(matrix, [count, 1, SIDE, SIDE], align_corners=False)


def elastic_flow(count: int, generator: Generator) -> Tensor:
    """A smooth random bend to add to a flow, (B, 28, 28, 2); after Simard et al. 2003."""
    points = torch.randn(count, 2, ELASTIC_POINTS, ELASTIC_POINTS, generator=generator)
    bend = F.interpolate(points, size=(SIDE, SIDE), mode="bicubic", align_corners=True)
    return bend.permute(0, 2, 3, 1) * (ELASTIC_STRENGTH * 2 / SIDE)  # px -> grid_sample's units


def identity_flow(count: int) -> Tensor:
    """Each pixel from its own place, (B, 28, 28, 2)."""
    matrix = torch.eye(2, 3).expand(count, 2, 3)
    return F.affine_grid(matrix, [count, 1, SIDE, SIDE], align_corners=False)


def vary_stroke(images: Tensor, labels: Tensor, generator: Generator) -> Tensor:
    """Thicker or thinner strokes: towards the most or the least ink next to each pixel."""
    count = len(images)
    strength = uniform(count, -0.6, 0.9, generator)
    strength *= torch.rand(count, generator=generator) < STROKE_SHARE
    strength = strength.view(-1, 1, 1, 1).to(images.device)
    thick = F.max_pool2d(images, 3, stride=1, padding=1)
    thin = -F.max_pool2d(-images, 3, stride=1, padding=1)
    varied = images + strength.abs() * (torch.where(strength > 0, thick, thin) - images)
    # a thinned line has lost its full ink: give each picture its darkest point back
    darkest = (varied.amax(dim=(1, 2, 3), keepdim=True), images.amax(dim=(1, 2, 3), keepdim=True))
    return (varied * darkest[1] / darkest[0].clamp(min=0.1)).clamp(0, 1)


def draw_segments(images: Tensor, start: Tensor, end: Tensor, width: Tensor) -> Tensor:
    """A straight stroke on each image: start, end (B, 2) as x, y; width (B,); px, width 0 none."""
    axis = torch.arange(SIDE, device=images.device) + 0.5  # pixel centres
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    pixels = torch.stack([x, y], dim=-1).view(1, -1, 2)  # (1, 784, 2)
    along = (end - start).unsqueeze(1)  # (B, 1, 2)
    share = ((pixels - start.unsqueeze(1)) * along).sum(-1) / along.square().sum(-1).clamp(min=1e-6)
    nearest = start.unsqueeze(1) + share.clamp(0, 1).unsqueeze(-1) * along  # (B, 784, 2)
    distance = (pixels - nearest).norm(dim=-1)
    ink = (width.unsqueeze(1) / 2 + 0.5 - distance).clamp(0, 1) * (width > 0).unsqueeze(1)
    return torch.maximum(images, ink.view(-1, 1, SIDE, SIDE))


def ink_edge(images: Tensor, last: bool) -> Tensor:
    """Where the topmost (or, with last, the lowest) row of ink lies: (B, 2) as x, y in px."""
    ink = (images.squeeze(1) > 0.5).float()  # (B, 28, 28)
    rows = torch.arange(SIDE, device=images.device, dtype=torch.float) + 0.5
    has_ink = ink.amax(dim=2)  # (B, 28)
    rank = (has_ink * rows if last else has_ink * (SIDE - rows)).argmax(dim=1)
    row = ink[torch.arange(len(ink)), rank]  # (B, 28)
    column = (row * rows).sum(1) / row.sum(1).clamp(min=1)
    return torch.stack([column, rank + 0.5], dim=1)


def vary_shape(images: Tensor, labels: Tensor, generator: Generator) -> Tensor:
    """What MNIST's writers seldom draw: a slash through 0, flag and foot on 1, a bar on 7."""
    count = len(images)

    def spread(low: float, high: float) -> Tensor:
        return uniform(count, low, high, generator).to(images.device)

    def some(digit: int) -> Tensor:
        return (spread(0, 1) < VARIANT_SHARE) & (labels == digit)

    width = spread(1.5, 3.0)
    centre = torch.full((count, 2), SIDE / 2, device=images.device)
    slash = torch.stack([spread(3, 8), -spread(5, 10)], dim=1)
    images = draw_segments(images, centre - slash, centre + slash, width * some(0))
    top, foot = ink_edge(images, last=False), ink_edge(images, last=True)
    flag = torch.stack([-spread(3, 8), spread(3, 8)], dim=1)
    images = draw_segments(images, top, top + flag, width * some(1))
    reach = torch.stack([spread(3, 6), spread(-0.5, 0.5)], dim=1)
    images = draw_segments(images, foot - reach, foot + reach, width * some(1))
    bar = torch.stack([spread(3, 6), spread(-1.5, 0.5)], dim=1)
    waist = (top + foot) / 2 + torch.stack([spread(0, 3), spread(-2, 2)], dim=1)
    return draw_segments(images, waist - bar, waist + bar, width * some(7))


# Each entry vary(images, labels, generator); the two flows share one sampling of the picture.
FLOWS: dict[str, Callable[[int, Generator], Tensor]] = {
    "affine": affine_flow,
    "elastic": elastic_flow,
}
EDITS: dict[str, Callable[[Tensor, Tensor, Generator], Tensor]] = {
    "shape": vary_shape,
    "stroke": vary_stroke,
}
AUGMENTATIONS = (*EDITS, *FLOWS)


def augment(images: Tensor, labels: Tensor, names: tuple[str, ...], generator: Generator) -> Tensor:
    """Each image varied in its own way. (B, 1, 28, 28) in [0, 1] -> the same; labels (B,)."""
    for name in EDITS:
        if name in names:
            images = EDITS[name](images, labels, generator)
    if not any(name in FLOWS for name in names):
        return images
    flow = affine_flow if "affine" in names else lambda count, _: identity_flow(count)
    grid = flow(len(images), generator)
    if "elastic" in names:
        grid = grid + elastic_flow(len(images), generator)
    return F.grid_sample(images, grid.to(images.device), align_corners=False)
