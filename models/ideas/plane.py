"""A small network that learns to tell two kinds of points of a plane apart."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

POINTS = 200  # that it learns from, half of each kind
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "none": nn.Identity}

# ---- Points: (N, 2) in about [-1, 1], kinds (N,) of 0 and 1 -----------------------------------


def moons(generator: torch.Generator) -> Tensor:
    """Two half circles that reach into each other."""
    angle = math.pi * torch.rand(POINTS // 2, generator=generator)
    upper = torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], 1)
    lower = torch.stack([0.5 - angle.cos(), 0.25 - angle.sin()], 1)
    return 0.65 * torch.cat([upper, lower])


def circles(generator: torch.Generator) -> Tensor:
    """One circle around the other."""
    angle = 2 * math.pi * torch.rand(POINTS, generator=generator)
    radius = torch.cat([torch.full([POINTS // 2], 0.35), torch.full([POINTS // 2], 0.8)])
    return radius[:, None] * torch.stack([angle.cos(), angle.sin()], 1)


def spirals(generator: torch.Generator) -> Tensor:
    """Two arms, a turn and a half each."""
    along = torch.rand(POINTS // 2, generator=generator).sqrt()
    angle = 3 * math.pi * along
    arm = 0.9 * along[:, None] * torch.stack([angle.cos(), angle.sin()], 1)
    return torch.cat([arm, -arm])


def xor(generator: torch.Generator) -> Tensor:
    """Opposite corners are of one kind."""
    corner = 0.1 + 0.8 * torch.rand(POINTS, 2, generator=generator)
    quarter = torch.tensor([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])
    return corner * quarter.repeat_interleave(POINTS // 4, 0)


DATASETS = {"moons": moons, "circles": circles, "spirals": spirals, "xor": xor}


def drawn(name: str, noise: float, seed: int) -> tuple[Tensor, Tensor]:
    """Points (200, 2) and kinds (200,); `noise` is the deviation of what is added to each."""
    generator = torch.Generator().manual_seed(seed)
    points = DATASETS[name](generator)
    points = points + noise * torch.randn(points.shape, generator=generator)
    kinds = torch.arange(POINTS) >= POINTS // 2
    return points, kinds.float()


# ---- The network and its training -----------------------------------------------------------


def network_of(layers: int, width: int, activation: str, seed: int) -> nn.Sequential:
    """2 inputs, so many hidden layers of this width, 1 logit."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        parts, inputs = [], 2
        for _ in range(layers):
            parts += [nn.Linear(inputs, width), ACTIVATIONS[activation]()]
            inputs = width
        return nn.Sequential(*parts, nn.Linear(inputs, 1))


def optimizer_of(name: str, network: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
    if name == "adam":
        return torch.optim.Adam(network.parameters(), learning_rate)
    momentum = 0.9 if name == "momentum" else 0
    return torch.optim.SGD(network.parameters(), learning_rate, momentum)


def batch_at(step: int, count: int, batch_size: int, seed: int) -> Tensor:
    """Which of `count` points a step learns from: each once an epoch, in a drawn order."""
    batches = math.ceil(count / batch_size)
    epoch, place = divmod(step, batches)
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(count, generator=generator).split(batch_size)[place]


def training_step(
    network: nn.Module, optimizer: torch.optim.Optimizer, points: Tensor, kinds: Tensor
) -> None:
    """Forward, loss, zero, backward, step."""
    logits = network(points).squeeze(1)  # (B, 2) -> (B,)
    loss = F.binary_cross_entropy_with_logits(logits, kinds)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


@torch.no_grad()
def judged(network: nn.Module, points: Tensor, kinds: Tensor) -> tuple[float, float]:
    """The loss, and the share of points that are told right."""
    logits = network(points).squeeze(1)
    loss = F.binary_cross_entropy_with_logits(logits, kinds).item()
    return loss, ((logits > 0) == kinds.bool()).float().mean().item()


# ---- What is looked at ----------------------------------------------------------------------


def grid(side: int, reach: float) -> Tensor:
    """The middles of side x side squares of a picture from -reach to reach: (side², 2)."""
    steps = reach * ((2 * torch.arange(side) + 1) / side - 1)
    down, across = torch.meshgrid(-steps, steps, indexing="ij")
    return torch.stack([across, down], -1).flatten(0, 1)


@torch.no_grad()
def boundary(network: nn.Module, side: int, reach: float) -> Tensor:
    """How likely each place is of the second kind: (side, side) in [0, 1]."""
    return network(grid(side, reach)).sigmoid().reshape(side, side)


@torch.no_grad()
def unit_maps(network: nn.Sequential, side: int, reach: float) -> list[Tensor]:
    """What each hidden unit answers with at each place: a (width, side, side) a layer."""
    x, maps = grid(side, reach), []
    for part in network[:-1]:
        x = part(x)  # (side², 2) -> (side², width)
        if not isinstance(part, nn.Linear):
            maps.append(x.t().reshape(-1, side, side))
    return maps
