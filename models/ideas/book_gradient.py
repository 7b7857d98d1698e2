"""The hidden gradient of the network from bare tensors: as it is, and as the book prints it."""

from torch import Tensor
from torch.nn import functional as F

from models.foundations import EPOCHS, RATE, start

WAYS = ("masked", "clamped")  # ways to take the gradient back through the ReLU


def through_relu(grad_h: Tensor, h: Tensor, way: str) -> Tensor:
    """The gradient before the ReLU, (100, 100), from the one behind it."""
    if way == "masked":
        return grad_h * (h > 0)  # it passes where the unit was on
    return grad_h.clamp(min=0)  # the book's line: it passes where it is positive itself


def by_hand(
    x: Tensor, y: Tensor, w1: Tensor, w2: Tensor, way: str
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss, and the gradients behind the ReLU and before it, (100, 100) each, of w1 and w2."""
    h = x.mm(w1).clamp(min=0)  # (100, 1000) @ (1000, 100) -> (100, 100)
    y_pred = h.mm(w2)  # (100, 100) @ (100, 10) -> (100, 10)
    loss = (y_pred - y).pow(2).sum()
    grad_y = 2 * (y_pred - y)
    grad_w2 = h.t().mm(grad_y)
    behind = grad_y.mm(w2.t())  # (100, 10) @ (10, 100) -> (100, 100)
    grad_h = through_relu(behind, h, way)
    grad_w1 = x.t().mm(grad_h)
    return loss, {"behind": behind, "hidden": grad_h, "w1": grad_w1, "w2": grad_w2}


def by_autograd(x: Tensor, y: Tensor, w1: Tensor, w2: Tensor) -> dict[str, Tensor]:
    """The same gradients from PyTorch itself."""
    w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()
    hidden = x.mm(w1)
    hidden.retain_grad()
    (hidden.clamp(min=0).mm(w2) - y).pow(2).sum().backward()
    return {"hidden": hidden.grad, "w1": w1.grad, "w2": w2.grad}


def road(
    seed: int, way: str, epochs: int = EPOCHS
) -> tuple[list[float], list[tuple[Tensor, Tensor]]]:
    """The loss of each epoch, and the weights (w1, w2) that it was measured with."""
    x, y, w1, w2 = start(seed)
    losses, weights = [], []
    for _ in range(epochs):
        weights.append((w1, w2))
        loss, gradients = by_hand(x, y, w1, w2, way)
        losses.append(loss.item())
        w1 = w1 - RATE * gradients["w1"]
        w2 = w2 - RATE * gradients["w2"]
    return losses, weights


def agreement(gradient: Tensor, true: Tensor) -> float:
    """The share of the elements that are exactly the same."""
    return (gradient == true).double().mean().item()


def cosine(gradient: Tensor, true: Tensor) -> float:
    """Of the angle between two gradients: 1 the same direction, 0 at right angles."""
    return F.cosine_similarity(gradient.double().flatten(), true.double().flatten(), dim=0).item()
