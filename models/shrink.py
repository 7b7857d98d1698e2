"""book_cnn under 10 MB: its one wide layer as two thin factors in half precision."""

from pathlib import Path

import torch
from torch import Tensor, nn

from models.checkpoint import (
    LEFT,
    RIGHT,
    CheckpointError,
    check_writable,
    load_file,
    save_tensors,
    weights_sha256,
)
from models.data import load_mnist, to_batch
from models.measure import BATCH, evaluate_reader

WIDE = "dense.0"  # Linear 25088 -> 1024: 25.7 of the network's 25.8 million weights
RANK = 180  # of 1024; (25088 + 1024) * 180 half-precision numbers are 9.4 MB


@torch.inference_mode()
def wide_outputs(network: nn.Module, images: Tensor) -> Tensor:
    """What the wide layer gives for images (N, 28, 28) uint8, before its ReLU: (N, 1024)."""
    parts = []
    for batch in images.split(BATCH):
        x = network.convolutions(network.normalise(to_batch(batch)))
        parts.append(network.dense[0](x.flatten(1)))  # (B, 25088) -> (B, 1024)
    return torch.cat(parts)


def principal_factors(layer: nn.Linear, outputs: Tensor, rank: int) -> tuple[Tensor, ...]:
    """The layer kept to the `rank` directions in which its outputs vary most.

    With y = W x + b, mean m and leading principal components U (O, R) of y, the layer becomes
    U (U' W) x + b', where b' keeps the mean in the directions that are left out.
    """
    outputs = outputs.double()
    mean = outputs.mean(0)
    covariance = torch.cov(outputs.T)  # (N, O) -> (O, O)
    components = torch.linalg.eigh(covariance).eigenvectors[:, -rank:]  # ascending -> (O, R)
    right = components.T @ layer.weight.double()  # (R, O) @ (O, I) -> (R, I)
    offset = mean - layer.bias.double()  # what W x is on average
    bias = layer.bias.double() + offset - components @ (components.T @ offset)
    return components.half(), right.half(), bias.float()


def shrink(source: Path, target: Path, rank: int = RANK) -> dict[str, object]:
    """Writes `source` (a book_cnn checkpoint) to `target` with factors fitted on training images.

    The header keeps the recipe and the as-trained figures and adds `rank` and the figures as
    shipped. Raises CheckpointError, DataError.
    """
    check_writable(target)
    checkpoint = load_file(source, "book_cnn")
    network, mnist = checkpoint.network, load_mnist()
    if not 1 <= rank <= network.dense[0].out_features:
        sentence = "the rank can't be {rank}; it takes a whole number from 1 to 1024"
        raise CheckpointError("rank_range", sentence, rank=rank)
    left, right, bias = principal_factors(
        network.dense[0], wide_outputs(network, mnist.train_images), rank
    )
    tensors = dict(network.state_dict())
    del tensors[f"{WIDE}.weight"]
    tensors |= {f"{WIDE}.weight{LEFT}": left, f"{WIDE}.weight{RIGHT}": right, f"{WIDE}.bias": bias}
    trained = checkpoint.figures.get("accuracy_as_trained", checkpoint.figures.get("accuracy"))
    figures = {**checkpoint.figures, "accuracy_as_trained": trained, "rank": rank}
    save_tensors(target, tensors, checkpoint.recipe, figures, checkpoint.data)
    shipped = load_file(target).network
    measured = evaluate_reader(shipped, mnist)
    figures |= {"accuracy": measured["accuracy"], "test_loss": measured["loss"]}
    figures["weights_sha256"] = weights_sha256(shipped)
    save_tensors(target, tensors, checkpoint.recipe, figures, checkpoint.data)
    return {**figures, "bytes": target.stat().st_size}
