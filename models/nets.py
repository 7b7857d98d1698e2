"""Every network of the lab: what each is made of, and nothing of how it learns.

All take pixels in [0, 1], ink 1 on paper 0, as (B, 1, 28, 28); normalisation is inside.
Readers answer with logits (B, 10), cleaners with a picture (B, 1, 28, 28).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

PIXELS = 28 * 28
CLASSES = 10

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "none": nn.Identity,
}


class Normalise(nn.Module):
    """(x - mean) / std with both kept as buffers, so that they travel with the weights."""

    def __init__(self, mean: float, std: float) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))

    def forward(self, x: Tensor) -> Tensor:
        return (x - self.mean) / self.std


def mnist_normalise() -> Normalise:
    """Mean and standard deviation of all pixels of MNIST's training images, in [0, 1]."""
    return Normalise(0.1307, 0.3081)


def book_normalise() -> Normalise:
    """The book's Normalize(0.5, 0.5): [0, 1] -> [-1, 1]."""
    return Normalise(0.5, 0.5)


class Linear(nn.Sequential):
    """The simplest reader: every pixel votes for every digit, 784 -> 10."""

    def __init__(self) -> None:
        super().__init__(
            mnist_normalise(),
            nn.Flatten(),  # (B, 1, 28, 28) -> (B, 784)
            nn.Linear(PIXELS, CLASSES),
        )


class MLP(nn.Sequential):
    """The book's fully connected network: 784 -> width, depth times -> 10."""

    def __init__(
        self,
        width: int = 256,
        depth: int = 1,
        activation: str = "relu",
        bias: bool = True,
        batch_norm: bool = False,
        dropout: float = 0.0,
    ) -> None:
        layers: list[nn.Module] = [mnist_normalise(), nn.Flatten()]  # (B, 1, 28, 28) -> (B, 784)
        sizes = [PIXELS] + [width] * depth
        for inputs, outputs in zip(sizes, sizes[1:], strict=False):
            layers += [nn.Linear(inputs, outputs, bias=bias)]
            layers += [nn.BatchNorm1d(outputs)] if batch_norm else []
            layers += [ACTIVATIONS[activation]()]
            layers += [nn.Dropout(dropout)] if dropout else []
        super().__init__(*layers, nn.Linear(sizes[-1], CLASSES, bias=bias))


