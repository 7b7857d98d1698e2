"""What the Train tab's form offers, what a recipe will cost, and what its network is fed."""

import threading

import torch
from torch import Generator

from demo.asked import answering, seed_in
from demo.canvas import canvas
from demo.train_asked import LIMITS, NETWORKS, TYPES, levels, middle, most_epochs, recipe_in
from models.augment import AUGMENTATIONS
from models.cost import estimate_seconds
from models.data import load_mnist
from models.engine import total_steps
from models.feed import Feed
from models.losses import DISTANCES, LOSSES
from models.nets import NETS, count_parameters
from models.optimizers import OPTIMIZERS
from models.recipe import CHOICES, RECIPES, Recipe, best_recipe

PREVIEWED = 32  # pictures of a batch, as make_grid shows them
# The settings that every network takes, those of readers and cleaners, those of some optimisers;
# models.nets.NETS names each network's own.
SETTINGS = (
    "optimizer",
    "learning_rate",
    "schedule",
    "epochs",
    "weight_decay",
    "train_images",
    "loss",
    "init",
    "seed",
)
SETTINGS_OF_KIND = {
    "reader": ("label_smoothing", "augment", "label_noise"),
    "cleaner": ("noise", "noise_level"),
}
SETTINGS_OF_OPTIMIZER = {
    "momentum": ("momentum",),
    "adam": ("beta1", "beta2"),
    "adamw": ("beta1", "beta2"),
}
MEASURING = threading.Lock()  # one estimate at a time on the whole server

# ---- Handlers -------------------------------------------------------------------------------


def train_menu(_asked: object) -> dict:
    """Everything that the form offers, from the tables of `models`, and the limits of each."""
    return {
        "networks": [network_entry(name) for name in NETWORKS],
        "optimizers": {name: optimizer_entry(name) for name in OPTIMIZERS},
        "choices": {name: list(CHOICES[name]) for name in ("activation", "schedule", "noise")},
        "ranges": {name: list(limits) for name, limits in LIMITS.items()},
        "whole": [name for name in LIMITS if TYPES[name] is int],
        "noises": {
            name: {"levels": list(levels(name)), "middle": middle(name)}
            for name in CHOICES["noise"]
        },
        "augmentations": list(AUGMENTATIONS),
    }


@answering
def check_recipe(asked: dict) -> dict:
    """A recipe {"recipe"} made whole, its steps and parameters, and the seconds that it will take.

    "seconds" is None while another estimate is being measured: ask again a little later.
    """
    recipe = recipe_in(asked)
    return {
        "recipe": recipe.as_dict(),
        "steps": total_steps(recipe),
        "parameters": parameters_of(recipe),
        "seconds": seconds_of(recipe),
    }


@answering
def preview_feed(asked: dict) -> dict:
    """What the network of {"recipe", "seed"} is fed: pictures of a batch and what it is told.

    "digits" are what the images really show, which label noise makes another thing.
    """
    recipe = recipe_in(asked)
    # not the seed itself: label noise and the order of batches draw from numbers near the recipe's
    generator = Generator().manual_seed(1_019 * seed_in(asked) + 3)
    mnist = load_mnist()
    feed = Feed(recipe, mnist, torch.device("cpu"), generator)
    chosen = torch.randperm(recipe.train_images, generator=generator)[:PREVIEWED]
    fed, _ = feed.pair(chosen)
    return {
        "pictures": canvas.to_text(fed.flatten(1)),
        "labels": feed.labels[chosen].tolist(),
        "digits": mnist.train_labels[chosen].tolist(),
    }


# ---- What there is to choose ----------------------------------------------------------------


def network_entry(name: str) -> dict:
    """A network, the settings that it takes, its own choices of some, and its best recipe."""
    kind = NETS[name].kind
    return {
        "key": name,
        "kind": kind,
        "parameters": parameters_of(RECIPES[name]),
        "settings": [*NETS[name].settings, *SETTINGS, *SETTINGS_OF_KIND[kind]],
        "choices": {
            "optimizer": list(OPTIMIZERS),
            "loss": list(LOSSES if kind == "reader" else DISTANCES),
            "init": [init for init in CHOICES["init"] if takes(name, init)],
        },
        "recipe": recipe_in({"recipe": {"network": name}}).as_dict(),
    }


def takes(network: str, init: str) -> bool:
    """Whitening needs the first layer of one network."""
    return init != "whitening" or network == "small_cnn"


def optimizer_entry(name: str) -> dict:
    """The settings that an optimiser takes besides those of all, and the epochs of a run."""
    whole = OPTIMIZERS[name].batches == "whole"
    most = most_epochs(best_recipe("linear", optimizer=name))
    return {
        "settings": [*(() if whole else ("batch_size",)), *SETTINGS_OF_OPTIMIZER.get(name, ())],
        "whole": whole,
        "epochs": [1 if whole else LIMITS["epochs"][0], most],
    }


# ---- What a recipe amounts to ---------------------------------------------------------------


def parameters_of(recipe: Recipe) -> int:
    """How many numbers are learned, told without making them."""
    with torch.device("meta"):
        return count_parameters(recipe.build_network())


def seconds_of(recipe: Recipe) -> float | None:
    """How long a training will take; None while another is measured, so that none pile up."""
    if not MEASURING.acquire(blocking=False):
        return None
    try:
        return estimate_seconds(recipe)
    finally:
        MEASURING.release()
