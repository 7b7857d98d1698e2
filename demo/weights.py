"""A shipped network's weights as a file to take home, and what loads that file there."""

from io import BytesIO

import torch

from models import checkpoint

MEGABYTE = 1_000_000
LOADER, THIN_LOADER = "load_weights", "load_thin_weights"  # of demo/standalone.py


def is_shipped(kept: checkpoint.Checkpoint) -> bool:
    """Whether a network comes from a file of the lab; a visitor's own one lives in memory alone."""
    return bool(kept.sha256)


def loader_of(kept: checkpoint.Checkpoint) -> str:
    """The function that loads what `weights_of` gives."""
    return loader(kept.recipe.network) if is_shipped(kept) else LOADER


def weights_of(kept: checkpoint.Checkpoint) -> bytes:
    """A network's weights for torch.load; a shipped one's as its own file keeps them."""
    if is_shipped(kept):
        return weights_file(kept.recipe.network)
    return as_file(kept.network.state_dict())


def loader(name: str) -> str:
    """The function that loads a network's weights as its shipped file keeps them."""
    tensors, _ = checkpoint.read(checkpoint.path_of(name))
    is_thin = any(key.endswith(checkpoint.LEFT) for key in tensors)
    return THIN_LOADER if is_thin else LOADER


def weights_file(name: str) -> bytes:
    """A shipped network's weights as its own file keeps them, for torch.load."""
    tensors, _ = checkpoint.read(checkpoint.path_of(name))
    return as_file(tensors)


def as_file(tensors: dict[str, torch.Tensor]) -> bytes:
    """Tensors by name, for torch.load."""
    file = BytesIO()
    torch.save(tensors, file)
    return file.getvalue()


def megabytes(name: str) -> float:
    """About how many a network's weights are."""
    return checkpoint.path_of(name).stat().st_size / MEGABYTE
