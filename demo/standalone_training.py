"""What a training script does outside the lab: torchvision for its data, a line an epoch.

Nothing here runs in the lab. It is copied, with all it leans on, into what visitors take home.
"""

import argparse
import sys

import torch
from torch import Tensor, nn
from torchvision.datasets import MNIST

from models.data import to_batch


def read_options() -> argparse.Namespace:
    """What was written behind the script's name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--download", action="store_true")
    # Jupyter puts arguments of its own there: in a notebook, write yours into the brackets
    return parser.parse_args([] if "ipykernel" in sys.modules else None)


def mnist(folder: str, train: bool, download: bool) -> tuple[Tensor, Tensor]:
    """Images (N, 28, 28) uint8 and labels (N,); fetched only where that was asked for."""
    kept = MNIST(folder, train=train, download=download)
    return kept.data, kept.targets


@torch.inference_mode()
def accuracy(network: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of images (N, 28, 28) uint8 that are read right, in eval mode."""
    network.eval()
    read = [network(to_batch(batch)).argmax(1) for batch in images.split(500)]
    return float((torch.cat(read) == labels).double().mean())
