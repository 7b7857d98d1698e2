"""The chapter `activations` of the foundations: a curve, its slope, and ten layers of it."""

import torch

from demo.asked import answering, choice_in, count_in, seed_in
from demo.code_view import Part, literal
from demo.foundations.values import number_in
from demo.lab_source import Excerpts
from demo.words import say
from models.ideas import activation_shapes
from models.ideas.activation_shapes import ACTIVATIONS, STARTS

FARTHEST = 6.0  # x of the curves, both ways
PLACES = 121  # of a curve, ten a unit
DEEPEST = 12  # layers
MOST_UNITS = 32
FIT_PLACES = 61  # of a fit, from -3 to 3


def settings_in(asked: dict) -> dict:
    """What both pictures of gradients need. Raises LabError."""
    return {
        "activation": choice_in(asked, "activation", ACTIVATIONS),
        "x": number_in(asked, "x", -FARTHEST, FARTHEST),
        "depth": whole_in(asked, "depth", DEEPEST),
        "start": choice_in(asked, "start", STARTS),
        "seed": seed_in(asked),
    }


def whole_in(asked: dict, key: str, most: int) -> int:
    """A whole number from 1. Raises LabError."""
    number_in(asked, key, 1, most)
    return count_in(asked, key, most + 1)


@answering
def bend_and_pass_back(asked: dict) -> dict:
    """{"activation", "x", "depth", "start", "seed"}: the curve, its slope, what layers leave.

    `left` has a share a layer, the first layer first, for every activation.
    """
    settings = settings_in(asked)
    activation = ACTIVATIONS[settings["activation"]]()
    places = torch.linspace(-FARTHEST, FARTHEST, PLACES)
    values, slopes = activation_shapes.value_and_slope(activation, places)
    here = activation_shapes.value_and_slope(activation, torch.tensor(settings["x"]))
    how = settings["depth"], settings["start"], settings["seed"]
    left = {
        name: activation_shapes.what_is_left(
            activation_shapes.deep_network(name, *how), settings["seed"]
        )
        for name in ACTIVATIONS
    }
    return {
        "places": places.tolist(),
        "values": values.tolist(),
        "slopes": slopes.tolist(),
        "value": here[0].item(),
        "slope": here[1].item(),
        "left": left,
    }


@answering
def fit_wave(asked: dict) -> dict:
    """{"activation", "units", "seed"}: how two layers learn a curve, a picture at a few steps.

    `line` is the slope and the offset that two layers without an activation amount to.
    """
    name = choice_in(asked, "activation", ACTIVATIONS)
    units, seed = whole_in(asked, "units", MOST_UNITS), seed_in(asked)
    x, y = activation_shapes.wave()
    network = activation_shapes.two_layers(name, units, seed)
    places = torch.linspace(x.min().item(), x.max().item(), FIT_PLACES)
    answers, losses = activation_shapes.fit(network, x, y, places[:, None])
    return {
        "points": [x.flatten().tolist(), y.flatten().tolist()],
        "places": places.tolist(),
        "steps": list(activation_shapes.SHOWN),
        "answers": answers.tolist(),
        "losses": losses,
        "line": activation_shapes.as_one_line(network) if name == "none" else None,
    }


HANDLERS: tuple = (bend_and_pass_back, fit_wave)

# ---- Code -----------------------------------------------------------------------------------

SLOPE = """
value, slope = value_and_slope(ACTIVATIONS[{activation}](), torch.tensor({x}))
print("x {x}:", value.item(), slope.item())"""
LEFT = """
for name in ACTIVATIONS:
    network = deep_network(name, depth={depth}, start={start}, seed={seed})
    print(name, what_is_left(network, seed={seed}))"""
FIT = """
x, y = wave()
for name in ("none", {activation}):
    network = two_layers(name, units={units}, seed={seed})
    _, losses = fit(network, x, y, x)
    print(name, losses[-1])
    if name == "none":
        print(as_one_line(network))"""


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError."""
    settings = settings_in(asked) | {"units": whole_in(asked, "units", MOST_UNITS)}
    filled = {key: literal(value) for key, value in settings.items()}
    source = Excerpts()
    pieces = {
        "idea_activations_code": (["ACTIVATIONS", "value_and_slope"], SLOPE),
        "idea_activations_code_left": (["deep_network", "what_is_left"], LEFT),
        "idea_activations_code_fit": (["wave", "two_layers", "fit", "as_one_line"], FIT),
    }
    made = [
        Part(
            say(key, language),
            source.take(activation_shapes, *names) + "\n\n" + code.format(**filled),
        )
        for key, (names, code) in pieces.items()
    ]
    source.modules.add("torch")
    first = Part(made[0].words, f"\n{source.import_lines()}\n\n{made[0].code}")
    return [first, *made[1:]]
