"""The processes that share one training: alone, or started by torchrun."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel


def best_device() -> torch.device:
    """A CUDA or Apple GPU when there is one, each torchrun process its own; otherwise the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@dataclass(frozen=True)
class Workers:
    """This process's place among those that train together."""

    rank: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def share(self, batch: Tensor) -> tuple[Tensor, float]:
        """This process's part of a global batch, and the weight of its mean in the whole's mean.

        DDP averages gradients over processes; weighting each loss by its part's size makes that
        average the gradient of the global batch's mean, also where the parts differ by an image.
        A process that gets no image works on the first one with weight 0.
        """
        part = batch[self.rank :: self.count]
        if len(part) == 0:
            return batch[:1], 0.0
        return part, len(part) * self.count / len(batch)

    def wrap(self, network: nn.Module) -> nn.Module:
        """The network itself, or PyTorch's DistributedDataParallel around it."""
        if self.count == 1 or not any(p.requires_grad for p in network.parameters()):
            return network
        return DistributedDataParallel(network)

    def total(self, values: list[float]) -> list[float]:
        """Each value's sum over all processes."""
        if self.count == 1:
            return values
        sums = torch.tensor(values, dtype=torch.float32, device=best_device())
        distributed.all_reduce(sums)
        return sums.tolist()


@contextmanager
def join_workers() -> Iterator[Workers]:
    """Under torchrun, join the other processes (NCCL on GPUs, gloo on CPUs); otherwise be alone."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield Workers()
        return
    cuda = torch.cuda.is_available()
    if cuda:
        torch.cuda.set_device(best_device())
    distributed.init_process_group("nccl" if cuda else "gloo")
    try:
        yield Workers(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
