"""What a cleaning script does outside the lab: files stand for the page, torchvision for its data.

Nothing here runs in the lab. It is copied, with all it leans on, into what visitors take home.
"""

import argparse
import sys
from collections.abc import Callable

import torch
from PIL import Image
from torch import Generator, Tensor, nn
from torch.nn import functional as F
from torchvision.datasets import MNIST
from torchvision.transforms.v2 import functional as transforms

from models.engine import training_step
from models.measure import psnr
from models.picture import on_paper


def clean_file(
    source: str,
    target: str,
    spoil: Callable[[Tensor, float, Generator], Tensor],
    level: float,
    seed: int,
    clean: Callable[[Tensor], Tensor],
) -> tuple[Tensor, Tensor, Tensor]:
    """A picture of 28 x 28 px, dark on white, is spoiled and cleaned; (1, 1, 28, 28) each."""
    picture = Image.open(source).convert("L").resize((28, 28))
    grey = transforms.pil_to_tensor(picture)[None]  # (1, 1, 28, 28), 255 paper to 0 ink
    digit = (255 - grey) / 255  # in [0, 1], 0 paper to 1 ink
    spoiled = spoil(digit, level, Generator().manual_seed(seed))
    with torch.inference_mode():
        cleaned = clean(spoiled).clamp(0, 1)
    on_paper(cleaned[0, 0]).save(target)
    return digit, spoiled, cleaned


def report(name: str, picture: Tensor, digit: Tensor) -> None:
    """How near a picture comes to the digit, (1, 1, 28, 28) both."""
    error = float((picture - digit).square().mean())
    print(f"{name}: mse {error:.6f}, psnr {float(psnr(picture, digit)):.2f} dB")


def read_options(steps: int | None = None) -> argparse.Namespace:
    """What was written behind the script's name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--download", action="store_true")
    if steps:
        parser.add_argument("--steps", type=int, default=steps)
    # Jupyter puts arguments of its own there: in a notebook, write yours into the brackets
    return parser.parse_args([] if "ipykernel" in sys.modules else None)


def training_images(folder: str, download: bool) -> Tensor:
    """MNIST's, (N, 1, 28, 28) in [0, 1]; fetched only where that was asked for."""
    return MNIST(folder, download=download).data[:, None] / 255


def train(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    images: Tensor,
    spoil: Callable[[Tensor, float, Generator], Tensor],
    level: float,
    batch_size: int,
    steps: int,
    schedule: Callable[[float], float],
) -> None:
    """Steps over random batches, each spoiled anew; says the loss of every tenth of the run."""
    generator, rate = Generator().manual_seed(0), optimizer.defaults["lr"]
    every, losses = max(1, steps // 10), []
    network.train()
    for step in range(1, steps + 1):
        optimizer.param_groups[0]["lr"] = rate * schedule((step - 0.5) / steps)
        drawn = torch.randint(len(images), (batch_size,), generator=generator)
        clean = images[drawn]  # (B, 1, 28, 28)
        spoiled = spoil(clean, level, generator)
        loss, _ = training_step(network, F.mse_loss, optimizer, spoiled, clean)
        losses.append(float(loss))
        if step % every == 0:
            print(f"step {step} of {steps}, loss {sum(losses) / len(losses):.5f}")
            losses.clear()
    network.eval()
