"""Teachers of one network: a right one for the digits 5 to 9, and three wrong ones.

All learn five classes with the same network, recipe and budget; what they learned on is listed in
the header of their file, by which a test proves that none has ever seen a 5, 6, 7, 8 or 9.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Generator, Tensor
from torch.nn import functional as F

from models.augment import augment
from models.checkpoint import MADE_FOR, damaged, path_of, read, same_kind, write_whole
from models.data import load_mnist, to_batch
from models.engine import training_step
from models.measure import accuracy
from models.nets import TransferCNN
from models.optimizers import SCHEDULES
from models.textures import make_textures

BLOCKS = ("edges", "strokes", "shapes", "head")  # of TransferCNN, from the pixels on
CLASSES = 5
VARIED = ("stroke", "affine", "elastic")  # how training images are varied
TEXTURES_EACH = 6_000  # training images a class, as many as MNIST has of a digit
TASK_SEED = 4  # of the permutation, of the random labels and of the textures


@dataclass(frozen=True)
class Examples:
    """Images (N, 28, 28) uint8, labels (N,) from 0 to 4, and MNIST's own numbers of them."""

    images: Tensor
    labels: Tensor
    indices: Tensor  # (N,); empty where they are none of MNIST's training images


@dataclass(frozen=True)
class Teacher:
    """A task of five classes: what is learned from, what it is tested on, and how it is shown."""

    training: Callable[[], Examples]
    test: Callable[[], Examples]
    show: Callable[[Tensor], Tensor] = lambda pixels: pixels  # of (B, 1, 28, 28) in [0, 1]


@dataclass(frozen=True)
class Budget:
    """What every teacher is given, the right one and the wrong ones.

    No label smoothing: it makes for features that are worse to hand on (Kornblith et al. 2021).
    """

    steps: int = 4_000
    batch_size: int = 128
    learning_rate: float = 4e-3  # at its highest
    weight_decay: float = 0.01
    seed: int = 0


BUDGET = Budget()


# ---- tasks -----------------------------------------------------------------------------------


def low_digits() -> Examples:
    """All training images of 0 to 4."""
    mnist = load_mnist()
    indices = (mnist.train_labels < CLASSES).nonzero().squeeze(1)
    return Examples(mnist.train_images[indices], mnist.train_labels[indices].long(), indices)


def low_digits_test() -> Examples:
    """All 5,139 test images of 0 to 4."""
    mnist = load_mnist()
    wanted = mnist.test_labels < CLASSES
    return Examples(mnist.test_images[wanted], mnist.test_labels[wanted].long(), torch.tensor([]))


def shuffle(pixels: Tensor) -> Tensor:
    """Every picture's pixels in another order, the same for all: (B, 1, 28, 28) -> the same."""
    order = torch.randperm(pixels[0].numel(), generator=Generator().manual_seed(TASK_SEED))
    return pixels.flatten(1)[:, order].view_as(pixels)


def mislabelled(examples: Callable[[], Examples]) -> Callable[[], Examples]:
    """The same images with labels that are drawn once, whatever is on them."""

    def drawn() -> Examples:
        true = examples()
        generator = Generator().manual_seed(TASK_SEED)
        labels = torch.randint(CLASSES, (len(true.labels),), generator=generator)
        return Examples(true.images, labels, true.indices)

    return drawn


def textures() -> Examples:
    return Examples(*make_textures(TEXTURES_EACH, TASK_SEED), torch.tensor([]))


@cache
def textures_test() -> Examples:
    return Examples(*make_textures(1_000, TASK_SEED + 1), torch.tensor([]))


TEACHERS: dict[str, Teacher] = {
    "digits04": Teacher(low_digits, low_digits_test),
    "shuffled_pixels": Teacher(low_digits, low_digits_test, shuffle),
    "random_labels": Teacher(mislabelled(low_digits), mislabelled(low_digits_test)),
    "texture": Teacher(textures, textures_test),
}


# ---- learning --------------------------------------------------------------------------------


