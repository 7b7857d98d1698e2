"""Three ways to read symbols from a handful of drawings each, over one teacher's embeddings.

    drawings --prepare--> Lesson (varied copies, embedded) --HEADS[name]--> Head

`prototypes` are the classes' mean directions (Snell et al. 2017), `linear` is a softmax layer
learned from there, `tuned` also adjusts the teacher's last block. Each can be fitted on several
choices of the drawings in one go, which is how one is left out of its own reading.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from models.augment import augment
from models.embedding import SymbolNet, to_inputs

AUGMENTED = ("stroke", "affine")  # width; rotation, scale, shear and shift
MOST_COPIES = 12  # varied copies of each drawing
IMAGES = 320  # copies of all drawings together, about; what a second allows on one core
SCALE = 16.0  # cosines are multiplied by it before the softmax, as in the teacher's training
LINEAR_STEPS = 40
LINEAR_RATE = 0.05
TUNED_STEPS = 24
TUNED_RATE = 3e-4
TUNED_BATCH = 64
DECAY = 1e-2  # pull of the weights towards 0


@dataclass(frozen=True)
class Lesson:
    """Drawings and their copies as the teacher sees them; copies come after the N drawings."""

    digits: Tensor  # (N, 28, 28) uint8
    labels: Tensor  # (N,) int64
    classes: int  # C
    owner: Tensor  # (M,) which drawing each image is a copy of; the first N their own
    features: Tensor  # (M, 96, 3, 3), what the last block is given
    embedded: Tensor  # (M, D)

    @property
    def drawings(self) -> Tensor:
        """The embeddings of the drawings themselves, (N, D)."""
        return self.embedded[: len(self.digits)]

    @property
    def targets(self) -> Tensor:
        """The class of each image, (M,)."""
        return self.labels[self.owner]


@dataclass(frozen=True)
class Head:
    """Logits = weight · embedding + bias; `last` is its own block, None for the teacher's."""

    weight: Tensor  # (C, D)
    bias: Tensor  # (C,)
    last: nn.Module | None = None

    def logits(self, features: Tensor, embedded: Tensor) -> Tensor:
        """(B, 96, 3, 3) and the teacher's embeddings (B, D) -> (B, C)."""
        if self.last is not None:
            embedded = F.normalize(self.last(features), dim=1)
        return embedded @ self.weight.T + self.bias


def prepare(teacher: SymbolNet, digits: Tensor, labels: Tensor, seed: int) -> Lesson:
    """Varied copies of drawings (N, 28, 28) uint8 of classes (N,), and all of them embedded."""
    count = len(digits)
    copies = max(1, min(MOST_COPIES, round(IMAGES / count) - 1))
    owner = torch.arange(count).repeat(copies + 1)
    varied = to_inputs(digits).repeat(copies, 1, 1, 1)
    generator = Generator().manual_seed(seed)
    varied = augment(varied, labels[owner[count:]], AUGMENTED, generator)
    features, embedded = see(teacher, torch.cat([to_inputs(digits), varied]))
    return Lesson(digits, labels, int(labels.max()) + 1, owner, features, embedded)


@torch.no_grad()
def see(teacher: SymbolNet, inputs: Tensor) -> tuple[Tensor, Tensor]:
    """(B, 1, 28, 28) -> features (B, 96, 3, 3) and embeddings (B, D)."""
    features = teacher.features(inputs)
    return features, F.normalize(teacher.last(features), dim=1)


def class_sums(embedded: Tensor, labels: Tensor, classes: int, kept: Tensor) -> Tensor:
    """The sum of each class's embeddings over the images that each of F choices keeps.

    embedded (M, D), labels (M,), kept (F, M) bool -> (F, C, D).
    """
    members = F.one_hot(labels, classes).T.float() * kept.unsqueeze(1)  # (F, C, M)
    return members @ embedded


def class_means(embedded: Tensor, labels: Tensor, classes: int, kept: Tensor) -> Tensor:
    """The mean direction of each class, as `class_sums`; 0 where a class has nothing left."""
    return F.normalize(class_sums(embedded, labels, classes, kept), dim=2)


def prototypes(lesson: Lesson, teacher: SymbolNet, kept: Tensor, seed: int) -> list[Head]:
    means = SCALE * class_means(lesson.embedded, lesson.targets, lesson.classes, kept)
    return [Head(weight, torch.zeros(lesson.classes)) for weight in means]


def linear(lesson: Lesson, teacher: SymbolNet, kept: Tensor, seed: int) -> list[Head]:
    """A softmax layer from the class means on, all choices of drawings at once, full batches."""
    weight = SCALE * class_means(lesson.embedded, lesson.targets, lesson.classes, kept)
    weight = weight.requires_grad_()
    bias = torch.zeros(*weight.shape[:2], 1, requires_grad=True)  # (F, C, 1)
    share = kept / kept.sum(1, keepdim=True)  # (F, M)
    targets = lesson.targets.expand(len(kept), -1)
    optimizer = torch.optim.AdamW([weight, bias], LINEAR_RATE, weight_decay=DECAY)
    for _ in range(LINEAR_STEPS):
        logits = weight @ lesson.embedded.T + bias  # (F, C, M)
        loss = (F.cross_entropy(logits, targets, reduction="none") * share).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [Head(w, b.squeeze(1)) for w, b in zip(weight.detach(), bias.detach(), strict=True)]


def tuned(lesson: Lesson, teacher: SymbolNet, kept: Tensor, seed: int) -> list[Head]:
    """The last block adjusted with a layer behind it, for one choice of drawings after another."""
    return [tune(lesson, teacher, one, seed) for one in kept]


def tune(lesson: Lesson, teacher: SymbolNet, kept: Tensor, seed: int) -> Head:
    """Batch norm keeps the teacher's statistics: a handful of drawings has none of its own."""
    generator, images = Generator().manual_seed(seed), kept.nonzero().squeeze(1)
    start = prototypes(lesson, teacher, kept.unsqueeze(0), seed)[0]
    last = deepcopy(teacher.last).requires_grad_(True).eval()
    weight, bias = start.weight.clone().requires_grad_(), start.bias.clone().requires_grad_()
    groups = [
        {"params": last.parameters(), "lr": TUNED_RATE},
        {"params": [weight, bias], "lr": LINEAR_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY)
    for _ in range(TUNED_STEPS):
        batch = images[torch.randint(len(images), (TUNED_BATCH,), generator=generator)]
        embedded = F.normalize(last(lesson.features[batch]), dim=1)  # (B, 96, 3, 3) -> (B, D)
        loss = F.cross_entropy(embedded @ weight.T + bias, lesson.targets[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return Head(weight.detach(), bias.detach(), last.requires_grad_(False))


# Each gives a Head for each of F choices of the images: kept (F, M) bool.
FITS: dict[str, Callable[[Lesson, SymbolNet, Tensor, int], list[Head]]] = {
    "prototypes": prototypes,
    "linear": linear,
    "tuned": tuned,
}
HEADS = tuple(FITS)
