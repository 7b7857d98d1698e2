"""Which number tells digits from other drawings best.

    python -m bench.scores --drawings FILE --letters FILE

For `digits`, each alone and all together (logistic regression on held-out training images and
penned digits against made-up outsiders): the likeliest probability, the energy of the logits (Liu
et al. 2020), the distance to the nearest class in feature space (Mahalanobis; Lee et al. 2018), and
the reconstruction error of the two autoencoders. Printed: the area under the ROC curve of people's
digits against their letters.
"""

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics.functional.classification import binary_auroc

from bench.strokes import load_drawings, render
from models.checkpoint import Checkpoint, load
from models.data import load_mnist, to_batch
from models.ink import find_ink, to_digit
from models.outsiders import outsiders
from models.penned import penned
from models.predict import digit_scores

LEARNED = 12_000  # training images that the classes' means and their covariance are taken from
MADE = 3_000  # outsiders and penned digits, none of them from the pools of the training
SEED = 99
PIECE = 500


def features(reader: Checkpoint, digits: Tensor) -> Tensor:
    """What the last layer weighs: (N, 1, 28, 28) -> (N, 256)."""
    network = reader.network
    maps = network.coarse(network.middle(network.fine(network.normalise(digits))))
    return network.dense[:-2](maps)  # without dropout and the last layer


class Distance:
    """How far from every digit's training images, in feature space."""

    def __init__(self, reader: Checkpoint) -> None:
        mnist = load_mnist()
        labels = mnist.train_labels[:LEARNED].long()
        seen = in_pieces(lambda one: features(reader, one), to_batch(mnist.train_images[:LEARNED]))
        self.reader = reader
        self.means = torch.stack([seen[labels == digit].mean(0) for digit in range(10)])
        self.inverse = torch.linalg.inv(
            torch.cov((seen - self.means[labels]).T) + 1e-3 * torch.eye(256)
        )

    def __call__(self, digits: Tensor) -> Tensor:
        apart = features(self.reader, digits)[:, None] - self.means  # (N, 10, 256)
        return torch.einsum("nki,ij,nkj->nk", apart, self.inverse, apart).amin(1)


@torch.inference_mode()
def in_pieces(function, digits: Tensor) -> Tensor:
    return torch.cat([function(piece) for piece in digits.split(PIECE)])


def all_scores(digits: Tensor, reader: Checkpoint, distance: Distance) -> dict[str, Tensor]:
    """Each score of (N, 1, 28, 28), higher for what looks more like a digit: (N,)."""
    logits = in_pieces(reader.network, digits)
    scores = {
        "likeliest": digit_scores(logits).double().clamp(max=1 - 1e-9).logit(),
        "energy": logits.logsumexp(1).double(),
        "distance": -in_pieces(distance, digits).clamp(min=1e-6).log().double(),
    }
    for name in ("linear_autoencoder", "conv_autoencoder"):
        error = (in_pieces(load(name).network, digits) - digits).square().flatten(1).mean(1)
        scores[name] = -error.clamp(min=1e-9).log().double()
    return scores


def combined(known: Tensor, unknown: Tensor, *others: Tensor) -> list[Tensor]:
    """Logistic regression of known against unknown, (N, K) each, applied to the others."""
    rows = torch.cat([known, unknown])
    mean, spread = rows.mean(0), rows.std(0)
    wanted = torch.cat([torch.ones(len(known)), torch.zeros(len(unknown))]).double()
    weights = torch.zeros(rows.shape[1] + 1, dtype=torch.double, requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        search.zero_grad()
        guess = (rows - mean) / spread @ weights[:-1] + weights[-1]
        loss = F.binary_cross_entropy_with_logits(guess, wanted) + 1e-4 * weights.square().sum()
        loss.backward()
        return loss

    search.step(closure)
    return [(other - mean) / spread @ weights.detach()[:-1] for other in others]


def auroc(digits: Tensor, letters: Tensor) -> float:
    ranks = torch.cat([digits, letters]).argsort().argsort().double()  # no score leaves [0, 1] so
    are_digits = torch.tensor([1] * len(digits) + [0] * len(letters))
    return round(float(binary_auroc(ranks / len(ranks), are_digits)), 4)


def rendered(file: Path) -> Tensor:
    """All drawings of a file as the networks see them, (N, 1, 28, 28)."""
    drawings = load_drawings(file)
    return torch.stack([to_digit(find_ink(render(one["strokes"]))) for one in drawings])[:, None]


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--drawings", type=Path, required=True, metavar="FILE")
    options.add_argument("--letters", type=Path, required=True, metavar="FILE")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    reader, mnist = load("digits"), load_mnist()
    held_out = mnist.train_images[-reader.recipe.held_out :]
    labels = mnist.train_labels[-reader.recipe.held_out :]
    drawn = to_batch(penned(MADE, SEED)[0])
    sets = {
        "known": torch.cat([to_batch(held_out), drawn]),
        "unknown": to_batch(outsiders(held_out, labels, MADE, SEED)),
        "digits": rendered(chosen.drawings),
        "letters": rendered(chosen.letters),
    }
    distance = Distance(reader)
    scores = {name: all_scores(pictures, reader, distance) for name, pictures in sets.items()}
    facts = {
        name: auroc(scores["digits"][name], scores["letters"][name]) for name in scores["digits"]
    }
    together = {name: torch.stack(list(each.values()), dim=1) for name, each in scores.items()}
    facts["all_together"] = auroc(*combined(*together.values()))
    print(json.dumps({"auroc": facts}))


if __name__ == "__main__":
    main()