class BookCNN(nn.Module):
    """The book's MNIST network, the one that the notes' author could not run."""

    def __init__(self, dropout: float = 0.5) -> None:
        super().__init__()
        self.normalise = book_normalise()
        self.convolutions = nn.Sequential(
            nn.Conv2d(1, 64, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 128, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.dense = nn.Sequential(
            nn.Linear(128 * 14 * 14, 1024),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(1024, CLASSES),
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.convolutions(self.normalise(x))  # (B, 1, 28, 28) -> (B, 128, 14, 14)
        x = x.flatten(1)  # (B, 128, 14, 14) -> (B, 25088)
        return self.dense(x)  # (B, 25088) -> (B, 10)


class SmallCNN(nn.Sequential):
    """109,050 parameters; a wide first stride makes it cheap enough to learn live in seconds."""

    def __init__(self, batch_norm: bool = False, dropout: float = 0.0) -> None:
        super().__init__(
            mnist_normalise(),
            nn.Conv2d(1, 16, kernel_size=6, stride=2),  # (B, 1, 28, 28) -> (B, 16, 12, 12)
            *([nn.BatchNorm2d(16)] if batch_norm else []),
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=3),  # -> (B, 32, 10, 10)
            *([nn.BatchNorm2d(32)] if batch_norm else []),
            nn.MaxPool2d(2),  # -> (B, 32, 5, 5)
            nn.ReLU(),
            nn.Flatten(),  # -> (B, 800)
            nn.Linear(800, 128),
            *([nn.BatchNorm1d(128)] if batch_norm else []),
            nn.ReLU(),
            *([nn.Dropout(dropout)] if dropout else []),
            nn.Linear(128, CLASSES),
        )


def convolution(inputs: int, outputs: int) -> nn.Sequential:
    """3 x 3, batch norm (Ioffe and Szegedy 2015) in place of a bias, ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class Digits(nn.Module):
    """The reader of the Draw tab: pairs of 3 x 3 convolutions at three sizes of the picture."""

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        self.normalise = mnist_normalise()
        self.fine = nn.Sequential(convolution(1, 32), convolution(32, 32), nn.MaxPool2d(2))
        self.middle = nn.Sequential(convolution(32, 64), convolution(64, 64), nn.MaxPool2d(2))
        self.coarse = nn.Sequential(convolution(64, 160), convolution(160, 160), nn.MaxPool2d(2))
        self.dense = nn.Sequential(
            nn.Flatten(),
            nn.Linear(160 * 3 * 3, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(256, CLASSES),
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.fine(self.normalise(x))  # (B, 1, 28, 28) -> (B, 32, 14, 14)
        x = self.middle(x)  # -> (B, 64, 7, 7)
        x = self.coarse(x)  # -> (B, 160, 3, 3)
        return self.dense(x)  # -> (B, 10)


class TransferCNN(nn.Module):
    """What a teacher learns with and hands on, in blocks that can be locked one by one."""

    def __init__(self, classes: int = 5) -> None:
        super().__init__()
        self.normalise = mnist_normalise()
        self.edges = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
        )
        self.strokes = nn.Sequential(convolution(16, 32), nn.MaxPool2d(2))
        self.shapes = nn.Sequential(convolution(32, 64), nn.MaxPool2d(2), nn.Flatten())
        self.head = nn.Linear(64 * 3 * 3, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.edges(self.normalise(x))  # (B, 1, 28, 28) -> (B, 16, 14, 14)
        x = self.strokes(x)  # -> (B, 32, 7, 7)
        x = self.shapes(x)  # -> (B, 64, 3, 3) -> (B, 576)
        return self.head(x)  # -> (B, 5)


class LinearAutoencoder(nn.Module):
    """The book's: 784 numbers squeezed to 32 and rebuilt; nothing bounds what comes out.

    `code` is how many numbers are left in the middle: C below.
    """

    def __init__(self, code: int = 32) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(PIXELS, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, code)
        )
        self.decoder = nn.Sequential(
            nn.Linear(code, 64), nn.ReLU(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, PIXELS)
        )

    def encode(self, x: Tensor) -> Tensor:
        return self.encoder(x.flatten(1))  # (B, 1, 28, 28) -> (B, 784) -> (B, C)

    def decode(self, code: Tensor) -> Tensor:
        return self.decoder(code).view(-1, 1, 28, 28)  # (B, C) -> (B, 784) -> (B, 1, 28, 28)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))


class ConvAutoencoder(nn.Module):
    """The book's: two convolutions and pools down to 7 x 7, two upsamplings back."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 64, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 128, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.decoder = nn.Sequential(
            nn.Upsample(scale_factor=2, mode="nearest"),
            nn.Conv2d(128, 64, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Upsample(scale_factor=2, mode="nearest"),
            nn.Conv2d(64, 1, kernel_size=3, padding=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        code = self.encoder(x)  # (B, 1, 28, 28) -> (B, 128, 7, 7)
        return self.decoder(code)  # (B, 128, 7, 7) -> (B, 1, 28, 28)


class Denoiser(nn.Module):
    """A small U-Net (Ronneberger et al. 2015) that cleans every kind of noise of the lab.

    On its way down it looks at the whole, on its way up it gets back the detail of each size; it
    answers with what has to be added to the picture.
    """

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        fine, middle, coarse = width, 2 * width, 4 * width  # channels at 28, 14 and 7 px
        self.down = nn.MaxPool2d(2)
        self.fine = convolution(1, fine)
        self.middle = nn.Sequential(convolution(fine, middle), convolution(middle, middle))
        self.coarse = nn.Sequential(
            convolution(middle, coarse), convolution(coarse, coarse), convolution(coarse, coarse)
        )
        self.to_middle = nn.ConvTranspose2d(coarse, middle, kernel_size=2, stride=2)
        self.join_middle = nn.Sequential(
            convolution(2 * middle, middle), convolution(middle, middle)
        )
        self.to_fine = nn.ConvTranspose2d(middle, fine, kernel_size=2, stride=2)
        self.join_fine = convolution(2 * fine, fine)
        self.change = nn.Conv2d(fine, 1, kernel_size=3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        fine = self.fine(x)  # (B, 1, 28, 28) -> (B, 24, 28, 28)
        middle = self.middle(self.down(fine))  # -> (B, 48, 14, 14)
        coarse = self.coarse(self.down(middle))  # -> (B, 96, 7, 7)
        middle = self.join_middle(torch.cat([middle, self.to_middle(coarse)], dim=1))
        fine = self.join_fine(torch.cat([fine, self.to_fine(middle)], dim=1))
        cleaned = x + self.change(fine)  # (B, 24, 28, 28) -> (B, 1, 28, 28)
        # a pixel pushed out of the range must still be pulled back while the network learns
        return cleaned if self.training else cleaned.clamp(0, 1)


@dataclass(frozen=True)
class NetworkEntry:
    """How to build a network, what it is for, and which settings of a recipe shape it."""

    build: Callable[..., nn.Module]
    kind: str  # "reader" answers with a digit, "cleaner" with a picture
    settings: tuple[str, ...] = ()
    on_page: bool = True  # whether visitors train one of their own


NETS: dict[str, NetworkEntry] = {
    "linear": NetworkEntry(Linear, "reader"),
    "mlp": NetworkEntry(
        MLP, "reader", ("width", "depth", "activation", "bias", "batch_norm", "dropout")
    ),
    "book_cnn": NetworkEntry(BookCNN, "reader", ("dropout",)),
    "small_cnn": NetworkEntry(SmallCNN, "reader", ("batch_norm", "dropout")),
    "digits": NetworkEntry(Digits, "reader", ("dropout",), on_page=False),
    "linear_autoencoder": NetworkEntry(LinearAutoencoder, "cleaner"),
    "linear_autoencoder_8": NetworkEntry(partial(LinearAutoencoder, 8), "cleaner", on_page=False),
    "linear_autoencoder_2": NetworkEntry(partial(LinearAutoencoder, 2), "cleaner", on_page=False),
    "conv_autoencoder": NetworkEntry(ConvAutoencoder, "cleaner"),
    "denoiser": NetworkEntry(Denoiser, "cleaner", on_page=False),
}


def count_parameters(network: nn.Module) -> int:
    """Weights and biases; buffers, such as the normalisation, are not learned and not counted."""
    return sum(parameter.numel() for parameter in network.parameters())
