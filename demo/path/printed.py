"""The book's printed lines and those that mend them, each in a function that runs it."""

import torch
from torch import Tensor, nn
from torch.autograd import Function, Variable
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms

from models.foundations import RUNGS, TwoLayers, start
from models.ideas.book_gradient import by_hand, road
from models.nets import MLP

BATCH = 64  # the book's
CLASSES = 10


def images() -> Tensor:
    """Four grey images of 28 x 28 pixels in [0, 1]."""
    return torch.rand(4, 1, 28, 28)


# ---- Transforms -----------------------------------------------------------------------------


def resize() -> object:
    return transforms.Resize(32)


def one_channel() -> Tensor:
    return transforms.Normalize(mean=[0.5], std=[0.5])(images())


# ---- autograd -------------------------------------------------------------------------------


def variable() -> Tensor:
    return Variable(torch.randn(100, 10), requires_grad=True)


def plain_tensor() -> Tensor:
    return torch.randn(100, 10, requires_grad=True)


def update_by_data() -> float:
    """The gradient of w² at 3, where an update comes between forward and backward."""
    w = torch.tensor(3.0, requires_grad=True)
    loss = w * w
    w.data -= 1
    loss.backward()
    return w.grad.item()


def update_without_graph() -> float:
    w = torch.tensor(3.0, requires_grad=True)
    loss = w * w
    loss.backward()
    with torch.no_grad():
        w -= 1
    return w.grad.item()


# ---- The programs from bare tensors to modules ----------------------------------------------


def clamped() -> tuple[Tensor, float]:
    """The hidden gradient of the first epoch, and the last loss."""
    return by_hand(*start(0), "clamped")[1]["hidden"], road(0, "clamped")[0][-1]


def masked() -> tuple[Tensor, float]:
    return by_hand(*start(0), "masked")[1]["hidden"], road(0, "masked")[0][-1]


def by_tensors() -> list[float]:
    return list(RUNGS["tensors"].climb(0))


def by_autograd() -> list[float]:
    return list(RUNGS["autograd"].climb(0))


def backward_of_module() -> int:
    """How often a module's own backward is called."""
    calls = []

    class Model(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return 2 * x

        def backward(self, gradient: Tensor) -> Tensor:
            calls.append(gradient)
            return 2 * gradient

    Model()(torch.ones(1, requires_grad=True)).backward()
    return len(calls)


def backward_of_function() -> int:
    """The same of a function of autograd."""
    calls = []

    class Model(Function):
        @staticmethod
        def forward(ctx: object, x: Tensor) -> Tensor:
            return 2 * x

        @staticmethod
        def backward(ctx: object, gradient: Tensor) -> Tensor:
            calls.append(gradient)
            return 2 * gradient

    Model.apply(torch.ones(1, requires_grad=True)).backward()
    return len(calls)


def weights_outside() -> object:
    network = TwoLayers()
    return torch.optim.SGD(network.parameters(), lr=1e-6)


def weights_inside() -> object:
    network = TwoLayers()
    network.w1 = nn.Parameter(torch.randn(1000, 100))
    return torch.optim.SGD(network.parameters(), lr=1e-6)


# ---- The convolutional network --------------------------------------------------------------


def batches() -> DataLoader:
    """Ten batches of logits and labels, always the same."""
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(10 * BATCH, CLASSES, generator=generator)
    labels = torch.randint(CLASSES, (10 * BATCH,), generator=generator)
    return DataLoader(TensorDataset(logits, labels), batch_size=BATCH)


def loss_over_images() -> float:
    loader, running_loss = batches(), 0.0
    for logits, labels in loader:
        running_loss += F.cross_entropy(logits, labels).item()
    return running_loss / len(loader.dataset)


def loss_over_batches() -> float:
    loader, running_loss = batches(), 0.0
    for logits, labels in loader:
        running_loss += F.cross_entropy(logits, labels).item()
    return running_loss / len(loader)


def twice_in_training() -> int:
    """How many of ten answers change when the same image is read again."""
    network, image = MLP(dropout=0.5), images()[:1]
    return int((network(image) != network(image)).sum())


def twice_in_eval() -> int:
    network, image = MLP(dropout=0.5), images()[:1]
    network.eval()
    return int((network(image) != network(image)).sum())


# ---- The autoencoders -----------------------------------------------------------------------


def undone_in_vain() -> tuple[float, float]:
    """The darkest and the brightest that the preview of black and white becomes."""
    img = torch.tensor([0.0, 1.0])
    img = img * 0.5 + 0.5
    return img.min().item(), img.max().item()


def as_it_is() -> tuple[float, float]:
    img = torch.tensor([0.0, 1.0])
    img = img.clamp(0, 1)
    return img.min().item(), img.max().item()


def inputs_of_the_comment() -> Tensor:
    return nn.Linear(224, 128)(images().flatten(1))


def inputs_of_the_images() -> Tensor:
    return nn.Linear(784, 128)(images().flatten(1))


def onto_the_gpu() -> Tensor:
    return images().cuda()


def onto_what_there_is() -> Tensor:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return images().to(device)
