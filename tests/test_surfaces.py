"""The surfaces, the races on them and the slopes, against finite differences and torch.optim."""

import math

import pytest
import torch
from torch import Generator

from models.ideas import descent, racing
from models.ideas.descent import descend, two_hollows, what_happened
from models.ideas.racing import OPTIMIZERS, RULES, race, shares_of, walk
from models.ideas.slopes import cuts, kind_of, slope_at
from models.ideas.surfaces import POINTS, POINTS_X, POINTS_Y, SURFACES, levels, line_error

STEPS, SEED = 60, 3
PLAIN = [name for name, surface in SURFACES.items() if not surface.is_mean]
EVERYWHERE = [(name, surface) for name in OPTIMIZERS for surface in SURFACES]


def height_at(name: str, x: float, y: float) -> float:
    """On plain numbers, and the mean over points one by one."""
    if name == "points":
        pairs = zip(POINTS_X.tolist(), POINTS_Y.tolist(), strict=True)
        return sum((x * one + y - other) ** 2 for one, other in pairs) / POINTS
    numbers = (torch.tensor(one, dtype=torch.float64) for one in (x, y))
    return SURFACES[name].height(*numbers).item()


def race_on(name: str, surface: str, rate: float | None = None, steps: int = STEPS):
    """The path of one optimiser from the surface's own start."""
    on = SURFACES[surface]
    seed = SEED if on.is_mean else None
    rate = rate or on.learning_rate
    return race(on.height, [name], on.start, rate, steps, seed)[name]


def height_of(name: str, surface: str):
    """The height as a step sees it: over the points that it draws."""
    on, draws = SURFACES[surface], Generator().manual_seed(SEED)
    if not on.is_mean:
        return lambda x, y, step: on.height(x, y)
    return lambda x, y, step: on.height(x, y, shares_of(name, step, draws))


def by_torch(name: str, surface: str) -> list:
    """The five visible lines, with PyTorch's own optimiser and one place."""
    on, height = SURFACES[surface], height_of(name, surface)
    place = torch.tensor(on.start, dtype=torch.float64, requires_grad=True)
    settings = {"momentum": 0.9} if name == "momentum" else {}
    kinds = {"adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam"}
    kind = getattr(torch.optim, kinds.get(name, "SGD"))
    optimizer, places = kind([place], lr=on.learning_rate, **settings), [on.start]
    for step in range(STEPS):
        optimizer.zero_grad()
        height(*place, step).backward()
        optimizer.step()
        places.append(tuple(place.tolist()))
    return places


# ---- The race -------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "surface"), EVERYWHERE)
def test_a_path_is_torch_optims_step_for_step_and_the_formula_by_hand_is_too(name, surface):
    on, path = SURFACES[surface], race_on(name, surface)
    assert len(path.places) == STEPS + 1
    rounding = {"rtol": 1e-12, "atol": 1e-12}  # the race sums its points in another order
    places = torch.tensor(path.places, dtype=torch.float64)
    torch.testing.assert_close(
        places, torch.tensor(by_torch(name, surface), dtype=torch.float64), **rounding
    )
    hand = walk(RULES[name], height_of(name, surface), on.start, on.learning_rate, STEPS)
    distance = (places - torch.tensor(hand.places, dtype=torch.float64)).abs().max()
    assert distance <= 1e-6 * places.abs().max()
    assert path.places[0] != path.places[1]


def test_racing_together_changes_no_path():
    on = SURFACES["points"]
    together = race(on.height, list(OPTIMIZERS), on.start, 0.05, 20, SEED)
    for name, path in together.items():
        alone = race_on(name, "points", 0.05, 20)
        assert sum(path.places, ()) == pytest.approx(sum(alone.places, ()), rel=1e-12)


def test_the_three_descents_differ_only_where_the_loss_is_a_mean_over_points():
    kinds = ("gd", "bgd", "sgd")
    for surface in PLAIN:
        assert len({tuple(race_on(name, surface).places) for name in kinds}) == 1
    assert len({tuple(race_on(name, "points").places) for name in kinds}) == 3


def test_every_four_batches_take_each_point_once():
    taken = sum(shares_of("bgd", step, Generator()) for step in range(4, 8))
    assert taken.tolist() == pytest.approx([1 / 5] * POINTS)
    draws = Generator().manual_seed(0)
    drawn = [shares_of("sgd", step, draws) for step in range(60)]
    assert all(sorted(one.tolist())[-2:] == [0, 1] for one in drawn)
    assert len({one.argmax().item() for one in drawn}) > 10


def test_a_path_that_explodes_is_cut_at_the_step_worked_out_by_hand():
    """On the valley y is multiplied by 1 - 20 · 0.3 = -5 a step: 2 · 5^9 is beyond a million."""
    path = race_on("gd", "valley", rate=0.3)
    assert (path.exploded, len(path.places)) == (9, 9)
    assert [y for _, y in path.places] == pytest.approx([2 * (-5) ** step for step in range(9)])
    for rate in (1, 1e3):
        one = race_on("momentum", "rosenbrock", rate)
        assert one.exploded == len(one.places)
        assert all(math.isfinite(number) for place in one.places for number in place)


