"""What a script of taught symbols does outside the lab: a ZIP of drawings, a picture to read.

Nothing here runs in the lab. It is copied, with all it leans on, into what visitors take home.
"""

import json
from zipfile import ZipFile

import torch
from PIL import Image
from torch import Tensor
from torchvision.transforms.v2 import functional as transforms

from models.ink import to_digit


def read_symbols(path: str) -> tuple[list[str], Tensor, Tensor]:
    """The names in a ZIP of symbols, their drawings (N, 28, 28) uint8, and the labels (N,)."""
    drawings, labels = [], []
    with ZipFile(path) as file:
        listed = json.loads(file.read("symbols.json"))  # a folder and a name for each symbol
        for label, entry in enumerate(listed):
            inside = sorted(name for name in file.namelist() if name.startswith(entry["folder"]))
            for name in inside:
                with Image.open(file.open(name)) as picture:
                    drawings.append(transforms.pil_to_tensor(picture)[0])  # ink 255 on 0
                labels.append(label)
    return [entry["name"] for entry in listed], torch.stack(drawings), torch.tensor(labels)


def digit_of(path: str) -> Tensor:
    """A picture file, dark ink on white paper -> the digit (28, 28) uint8, ink 255 on 0."""
    picture = Image.open(path).convert("L")
    grey = transforms.pil_to_tensor(picture)[0]  # (H, W), 255 paper to 0 ink
    digit = to_digit((255 - grey) / 255)  # (H, W) in [0, 1] -> (28, 28)
    return (digit * 255).round().to(torch.uint8)
