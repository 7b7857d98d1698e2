"""What a network's weights are before the first step: the INITS table.

Each entry takes the network and the training images (N, 28, 28) uint8 and writes its weights;
random numbers come from the global generator of torch. What has no weights stays as it is.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SMALL = 0.01  # standard deviation of a small normal
WHITENED_IMAGES = 2_000  # their patches give a covariance that more would hardly change
WHITEN_FLOOR = 1e-2  # added to each variance, so that what hardly varies is not blown up


def layers(network: nn.Module) -> list[nn.Linear | nn.Conv2d]:
    """The layers with a weight matrix, in their order."""
    return [layer for layer in network.modules() if isinstance(layer, nn.Linear | nn.Conv2d)]


def zero_biases(network: nn.Module) -> None:
    for layer in layers(network):
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def keep_default(network: nn.Module, images: Tensor) -> None:
    """PyTorch's own: uniform between ± 1 / sqrt(inputs), weights and biases."""


def zeros(network: nn.Module, images: Tensor) -> None:
    """All zero: every unit of a layer is the same, and stays so."""
    for layer in layers(network):
        nn.init.zeros_(layer.weight)
    zero_biases(network)


def small_normal(network: nn.Module, images: Tensor) -> None:
    for layer in layers(network):
        nn.init.normal_(layer.weight, std=SMALL)
    zero_biases(network)


def kaiming(network: nn.Module, images: Tensor) -> None:
    """Normal with variance 2 / inputs: a ReLU network keeps its signal; He et al. 2015."""
    for layer in layers(network):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    zero_biases(network)


@torch.no_grad()
def whitening(network: nn.Module, images: Tensor) -> None:
    """The first convolution begins as the main patterns of the images' patches, each scaled to
    unit variance, half of them with their sign turned, since the ReLU behind it sees one side.

    After the first layer of KellerJordan/cifar10-airbench.
    """
    first = next(layer for layer in layers(network) if isinstance(layer, nn.Conv2d))
    normalise = network[0]
    side, count = first.kernel_size[0], first.out_channels
    pixels = images[:WHITENED_IMAGES].unsqueeze(1).float().div(255)
    sample = normalise(pixels.to(first.weight.device))
    patches = F.unfold(sample, side, stride=first.stride)  # (N, 36, 144)
    patches = patches.transpose(1, 2).flatten(0, 1)  # (N * 144, 36)
    patches = patches - patches.mean(0)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))  # ascending
    half = (count + 1) // 2
    main = vectors.flip(1)[:, :half] / (values.flip(0)[:half] + WHITEN_FLOOR).sqrt()
    both = torch.cat([main, -main], dim=1)[:, :count].T  # (O, 36)
    first.weight.copy_(both.view_as(first.weight))
    if first.bias is not None:
        first.bias.zero_()


INITS: dict[str, Callable[[nn.Module, Tensor], None]] = {
    "default": keep_default,
    "zeros": zeros,
    "small_normal": small_normal,
    "kaiming": kaiming,
    "whitening": whitening,
}
