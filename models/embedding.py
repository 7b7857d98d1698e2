"""The teacher of symbols: a drawing becomes a direction, and alike drawings point alike.

Its file holds weights and, in the header, the recipe and what was measured when it was trained.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn import functional as F

from models.checkpoint import (
    MADE_FOR,
    damaged,
    path_of,
    read,
    same_kind,
    weights_sha256,
    write_whole,
)
from models.nets import convolution, mnist_normalise

DIMENSIONS = 128  # D, numbers of an embedding
TEACHER = "symbols"  # the name of its file


class SymbolNet(nn.Module):
    """Convolutions at three sizes of the picture, and a last block that ends in D numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.normalise = mnist_normalise()
        self.fine = nn.Sequential(  # a wide stride halves the picture at once, and the time
            nn.Conv2d(1, 32, kernel_size=6, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
        )
        self.middle = nn.Sequential(convolution(32, 48), nn.MaxPool2d(2))
        self.coarse = nn.Sequential(convolution(48, 96), convolution(96, 96), nn.MaxPool2d(2))
        self.last = nn.Sequential(
            convolution(96, 128), nn.Flatten(), nn.Linear(128 * 3 * 3, DIMENSIONS)
        )

    def features(self, x: Tensor) -> Tensor:
        """What the last block is given: (B, 1, 28, 28) in [0, 1] -> (B, 96, 3, 3)."""
        x = self.fine(self.normalise(x))  # (B, 1, 28, 28) -> (B, 32, 14, 14)
        return self.coarse(self.middle(x))  # -> (B, 48, 7, 7) -> (B, 96, 3, 3)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 1, 28, 28) in [0, 1] -> embeddings (B, D) of length 1."""
        return F.normalize(self.last(self.features(x)), dim=1)


@dataclass(frozen=True)
class Teacher:
    """The network in eval mode, and what its file's header says of it."""

    network: SymbolNet
    recipe: dict[str, object]  # settings, seed and what it saw
    figures: dict[str, object]


@cache
def load_teacher() -> Teacher:
    """The shipped teacher, read once a process. Raises CheckpointError."""
    path = path_of(TEACHER)
    tensors, header = read(path)
    with torch.device("meta"):  # no random numbers for what the file brings
        network = SymbolNet()
    wanted = network.state_dict()
    fits = wanted.keys() == tensors.keys()
    if not fits or not all(same_kind(tensors[name], wanted[name]) for name in wanted):
        raise damaged(path, "its weights are not those of the teacher of symbols")
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise damaged(path, "some of its weights are not finite numbers")
    try:
        recipe, figures = (json.loads(header[name]) for name in ("recipe", "figures"))
        if not isinstance(recipe, dict) or not isinstance(figures, dict):
            raise ValueError
    except (KeyError, ValueError, RecursionError):
        raise damaged(path, "its header does not say how it was trained") from None
    network.load_state_dict(tensors, assign=True)
    if figures.get("weights_sha256") != weights_sha256(network):
        raise damaged(path, "its weights are not those that its figures were measured of")
    network = network.to(memory_format=torch.channels_last).eval().requires_grad_(False)
    return Teacher(network, recipe, figures)


def save_teacher(path: Path, network: SymbolNet, recipe: dict, figures: dict) -> None:
    """Writes weights, recipe and figures. Raises CheckpointError where the place can't be."""
    header = {"made_for": MADE_FOR, "recipe": json.dumps(recipe), "figures": json.dumps(figures)}
    tensors = {name: tensor.detach().contiguous() for name, tensor in network.state_dict().items()}
    write_whole(path, save(tensors, header))


@torch.inference_mode()
def embed(network: SymbolNet, digits: Tensor, at_once: int = 500) -> Tensor:
    """Digits (N, 28, 28), uint8 to 255 or float to 1 -> embeddings (N, D)."""
    parts = [network(to_inputs(part)) for part in digits.split(at_once)]
    return torch.cat(parts) if parts else torch.zeros(0, DIMENSIONS)


def to_inputs(digits: Tensor) -> Tensor:
    """(N, 28, 28), uint8 0 to 255 or float in [0, 1] -> (N, 1, 28, 28) float in [0, 1]."""
    scale = 255 if digits.dtype == torch.uint8 else 1
    return digits.unsqueeze(1).float() / scale
