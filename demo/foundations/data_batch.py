"""The chapter `data`: a batch from the DataLoader, Normalize on it, and the four steps."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.utils.data import Subset
from torchvision.transforms import v2

from demo.asked import answering, seed_in
from demo.canvas import canvas
from demo.foundations.data_transforms import normal_in, whole_in
from demo.foundations.values import number_in, switch_in
from models.book_mnist import BookMNIST
from models.data import load_mnist, to_batch
from models.ideas import batches, four_steps

MOST_BATCH = 64
BINS = 32  # bars of a histogram
TRAINED, STEPS = 256, 20  # images and batches that the four steps learn from, at most
TESTED = 500  # test images that tell what was learned


@dataclass(frozen=True)
class Loading:
    """How the images come."""

    batch_size: int
    shuffle: bool
    seed: int
    mean: float
    std: float

    @property
    def trained(self) -> int:
        """How many training images the four steps take: few enough for an answer at once."""
        return min(TRAINED, STEPS * self.batch_size)


def loading_in(asked: dict) -> Loading:
    """How a request wants its images. Raises LabError."""
    size = whole_in(asked, "batch_size", 1, MOST_BATCH)
    return Loading(size, switch_in(asked, "shuffle"), seed_in(asked), *normal_in(asked))


# ---- A batch --------------------------------------------------------------------------------


@answering
def load_batch(asked: dict) -> dict:
    """The first batch of the training images, and its numbers before and after Normalize.

    `asked`: {"batch_size", "shuffle", "seed", "mean", "std"}. "undone" is how far the numbers are
    from what they were after Normalize and · std + mean.
    """
    wanted = loading_in(asked)
    data = BookMNIST(train=True, transform=batches.to_tensor())
    loader = batches.loader_of(data, wanted.batch_size, wanted.shuffle, wanted.seed)
    images, labels = next(iter(loader))
    after = batches.normalized(images, wanted.mean, wanted.std)
    back = batches.undone(after, wanted.mean, wanted.std)
    ends = batches.normalized(torch.tensor([[[[0.0, 1.0]]]]), wanted.mean, wanted.std)
    grid = batches.grid_of(images)
    return {
        "shape": list(images.shape),
        "labels": labels.tolist(),
        "batches": len(loader),
        "grid_shape": list(grid.shape),
        "grid": canvas.to_text(grid[0]),
        "before": told(images, 0.0, 1.0),
        "after": told(after, *ends.flatten().tolist()),
        "undone": float((back - images).abs().max()),
    }


def told(values: Tensor, low: float, high: float) -> dict:
    """The histogram between two ends, and mean and standard deviation."""
    return {
        "low": low,
        "high": high,
        "shares": batches.histogram(values, low, high, BINS),
        "mean": float(values.mean()),
        "std": float(values.std(correction=0)),
    }


# ---- The four steps -------------------------------------------------------------------------


@answering
def take_four_steps(asked: dict) -> dict:
    """Data, model, optimise, save: once through all four.

    `asked`: as for `load_batch`, and {"learning_rate"}. "before" and "after" are shares of TESTED
    test images read right; "same" says whether the file gives the same answers again.
    """
    wanted = loading_in(asked)
    learning_rate = number_in(asked, "learning_rate", 1e-4, 1)
    normal = v2.Compose([batches.to_tensor(), v2.Normalize([wanted.mean], [wanted.std])])
    data = Subset(BookMNIST(train=True, transform=normal), range(wanted.trained))
    loader = batches.loader_of(data, wanted.batch_size, wanted.shuffle, wanted.seed)
    model = four_steps.create_model(wanted.seed)
    test, labels = test_images(wanted)
    before = four_steps.accuracy(model, test, labels)
    losses = four_steps.optimise(model, loader, learning_rate)
    content = four_steps.save(model)
    with torch.no_grad():
        same = torch.equal(four_steps.load(content)(test), model(test))
    return {
        "images": wanted.trained,
        "numbers": sum(parameter.numel() for parameter in model.parameters()),
        "losses": losses,
        "tested": TESTED,
        "before": before,
        "after": four_steps.accuracy(model, test, labels),
        "bytes": len(content),
        "same": same,
    }


def test_images(wanted: Loading) -> tuple[Tensor, Tensor]:
    """TESTED test images (N, 1, 28, 28), normalised, and their labels (N,)."""
    mnist = load_mnist()
    images = to_batch(mnist.test_images[:TESTED])
    return batches.normalized(images, wanted.mean, wanted.std), mnist.test_labels[:TESTED]
