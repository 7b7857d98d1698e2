"""From images one by one to batches, and what Normalize does to the numbers in them."""

import torch
from torch import Generator, Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2
from torchvision.utils import make_grid

NROW = 8  # images in a row of the grid


def to_tensor() -> v2.Transform:
    """The book's ToTensor: a picture of bytes 0 to 255 -> (1, H, W) float32, 0 to 1."""
    return v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])


def loader_of(
    data: Dataset, batch_size: int = 1, shuffle: bool = False, seed: int = 0
) -> DataLoader:
    """Batches of images (B, 1, 28, 28) and labels (B,); batch_size and shuffle as PyTorch has them.

    The seed decides the order where it is shuffled.
    """
    generator = Generator().manual_seed(seed)
    return DataLoader(data, batch_size=batch_size, shuffle=shuffle, generator=generator)


def grid_of(images: Tensor) -> Tensor:
    """Images (B, 1, 28, 28) as one picture with 2 px around each: (3, height, width), 0 to 1.

    make_grid makes three equal channels of one.
    """
    return make_grid(images, nrow=NROW)


def normalized(images: Tensor, mean: float, std: float) -> Tensor:
    """(images - mean) / std; images (B, 1, 28, 28) have one channel, hence one mean and one std."""
    return v2.Normalize([mean], [std])(images)


def undone(images: Tensor, mean: float, std: float) -> Tensor:
    """What Normalize was given, to rounding."""
    return images * std + mean


def histogram(values: Tensor, low: float, high: float, bins: int) -> list[float]:
    """The share of all values in each of `bins` equal parts of [low, high]."""
    counts = torch.histc(values.flatten(), bins=bins, min=low, max=high)
    return (counts / values.numel()).tolist()
