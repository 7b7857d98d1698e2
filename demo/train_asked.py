"""The recipe that the Train tab sends, checked: the page's own limits, words for each refusal."""

from dataclasses import fields
from decimal import Decimal

from demo.asked import MOST_SEED, BadRequest
from models.augment import AUGMENTATIONS
from models.engine import steps_an_epoch
from models.errors import LabError
from models.nets import NETS
from models.noise import MIXED, NOISES
from models.recipe import CHOICES, RANGES, RECIPES, TRAIN_IMAGES, Recipe, RecipeError, best_recipe

USUAL = "small_cnn"  # comes first in the menu
NETWORKS = (USUAL, *(name for name, entry in NETS.items() if entry.on_page and name != USUAL))
MOST_EPOCHS = 100
MOST_WHOLE_EPOCHS = 1_000  # where an epoch is one step
MOST_STEPS = 1_000_000  # of one training
MOST_HELD_OUT = 1_000  # training images that tell which moment of a run was its best
LONGEST_NAME = 40  # characters of a request that are said back
LIMITS: dict[str, tuple[float, float]] = RANGES | {
    "width": (1, 1024),
    "depth": (0, 10),
    "train_images": (60, TRAIN_IMAGES),
    "epochs": (0.01, MOST_WHOLE_EPOCHS),
    "learning_rate": (1e-6, 100),
    "seed": (0, MOST_SEED - 1),
}
TYPES: dict[str, type] = {field.name: field.type for field in fields(Recipe)}
# What the lab settles itself; a request may name them, as a whole recipe does, to no effect.
SETTLED = ("held_out", "outsiders", "penned", "precision")


class SettingError(LabError):
    """A setting that the page does not train with; the sentence names it and what it takes."""


def outside(name: str, low: float, high: float) -> SettingError:
    """What a number of that name may be."""
    key = "train_bad_whole" if TYPES[name] is int else "train_bad_range"
    sentence = "{setting} takes numbers from {low} to {high}"
    return SettingError(key, sentence, setting=name, low=plain(low), high=plain(high))


def unknown(name: str) -> SettingError:
    return SettingError("train_bad_choice", "{setting} has no such choice", setting=name)


def plain(number: float) -> str:
    """1e-06 -> "0.000001", 60000 -> "60,000"."""
    return f"{Decimal(str(number)).normalize():,f}"


def recipe_in(asked: dict) -> Recipe:
    """The recipe of a request: its network's best one with what the request changes.

    Raises BadRequest, SettingError.
    """
    settings = asked.get("recipe")
    if not isinstance(settings, dict):
        raise BadRequest
    network = settings.get("network")
    if not isinstance(network, str) or network not in NETWORKS:
        raise unknown("network")
    changes = {name: taken(name, value) for name, value in settings.items() if name not in SETTLED}
    images = changes.get("train_images", RECIPES[network].train_images)
    changes["held_out"] = min(MOST_HELD_OUT, TRAIN_IMAGES - images)
    changes["noise_level"] = level_of(RECIPES[network], changes)
    try:
        recipe = best_recipe(**changes)
    except RecipeError as error:
        raise in_page_words(error) from None
    if recipe.epochs > most_epochs(recipe):
        raise outside("epochs", LIMITS["epochs"][0], most_epochs(recipe))
    return recipe


def most_epochs(recipe: Recipe) -> int:
    """So many that a training ends some day: with batches of one image, fewer."""
    most = MOST_WHOLE_EPOCHS if recipe.takes_whole_set else MOST_EPOCHS
    return min(most, MOST_STEPS // steps_an_epoch(recipe))


def taken(name: str, value: object) -> object:
    """A setting's value as Recipe takes it. Raises SettingError."""
    if name not in TYPES:
        said = name[:LONGEST_NAME]
        raise SettingError("train_bad_field", "this lab has no setting {setting}", setting=said)
    if name in LIMITS:
        return number_of(name, value, *LIMITS[name])
    if name in CHOICES and not (isinstance(value, str) and value in CHOICES[name]):
        raise unknown(name)
    if TYPES[name] is bool and not isinstance(value, bool):
        raise unknown(name)
    readers = {"augment": varied, "rate_changes": changed_rates}
    return readers[name](value) if name in readers else value


def number_of(name: str, value: object, low: float, high: float) -> float:
    """A number of the setting's type in that range. Raises SettingError."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_fit = is_number and (TYPES[name] is not int or isinstance(value, int))
    if not (is_fit and low <= value <= high):  # NaN fails both comparisons
        raise outside(name, low, high)
    return float(value) if TYPES[name] is float else value


def varied(value: object) -> tuple[str, ...]:
    """The ways to vary an image, in the table's order, from a list of their names."""
    if not isinstance(value, list) or len(value) > len(AUGMENTATIONS):
        raise unknown("augment")
    if not all(isinstance(name, str) and name in AUGMENTATIONS for name in value):
        raise unknown("augment")
    return tuple(name for name in AUGMENTATIONS if name in value)


def changed_rates(value: object) -> tuple[tuple[int, float], ...]:
    """Pairs of a step and a rate from lists; Recipe counts them and sees to their order."""
    if not isinstance(value, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int for pair in value
    ):
        raise unknown("rate_changes")
    limits = LIMITS["learning_rate"]
    return tuple((step, number_of("learning_rate", rate, *limits)) for step, rate in value)


def level_of(best: Recipe, changes: dict[str, object]) -> float:
    """The level of the noise: the one asked for, or one that suits another noise than the best's.

    Raises SettingError for a level that the noise does not take.
    """
    noise = changes.get("noise", best.noise)
    usual = best.noise_level if noise == best.noise else middle(noise)
    return number_of("noise_level", changes.get("noise_level", usual), *levels(noise))


def levels(noise: str) -> tuple[float, float]:
    """The lowest and the highest level of a noise; of all kinds mixed, a share of their ranges."""
    return (0, 1) if noise == MIXED else (NOISES[noise].lowest, NOISES[noise].highest)


def middle(noise: str) -> float:
    """The level that a noise begins with."""
    return 0.5 if noise == MIXED else NOISES[noise].nearest(NOISES[noise].middle)


def in_page_words(error: RecipeError) -> SettingError:
    """What Recipe refuses because of another setting: a batch larger than the set, say."""
    if error.key == "batch_of_one":
        return SettingError(error.key, str(error), setting="batch_size", **error.details)
    name, details = error.details.get("setting", "rate_changes"), error.details
    if "low" in details and name in LIMITS:
        return outside(name, details["low"], details["high"])
    return unknown(name)
