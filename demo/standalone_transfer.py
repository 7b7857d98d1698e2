"""What a script of the three ways does outside the lab.

Nothing here runs in the lab. It is copied, with all it leans on, into what visitors take home.
"""

import torch
from safetensors.torch import load_file
from torch import Generator, Tensor

from models.few_examples import FIRST
from models.nets import TransferCNN


def first_network(seed: int, teacher: str | None) -> TransferCNN:
    """New weights; with a teacher's file, the teacher's in all blocks but the head."""
    torch.manual_seed(seed)
    network = TransferCNN().to(memory_format=torch.channels_last)
    if teacher:
        taught = load_file(teacher)
        blocks = {name: taught[name] for name in taught if not name.startswith("head.")}
        network.load_state_dict(blocks, strict=False)  # its head stays new
    return network


def draw_examples(images: Tensor, labels: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """`count` training images of each digit 5 to 9, (5 · count, 28, 28) uint8; labels 0 to 4."""
    generator, drawn = Generator().manual_seed(seed), []
    for digit in range(FIRST, 10):
        of_digit = (labels == digit).nonzero().squeeze(1)
        drawn.append(of_digit[torch.randperm(len(of_digit), generator=generator)[:count]])
    chosen = torch.cat(drawn)
    return images[chosen], labels[chosen].long() - FIRST


def open_groups(network: TransferCNN, rates: dict[str, float]) -> list[dict]:
    """The open blocks' weights as an optimiser takes them, each block at its own rate."""
    groups = []
    for name, rate in rates.items():
        weights = list(getattr(network, name).parameters())
        groups.append({"params": weights, "lr": rate, "first_rate": rate})
    return groups
