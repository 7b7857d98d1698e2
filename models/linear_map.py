"""The best linear cleaner there is: the map of least mean squared error (LMMSE), in closed form.

Kay 1993, Fundamentals of Statistical Signal Processing, section 12.3: for a spoiled picture y
of clean ones x,  x' = mean(x) + C_xy C_yy^-1 (y - mean(y)), with covariances of training pairs.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Generator, Tensor

from models.data import load_mnist, to_batch
from models.noise import NOISES

PAIRS = 20_000  # training images; a second of work, and 0.1 dB less than all 60,000 give
RIDGE = 1e-3  # added to each pixel's variance: some pixels are never inked
FIT_SEED = 1_000  # of the noise; the test set is spoiled with another
KEPT = 24  # maps, 2.5 MB each
fitting = threading.Lock()  # two visitors who ask for the same map fit it once


@dataclass(frozen=True)
class LinearMap:
    """(B, 1, 28, 28) -> the same, every pixel a weighted sum of all pixels."""

    weight: Tensor  # (784, 784), from spoiled to clean
    spoiled_mean: Tensor  # (784,)
    clean_mean: Tensor  # (784,)

    def __call__(self, spoiled: Tensor) -> Tensor:
        flat = spoiled.flatten(1)  # (B, 1, 28, 28) -> (B, 784)
        cleaned = (flat - self.spoiled_mean) @ self.weight + self.clean_mean
        return cleaned.view_as(spoiled)


def fit(spoiled: Tensor, clean: Tensor) -> LinearMap:
    """The map of least squared error between pairs of pictures, (N, 1, H, W) each."""
    x, y = clean.flatten(1), spoiled.flatten(1)
    clean_mean, spoiled_mean = x.mean(0), y.mean(0)
    x, y = x - clean_mean, y - spoiled_mean
    variance = y.T @ y / len(y) + RIDGE * torch.eye(y.shape[1])
    weight = torch.linalg.solve(variance, y.T @ x / len(y))
    return LinearMap(weight, spoiled_mean, clean_mean)


def linear_map(noise: str, level: float) -> LinearMap:
    """The map against one kind of noise at the slider's step nearest to a level.

    Fitted on training images when first asked. Raises DataError.
    """
    with fitting:  # steps, since each level would cost everybody another second
        return fitted(noise, NOISES[noise].nearest(level))


@lru_cache(KEPT)
def fitted(noise: str, level: float) -> LinearMap:
    clean = to_batch(load_mnist().train_images[:PAIRS])
    spoiled = NOISES[noise].spoil(clean, level, Generator().manual_seed(FIT_SEED))
    return fit(spoiled, clean)
