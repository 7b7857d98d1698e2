"""How the teacher of symbols learns: to tell thousands of classes apart, none of them a visitor's.

Most of its classes are drawn by the project, the others are MNIST's training digits, upright,
turned and mirrored. Each class has a direction of its own, and an embedding is pulled towards its
class's (normalised softmax; Wang et al. 2017). Held-out classes say how well it reads new ones.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from models.augment import augment
from models.checkpoint import weights_sha256
from models.data import load_mnist
from models.drawn_symbols import draw_pool, symbols
from models.embedding import DIMENSIONS, SymbolNet, embed, to_inputs
from models.familiar import as_figures, episodes, fit_doubt
from models.ink import to_digit
from models.outsiders import GLYPHS, draw

AUGMENTED = ("stroke", "affine", "elastic")
# Quarter turns, and whether mirrored, by which a digit becomes a class of its own. 6 and 9 are one
# class half a turn apart; 2, 5, 8, 0 and 1 look the same or like each other when turned further.
STRAIGHT, ANY = [(0, False), (1, False)], [(turn, flip) for turn in range(4) for flip in (0, 1)]
TURNS: dict[int, list[tuple[int, bool]]] = {
    0: STRAIGHT,
    1: STRAIGHT,
    2: STRAIGHT,
    3: [(turn, False) for turn in range(4)],
    4: ANY,
    5: STRAIGHT,
    6: ANY,
    7: ANY,
    8: STRAIGHT,
}
MNIST_CLASSES = [(digit, *turn) for digit, turns in TURNS.items() for turn in turns]
EPISODES = 200  # draws of classes and examples for a figure
WAYS = 5  # classes of an episode


@dataclass(frozen=True)
class SymbolRecipe:
    """All that the teacher's training depends on."""

    steps: int = 2400
    batch_size: int = 128
    learning_rate: float = 2e-3  # at its highest
    classes: int = 1200  # made up, to learn from
    each: int = 25  # drawings of a made-up class
    mnist_share: float = 0.25  # of a batch
    scale: float = 16.0  # cosines are multiplied by it before the softmax
    held_out: int = 300  # made-up classes that choices are judged by
    calibration: int = 300  # made-up classes that the refusal is fitted on
    seed: int = 0


def split_symbols(recipe: SymbolRecipe) -> dict[str, slice]:
    """Which of the made-up classes, by number, are held out, calibrate and are learned."""
    first, second = recipe.held_out, recipe.held_out + recipe.calibration
    return {
        "held_out": slice(0, first),
        "calibration": slice(first, second),
        "learned": slice(second, second + recipe.classes),
    }


def made_up(recipe: SymbolRecipe, part: str, each: int) -> Tensor:
    """Drawings of the classes of a part: (classes, each, 28, 28) uint8."""
    chosen = split_symbols(recipe)[part]
    return draw_pool(symbols(chosen.stop)[chosen], each, recipe.seed)


def glyph_pool(each: int, seed: int) -> Tensor:
    """Letters and signs of our own pen strokes, never learned: (classes, each, 28, 28) uint8."""
    random = np.random.default_rng([seed, 2])
    drawn = [to_digit(draw(strokes, random)) for strokes in GLYPHS.values() for _ in range(each)]
    return (torch.stack(drawn) * 255).round().to(torch.uint8).view(-1, each, 28, 28)


class Batches:
    """Draws batches of made-up symbols and turned digits, each image varied anew."""

    def __init__(self, recipe: SymbolRecipe) -> None:
        self.recipe = recipe
        self.generator = Generator().manual_seed(recipe.seed)
        self.pool = made_up(recipe, "learned", recipe.each)
        mnist = load_mnist()
        labels = torch.where(mnist.train_labels == 9, 6, mnist.train_labels.long())
        self.digits = mnist.train_images
        self.nines = mnist.train_labels == 9
        self.members = [(labels == digit).nonzero().squeeze(1) for digit in range(9)]
        self.classes = len(MNIST_CLASSES) + recipe.classes

    def batch(self) -> tuple[Tensor, Tensor]:
        """Inputs (B, 1, 28, 28) and classes (B,): MNIST's first."""
        size, made = self.recipe.batch_size, len(MNIST_CLASSES)
        turned = round(size * self.recipe.mnist_share)
        kinds = self.integers(made, turned)
        images = torch.stack([self.turned_digit(int(kind)) for kind in kinds])
        numbers = self.integers(self.recipe.classes, size - turned)
        drawn = self.pool[numbers, self.integers(self.recipe.each, size - turned)]
        labels = torch.cat([kinds, numbers + made])
        inputs = to_inputs(torch.cat([images, drawn]))
        return augment(inputs, labels, AUGMENTED, self.generator), labels

    def turned_digit(self, kind: int) -> Tensor:
        digit, turn, mirrored = MNIST_CLASSES[kind]
        members = self.members[digit]
        chosen = int(members[self.integers(len(members), 1)])
        image = self.digits[chosen].rot90(turn + 2 * int(self.nines[chosen]))
        return image.flip(1) if mirrored else image

    def integers(self, below: int, count: int) -> Tensor:
        return torch.randint(below, (count,), generator=self.generator)