# ---- Surfaces and slopes --------------------------------------------------------------------


@pytest.mark.parametrize("name", SURFACES)
def test_a_gradient_is_the_finite_difference(name):
    height, x, y, by = SURFACES[name].height, 0.7, -1.3, 1e-6
    slope = slope_at(height, (x, y))
    assert slope.height == pytest.approx(height_at(name, x, y))
    along_x = (height_at(name, x + by, y) - height_at(name, x - by, y)) / (2 * by)
    along_y = (height_at(name, x, y + by) - height_at(name, x, y - by)) / (2 * by)
    assert [slope.along_x, slope.along_y] == pytest.approx([along_x, along_y], rel=1e-5)
    assert slope.length == pytest.approx(math.hypot(along_x, along_y), rel=1e-5)
    assert kind_of(height, (x, y)) == "slope"


FLAT = [(name, kind) for name, surface in SURFACES.items() for kind in surface.flat]


@pytest.mark.parametrize(("name", "kind"), FLAT)
def test_a_flat_place_is_what_its_name_says(name, kind):
    surface = SURFACES[name]
    assert kind_of(surface.height, surface.flat[kind]) == kind
    x, y = surface.flat[kind]
    around = [(x - 0.05, y), (x + 0.05, y), (x, y - 0.05), (x, y + 0.05)]
    lower = sum(height_at(name, *one) < height_at(name, x, y) for one in around)
    assert lower == {"minimum": 0, "saddle": 2, "maximum": 4}[kind]


@pytest.mark.parametrize("name", SURFACES)
def test_no_place_in_view_is_below_the_lowest(name):
    surface = SURFACES[name]
    scale = levels(surface, 81)
    assert (scale.min().item(), scale.max().item()) == pytest.approx((0, 1), abs=0.03)
    assert slope_at(surface.height, surface.flat["minimum"]).height == pytest.approx(
        surface.lowest, abs=1e-7
    )
    corner = height_at(name, surface.x[1], surface.y[0]) - surface.lowest
    highest = math.expm1(math.log1p(corner / 0.05) / scale[0, -1].item()) * 0.05
    assert highest >= corner * (1 - 1e-9)
    assert surface.x[1] - surface.x[0] == surface.y[1] - surface.y[0]


def test_the_best_line_through_the_points_is_the_least_squares_one():
    columns = torch.stack([POINTS_X, torch.ones_like(POINTS_X)], 1)
    best = torch.linalg.lstsq(columns, POINTS_Y.unsqueeze(1)).solution.flatten()
    assert best.tolist() == pytest.approx(SURFACES["points"].flat["minimum"], abs=1e-7)
    shares = torch.zeros(POINTS, dtype=torch.float64).index_fill(0, torch.tensor([4]), 1)
    one = line_error(*torch.tensor([2.0, 1.0], dtype=torch.float64), shares)
    assert one.item() == pytest.approx((2 * POINTS_X[4] + 1 - POINTS_Y[4]).item() ** 2)


def test_a_cut_goes_through_the_place():
    surface = SURFACES["rosenbrock"]
    along_x, along_y = cuts(surface.height, (-1, 2), (surface.x, surface.y), 5)
    assert along_x.tolist() == [height_at("rosenbrock", x, 2) for x in (-2, -1, 0, 1, 2)]
    assert along_y.tolist() == [height_at("rosenbrock", -1, y) for y in (-1, 0, 1, 2, 3)]


# ---- The learning rate ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "rate", "what"),
    [
        (-3.6, 0.002, "slow"),
        (-3.6, 0.05, "global"),
        (-3.6, 0.45, "shaking"),
        (-3.6, 0.5, "exploded"),
        (3.6, 0.05, "local"),
        (3.6, 0.3, "global"),  # its first step is so long that it leaves the local hollow
        (descent.HILLTOP, 1e-3, "slow"),  # nearly flat, but no minimum
    ],
)
def test_what_happens_is_what_the_numbers_do(start, rate, what):
    down = descend(two_hollows, start, rate, 50)
    assert what_happened(down) == what
    ends = {"global": -2.1149, "local": 1.8608}
    if what in ends:
        assert down.places[-1] == pytest.approx(ends[what], abs=0.01)


def test_a_descent_is_its_formula_on_plain_numbers():
    down, x = descend(two_hollows, 1.5, 0.1, 20), 1.5
    for place, loss, slope in zip(down.places, down.losses, down.slopes, strict=True):
        assert place == pytest.approx(x, rel=1e-9)
        assert loss == pytest.approx((x**2 - 4) ** 2 / 8 + x / 2 + 2)
        assert slope == pytest.approx(x * (x**2 - 4) / 2 + 0.5)
        x -= 0.1 * slope
    assert len(down.places) == 21


def test_a_descent_that_explodes_names_its_step_and_keeps_finite_numbers():
    down = descend(two_hollows, 3.6, 1.0, 50)
    assert down.exploded == len(down.places) == 3
    assert all(map(math.isfinite, [*down.places, *down.losses, *down.slopes]))
    assert racing.FARTHEST == descent.FARTHEST
