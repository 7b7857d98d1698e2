"""Ways to spoil a digit: each one function and one entry of NOISES.

All take (B, 1, H, W) in [0, 1], ink 1 (white, as the network sees it) on paper 0 (black), a level,
and a generator on the CPU for whatever is random; each picture of a batch meets its own accidents.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

MIXED = "mixed"  # trains on every kind and level; no kind of its own
MIXED_PIECE = 4  # pictures; as many of a batch share a kind and a level
GAUSSIAN_SHARE = 4  # times as often as any other kind: the hardest to undo, and the book's


def gaussian(x: Tensor, level: float, generator: Generator) -> Tensor:
    """The book's: x + level * randn, clamped to [0, 1]."""
    noise = torch.randn(x.shape, generator=generator).to(x.device)
    return (x + level * noise).clamp(0, 1)


def salt_pepper(x: Tensor, level: float, generator: Generator) -> Tensor:
    """That share of the pixels white or black, as often the one as the other."""
    chance = torch.rand(x.shape, generator=generator).to(x.device)
    return x.masked_fill(chance < level, 0).masked_fill(chance < level / 2, 1)


def speckle(x: Tensor, level: float, generator: Generator) -> Tensor:
    """x * (1 + level * randn), clamped: noise where the ink is, none on bare paper."""
    noise = torch.randn(x.shape, generator=generator).to(x.device)
    return (x * (1 + level * noise)).clamp(0, 1)


def blur(x: Tensor, level: float, _generator: Generator) -> Tensor:
    """Gaussian blur of that standard deviation in px, out to three of them."""
    from torchvision.transforms.v2.functional import gaussian_blur  # takes seconds the first time

    reach = math.ceil(3 * level)
    return gaussian_blur(x, [2 * reach + 1] * 2, [level] * 2) if reach else x.clone()


def mosaic(x: Tensor, level: float, _generator: Generator) -> Tensor:
    """The mean of each block of that many px; blocks at the right and lower edge may be cut."""
    side, (height, width) = round(level), x.shape[-2:]
    means = F.avg_pool2d(x, side, ceil_mode=True)
    return F.interpolate(means, scale_factor=side, mode="nearest")[..., :height, :width]


def patch(x: Tensor, level: float, generator: Generator) -> Tensor:
    """A black square of that many px a side, around a random pixel of ink."""
    side, (height, width) = round(level), x.shape[-2:]
    ink = x.flatten(1).cpu() + 1e-6  # a blank sheet has to be covered somewhere as well
    centre = torch.multinomial(ink, 1, generator=generator).view(-1, 1, 1, 1).to(x.device)
    top = (centre // width - side // 2).clamp(0, height - side)
    left = (centre % width - side // 2).clamp(0, width - side)
    rows = torch.arange(height, device=x.device).view(1, 1, -1, 1)
    columns = torch.arange(width, device=x.device).view(1, 1, 1, -1)
    covered = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
    return x.masked_fill(covered, 0)


def scratches(x: Tensor, level: float, generator: Generator) -> Tensor:
    """So many white lines, 1 px thin, each from one edge to the opposite one."""
    size, lines = x.shape[-1], round(level)
    if not lines:
        return x.clone()
    ends = torch.rand(len(x), lines, 2, generator=generator) * (size - 1)
    share = torch.linspace(0, 1, size)
    at = torch.lerp(ends[..., :1], ends[..., 1:], share).round()  # (B, lines, size)
    drawn = at.unsqueeze(-1) == torch.arange(size)  # (B, lines, size, size), down its columns
    upright = torch.rand(len(x), lines, 1, 1, generator=generator) < 0.5
    drawn = torch.where(upright, drawn, drawn.mT).any(dim=1, keepdim=True)
    return x.masked_fill(drawn.to(x.device), 1)


def contrast(x: Tensor, level: float, _generator: Generator) -> Tensor:
    """x * level: the ink fades."""
    return x * level


def row_shift(x: Tensor, level: float, generator: Generator) -> Tensor:
    """Each row moved sideways by up to that many whole px, paper moving in: a bad fax."""
    reach, width = round(level), x.shape[-1]
    moves = torch.randint(-reach, reach + 1, (*x.shape[:3], 1), generator=generator).to(x.device)
    source = torch.arange(width, device=x.device) - moves  # (B, 1, H, W)
    inside = (source >= 0) & (source < width)
    return x.gather(3, source.clamp(0, width - 1)) * inside


@dataclass(frozen=True)
class Noise:
    """A way to spoil (B, 1, H, W) in [0, 1], and the levels that it takes.

    The weakest level leaves a picture as it is; for low contrast it is the highest number.
    """

    spoil: Callable[[Tensor, float, Generator], Tensor]
    weakest: float
    strongest: float
    step: float  # from one level on the slider to the next
    unit: str  # a key of the page's words
    is_random: bool = True  # whether a seed makes a difference

    @property
    def lowest(self) -> float:
        return min(self.weakest, self.strongest)

    @property
    def highest(self) -> float:
        return max(self.weakest, self.strongest)

    def nearest(self, level: float) -> float:
        """The slider's step that is nearest to a level."""
        steps = round((level - self.weakest) / self.step)
        stepped = self.weakest + steps * self.step
        return round(min(max(stepped, self.lowest), self.highest), 6)

    @property
    def middle(self) -> float:
        return (self.weakest + self.strongest) / 2

    def level_at(self, share: float) -> float:
        """A level between the weakest, 0, and the strongest, 1."""
        return self.weakest + share * (self.strongest - self.weakest)


NOISES: dict[str, Noise] = {
    "gaussian": Noise(gaussian, 0.0, 1.0, 0.05, "sigma"),
    "salt_pepper": Noise(salt_pepper, 0.0, 0.5, 0.025, "share"),
    "speckle": Noise(speckle, 0.0, 1.0, 0.05, "sigma"),
    "blur": Noise(blur, 0.0, 3.0, 0.25, "sigma_px", is_random=False),
    "mosaic": Noise(mosaic, 1, 7, 1, "px", is_random=False),
    "patch": Noise(patch, 0, 14, 1, "px"),
    "scratches": Noise(scratches, 0, 8, 1, "lines"),
    "contrast": Noise(contrast, 1.0, 0.1, 0.05, "times", is_random=False),
    "row_shift": Noise(row_shift, 0, 6, 1, "px"),
}


def spoil_mixed(x: Tensor, share: float, generator: Generator) -> Tensor:
    """A batch of every kind of noise, each at a random level up to `share` of its range."""
    often = torch.tensor([GAUSSIAN_SHARE if name == "gaussian" else 1.0 for name in NOISES])
    pieces = x.split(MIXED_PIECE)
    kinds = torch.multinomial(often, len(pieces), replacement=True, generator=generator)
    shares = torch.rand(len(pieces), generator=generator) * share
    noises = list(NOISES.values())
    return torch.cat(
        [
            noises[kind].spoil(piece, noises[kind].level_at(at), generator)
            for piece, kind, at in zip(pieces, kinds.tolist(), shares.tolist(), strict=True)
        ]
    )


def spoil(x: Tensor, kind: str, level: float, generator: Generator) -> Tensor:
    """A batch spoiled by one of NOISES at a level, or MIXED up to that share of every range."""
    if kind == MIXED:
        return spoil_mixed(x, level, generator)
    return NOISES[kind].spoil(x, level, generator)
