"""What a training will cost, from a few steps of it taken on this machine."""

import time
from functools import lru_cache

import torch

from models.data import load_mnist
from models.engine import Training, total_steps
from models.recipe import Recipe
from models.workers import Workers

TRIAL_STEPS = 3  # the first one warms up and is not counted
TRIAL_BATCH = 256  # images; a larger batch costs in proportion
SHOWING = 1.3  # a run's time over its steps' time: it is measured and shown as well


def estimate_seconds(recipe: Recipe) -> float:
    """About how long a training takes from its first step to its last, alone on a core.

    Raises DataError.
    """
    batch = recipe.train_images if recipe.takes_whole_set else recipe.batch_size
    trial = min(batch, TRIAL_BATCH)
    a_step = seconds_a_step(trial_of(recipe, trial)) * batch / trial
    return a_step * total_steps(recipe) * SHOWING


def trial_of(recipe: Recipe, batch: int) -> Recipe:
    """The same work a step; what costs no time is left out, so that fewer trials are made."""
    optimizer = "sgd" if recipe.takes_whole_set else recipe.optimizer
    return Recipe(
        network=recipe.network,
        **recipe.network_settings(),
        loss=recipe.loss,
        optimizer=optimizer,
        batch_size=batch,
        augment=recipe.augment,
        noise=recipe.noise,
        noise_level=recipe.noise_level,
        precision=recipe.precision,
    )


@lru_cache(256)
def seconds_a_step(recipe: Recipe) -> float:
    """The fastest of some steps, in seconds, measured once for the same work."""
    run = Training(recipe, recipe.build_network(), load_mnist(), Workers())
    taken = []
    for indices in torch.arange(TRIAL_STEPS * recipe.batch_size).split(recipe.batch_size):
        began = time.thread_time()  # not the clock: others may hold the core
        run.step(indices, ())
        taken.append(time.thread_time() - began)
    return min(taken[1:])
