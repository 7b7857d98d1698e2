"""The book's ladder: one small network, trained five times; each time PyTorch takes over more.

Each rung is a generator that gives the loss before each epoch's update. The first three start from
the same numbers and go the same road, to the last bit.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.autograd import Function

EPOCHS = 20  # of the first three rungs
RATE = 1e-6  # of the first three: their loss is a sum over 1,000 numbers
SLOW_RATE = 1e-4  # of the rungs whose loss is a mean


def start(seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x (100, 1000), y (100, 10) and the weights w1 (1000, 100), w2 (100, 10), drawn in turn."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(100, 1000, generator=generator)
    y = torch.randn(100, 10, generator=generator)
    w1 = torch.randn(1000, 100, generator=generator)
    w2 = torch.randn(100, 10, generator=generator)
    return x, y, w1, w2


# ---- 1: nothing is taken over ---------------------------------------------------------------


def tensors(seed: int = 0, book_gradient: bool = False) -> Iterator[float]:
    """Forward and backward by hand; `book_gradient` makes the mistake of the printed program."""
    x, y, w1, w2 = start(seed)
    for _ in range(EPOCHS):
        h = x @ w1  # (100, 1000) -> (100, 100)
        h_relu = h.clamp(min=0)
        y_pred = h_relu @ w2  # -> (100, 10)
        loss = (y_pred - y).pow(2).sum()
        yield loss.item()

        grad_y_pred = 2 * (y_pred - y)
        grad_w2 = h_relu.t() @ grad_y_pred
        grad_h = grad_y_pred @ w2.t()
        # ReLU lets a gradient pass where its unit was on, whatever the gradient's own sign
        grad_h = grad_h.clamp(min=0) if book_gradient else grad_h * (h > 0)
        grad_w1 = x.t() @ grad_h
        w1 -= RATE * grad_w1
        w2 -= RATE * grad_w2


# ---- 2: the gradients -----------------------------------------------------------------------


def autograd(seed: int = 0) -> Iterator[float]:
    """PyTorch keeps the graph of the forward pass, and `backward` walks it back."""
    x, y, w1, w2 = start(seed)
    w1.requires_grad_()
    w2.requires_grad_()
    for _ in range(EPOCHS):
        h = x @ w1  # (100, 1000) -> (100, 100)
        h_relu = h.clamp(min=0)
        y_pred = h_relu @ w2  # -> (100, 10)
        loss = (y_pred - y).pow(2).sum()
        yield loss.item()

        loss.backward()
        with torch.no_grad():
            w1 -= RATE * w1.grad
            w2 -= RATE * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()


# ---- 3: the forward pass as a class ---------------------------------------------------------


class TwoLayers(nn.Module):
    """The book's module: it gets its weights from outside, so they are no parameters of it."""

    def forward(self, x: Tensor, w1: Tensor, w2: Tensor) -> Tensor:
        h = x @ w1  # (100, 1000) -> (100, 100)
        h_relu = h.clamp(min=0)
        return h_relu @ w2  # -> (100, 10)


def module(seed: int = 0) -> Iterator[float]:
    """The forward pass has a name now; the gradients are autograd's as before."""
    x, y, w1, w2 = start(seed)
    w1.requires_grad_()
    w2.requires_grad_()
    network = TwoLayers()
    for _ in range(EPOCHS):
        y_pred = network(x, w1, w2)
        loss = (y_pred - y).pow(2).sum()
        yield loss.item()

        loss.backward()
        with torch.no_grad():
            w1 -= RATE * w1.grad
            w2 -= RATE * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()


