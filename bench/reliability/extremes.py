"""Recipes from the corners of all that the Train tab takes, and values just outside of it.

extreme(random.Random(7))  ->  {"network": "mlp", "learning_rate": 100, "depth": 10, …}
"""

import math
import random
from collections.abc import Iterator

from demo.train_asked import (
    LIMITS,
    MOST_EPOCHS,
    MOST_STEPS,
    MOST_WHOLE_EPOCHS,
    NETWORKS,
    SETTLED,
    levels,
)
from demo.train_presets import PRESETS
from models.augment import AUGMENTATIONS
from models.losses import DISTANCES
from models.recipe import CHOICES, MOST_RATE_CHANGES, RECIPES, TRAIN_IMAGES
from models.recipe import Recipe as Whole

Recipe = dict[str, object]
# By how often each is drawn: a step of the wide ones takes seconds.
NETWORK_WEIGHTS = {
    "linear": 4,
    "mlp": 8,
    "small_cnn": 6,
    "book_cnn": 1,
    "linear_autoencoder": 6,
    "conv_autoencoder": 1,
}
HEAVY = ("book_cnn", "conv_autoencoder")  # a step over all images would take them minutes
WHOLE_SET = ("gd",)  # optimisers that take all images in one step
RATES = (1e-6, 1e-3, 0.1, 1.0, 10.0, 100.0)
IMAGES = (60, 61, 1_000, TRAIN_IMAGES)
EPOCHS = (0.01, 0.02, 0.05, 0.3, 1.0)
PRESET_SHARE = 0.1  # of the recipes are an experiment's run, its rate changed midway
WILD_SHARE = 0.15  # are meant to diverge
FREE = (  # fields drawn from CORNERS, a few at a time
    "width",
    "depth",
    "activation",
    "bias",
    "batch_norm",
    "dropout",
    "label_smoothing",
    "schedule",
    "momentum",
    "beta1",
    "beta2",
    "weight_decay",
    "label_noise",
    "augment",
    "rate_changes",
    "seed",
)
CORNERS: dict[str, tuple[object, ...]] = {
    "width": (1, 2, 1024),
    "depth": (0, 1, 10),
    "activation": tuple(CHOICES["activation"]),
    "bias": (True, False),
    "batch_norm": (True, False),
    "dropout": (0, 0.5, 0.95),
    "label_smoothing": (0, 0.9),
    "schedule": tuple(CHOICES["schedule"]),
    "momentum": (0, 0.9999),
    "beta1": (0, 0.9999),
    "beta2": (0, 0.99999),
    "weight_decay": (0, 1e-9, 10),
    "label_noise": (0, 1),
    "augment": ([], list(AUGMENTATIONS), list(AUGMENTATIONS)[:1]),
    "rate_changes": (
        [],
        [[0, 100]],
        [[1, 1e-6], [2, 100]],
        [[step, 100 if step % 2 else 1e-6] for step in range(MOST_RATE_CHANGES)],
    ),
    "seed": (0, LIMITS["seed"][1]),
}


def extreme(source: random.Random) -> Recipe:
    """A recipe that the page takes, from the corners of its fields."""
    kind = source.random()
    if kind < PRESET_SHARE:
        return shaken_preset(source)
    if kind < PRESET_SHARE + WILD_SHARE:
        return wild(source)
    network = source.choices(list(NETWORK_WEIGHTS), list(NETWORK_WEIGHTS.values()))[0]
    chosen: Recipe = {"network": network, "learning_rate": source.choice(RATES)}
    chosen["optimizer"] = source.choice(list(CHOICES["optimizer"]))
    chosen["train_images"] = source.choice(IMAGES[:-1] if network in HEAVY else IMAGES)
    for name in source.sample(FREE, source.randint(2, 8)):
        chosen[name] = source.choice(CORNERS[name])
    chosen["init"] = source.choice([init for init in CHOICES["init"] if suits(init, network)])
    chosen |= of_its_kind(network, source)
    chosen["batch_size"] = batch_of(chosen, source)
    chosen["epochs"] = epochs_of(chosen, source)
    if chosen.get("batch_norm") and leaves_one_alone(chosen):
        chosen["batch_norm"] = False
    return chosen


def leaves_one_alone(chosen: Recipe) -> bool:
    """Whether some batch is of one image, which batch norm can't take."""
    whole = chosen["optimizer"] in WHOLE_SET
    batch = chosen["train_images"] if whole else chosen["batch_size"]
    return batch == 1 or chosen["train_images"] % batch == 1


def suits(init: str, network: str) -> bool:
    return init != "whitening" or network == "small_cnn"


