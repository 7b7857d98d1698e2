"""Every way to clean a spoiled digit: networks, filters from before them, the best linear map."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import torch
from torch import Tensor

from models.checkpoint import Checkpoint, load
from models.filters import FILTERS, strength
from models.linear_map import linear_map
from models.measure import outputs

loading = threading.Lock()  # two visitors' first pictures load a network once


@dataclass(frozen=True)
class Cleaner:
    """A way to clean (B, 1, 28, 28) in [0, 1] that was spoiled by a noise at a level.

    A network and a filter at its own strength know nothing of noise and level; they are told all
    the same, since a filter's strength and the linear map were chosen for them.
    """

    kind: str  # "network", "filter" or "map"
    clean: Callable[[Tensor, str, float], Tensor]


def network(name: str) -> Checkpoint:
    """A shipped cleaner, loaded when first asked for. Raises CheckpointError."""
    with loading:
        return loaded(name)


@cache
def loaded(name: str) -> Checkpoint:
    return load(name)


def by_network(name: str, spoiled: Tensor, _noise: str, _level: float) -> Tensor:
    return outputs(network(name).network, spoiled)


def by_filter(name: str, spoiled: Tensor, noise: str, level: float) -> Tensor:
    return FILTERS[name].apply(spoiled, strength(name, noise, level))


@torch.inference_mode()
def by_linear_map(spoiled: Tensor, noise: str, level: float) -> Tensor:
    return linear_map(noise, level)(spoiled)


CLEANERS: dict[str, Cleaner] = {
    "denoiser": Cleaner("network", partial(by_network, "denoiser")),
    "conv_autoencoder": Cleaner("network", partial(by_network, "conv_autoencoder")),
    "linear_autoencoder": Cleaner("network", partial(by_network, "linear_autoencoder")),
    "lmmse": Cleaner("map", by_linear_map),
    **{name: Cleaner("filter", partial(by_filter, name)) for name in FILTERS},
}
DEFAULT_CLEANER = "denoiser"


def clean(name: str, spoiled: Tensor, noise: str, level: float) -> Tensor:
    """(B, 1, 28, 28) spoiled -> cleaned, clamped to [0, 1]. Raises CheckpointError, DataError."""
    return CLEANERS[name].clean(spoiled, noise, level).clamp(0, 1)