class TwoLayersByHand(Function):
    """Where a backward of one's own is called, other than in a module."""

    @staticmethod
    def forward(ctx, x: Tensor, w1: Tensor, w2: Tensor) -> Tensor:
        h = x @ w1  # (100, 1000) -> (100, 100)
        h_relu = h.clamp(min=0)
        ctx.save_for_backward(x, w2, h, h_relu)
        return h_relu @ w2  # -> (100, 10)

    @staticmethod
    def backward(ctx, grad_y_pred: Tensor) -> tuple[None, Tensor, Tensor]:
        x, w2, h, h_relu = ctx.saved_tensors
        grad_w2 = h_relu.t() @ grad_y_pred
        grad_h = grad_y_pred @ w2.t()
        grad_h = grad_h * (h > 0)
        grad_w1 = x.t() @ grad_h
        return None, grad_w1, grad_w2  # x wants no gradient


def function(seed: int = 0) -> Iterator[float]:
    """A forward and a backward of one's own, which autograd calls in its turn."""
    x, y, w1, w2 = start(seed)
    w1.requires_grad_()
    w2.requires_grad_()
    network = TwoLayersByHand.apply
    for _ in range(EPOCHS):
        y_pred = network(x, w1, w2)
        loss = (y_pred - y).pow(2).sum()
        yield loss.item()

        loss.backward()
        with torch.no_grad():
            w1 -= RATE * w1.grad
            w2 -= RATE * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()


# ---- 4: layers that bring their weights, and a ready loss -----------------------------------


def sequential(seed: int = 0) -> Iterator[float]:
    """The layers own weights and biases; the updates are still ours."""
    x, y, _, _ = start(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            nn.Linear(1000, 100),
            nn.ReLU(),
            nn.Linear(100, 10),
        )
    loss_function = nn.MSELoss()
    for _ in range(10_000):
        y_pred = network(x)
        loss = loss_function(y_pred, y)
        yield loss.item()

        network.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in network.parameters():
                parameter -= SLOW_RATE * parameter.grad


def named(seed: int = 0) -> Iterator[float]:
    """The same with names: `network.hidden` in the place of `network[0]`."""
    x, y, _, _ = start(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layers = OrderedDict()
        layers["hidden"] = nn.Linear(1000, 100)
        layers["relu"] = nn.ReLU()
        layers["output"] = nn.Linear(100, 10)
        network = nn.Sequential(layers)
    loss_function = nn.MSELoss()
    for _ in range(10_000):
        y_pred = network(x)
        loss = loss_function(y_pred, y)
        yield loss.item()

        network.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in network.parameters():
                parameter -= SLOW_RATE * parameter.grad


# ---- 5: the update --------------------------------------------------------------------------


def optim(seed: int = 0) -> Iterator[float]:
    """The optimiser does the updates: Adam, with a step of its own for each weight."""
    x, y, _, _ = start(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            nn.Linear(1000, 1000),
            nn.ReLU(),
            nn.Linear(1000, 10),
        )
    loss_function = nn.MSELoss()
    optimizer = torch.optim.Adam(network.parameters(), lr=SLOW_RATE)
    for _ in range(100):
        y_pred = network(x)
        loss = loss_function(y_pred, y)
        yield loss.item()

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@dataclass(frozen=True)
class Rung:
    """How a rung is climbed, and how long it is."""

    climb: Callable[..., Iterator[float]]
    epochs: int
    below: str | None  # the rung that it differs from
    parts: tuple[str, ...]  # what it is made of in this file, `start` aside
    told_every: int = 1  # epochs between two losses that the book prints


RUNGS: dict[str, Rung] = {
    "tensors": Rung(tensors, EPOCHS, None, ("tensors",)),
    "autograd": Rung(autograd, EPOCHS, "tensors", ("autograd",)),
    "module": Rung(module, EPOCHS, "autograd", ("TwoLayers", "module")),
    "function": Rung(function, EPOCHS, "module", ("TwoLayersByHand", "function")),
    "sequential": Rung(sequential, 10_000, "module", ("sequential",), 1_000),
    "named": Rung(named, 10_000, "sequential", ("named",), 1_000),
    "optim": Rung(optim, 100, "sequential", ("optim",), 5),
}
