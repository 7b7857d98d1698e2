"""How good a network is, on a whole test set."""

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from models.data import Mnist, to_batch
from models.noise import NOISES

BATCH = 500  # images; measuring keeps no gradients, so this bounds memory and little else
NOISE_SEED = 0  # of the noise poured over the test set: every cleaner meets the same


@torch.inference_mode()
def outputs(network: nn.Module, pixels: Tensor) -> Tensor:
    """The network's answers in eval mode to (N, 1, 28, 28) in [0, 1], on the CPU, in order."""
    network.eval()
    device = next(network.parameters()).device
    return torch.cat([network(batch.to(device)).float().cpu() for batch in pixels.split(BATCH)])


def logits(network: nn.Module, images: Tensor) -> Tensor:
    """(N, 28, 28) uint8 -> (N, 10), a batch at a time so that pixels never lie there as floats."""
    return torch.cat([outputs(network, to_batch(batch)) for batch in images.split(BATCH)])


def accuracy(network: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of images (N, 28, 28) uint8 that the network reads right, in [0, 1]."""
    return float((logits(network, images).argmax(1) == labels).double().mean())


def evaluate_reader(network: nn.Module, mnist: Mnist) -> dict[str, float]:
    """Accuracy and mean cross-entropy on the whole test set."""
    return reader_figures(logits(network, mnist.test_images), mnist.test_labels)


def reader_figures(answers: Tensor, labels: Tensor) -> dict[str, float]:
    """Accuracy and mean cross-entropy of logits (N, 10) to images with these labels (N,)."""
    right = answers.argmax(1) == labels
    loss = F.cross_entropy(answers.double(), labels.long())  # huge ones' float32 sum overflows
    return {"accuracy": float(right.double().mean()), "loss": float(loss)}


def psnr(guess: Tensor, target: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each picture for a peak of 1, (N, 1, H, W) -> (N,) in dB."""
    return -10 * (guess - target).square().flatten(1).mean(1).clamp(min=1e-10).log10()


def ssim(guess: Tensor, target: Tensor) -> float:
    """Structural similarity, mean over images; Wang et al. 2004. (N, 1, H, W) in [0, 1] each."""
    from torchmetrics.image import StructuralSimilarityIndexMeasure  # takes seconds the first time

    metric = StructuralSimilarityIndexMeasure(data_range=1.0)
    for batch in zip(guess.split(BATCH), target.split(BATCH), strict=True):
        metric.update(*batch)  # all at once takes gigabytes
    return float(metric.compute())


def evaluate_cleaner(
    network: nn.Module, reader: nn.Module | None, mnist: Mnist, noise: str, level: float
) -> dict[str, float | None]:
    """What is left of the noise on the whole test set, of the output as the network gives it.

    mse over all pixels, psnr the mean over images in dB;
    `recognised` is the share of cleaned digits, clamped to [0, 1], that `reader` reads right.
    """
    clean = to_batch(mnist.test_images)
    spoiled = NOISES[noise].spoil(clean, level, Generator().manual_seed(NOISE_SEED))
    cleaned = outputs(network, spoiled)
    recognised = None
    if reader is not None:
        labels = outputs(reader, cleaned.clamp(0, 1)).argmax(1)
        recognised = float((labels == mnist.test_labels).double().mean())
    return {
        "mse": float(F.mse_loss(cleaned, clean)),
        "psnr": float(psnr(cleaned, clean).mean()),
        "ssim": ssim(cleaned, clean),
        "recognised": recognised,
    }
