"""What a training will cost: in proportion to its steps, from one trial for the same work."""

import pytest

from models import cost
from models.cost import estimate_seconds, seconds_a_step
from models.recipe import best_recipe

SHORT = {"train_images": 640, "batch_size": 64, "epochs": 1.0}


@pytest.fixture(autouse=True)
def _trials_start_anew():
    seconds_a_step.cache_clear()


def test_twice_the_epochs_cost_twice_the_time():
    once = estimate_seconds(best_recipe("linear", **SHORT))
    twice = estimate_seconds(best_recipe("linear", **SHORT | {"epochs": 2.0}))
    assert once > 0
    assert twice == pytest.approx(2 * once)


def test_what_costs_no_time_needs_no_trial_of_its_own():
    for changes in ({}, {"learning_rate": 0.5}, {"seed": 3}, {"label_noise": 0.2}):
        estimate_seconds(best_recipe("linear", **SHORT | changes))
    assert seconds_a_step.cache_info().misses == 1


def test_a_step_over_the_whole_set_is_not_tried_whole(monkeypatch):
    tried = []
    monkeypatch.setattr(cost, "seconds_a_step", lambda trial: tried.append(trial) or 0.001)
    recipe = best_recipe("linear", optimizer="gd", train_images=51_200, epochs=3.0)
    assert estimate_seconds(recipe) == pytest.approx(0.001 * 200 * 3 * cost.SHOWING)
    assert tried[0].batch_size == 256