def rate(step: int, recipe: SymbolRecipe) -> float:
    """Up for a twentieth of the steps, then down to nothing along a cosine."""
    share = step / recipe.steps
    warm = min(1.0, share / 0.05)
    return recipe.learning_rate * warm * (1 + math.cos(math.pi * share)) / 2


def train_teacher(recipe: SymbolRecipe, network: SymbolNet) -> Iterator[dict[str, object]]:
    """Trains in place; a line of facts every hundred steps."""
    batches = Batches(recipe)
    torch.manual_seed(recipe.seed)
    proxies = nn.Parameter(torch.randn(batches.classes, DIMENSIONS) / DIMENSIONS**0.5)
    optimizer = torch.optim.AdamW([*network.parameters(), proxies], weight_decay=1e-2)
    network.to(memory_format=torch.channels_last).train()
    began, total = time.monotonic(), 0.0
    for step in range(1, recipe.steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, recipe)
        inputs, labels = batches.batch()
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        cosines = network(inputs) @ F.normalize(proxies, dim=1).T  # (B, D) -> (B, classes)
        loss = F.cross_entropy(recipe.scale * cosines, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += float(loss.detach())
        if step % 100 == 0:
            yield {"step": step, "loss": total / 100, "seconds": time.monotonic() - began}
            total = 0.0
    network.eval()


def few_shot(embedded: Tensor, shots: int, seed: int, episodes: int) -> float:
    """Share of drawings whose nearest class mean is right; embedded (classes, each, D)."""
    generator, right = Generator().manual_seed(seed), []
    for _ in range(episodes):
        chosen = torch.randperm(len(embedded), generator=generator)[:WAYS]
        order = torch.randperm(embedded.shape[1], generator=generator)
        taught, asked = embedded[chosen][:, order[:shots]], embedded[chosen][:, order[shots:]]
        means = F.normalize(taught.mean(1), dim=1)  # (5, shots, D) -> (5, D)
        answers = (asked @ means.T).argmax(2)  # (5, rest, 5) -> (5, rest)
        right.append((answers == torch.arange(WAYS).unsqueeze(1)).float().mean())
    return float(torch.stack(right).mean())


def judge(network: SymbolNet, recipe: SymbolRecipe) -> dict[str, float]:
    """Few-shot accuracy on classes that were never learned."""
    pools = {"symbols": made_up(recipe, "held_out", 15), "glyphs": glyph_pool(15, recipe.seed)}
    figures = {}
    for name, pool in pools.items():
        embedded = embed(network, pool.flatten(0, 1)).view(*pool.shape[:2], -1)
        for shots in (1, 5):
            figures[f"{name}_{shots}_shot"] = few_shot(embedded, shots, recipe.seed, EPISODES)
    return figures


def fitted_doubt(network: SymbolNet, recipe: SymbolRecipe) -> dict[str, object]:
    """The refusal, fitted on made-up classes that neither learning nor choosing saw."""
    pool = made_up(recipe, "calibration", 15)
    embedded = embed(network, pool.flatten(0, 1)).view(*pool.shape[:2], -1)
    return as_figures(fit_doubt(*episodes(embedded, EPISODES, recipe.seed)))


def described(network: SymbolNet, recipe: SymbolRecipe) -> tuple[dict, dict]:
    """The header's recipe, with what was seen, and its figures."""
    parts = {name: [part.start, part.stop] for name, part in split_symbols(recipe).items()}
    saw = {
        "classes_made_up": parts,  # numbers of drawn_symbols.symbols, the end left out
        "mnist_training_images": len(load_mnist().train_images),
        "mnist_classes": MNIST_CLASSES,  # digit, quarter turns, mirrored; the 9s are among the 6s
        "mnist_checksum": load_mnist().checksum,
        "augmented": list(AUGMENTED),
    }
    figures = judge(network, recipe) | {"doubt": fitted_doubt(network, recipe)}
    figures["weights_sha256"] = weights_sha256(network)
    return asdict(recipe) | {"saw": saw}, figures
