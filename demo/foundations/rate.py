"""The chapter `rate` of the foundations: what a learning rate makes of a descent."""

from functools import cache

import torch

from demo.asked import answering, count_in
from demo.code_view import Part
from demo.foundations.surface_map import digits
from demo.foundations.values import NumberError, number_in
from demo.lab_source import Excerpts
from demo.words import say
from models.ideas import descent
from models.ideas.descent import LOWEST, descend, two_hollows, what_happened

ENDS = (-4.0, 4.0)  # of the view; the start lies in it
CURVE = 161  # places of the curve, from end to end
LEAST_STEPS, MOST_STEPS = 5, 200
LEAST_RATE, MOST_RATE = 1e-4, 10.0


def settings_in(asked: dict) -> tuple[float, float, int]:
    """Start, learning rate and steps of a request. Raises LabError."""
    steps = count_in(asked, "steps", MOST_STEPS + 1)
    if steps < LEAST_STEPS:
        raise NumberError(LEAST_STEPS, MOST_STEPS)
    start = number_in(asked, "start", *ENDS)
    return start, number_in(asked, "learning_rate", LEAST_RATE, MOST_RATE), steps


@answering
def descend_by_rate(asked: dict) -> dict:
    """{"start", "learning_rate", "steps"}: the places, losses and slopes of every step.

    `what` is one of slow, global, local, shaking, exploded; `exploded` the step of the last.
    `curve` are the losses at CURVE places between ENDS, `lowest` the best of places and its loss.
    """
    down = descend(two_hollows, *settings_in(asked))
    return {
        "places": [digits(one) for one in down.places],
        "losses": [digits(one) for one in down.losses],
        "slopes": [digits(one) for one in down.slopes],
        "exploded": down.exploded,
        "what": what_happened(down),
        "ends": ENDS,
        "curve": curve(),
        "lowest": [LOWEST, two_hollows(torch.tensor(LOWEST)).item()],
    }


@cache
def curve() -> list[float]:
    return two_hollows(torch.linspace(*ENDS, CURVE, dtype=torch.float64)).tolist()


HANDLERS: tuple = (descend_by_rate,)

# ---- The code -------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError."""
    start, learning_rate, steps = settings_in(asked)
    source = Excerpts()
    codes = {
        "idea_rate_code_loss": source.take(descent, "two_hollows"),
        "idea_rate_code_descend": source.take(descent, "descend"),
        "idea_rate_code_what": source.take(descent, "what_happened"),
        "idea_rate_code_run": RUN.format(start=start, learning_rate=learning_rate, steps=steps),
    }
    source.modules |= {"json"}
    about = Part(say("idea_rate_gist", language), "\n" + source.import_lines())
    return [about, *(Part(say(key, language), code) for key, code in codes.items())]


RUN = """\
down = descend(two_hollows, start={start}, learning_rate={learning_rate}, steps={steps})
print(json.dumps({{"places": down.places, "losses": down.losses}}))
print(json.dumps({{"what": what_happened(down), "exploded": down.exploded}}))"""
