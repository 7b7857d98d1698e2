"""What a script does outside the lab: files stand for the canvas and the shipped networks.

Nothing here runs in the lab. It is copied, with all it leans on, into what visitors take home,
whose weights lie in PyTorch's own format: it needs no further package, and the book saves so.
"""

import torch
from PIL import Image
from torch import Tensor, nn
from torchvision.transforms.v2 import functional as transforms

from models.ink import to_digit


def read_drawing(network: nn.Module, path: str, centred: bool) -> Tensor:
    """A picture file, dark ink on white paper -> the network's logits (1, 10)."""
    picture = Image.open(path).convert("L")
    grey = transforms.pil_to_tensor(picture)[0]  # (H, W), 255 paper to 0 ink
    ink = (255 - grey) / 255  # (H, W) in [0, 1], 0 paper to 1 ink
    digit = to_digit(ink, centred)  # (H, W) -> (28, 28)
    with torch.inference_mode():
        return network(digit[None, None])  # (1, 1, 28, 28) -> (1, 10)


def load_weights(network: nn.Module, path: str) -> None:
    """Gives a network its trained weights; in eval mode it drops nothing out."""
    # weights_only: tensors, and no code that a changed file might bring
    network.load_state_dict(torch.load(path, weights_only=True))
    network.eval()


def load_thin_weights(network: nn.Module, path: str) -> None:
    """The same, from a file that is small because its widest layer lies there as two factors."""
    # weights_only: tensors, and no code that a changed file might bring
    weights = torch.load(path, weights_only=True)
    for name in network.state_dict().keys() - weights.keys():
        left, right = weights.pop(f"{name}.left"), weights.pop(f"{name}.right")
        weights[name] = left.float() @ right.float()  # (O, R) @ (R, I) -> (O, I)
    network.load_state_dict(weights)
    network.eval()
