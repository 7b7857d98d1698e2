"""What does an activation do to a value, to a gradient on its way back, and to a network's fit?"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "none": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
}


def value_and_slope(activation: nn.Module, x: Tensor) -> tuple[Tensor, Tensor]:
    """f(x) and f'(x), by autograd, both of the shape of x."""
    x = x.clone().requires_grad_()
    y = activation(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    return y.detach(), slope


# ---- A gradient on its way back --------------------------------------------------------------

WIDTH = 32  # units of each layer
BATCH = 64  # random inputs, and as many random targets


def pytorch_default(weight: Tensor, generator: Generator) -> None:
    """Uniform between ± 1 / sqrt(inputs), as nn.Linear begins."""
    bound = weight.shape[1] ** -0.5
    nn.init.uniform_(weight, -bound, bound, generator=generator)


def kaiming(weight: Tensor, generator: Generator) -> None:
    """Normal with variance 2 / inputs, made for ReLU; He et al. 2015."""
    nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)


def xavier(weight: Tensor, generator: Generator) -> None:
    """Normal with variance 1 / inputs here, made for tanh; Glorot and Bengio 2010."""
    nn.init.xavier_normal_(weight, generator=generator)


STARTS: dict[str, Callable[[Tensor, Generator], None]] = {
    "default": pytorch_default,
    "xavier": xavier,
    "kaiming": kaiming,
}


def deep_network(activation: str, depth: int, start: str, seed: int) -> nn.Sequential:
    """`depth` times a linear layer and the activation, each 32 wide, biases 0."""
    generator = torch.Generator().manual_seed(seed)
    layers = []
    for _ in range(depth):
        linear = nn.utils.skip_init(nn.Linear, WIDTH, WIDTH)
        STARTS[start](linear.weight, generator)
        nn.init.zeros_(linear.bias)
        layers += [linear, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers)


def what_is_left(network: nn.Sequential, seed: int) -> list[float]:
    """How much of the loss's gradient is left once it has come back through each linear layer.

    A share of its size (root mean square) at the network's end, the first layer first; 0 where
    nothing gets through. The loss is the MSE of random inputs to random targets, both (64, 32).
    """
    generator = torch.Generator().manual_seed(seed + 1)
    x, target = torch.randn(2, BATCH, WIDTH, generator=generator).requires_grad_()
    entering = []  # what goes into each linear layer, (64, 32)
    for layer in network:
        if isinstance(layer, nn.Linear):
            entering.append(x)
        x = layer(x)
    *gradients, last = torch.autograd.grad(F.mse_loss(x, target), [*entering, x])
    sizes = [gradient.square().mean().sqrt() for gradient in gradients]
    return [(size / last.square().mean().sqrt()).item() for size in sizes]


# ---- A fit -----------------------------------------------------------------------------------

POINTS = 32
STEPS = 90
LEARNING_RATE = 0.12
SHOWN = (0, 2, 5, 10, 15, 20, 30, 40, 50, 60, 75, STEPS)  # steps after which the fit is drawn


def wave() -> tuple[Tensor, Tensor]:
    """Points of a curve that no line fits: x in [-3, 3] and y, both (32, 1)."""
    x = torch.linspace(-3, 3, POINTS)[:, None]
    return x, torch.sin(1.5 * x)


def two_layers(activation: str, units: int, seed: int) -> nn.Sequential:
    """1 → units → 1 with the activation between, started as PyTorch does."""
    generator = torch.Generator().manual_seed(seed)
    first, last = (nn.utils.skip_init(nn.Linear, *size) for size in ((1, units), (units, 1)))
    for linear in (first, last):
        bound = linear.in_features**-0.5
        for parameter in (linear.weight, linear.bias):
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
    return nn.Sequential(first, ACTIVATIONS[activation](), last)


def fit(network: nn.Sequential, x: Tensor, y: Tensor, places: Tensor) -> tuple[Tensor, list[float]]:
    """The network's answers at `places` (P, 1) while it learns y from x, by Adam on the MSE.

    Gives (len(SHOWN), P), and the loss after each of these steps.
    """
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, fused=True)
    answers, losses = [], []
    for step in range(STEPS + 1):
        loss = F.mse_loss(network(x), y)
        if step in SHOWN:
            with torch.no_grad():
                answers.append(network(places).flatten())  # (P, 1) -> (P,)
            losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.stack(answers), losses


@torch.no_grad()
def as_one_line(network: nn.Sequential) -> tuple[float, float]:
    """Slope and offset of the line that two layers are without an activation between them.

    W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2)
    """
    first, _, last = network
    slope = last.weight @ first.weight  # (1, units) @ (units, 1) -> (1, 1)
    offset = last.weight @ first.bias + last.bias  # (1,)
    return slope.item(), offset.item()
