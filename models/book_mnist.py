"""torchvision's MNIST over the files inside the project, for whoever follows the book."""

from collections.abc import Callable

import numpy as np
from PIL import Image
from torchvision.datasets import MNIST as TorchvisionMNIST

from models import data


class BookMNIST(TorchvisionMNIST):
    """Images and labels one by one: `DataLoader(BookMNIST(), …)`.

    It reads the compressed files in memory, so the checkout may be read-only, and gives what
    torchvision's gives: a PIL image of mode "L" and its label, an int, each transformed.
    """

    def __init__(
        self,
        train: bool = True,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ) -> None:
        # torchvision's own __init__ looks for uncompressed files on disk; its base only keeps these
        super(TorchvisionMNIST, self).__init__(
            str(data.FOLDER), transform=transform, target_transform=target_transform
        )
        self.train = train
        mnist = data.load_mnist()
        self.data = mnist.train_images if train else mnist.test_images
        self.targets = (mnist.train_labels if train else mnist.test_labels).long()

    def __getitem__(self, index: int) -> tuple:
        picture = Image.fromarray(np.asarray(self.data[index]))
        label = int(self.targets[index])
        if self.transform is not None:
            picture = self.transform(picture)
        if self.target_transform is not None:
            label = self.target_transform(label)
        return picture, label

    def _check_exists(self) -> bool:
        return True  # load_mnist has read and verified them
