"""What a network is fed at each step: images varied, spoiled, or joined by drawings made up."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from models.augment import augment
from models.data import Mnist, to_batch
from models.nets import CLASSES
from models.noise import spoil
from models.outsiders import outsiders
from models.penned import penned
from models.recipe import Recipe

NO_DIGIT = -1  # the label of a drawing that is none of the ten
OUTSIDERS = 16_000  # drawings; augmentation makes each use of one another drawing
PENNED = 12_000  # drawings


@dataclass
class Pool:
    """Drawings (N, 28, 28) uint8 with labels (N,), of which each batch gets a share."""

    images: Tensor
    labels: Tensor
    share: float  # of the batch's own images

    def draw(self, batch: int, generator: Generator) -> tuple[Tensor, Tensor]:
        count = round(batch * self.share)
        drawn = torch.randint(len(self.images), (count,), generator=generator)
        return self.images[drawn], self.labels[drawn]


def pools(recipe: Recipe, mnist: Mnist) -> list[Pool]:
    """The made-up drawings that a recipe asks for; none for a cleaner."""
    made, seed = [], recipe.seed % 2**32
    if recipe.outsiders and not recipe.is_cleaner:
        count = recipe.train_images
        images, labels = mnist.train_images[:count], mnist.train_labels[:count]
        strange = outsiders(images, labels, OUTSIDERS, seed)
        none = torch.full((OUTSIDERS,), NO_DIGIT)
        made.append(Pool(strange, none, recipe.outsiders))
    if recipe.penned and not recipe.is_cleaner:
        made.append(Pool(*penned(PENNED, seed), recipe.penned))
    return made


def noisy_labels(recipe: Recipe, labels: Tensor) -> Tensor:
    """Labels (N,) of which the recipe's share of those trained on became another digit."""
    share, count = recipe.label_noise, recipe.train_images
    if not share or recipe.is_cleaner:
        return labels
    return torch.cat([with_wrong_labels(labels[:count], share, recipe.seed), labels[count:]])


def with_wrong_labels(labels: Tensor, share: float, seed: int) -> Tensor:
    """Labels (N,) of which that share became another digit."""
    # another seed than the batches' order has: the wrong ones would come first otherwise
    generator = Generator().manual_seed((seed * 1_013 + 2) % 2**63)
    wrong = torch.randperm(len(labels), generator=generator)[: round(share * len(labels))]
    moved = torch.randint(1, CLASSES, (len(wrong),), generator=generator)
    labels = labels.clone()
    labels[wrong] = (labels[wrong] + moved) % CLASSES
    return labels


class Feed:
    """A recipe's inputs and targets on a device; what is random is drawn from `variation`."""

    def __init__(
        self, recipe: Recipe, mnist: Mnist, device: torch.device, variation: Generator
    ) -> None:
        self.recipe, self.variation = recipe, variation
        self.images = mnist.train_images.to(device)
        self.labels = noisy_labels(recipe, mnist.train_labels.long()).to(device)
        self.pools = [
            Pool(pool.images.to(device), pool.labels.to(device), pool.share)
            for pool in pools(recipe, mnist)
        ]

    def pair(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """What the network is fed and what it should answer."""
        recipe, variation = self.recipe, self.variation
        images, labels = self.images[indices], self.labels[indices]
        added = [pool.draw(len(indices), variation) for pool in self.pools]
        images = torch.cat([images, *(drawings for drawings, _ in added)])
        labels = torch.cat([labels, *(theirs for _, theirs in added)])
        clean = to_batch(images)
        if recipe.is_cleaner:
            return spoil(clean, recipe.noise, recipe.noise_level, variation), clean
        return augment(clean, labels, recipe.augment, variation), labels
