"""Two classes in the plane: what travels from request to request loses nothing."""

import base64
import json
import math

import numpy as np
import pytest
import torch

from demo.foundations.chapters import show_idea_code
from demo.foundations.plane import MOST_STEPS, SIDE, ManyError, advance_plane
from demo.turns import Turns
from models.ideas import plane
from tests.scripts import run_script

SETTINGS = {
    "data": "moons",
    "noise": 0.1,
    "layers": 2,
    "width": 4,
    "activation": "tanh",
    "optimizer": "adam",
    "rate": 0.03,
    "batch": 32,
    "seed": 5,
}
OWN = [[-0.5, 0.5, 0], [0.5, 0.25, 1], [0.5, -0.5, 1]]


def advance(state: dict | None, steps: int, points: list | None = None, **changes) -> dict:
    known = (
        {"state": state["state"], "step": state["step"]} if state else {"state": None, "step": 0}
    )
    settings = SETTINGS | changes
    return advance_plane({"settings": settings, "points": points, "steps": steps, **known})


def weights_of(reply: dict, count: int) -> list[float]:
    return np.frombuffer(base64.b64decode(reply["state"]), "<f4")[:count].tolist()


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_in_pieces_it_learns_what_it_learns_in_one_go(optimizer):
    network = plane.network_of(2, 4, "tanh", seed=5)
    points, kinds = plane.drawn("moons", 0.1, seed=5)
    learner = plane.optimizer_of(optimizer, network, 0.03)
    for step in range(60):
        chosen = plane.batch_at(step, 200, 32, seed=5)
        plane.training_step(network, learner, points[chosen], kinds[chosen])
    reply = None
    for steps in (1, 20, 9, 30):
        reply = advance(reply, steps, optimizer=optimizer)
    expected = torch.cat([one.detach().flatten() for one in network.parameters()]).tolist()
    assert weights_of(reply, len(expected)) == expected
    assert reply["step"] == 60


def test_a_step_goes_down_the_gradient_by_the_learning_rate():
    first = weights_of(advance(None, 0, layers=0), 3)
    points, kinds = (one.double() for one in plane.drawn("moons", 0.1, seed=5))

    def loss(weights: list[float]) -> float:
        logits = points @ torch.tensor(weights[:2], dtype=torch.float64) + weights[2]
        return torch.log1p((-logits * (2 * kinds - 1)).exp()).mean().item()

    slopes = []
    for at in range(3):
        moved = [[w + sign * 1e-5 * (at == k) for k, w in enumerate(first)] for sign in (1, -1)]
        slopes.append((loss(moved[0]) - loss(moved[1])) / 2e-5)
    expected = [w - 0.5 * slope for w, slope in zip(first, slopes, strict=True)]
    reply = advance(None, 1, layers=0, optimizer="sgd", rate=0.5, batch=200)
    assert weights_of(reply, 3) == pytest.approx(expected, abs=1e-6)


def test_an_epoch_takes_every_point_once_in_another_order_each_time():
    epochs = [
        [plane.batch_at(7 * epoch + step, 200, 32, 0) for step in range(7)] for epoch in (0, 1)
    ]
    orders = [torch.cat(batches).tolist() for batches in epochs]
    assert [sorted(order) for order in orders] == [list(range(200))] * 2
    assert orders[0] != orders[1]


def test_without_an_activation_the_boundary_is_a_straight_line():
    reply = advance(None, 50, data="circles", activation="none", layers=3)
    seen = np.frombuffer(base64.b64decode(reply["boundary"]), np.uint8).reshape(SIDE, SIDE)
    middle = (seen > 127).astype(int)
    crossings = np.abs(np.diff(middle, axis=1)).sum(1)
    assert crossings.max() <= 1  # a line meets each row once at most


def test_the_picture_has_y_upwards_and_x_to_the_right():
    network = plane.network_of(0, 1, "none", 0)
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([[2.0, 5.0]]))
        network[0].bias.zero_()
    seen = plane.boundary(network, 8, 1.0)
    assert seen[0, 7] > seen[0, 0] > 0.5 > seen[7, 7] > seen[7, 0]
    assert seen[0, 7].item() == pytest.approx(1 / (1 + math.exp(-7 * 7 / 8)))


@pytest.mark.parametrize("name", plane.DATASETS)
def test_points_lie_in_the_picture_and_are_learned(name):
    points, kinds = plane.drawn(name, 0.0, seed=0)
    assert points.shape == (200, 2)
    assert points.abs().max() <= 1
    assert kinds.sum() == 100
    assert torch.equal(points, plane.drawn(name, 0.0, seed=0)[0])


def test_what_explodes_is_told_with_its_step_and_without_numbers():
    reply = None
    for _ in range(4):
        reply = advance(reply, MOST_STEPS, activation="none", optimizer="momentum", rate=10.0)
        if "exploded" in reply:
            break
    assert reply.keys() == {"exploded", "step"}
    assert 1 <= reply["exploded"] <= 4 * MOST_STEPS


def test_own_points_must_be_of_two_kinds():
    assert advance(None, 0, [[0, 0, 1], [1, 1, 1]], data="own")["error"] == "idea_plane_one_kind"
    reply = advance(None, 5, OWN, data="own")
    assert reply["test_loss"] is None
    assert reply["points"] == OWN


@pytest.mark.parametrize(
    "changes",
    [
        {"points": [[0, 0, 2]], "data": "own"},
        {"points": [[float("nan"), 0, 1]], "data": "own"},
        {"points": [[0, 0, 1]] * 301, "data": "own"},
        {"layers": 5},
        {"width": 0},
        {"batch": 0},
        {"activation": "relu6"},
        {"rate": "0.1"},
    ],
)
def test_nonsense_is_refused(changes):
    assert "error" in advance(None, 1, **changes)


@pytest.mark.parametrize("state", [None, "", "AAAA", 7, "A" * 500])
def test_a_state_that_is_none_is_refused(state):
    assert advance({"state": state, "step": 3}, 1) == {"error": "bad_request", "details": {}}


def test_a_state_of_infinities_is_refused():
    count = len(base64.b64decode(advance(None, 1)["state"])) // 4
    bad = base64.b64encode(np.full(count, np.inf, "<f4").tobytes()).decode()
    assert advance({"state": bad, "step": 1}, 1)["error"] == "bad_request"


@pytest.mark.parametrize("points", [None, OWN])
def test_the_script_prints_the_pages_numbers(points):
    changes = {"data": "own"} if points else {}
    halfway = advance(None, 30, points, **changes)
    reply = advance(halfway, 20, points, **changes, rate=0.2)
    settings = {"settings": SETTINGS | changes, "points": points, "step": 50}
    settings["rates"] = [[0, 0.03], [30, 0.2]]
    asked = {"chapter": "plane", "settings": settings, "language": "zh"}
    said = [json.loads(line) for line in run_script(show_idea_code(asked)["script"]).splitlines()]
    expected = [{"train": [reply["loss"], reply["accuracy"]]}]
    if not points:
        expected.append({"test": [reply["test_loss"], reply["test_accuracy"]]})
    assert said == expected


def test_where_too_many_train_at_once_the_others_are_told_so(monkeypatch):
    full = Turns(waiting=0, seconds=0.01, busy=ManyError)
    monkeypatch.setattr("demo.foundations.plane.TURNS", full)
    with full.turn():
        assert advance(None, 1)["error"] == "idea_busy"
    assert advance(None, 1)["step"] == 1
