"""What can a line do that has no bias, and what does one number more change?"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

POINTS = 20
LOW, HIGH = -1.0, 3.0  # where the points lie, x
NOISE = 0.3  # standard deviation
STEPS = 60
LEARNING_RATE = 0.15


def noisy_points(slope: float, offset: float, seed: int) -> tuple[Tensor, Tensor]:
    """Points around y = slope x + offset: x and y, both (20, 1)."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.linspace(LOW, HIGH, POINTS)[:, None]
    return x, slope * x + offset + NOISE * torch.randn(x.shape, generator=generator)


def line_layer(bias: bool) -> nn.Linear:
    """f(x) = w x + b or f(x) = w x, both started at 0."""
    layer = nn.Linear(1, 1, bias=bias)
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


def descend(layer: nn.Linear, x: Tensor, y: Tensor) -> Tensor:
    """Gradient descent on the MSE: weight, bias and loss before each step and at the end, (61, 3).

    The bias of a layer that has none is given as 0.
    """
    optimizer = torch.optim.SGD(layer.parameters(), lr=LEARNING_RATE)
    path = []
    for _ in range(STEPS + 1):
        loss = F.mse_loss(layer(x), y)
        bias = 0.0 if layer.bias is None else layer.bias.item()
        path.append([layer.weight.item(), bias, loss.item()])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.tensor(path)
