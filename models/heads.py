"""New heads on features: standardised, then one linear layer with weight decay, for one or many.

Leaving one out trains as many heads as there are photographs, all in one optimisation: each sees
every photograph but its own part.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WEIGHT_DECAY = 1e-2  # beside a mean loss; of 1e-2 to 1 the least loss on unseen drawn shapes
LEAST_SPREAD = 0.3  # of all features' mean spread; see spread_of
STEPS = 60  # of L-BFGS, at most
MOST_PARTS = 30  # that are left out in turn; of more photographs, several are left out together


class PhotoHead(nn.Module):
    """Features (B, D) -> logits (B, C); the features' mean and spread inside."""

    def __init__(self, mean: Tensor, spread: Tensor, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("spread", spread)
        self.linear = nn.Linear(*weight.T.shape)
        with torch.no_grad():
            self.linear.weight.copy_(weight)
            self.linear.bias.copy_(bias)

    def forward(self, features: Tensor) -> Tensor:
        return self.linear((features - self.mean) / self.spread)


def fit_head(features: Tensor, labels: Tensor, classes: int) -> PhotoHead:
    """The head of features (N, D) that read as labels (N,)."""
    mean, spread = features.mean(0), spread_of(features)
    everything = torch.ones(1, len(features))
    weight, bias = fit((features - mean) / spread, labels, classes, everything)
    return PhotoHead(mean, spread, weight[0], bias[0])


def spread_of(features: Tensor) -> Tensor:
    """Standard deviation of each of the features (N, D), and not much less than their mean one.

    Few photographs hardly stir some features. Divided by next to nothing, these would outshout
    all others in the first photograph that does.
    """
    spread = features.std(0, correction=0)
    return spread.clamp(min=max(LEAST_SPREAD * float(spread.mean()), 1e-6))


def left_out_accuracy(features: Tensor, labels: Tensor, owners: Tensor, classes: int) -> float:
    """Share of photographs that a head reads right which has seen all others.

    `owners` (N,) tells which photograph each row of features is a view of, 0, 1, …; the first view
    of each is the plain one, and it alone is read. Past 30 photographs they are left out in 30
    parts. The features' mean and spread are of all of them.
    """
    count = int(owners.max()) + 1
    parts = min(count, MOST_PARTS)
    rows = torch.stack([(owners == one).int().argmax() for one in range(count)])
    standard = (features - features.mean(0)) / spread_of(features)
    kept = (owners % parts != torch.arange(parts)[:, None]).float()  # (P, N)
    weight, bias = fit(standard, labels, classes, kept)
    part = torch.arange(count) % parts
    logits = torch.einsum("nd,ncd->nc", standard[rows], weight[part]) + bias[part]
    return float((logits.argmax(1) == labels[rows]).float().mean())


def fit(inputs: Tensor, labels: Tensor, classes: int, kept: Tensor) -> tuple[Tensor, Tensor]:
    """Weights (P, C, D) and biases (P, C) of P heads; head p learns from where kept (P, N) is 1.

    The best weights are sums of the inputs, as weight decay leaves nothing beside them: so they
    are sought in the inputs' own span, which has few dimensions where photographs are few.
    """
    span = torch.linalg.qr(inputs.T).Q  # (D, R)
    short = inputs @ span  # (N, R)
    weight = torch.zeros(len(kept), classes, span.shape[1], requires_grad=True)
    bias = torch.zeros(len(kept), classes, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        logits = torch.einsum("nr,pcr->pnc", short, weight) + bias[:, None]
        each = F.cross_entropy(logits.flatten(0, 1), labels.repeat(len(kept)), reduction="none")
        means = (each.view_as(kept) * kept).sum(1) / kept.sum(1)
        total = means.sum() + WEIGHT_DECAY * weight.square().sum()
        total.backward()
        return total

    with torch.enable_grad():
        optimizer.step(loss)
    return weight.detach() @ span.T, bias.detach()
