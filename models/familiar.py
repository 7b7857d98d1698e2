"""How much a drawing looks like what was taught, and from where on it is called unknown.

A handful of drawings can't say how far the next one of a class may stray. So a small logistic model
learns it from classes that the teacher never saw: what it is told of a drawing is listed in
EVIDENCE. How close the taught drawings lie to each other, each left out of its class in turn, is a
part of it.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from models.symbol_heads import class_means, class_sums

EVIDENCE = (
    "mean",  # cosine to the mean direction of the likeliest class
    "nearest",  # cosine to the nearest drawing of that class
    "margin",  # by how much the mean of the next class is further away
    "tightness",  # mean cosine of that class's drawings to the mean of the others of it
    "all_tight",  # the same over all classes
    "few",  # 1 / drawings of that class
    "single",  # whether there is one drawing alone, so that nothing is known of tightness
)
LOST = 0.05  # share of known drawings that may be called unknown
STEPS = 60  # of L-BFGS; it settles in fewer


@dataclass(frozen=True)
class Doubt:
    """Familiarity = sigmoid(weights · evidence + bias); below the threshold is unknown."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def familiarity(self, evidence: Tensor) -> Tensor:
        """(Q, 7) -> (Q,) in [0, 1]."""
        return (evidence @ torch.tensor(self.weights) + self.bias).sigmoid()


def doubt_of(figures: dict[str, object]) -> Doubt:
    """What the teacher's header says; one that says nothing calls nothing unknown."""
    fitted = figures.get("doubt")
    if not fitted:
        return Doubt((5.0,) + (0.0,) * (len(EVIDENCE) - 1), -2.5, 0.0)
    return Doubt(tuple(fitted["weights"]), fitted["bias"], fitted["threshold"])


def tightness(taught: Tensor, labels: Tensor, sums: Tensor) -> Tensor:
    """Cosine of each drawing (N, D) to the mean of the others of its class; 0 where it has none.

    `sums` (F, C, D) are the classes' sums over F choices of the drawings -> (F, N).
    """
    others = sums[:, labels] - taught  # (F, N, D)
    return F.cosine_similarity(others, taught.unsqueeze(0), dim=2)


def evidence(
    asked: Tensor, taught: Tensor, labels: Tensor, best: Tensor, kept: Tensor | None = None
) -> Tensor:
    """What is known of drawings asked (Q, D), the likeliest class of each being best (Q,): (Q, 7).

    taught (N, D) are the drawings of classes (N,); kept (Q, N) bool says which of them each may be
    compared with, by default all.
    """
    classes, rows = int(labels.max()) + 1, torch.arange(len(asked))
    kept = torch.ones(1, len(taught), dtype=torch.bool) if kept is None else kept
    sums = class_sums(taught, labels, classes, kept)  # (Q, C, D), or (1, C, D) for all alike
    cosines = (F.normalize(sums, dim=2) @ asked.unsqueeze(2)).squeeze(2)  # (Q, C)
    own = cosines[rows, best]
    others = cosines.masked_fill(F.one_hot(best, classes).bool(), -1).amax(1)
    members = kept & (labels == best.unsqueeze(1))  # (Q, N)
    nearest = (asked @ taught.T).masked_fill(~members, -1).amax(1)
    tight, count = tightness(taught, labels, sums), members.sum(1)
    class_tight = (members * tight).sum(1) / count.clamp(min=1) * (count > 1)
    all_tight = ((kept * tight).sum(1) / kept.sum(1)).expand(len(asked))
    few, single = 1 / count.clamp(min=1), (count < 2).float()
    return torch.stack([own, nearest, own - others, class_tight, all_tight, few, single], dim=1)


def episodes(pool: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Evidence and whether the drawing was known, over draws of classes: (Q, 7) and (Q,).

    `pool` is embedded, (classes, each, D). Each draw teaches 2 to 10 classes by 1 to 10 drawings
    of each and asks for their other drawings and for as many of other classes.
    """
    generator, rows, known = Generator().manual_seed(seed), [], []
    for _ in range(count):
        ways = int(torch.randint(2, 11, (1,), generator=generator))
        shots = int(torch.randint(1, 11, (1,), generator=generator))
        order = torch.randperm(len(pool), generator=generator)
        drawings = pool[:, torch.randperm(pool.shape[1], generator=generator)]
        taught = drawings[order[:ways], :shots].flatten(0, 1)  # (ways · shots, D)
        labels = torch.arange(ways).repeat_interleave(shots)
        inside = drawings[order[:ways], shots : shots + 2].flatten(0, 1)
        outside = drawings[order[ways : 3 * ways], 0]
        asked = torch.cat([inside, outside])
        everything = torch.ones(1, len(taught), dtype=torch.bool)
        best = (asked @ class_means(taught, labels, ways, everything)[0].T).argmax(1)
        rows.append(evidence(asked, taught, labels, best))
        known.append(torch.arange(len(asked)) < len(inside))
    return torch.cat(rows), torch.cat(known)


def fit_doubt(rows: Tensor, known: Tensor, lost: float = LOST) -> Doubt:
    """Logistic regression on evidence (Q, 7), with the threshold that `lost` of the known miss."""
    scaled = torch.zeros(rows.shape[1] + 1, dtype=torch.double, requires_grad=True)
    middle, spread = rows.mean(0).double(), rows.std(0).double().clamp(min=1e-3)
    inputs, targets = (rows.double() - middle) / spread, known.double()
    search = torch.optim.LBFGS([scaled], max_iter=STEPS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        search.zero_grad()
        logits = inputs @ scaled[:-1] + scaled[-1]
        loss = F.binary_cross_entropy_with_logits(logits, targets)
        loss = loss + 1e-4 * scaled[:-1].square().sum()
        loss.backward()
        return loss

    search.step(closure)
    weights = scaled[:-1].detach() / spread
    bias = float(scaled[-1].detach() - weights @ middle)
    doubt = Doubt(tuple(weights.tolist()), bias, 0.0)
    threshold = doubt.familiarity(rows)[known].quantile(lost)
    return Doubt(doubt.weights, bias, float(threshold))


def as_figures(doubt: Doubt) -> dict[str, object]:
    return asdict(doubt) | {"evidence": list(EVIDENCE)}
