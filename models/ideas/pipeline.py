"""What each transform makes of a picture, one after the other, as v2.Compose runs them."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torchvision.transforms import v2

Picture = Image.Image | Tensor


class UndoNormalize(nn.Module):
    """x · std + mean: what a normalised picture was before."""

    def __init__(self, mean: float, std: float) -> None:
        super().__init__()
        self.mean, self.std = mean, std

    def forward(self, picture: Tensor) -> Tensor:
        return picture * self.std + self.mean


def one_by_one(
    picture: Picture, transforms: Iterable[Callable[[Picture], Picture]], seed: int
) -> Iterator[tuple[Picture, str | None]]:
    """The picture after each transform, and what PyTorch said where it refused the picture.

    A refused picture goes on as it was. The random ones draw from torch's global generator, which
    is given back as it was.
    """
    with torch.random.fork_rng(devices=[]), np.errstate(invalid="ignore"):  # see ToPILImage
        torch.manual_seed(seed)
        for transform in transforms:
            refused = None
            try:
                picture = transform(picture)
            except (TypeError, ValueError) as error:
                refused = f"{type(error).__name__}: {error}"
            yield picture, refused


def values_of(picture: Picture) -> Tensor:
    """A picture's numbers: (H, W) uint8 of one from PIL, a tensor (1, H, W) as it is."""
    return picture if isinstance(picture, Tensor) else v2.functional.pil_to_tensor(picture)[0]


def describe(picture: Picture) -> dict:
    """Shape, type and range of a picture's numbers."""
    values = values_of(picture)
    return {
        "is_tensor": isinstance(picture, Tensor),
        "shape": list(values.shape),
        "dtype": str(values.dtype).removeprefix("torch."),
        "low": float(values.min()),
        "high": float(values.max()),
    }
