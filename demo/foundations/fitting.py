"""The chapter `fitting` of the foundations: polynomials of every degree through noisy points."""

from dataclasses import dataclass

import torch
from torch import Tensor

from demo.asked import answering, count_in, seed_in
from demo.code_view import Part
from demo.foundations.values import NumberError, number_in
from demo.lab_source import Excerpts
from demo.words import say
from models.ideas import fitting
from models.ideas.fitting import MOST_DEGREE, MOST_POINTS, draw_sets, errors_by_degree, fit

LEAST_POINTS = 5
DRAWN = 241  # places from -1 to 1 at which a curve is drawn
SHOWN = 100  # test points that are drawn: all would hide the curve


@dataclass(frozen=True)
class Settings:
    """What the chapter is set to."""

    degree: int
    points: int
    noise: float  # standard deviation; the curve reaches 1
    weight_decay: float
    seed: int


def settings_in(asked: dict) -> Settings:
    """The settings of a request. Raises LabError."""
    points = count_in(asked, "points", MOST_POINTS + 1)
    if points < LEAST_POINTS:
        raise NumberError(LEAST_POINTS, MOST_POINTS)
    return Settings(
        degree=count_in(asked, "degree", MOST_DEGREE + 1),
        points=points,
        noise=number_in(asked, "noise", 0, 1),
        weight_decay=number_in(asked, "weight_decay", 0, 1),
        seed=seed_in(asked),
    )


@answering
def fit_points(asked: dict) -> dict:
    """The points, the curve that they come from, the polynomial, and all degrees' errors.

    `asked`: {"degree", "points", "noise", "weight_decay", "seed"}. "curve" and "truth" are heights
    at DRAWN places from -1 to 1; the errors are mean squared ones, of degree 0 first.
    """
    wanted = settings_in(asked)
    train_x, train_y, test_x, test_y = draw_sets(wanted.points, wanted.noise, wanted.seed)
    weights = fit(train_x, train_y, wanted.degree, wanted.weight_decay)
    errors = errors_by_degree(train_x, train_y, test_x, test_y, wanted.weight_decay)
    places = torch.linspace(-1, 1, DRAWN, dtype=torch.float64)
    return {
        "train": pairs(train_x, train_y),
        "test": pairs(test_x[:SHOWN], test_y[:SHOWN]),
        "truth": fitting.truth(places).tolist(),
        "curve": fitting.predict(weights, places).tolist(),
        "train_errors": errors[0],
        "test_errors": errors[1],
        "best": fitting.best_degree(errors[1]),
        "verdict": fitting.verdict(wanted.degree, *errors),
    }


def pairs(x: Tensor, y: Tensor) -> list[list[float]]:
    return torch.stack([x, y], dim=1).tolist()


HANDLERS: tuple = (fit_points,)

# ---- The code -------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError."""
    wanted, source = settings_in(asked), Excerpts()
    codes = {
        "idea_fitting_code_points": source.take(fitting, "draw_sets"),
        "idea_fitting_code_fit": source.take(fitting, "fit"),
        "idea_fitting_code_errors": source.take(fitting, "errors_by_degree"),
        "idea_fitting_code_verdict": source.take(fitting, "best_degree", "verdict"),
        "idea_fitting_code_run": running(wanted),
    }
    source.modules |= {"json"}
    about = Part(say("idea_fitting_gist", language), "\n" + source.import_lines())
    return [about, *(Part(say(key, language), code) for key, code in codes.items())]


def running(wanted: Settings) -> str:
    return f"""degree, weight_decay = {wanted.degree}, {wanted.weight_decay!r}
sets = draw_sets(points={wanted.points}, noise={wanted.noise!r}, seed={wanted.seed})
errors = errors_by_degree(*sets, weight_decay)
facts = {{
    "weights": fit(*sets[:2], degree, weight_decay).tolist(),
    "train_errors": errors[0],
    "test_errors": errors[1],
    "best": best_degree(errors[1]),
    "verdict": verdict(degree, *errors),
}}
print(json.dumps(facts))"""
