"""What a request of the Train tab asks for: a recipe, checked."""

from demo.asked import BadRequest
from models.recipe import Recipe, best_recipe, recipe_from_dict


def recipe_in(asked: dict) -> Recipe:
    """The recipe of a request: what it leaves out is the network's own best. Raises LabError."""
    wish = asked.get("recipe")
    if not isinstance(wish, dict):
        raise BadRequest
    return recipe_from_dict({**best_recipe(wish.get("network")).as_dict(), **wish})
