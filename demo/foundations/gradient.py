"""The chapter `gradient` of the foundations: the arrow at a place, and its two sides."""

import math
from functools import cache

import torch

from demo.asked import answering, choice_in
from demo.code_view import Part
from demo.foundations.surface_map import digits, map_surface, place_in
from demo.lab_source import Excerpts
from demo.words import say
from models.ideas import slopes, surfaces
from models.ideas.slopes import cuts, kind_of, slope_at
from models.ideas.surfaces import SURFACES, Surface

CUT = 81  # heights of a cut from end to end
PROBES = 21  # places each way among which the steepest is looked for


def settings_in(asked: dict) -> tuple[Surface, tuple[float, float]]:
    """The surface of a request and the place on it. Raises LabError."""
    surface = SURFACES[choice_in(asked, "surface", SURFACES)]
    return surface, place_in(asked, surface)


@answering
def find_gradient(asked: dict) -> dict:
    """{"surface", "x", "y"}: the height there, the partial derivatives, and cuts along both axes.

    `share` in [0, 1] is how long the arrow is drawn: the logarithm of the gradient's length,
    against the steepest place in view.
    """
    surface, place = settings_in(asked)
    slope = slope_at(surface.height, place)
    along_x, along_y = cuts(surface.height, place, (surface.x, surface.y), CUT)
    return {
        "height": digits(slope.height),
        "along_x": digits(slope.along_x),
        "along_y": digits(slope.along_y),
        "length": digits(slope.length),
        "kind": kind_of(surface.height, place),
        "share": math.log1p(slope.length) / math.log1p(steepest(asked["surface"])),
        "cut_x": [digits(one) for one in along_x.tolist()],
        "cut_y": [digits(one) for one in along_y.tolist()],
    }


@cache
def steepest(name: str) -> float:
    """The length of the longest gradient among PROBES x PROBES places in view."""
    surface = SURFACES[name]
    ends = [torch.linspace(*one, PROBES, dtype=torch.float64) for one in (surface.x, surface.y)]
    x, y = (one.requires_grad_() for one in torch.meshgrid(*ends, indexing="ij"))
    gradients = torch.autograd.grad(surface.height(x, y).sum(), (x, y))
    return torch.hypot(*gradients).max().item()


HANDLERS: tuple = (map_surface, find_gradient)

# ---- The code -------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError."""
    surface, place = settings_in(asked)
    height, source = surface.height.__name__, Excerpts()
    codes = {
        "idea_gradient_code_surface": source.take(surfaces, height),
        "idea_gradient_code_slope": source.take(slopes, "slope_at", "kind_of"),
        "idea_gradient_code_run": RUN.format(height=height, place=place),
    }
    source.modules |= {"json"}
    about = Part(say("idea_gradient_gist", language), "\n" + source.import_lines())
    return [about, *(Part(say(key, language), code) for key, code in codes.items())]


RUN = """\
place = {place}
slope = slope_at({height}, place)
facts = {{"height": slope.height, "along_x": slope.along_x, "along_y": slope.along_y}}
print(json.dumps({{**facts, "length": slope.length, "kind": kind_of({height}, place)}}))"""