def teach(key: str, budget: Budget) -> Iterator[tuple[int, float, TransferCNN]]:
    """A new teacher: after each step its number, its loss and the network as it is by then."""
    torch.manual_seed(budget.seed)
    generator = Generator().manual_seed(budget.seed)
    teacher, network = TEACHERS[key], new_network()
    examples = teacher.training()
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=budget.weight_decay)
    network.train()

    for step in range(budget.steps):
        share = SCHEDULES["warm_up_linear"]((step + 0.5) / budget.steps)
        optimizer.param_groups[0]["lr"] = budget.learning_rate * share
        drawn = torch.randint(len(examples.labels), (budget.batch_size,), generator=generator)
        images, labels = to_batch(examples.images[drawn]), examples.labels[drawn]
        inputs = teacher.show(augment(images, labels, VARIED, generator))
        loss, _ = training_step(network, F.cross_entropy, optimizer, inputs, labels)
        yield step + 1, float(loss), network


def new_network() -> TransferCNN:
    """With PyTorch's own first weights, from its global generator; laid out for speed."""
    return TransferCNN(CLASSES).to(memory_format=torch.channels_last)


def own_accuracy(key: str, network: TransferCNN) -> float:
    """How well a network solves the task of that teacher, on its test images, in [0, 1]."""
    examples = TEACHERS[key].test()
    return shown_accuracy(network, examples, TEACHERS[key].show)


def shown_accuracy(
    network: TransferCNN, examples: Examples, show: Callable[[Tensor], Tensor]
) -> float:
    shown = torch.nn.Sequential(Shown(show), network)
    return accuracy(shown, examples.images, examples.labels)


class Shown(torch.nn.Module):
    """A task's way of showing a picture, as the first layer of a network."""

    def __init__(self, show: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.show = show

    def forward(self, x: Tensor) -> Tensor:
        return self.show(x)


# ---- the file --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taught:
    """A teacher's network in eval mode, and what the header of its file says about it."""

    network: TransferCNN
    facts: dict[str, object]  # task, accuracy on its own test images, seconds, the budget
    seen: Tensor  # (N,) the MNIST training images that it saw, by number


def as_runs(indices: Tensor) -> list[int]:
    """Rising numbers as lengths in turn: so many left out, so many taken, so many left out …"""
    if not len(indices):
        return []
    taken = torch.zeros(int(indices.max()) + 1, dtype=torch.bool)
    taken[indices] = True
    lengths = torch.unique_consecutive(taken, return_counts=True)[1].tolist()
    return [0, *lengths] if taken[0] else lengths


def from_runs(lengths: list[int]) -> Tensor:
    """The numbers that `as_runs` wrote down."""
    is_taken = torch.arange(len(lengths)) % 2 == 1
    return is_taken.repeat_interleave(torch.tensor(lengths, dtype=torch.long)).nonzero().squeeze(1)


def teacher_path(key: str, folder: Path | None = None) -> Path:
    """Where a teacher's file lies, in checkpoints/ or in another folder."""
    shipped = path_of(f"teacher_{key}")
    return folder / shipped.name if folder else shipped


def save_teacher(
    path: Path, key: str, network: TransferCNN, budget: Budget, seconds: float
) -> dict[str, object]:
    """Writes a teacher and gives its facts. Raises CheckpointError."""
    facts = {"task": key, "accuracy": own_accuracy(key, network), "seconds": round(seconds, 1)}
    facts |= asdict(budget)
    seen = as_runs(TEACHERS[key].training().indices)
    header = {"made_for": MADE_FOR, "teacher": json.dumps(facts), "seen": json.dumps(seen)}
    header["data"] = load_mnist().checksum
    weights = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    write_whole(path, save(weights, header))
    return facts


def load_teacher(key: str) -> Taught:
    """The shipped teacher of that name. Raises CheckpointError."""
    return read_teacher(teacher_path(key))


@cache
def read_teacher(path: Path) -> Taught:
    """A teacher from its file, once a process; whoever changes its network takes a copy."""
    tensors, header = read(path)
    try:
        facts, seen = json.loads(header["teacher"]), from_runs(json.loads(header["seen"]))
    except (KeyError, ValueError, TypeError, RuntimeError, RecursionError):
        raise damaged(path, "its header does not say what the teacher learned from") from None
    network = new_network()
    wanted = network.state_dict()
    fits = all(same_kind(tensors.get(name), tensor) for name, tensor in wanted.items())
    if not fits or len(tensors) != len(wanted):
        raise damaged(path, "its weights are not those of a teacher")
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise damaged(path, "some of its weights are not finite numbers")
    network.load_state_dict(tensors)
    return Taught(network.eval().requires_grad_(False), facts, seen)
