"""How well do polynomials of each degree fit noisy points, and how well do they foretell new ones?

The points come from one curve. A polynomial of too low a degree misses the curve, one of too high
a degree follows the noise; only points that it was not fitted to tell which.
"""

import torch
from torch import Generator, Tensor

MOST_DEGREE = 15
MOST_POINTS = 100  # to fit to
TEST_POINTS = 500  # enough that their error hardly depends on which they are
GOLDEN = (5**0.5 - 1) / 2  # steps of this length round a circle: each falls into a largest gap


def truth(x: Tensor) -> Tensor:
    """The curve that the points come from, between -1 and 1."""
    return torch.sin(torch.pi * x)


def draw_sets(points: int, noise: float, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x and y to fit to (points,), x and y to test with (TEST_POINTS,), x in [-1, 1].

    `noise` is its standard deviation. A larger set to fit to holds the smaller ones, and the points
    to test with stay the same.
    """
    generator = Generator().manual_seed(seed)
    test_x = 2 * torch.rand(TEST_POINTS, generator=generator, dtype=torch.float64) - 1
    test_y = truth(test_x) + noise * normal(TEST_POINTS, generator)
    start = torch.rand(1, generator=generator, dtype=torch.float64)
    train_x = 2 * ((start + GOLDEN * torch.arange(MOST_POINTS)) % 1) - 1
    train_y = truth(train_x) + noise * normal(MOST_POINTS, generator)
    return train_x[:points], train_y[:points], test_x, test_y


def normal(count: int, generator: Generator) -> Tensor:
    return torch.randn(count, generator=generator, dtype=torch.float64)


def features(x: Tensor, degree: int) -> Tensor:
    """The Legendre polynomials P_0 to P_degree at x: (N,) -> (N, degree + 1).

    They span the same curves as 1, x, x², … do, but those are so alike on [-1, 1] that rounding
    would decide. Bonnet's recursion: (n + 1) P_(n+1) = (2n + 1) x P_n - n P_(n-1).
    """
    columns = [torch.ones_like(x), x]
    for n in range(1, degree):
        columns.append(((2 * n + 1) * x * columns[n] - n * columns[n - 1]) / (n + 1))
    return torch.stack(columns[: degree + 1], dim=1)


def fit(x: Tensor, y: Tensor, degree: int, weight_decay: float = 0.0) -> Tensor:
    """The weights w (degree + 1,) with the least mean((A w - y)²) + weight_decay · sum(w²).

    Weight decay as N + degree + 1 points: each weight shall be 0, too. Where several w are best,
    as with more weights than points, it is the shortest one.
    """
    matrix = features(x, degree)
    wish = (weight_decay * len(x)) ** 0.5 * torch.eye(degree + 1, dtype=x.dtype)
    rows = torch.cat([matrix, wish])  # (N + degree + 1, degree + 1)
    goals = torch.cat([y, y.new_zeros(degree + 1)])
    return torch.linalg.lstsq(rows, goals, driver="gelsd").solution


def predict(weights: Tensor, x: Tensor) -> Tensor:
    """The polynomial with these weights (degree + 1,) at x: (N,) -> (N,)."""
    return features(x, len(weights) - 1) @ weights


def mean_squared_error(weights: Tensor, x: Tensor, y: Tensor) -> float:
    return float((predict(weights, x) - y).square().mean())


def errors_by_degree(
    train_x: Tensor, train_y: Tensor, test_x: Tensor, test_y: Tensor, weight_decay: float = 0.0
) -> tuple[list[float], list[float]]:
    """The mean squared errors, to fit to and to test with, of each degree from 0 to MOST_DEGREE."""
    train_errors, test_errors = [], []
    for degree in range(MOST_DEGREE + 1):
        weights = fit(train_x, train_y, degree, weight_decay)
        train_errors.append(mean_squared_error(weights, train_x, train_y))
        test_errors.append(mean_squared_error(weights, test_x, test_y))
    return train_errors, test_errors


CLOSE = 1.25  # times the best test error: other points might have made this degree the best one
EXACT = 1e-4  # a hundredth of the curve's height, squared: no difference to see


def verdict(degree: int, train_errors: list[float], test_errors: list[float]) -> str:
    """Whether a degree is "right", "under" or "over", by the errors of all degrees.

    Too far off in the test, it misses even the points that it was fitted to (under), or has these
    closer than the best degree has new ones, by their noise (over).
    """
    best = min(test_errors)
    if test_errors[degree] <= max(CLOSE * best, EXACT):
        return "right"
    return "under" if train_errors[degree] > best else "over"


def best_degree(test_errors: list[float]) -> int:
    """The degree with the least test error."""
    return min(range(len(test_errors)), key=test_errors.__getitem__)