def of_its_kind(network: str, source: random.Random) -> Recipe:
    """A loss, and for a cleaner a noise at the one or the other end of its levels."""
    if not RECIPES[network].is_cleaner:
        return {"loss": source.choice(list(CHOICES["loss"]))}
    noise = source.choice(list(CHOICES["noise"]))
    level = source.choice(levels(noise))
    return {"loss": source.choice(list(DISTANCES)), "noise": noise, "noise_level": level}


def batch_of(chosen: Recipe, source: random.Random) -> int:
    """One image, a few, or the whole set."""
    return source.choice([1, 7, 64 if chosen["train_images"] >= 64 else 60, chosen["train_images"]])


def epochs_of(chosen: Recipe, source: random.Random) -> float:
    """Mostly a few steps' worth; now and then the most that the page takes."""
    if source.random() < 0.9:
        return source.choice(EPOCHS)
    if chosen["optimizer"] in WHOLE_SET:
        return MOST_WHOLE_EPOCHS
    steps = math.ceil(chosen["train_images"] / chosen["batch_size"])
    return min(MOST_EPOCHS, MOST_STEPS // steps)


def wild(source: random.Random) -> Recipe:
    """A rate that plain steps do not survive, at once or from some step on."""
    network = source.choice(["mlp", "small_cnn", "linear_autoencoder"])
    changes = source.choice([[], [[20, 100]]])
    return {
        "network": network,
        "optimizer": source.choice(["sgd", "bgd", "momentum"]),
        "learning_rate": 0.01 if changes else 100,
        "rate_changes": changes,
        "schedule": "constant",
        "init": "kaiming",
        "loss": "mse" if RECIPES[network].is_cleaner else "cross_entropy",
        "depth": source.choice([3, 10]),
        "width": source.choice([64, 1024]),
        "train_images": 1_000,
        "batch_size": source.choice([7, 20]),
        "epochs": 1,
    }


def shaken_preset(source: random.Random) -> Recipe:
    """One run of an experiment, short, its rate thrown about while it goes."""
    runs = [recipe for preset in PRESETS.values() for recipe in preset.recipes().values()]
    recipe: Whole = source.choice(runs)
    kept = {name: value for name, value in recipe.as_dict().items() if name != "noise_level"}
    changes = [[step, source.choice(RATES)] for step in range(2, 12, 3)]
    return kept | {"epochs": min(recipe.epochs, 0.3), "rate_changes": changes}


# ---- Outside ----------------------------------------------------------------------------------

NO_NUMBERS = ("1", "NaN", None, True, [1], {}, 1e400, -math.inf, math.nan, 10**30)
NO_CHOICES = ("", "no such", 0, None, ["adam"], {}, True, "x" * 5_000)


def outsiders() -> Iterator[Recipe]:
    """Recipes of which one value is none that the page takes."""
    for name, (low, high) in numbers_asked():
        for value in (*NO_NUMBERS, low - 1, high + 1, -0.5):
            yield {"network": "mlp", name: value}
    for name in CHOICES:
        if name not in SETTLED:
            for value in NO_CHOICES:
                yield {"network": "mlp", name: value}
    for name in ("bias", "batch_norm"):
        for value in ("yes", 1, None, [], math.nan):
            yield {"network": "mlp", name: value}
    yield from odd_ones()


def numbers_asked() -> list[tuple[str, tuple[float, float]]]:
    """Without those that the lab settles itself, whatever is asked."""
    return [(name, limits) for name, limits in LIMITS.items() if name not in SETTLED]


def odd_ones() -> Iterator[Recipe]:
    """What fits alone and not together, and what is no setting."""
    yield {"network": "mlp", "train_images": 60, "batch_size": 61}
    yield {"network": "mlp", "batch_norm": True, "batch_size": 1}
    yield {"network": "small_cnn", "batch_norm": True, "train_images": 61, "batch_size": 60}
    yield {"network": "mlp", "init": "whitening"}
    yield {"network": "linear_autoencoder", "loss": "cross_entropy"}
    yield {"network": "linear_autoencoder", "noise": "mosaic", "noise_level": 0}
    yield {"network": "linear", "batch_size": 1, "epochs": 100}  # six million steps
    yield {"network": "digits"}
    yield {"network": NETWORKS}
    yield {"network": "mlp", "augment": ["no such"]}
    yield {"network": "mlp", "augment": list(AUGMENTATIONS) * 2}
    yield {"network": "mlp", "rate_changes": [[5, 0.1], [1, 0.1]]}
    yield {"network": "mlp", "rate_changes": [[0, math.nan]]}
    yield {"network": "mlp", "rate_changes": [[0, 0.1]] * (MOST_RATE_CHANGES + 1)}
    yield {"network": "mlp", "no_such_setting": 1}
    yield {}
