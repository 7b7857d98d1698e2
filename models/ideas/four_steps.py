"""The four steps of every project: work with data, create a model, optimise it, save it."""

from io import BytesIO

import torch
from torch import Generator, Tensor, nn
from torch.utils.data import DataLoader

PIXELS, CLASSES = 784, 10


def create_model(seed: int) -> nn.Module:
    """One linear layer, (B, 1, 28, 28) -> (B, 10); its first weights as nn.Linear draws them."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, CLASSES))
    bound = PIXELS**-0.5
    generator = Generator().manual_seed(seed)
    for parameter in model.parameters():
        nn.init.uniform_(parameter, -bound, bound, generator=generator)
    return model


def optimise(model: nn.Module, loader: DataLoader, learning_rate: float) -> list[float]:
    """One epoch; the loss of each batch before its step."""
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for images, labels in loader:
        outputs = model(images)
        loss = loss_function(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of images (N, 1, 28, 28) that are read right."""
    return float((model(images).argmax(1) == labels).double().mean())


def save(model: nn.Module) -> bytes:
    """The file that keeps the numbers of a model, in memory; on disk: torch.save(…, "model.pt")."""
    file = BytesIO()
    torch.save(model.state_dict(), file)
    return file.getvalue()


def load(content: bytes) -> nn.Module:
    """The model that such a file keeps: made anew, then given its numbers."""
    model = create_model(seed=0)
    model.load_state_dict(torch.load(BytesIO(content), weights_only=True))
    return model
