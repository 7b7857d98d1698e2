"""The recipe that the Train tab asks for, checked."""

from demo.asked import BadRequest
from models.recipe import RECIPES, Recipe, check_choice, recipe_from_dict


def recipe_in(asked: dict) -> Recipe:
    """The recipe of a request: its network's own one under what it changes. Raises LabError."""
    settings = asked.get("recipe")
    if not isinstance(settings, dict):
        raise BadRequest
    check_choice("network", settings.get("network"), RECIPES)
    return recipe_from_dict({**RECIPES[settings["network"]].as_dict(), **settings})
