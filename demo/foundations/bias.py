"""The chapter `bias` of the foundations: a line with it and one without, on the same points."""

from demo.asked import answering, seed_in
from demo.code_view import Part
from demo.foundations.values import number_in
from demo.lab_source import Excerpts
from demo.words import say
from models.ideas import lines

STEEPEST = 1.5
FARTHEST = 4.0  # of the data from the origin


def settings_in(asked: dict) -> dict:
    """Where the points lie. Raises LabError."""
    return {
        "slope": number_in(asked, "slope", -STEEPEST, STEEPEST),
        "offset": number_in(asked, "offset", -FARTHEST, FARTHEST),
        "seed": seed_in(asked),
    }


@answering
def fit_lines(asked: dict) -> dict:
    """{"slope", "offset", "seed"}: the points, and both lines at every step of the descent.

    `paths` has the one with a bias first, [weight, bias, loss] a step.
    """
    x, y = lines.noisy_points(**settings_in(asked))
    paths = [lines.descend(lines.line_layer(bias), x, y).tolist() for bias in (True, False)]
    return {"points": [x.flatten().tolist(), y.flatten().tolist()], "paths": paths}


HANDLERS: tuple = (fit_lines,)

# ---- Code -----------------------------------------------------------------------------------

NUMBERS = """
x, y = noisy_points(slope={slope}, offset={offset}, seed={seed})
for bias in (True, False):
    path = descend(line_layer(bias), x, y)
    print(bias, path[-1].tolist())"""


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError."""
    settings = settings_in(asked)
    source = Excerpts()
    learned = source.take(lines, "line_layer", "descend")
    points = source.take(lines, "noisy_points")
    return [
        Part(say("idea_bias_code", language), f"\n{source.import_lines()}\n\n{learned}"),
        Part(say("idea_bias_code_numbers", language), points + "\n\n" + NUMBERS.format(**settings)),
    ]
