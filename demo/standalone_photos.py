"""What a script on photographs does outside the lab: a folder of photographs, a folder a class.

Nothing here runs in the lab. It is copied, with all it leans on, into what visitors take home.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor, nn
from torchvision.models import get_model


def read_options() -> argparse.Namespace:
    """What was written behind the script's name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=Path("photographs"))
    parser.add_argument("new", type=Path, nargs="*", help="photographs to read afterwards")
    # Jupyter puts arguments of its own there: in a notebook, write yours into the brackets
    return parser.parse_args([] if "ipykernel" in sys.modules else None)


SIDE_READ = 320  # px; larger photographs are made smaller first
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")


def photograph(file: Path) -> Tensor:
    """A photograph's colours (3, H, W) in [0, 1], upright."""
    with Image.open(file) as picture:
        picture.draft("RGB", (SIDE_READ, SIDE_READ))  # JPEG: decode a smaller one
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((SIDE_READ, SIDE_READ))
    return torch.from_numpy(np.asarray(upright, dtype=np.float32) / 255).permute(2, 0, 1)


def photographs_in(folder: Path) -> list[Tensor]:
    """All photographs in a folder, by the order of their names."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
    return [photograph(file) for file in files]


def of_torchvision(name: str) -> nn.Module:
    """A network of torchvision with its weights from ImageNet, downloaded the first time."""
    return get_model(name, weights="DEFAULT")
