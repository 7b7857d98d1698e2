"""What the numbers in the middle of the linear autoencoder know of a digit.

A code is the few numbers that the encoder leaves of a picture, C of them. The codes of the test
set's digits as they are, not spoiled, are a cloud; a plane through it is its map.
"""

import threading
from dataclasses import dataclass
from functools import cache

import torch
from torch import Generator, Tensor

from models.cleaners import network
from models.data import load_mnist, to_batch
from models.measure import BATCH
from models.nets import CLASSES, LinearAutoencoder

# Numbers in the middle: the network that was trained with so many.
BOTTLENECKS = {
    2: "linear_autoencoder_2",
    8: "linear_autoencoder_8",
    32: "linear_autoencoder",
}
ENDS = (0.01, 0.99)  # quantiles: all but the strangest values of a number
encoding = threading.Lock()  # two visitors' first looks encode the test set once


@torch.inference_mode()
def codes(network: LinearAutoencoder, images: Tensor) -> Tensor:
    """(N, 1, 28, 28) in [0, 1] -> (N, C), a batch at a time."""
    return torch.cat([network.encode(batch) for batch in images.split(BATCH)])


@torch.inference_mode()
def pictures(network: LinearAutoencoder, codes: Tensor) -> Tensor:
    """(N, C) -> (N, 1, 28, 28), clamped to [0, 1] as they are shown."""
    return torch.cat([network.decode(batch).clamp(0, 1) for batch in codes.split(BATCH)])


def path(network: LinearAutoencoder, start: Tensor, end: Tensor, steps: int) -> Tensor:
    """What lies on the straight line from one code (C,) to another: (steps, 1, 28, 28)."""
    return pictures(network, between(start, end, steps))


def between(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Evenly from one to the other, both included: (...) and (...) -> (steps, ...).

    Codes give a path; pictures give a cross-fade.
    """
    shares = torch.linspace(0, 1, steps).view(-1, *[1] * start.ndim)
    return torch.lerp(start, end, shares)


# ---- The map --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plane:
    """Two directions at right angles through codes, and how much of their variance they hold."""

    mean: Tensor  # (C,), where the map's (0, 0) lies
    directions: Tensor  # (C, 2), each of length 1
    share: float  # of the variance, a fraction of 1

    def to_map(self, codes: Tensor) -> Tensor:
        """(N, C) -> (N, 2): the foot of each code on the plane."""
        return (codes - self.mean) @ self.directions

    def from_map(self, points: Tensor) -> Tensor:
        """(N, 2) -> (N, C): the code there; all other directions stay at their mean."""
        return self.mean + points @ self.directions.T


def plane_of(codes: Tensor) -> Plane:
    """The plane that holds the most of the variance of codes (N, C): their two first principal
    components (Pearson 1901). Codes of two numbers are their own map.

    A component may point either way; here its largest number is positive, so that every run
    draws the same map.
    """
    if codes.shape[1] == 2:
        return Plane(torch.zeros(2), torch.eye(2), 1.0)
    mean = codes.mean(0)
    _, spreads, components = torch.linalg.svd(codes - mean, full_matrices=False)
    directions = components[:2].T  # (C, 2)
    largest = directions.gather(0, directions.abs().argmax(0, keepdim=True))  # (1, 2)
    variances = spreads.square()
    return Plane(mean, directions * largest.sign(), float(variances[:2].sum() / variances.sum()))


# ---- The cloud ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cloud:
    """The codes of the whole test set."""

    codes: Tensor  # (N, C)
    labels: Tensor  # (N,) uint8
    plane: Plane
    low: Tensor  # (C,), below which only one code in a hundred has each number
    high: Tensor  # (C,), above which only one has
    mse: float  # between the digits and their codes decoded, over all pixels

    def mean_of(self, digit: int) -> Tensor:
        """The mean code (C,) of a digit."""
        return self.codes[self.labels == digit].mean(0)

    def sample(self, count: int) -> Tensor:
        """The first `count` codes of each digit, as places in the test set, in its order."""
        places = [(self.labels == digit).nonzero()[:count, 0] for digit in range(CLASSES)]
        return torch.cat(places).sort().values

    def mix(self, seed: int) -> Tensor:
        """A code (C,) with each number from another digit: common alone, of no digit together."""
        count, numbers = self.codes.shape
        chosen = torch.randint(count, (numbers,), generator=Generator().manual_seed(seed))
        return self.codes[chosen, torch.arange(numbers)]


def cloud_of(network: LinearAutoencoder, images: Tensor, labels: Tensor) -> Cloud:
    """The codes of images (N, 1, 28, 28) in [0, 1] with these labels (N,)."""
    found = codes(network, images)
    low, high = found.quantile(torch.tensor(ENDS), dim=0)
    mse = float((pictures(network, found) - images).square().mean())
    return Cloud(found, labels, plane_of(found), low, high, mse)


def cloud(size: int) -> Cloud:
    """The test set's codes of so many numbers, found when first asked for and kept.

    Raises CheckpointError, DataError.
    """
    with encoding:
        return kept_cloud(size)


@cache
def kept_cloud(size: int) -> Cloud:
    mnist = load_mnist()
    trained = network(BOTTLENECKS[size]).network
    return cloud_of(trained, to_batch(mnist.test_images), mnist.test_labels)
