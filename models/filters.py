"""What people cleaned pictures with before networks: filters with one setting, their strength."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from scipy.ndimage import median_filter
from torch import Tensor

from models.checkpoint import FOLDER
from models.kept import checked, content_of

TUNED = FOLDER / "strengths.json"  # written by python -m models curves --write


def median(x: Tensor, side: float) -> Tensor:
    """Each pixel the median of the side x side px around it (Tukey 1977)."""
    return torch.from_numpy(median_filter(x.numpy(), size=(1, 1, int(side), int(side))))


def gaussian_filter(x: Tensor, deviation: float) -> Tensor:
    """Each pixel the mean of its neighbours, weighted by a bell of that deviation in px."""
    from torchvision.transforms.v2.functional import gaussian_blur  # takes seconds the first time

    return gaussian_blur(x, [9, 9], [deviation, deviation])


def total_variation(x: Tensor, weight: float) -> Tensor:
    """The smoothest picture that is not too far from this one (Rudin, Osher, Fatemi 1992).

    Solved by Chambolle's method (2004), as scikit-image has it.
    """
    from skimage.restoration import denoise_tv_chambolle  # only whoever needs it waits for it

    pictures = [denoise_tv_chambolle(picture, weight=weight) for picture in x[:, 0].numpy()]
    return torch.stack([torch.from_numpy(picture).float() for picture in pictures]).unsqueeze(1)


@dataclass(frozen=True)
class Filter:
    """A filter of (B, 1, H, W) in [0, 1] on the CPU, and the strengths worth trying."""

    apply: Callable[[Tensor, float], Tensor]
    strengths: tuple[float, ...]


FILTERS: dict[str, Filter] = {
    "median": Filter(median, (3, 5)),
    "gaussian_filter": Filter(gaussian_filter, (0.4, 0.7, 1.0, 1.5)),
    "total_variation": Filter(total_variation, (0.03, 0.1, 0.3, 0.6)),
}


def best_strength(name: str, spoiled: Tensor, clean: Tensor) -> float:
    """The strength that leaves the least squared error on these pairs, (N, 1, H, W) each."""
    entry = FILTERS[name]
    errors = [
        float((entry.apply(spoiled, strength) - clean).square().mean())
        for strength in entry.strengths
    ]
    return entry.strengths[errors.index(min(errors))]


def tuned() -> dict[str, dict[str, dict[str, float]]]:
    """Noise, level, filter -> the strength that was best on training images.

    Empty without a sound file, which is looked for again as long as it is not there.
    """
    try:
        return kept_strengths()
    except ValueError:
        return {}


@cache
def kept_strengths() -> dict[str, dict[str, dict[str, float]]]:
    """Raises ValueError."""
    content = content_of(TUNED)
    for levels in content.values():
        for level, strengths in checked(levels, dict).items():
            float(level)
            if not set(FILTERS) == set(checked(strengths, dict)):
                raise ValueError("strengths of other filters")
            if not all(strengths[name] in FILTERS[name].strengths for name in FILTERS):
                raise ValueError("strengths that no filter was tried with")
    return content


def strength(name: str, noise: str, level: float) -> float:
    """The strength tuned for the nearest level of this noise, or a middling one where none was."""
    levels = tuned().get(noise, {})
    if not levels:
        strengths = FILTERS[name].strengths
        return strengths[len(strengths) // 2]
    nearest = min(levels, key=lambda kept: abs(float(kept) - level))
    return levels[nearest][name]
