"""What a training makes small: each loss a mean over the batch."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F

from models.nets import CLASSES


def rmse(guess: Tensor, target: Tensor) -> Tensor:
    """Root of the mean square; the tiny summand keeps its gradient finite at zero."""
    return (F.mse_loss(guess, target) + 1e-12).sqrt()


def on_softmax(distance: Callable[[Tensor, Tensor], Tensor]) -> Callable[..., Tensor]:
    """A distance between pictures used on classes: softmax of the logits against one-hot labels."""

    def loss(logits: Tensor, labels: Tensor, label_smoothing: float = 0.0) -> Tensor:
        target = F.one_hot(labels, CLASSES).to(logits.dtype)  # (B,) -> (B, 10)
        target = target * (1 - label_smoothing) + label_smoothing / CLASSES
        return distance(logits.softmax(dim=1), target)

    return loss


# Between the cleaned and the clean picture, both (B, 1, 28, 28); for cleaners.
DISTANCES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mse": F.mse_loss,
    "rmse": rmse,
    "l1": F.l1_loss,
}
# Between logits (B, 10) and labels (B,); for readers.
LOSSES: dict[str, Callable[..., Tensor]] = {
    "cross_entropy": F.cross_entropy,
    **{name: on_softmax(distance) for name, distance in DISTANCES.items()},
}
