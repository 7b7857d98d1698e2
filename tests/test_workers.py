"""How processes share one training: their parts make up the batch, their steps its step."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from models.workers import Workers, best_device, join_workers


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_the_parts_of_a_batch_make_it_up_and_their_weights_its_mean(count, size):
    batch = torch.arange(100, 100 + size)
    shares = [Workers(rank, count).share(batch) for rank in range(count)]
    counted = [part for part, weight in shares if weight > 0]
    assert sorted(torch.cat(counted).tolist()) == batch.tolist()
    assert all(len(part) > 0 for part, _ in shares)  # every process has something to work on
    mean = sum(part.double().mean() * weight for part, weight in shares) / count
    assert mean.item() == pytest.approx(batch.double().mean().item())


@pytest.mark.parametrize("size", [5, 8])
def test_the_average_of_the_processes_gradients_is_that_of_the_whole_batch(size):
    torch.manual_seed(0)
    network, x, y = nn.Linear(4, 3), torch.randn(size, 4), torch.randint(3, (size,))

    def gradient(indices, weight=1.0):
        network.zero_grad()
        (F.cross_entropy(network(x[indices]), y[indices]) * weight).backward()
        return network.weight.grad.clone()

    batch = torch.arange(size)
    average = sum(gradient(*Workers(rank, 3).share(batch)) for rank in range(3)) / 3
    assert torch.allclose(average, gradient(batch), atol=1e-6)


def test_alone_nothing_is_shared_wrapped_or_summed():
    alone, network, batch = Workers(), nn.Linear(2, 2), torch.arange(5)
    assert alone.is_first
    assert torch.equal(alone.share(batch)[0], batch)
    assert alone.share(batch)[1] == 1
    assert alone.wrap(network) is network
    assert list(alone.total([2.5, 3])) == [2.5, 3]


def test_without_torchrun_a_process_is_alone(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with join_workers() as workers:
        assert (workers.rank, workers.count) == (0, 1)


@pytest.mark.parametrize(
    ("cuda", "mps", "kind"), [(True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")]
)
def test_a_gpu_is_used_where_there_is_one(monkeypatch, cuda, mps, kind):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert best_device().type == kind
    assert best_device().index == (1 if kind == "cuda" else None)
