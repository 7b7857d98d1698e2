"""The panel "Inside the network": its steps, its maps and filters, and what its answer rests on."""

import base64
from dataclasses import asdict
from functools import cache

import torch
from torch import Tensor

from demo.asked import BadRequest, answering, caution_in, digit_in, ink_in, is_centred, reader_in
from demo.panels import panels
from demo.readers import menu, reader
from models.ink import SIDE
from models.inside import Step, counterpart, feature_maps, filters, first_maps, look
from models.nets import CLASSES
from models.predict import classify
from models.saliency import grad_cam, input_gradient, occlusion

BESIDE = "book_cnn"  # the network to compare with unless another is chosen
MOST_MAPS = 256  # pictures in one answer; no step of ours gives more
OUTLIERS = 0.01  # of the pixels: the few steepest would leave the others without colour
FAINTEST = 0.01  # of probability: covering that costs less is not shown in full colour

# ---- Handlers -------------------------------------------------------------------------------


@answering
def look_inside(asked: dict) -> dict:
    """The steps of a network, and what one of them makes of the drawing.

    `asked`: a drawing with {"step", "of", "most"}: a step of the network `of`, the first with maps
    where none is named, and how many maps to send. `step` in the answer is the one that stands at
    its depth, null with `maps` where this network has none.
    """
    checkpoint = reader_in(asked)
    steps, outputs = look(checkpoint.network, digit_in(asked))
    at, most = step_in(asked, steps), whole_in(asked, "most", MOST_MAPS + 1)
    maps = None if at is None else as_pictures(feature_maps(outputs[at]), most)
    model = checkpoint.recipe.network
    return {"model": model, "steps": [asdict(step) for step in steps], "step": at, "maps": maps}


@answering
def read_beside(asked: dict) -> dict:
    """The same of a second network, with its own answer."""
    inside = look_inside(asked)
    if "error" in inside:
        return inside
    caution, centred = caution_in(asked), is_centred(asked)
    prediction = classify(reader_in(asked).network, ink_in(asked), caution, centred)
    return inside | {"answer": prediction.as_json()}


@answering
def explain(asked: dict) -> dict:
    """What speaks for a label: `asked` is a drawing with {"label"}, 0 to 9.

    Three signed pictures, 28 x 28; `grad_cam` is null for a network without convolutions, and
    `strongest` is the share of probability that the hottest pixel of the occlusion stands for.
    """
    label, digit = whole_in(asked, "label", CLASSES), digit_in(asked)
    checkpoint, temperature = reader_in(asked), caution_in(asked).temperature
    network = checkpoint.network
    work = sum(step.multiply_adds for step in steps_of(checkpoint.recipe.network))
    gradient = without_outliers(input_gradient(network, digit, label))
    covered = occlusion(network, digit, label, work, temperature)
    strongest = float(covered.heat.abs().max())
    cam = grad_cam(network, digit, label)
    return {
        "label": label,
        "gradient": as_signed(gradient),
        "occlusion": as_signed(covered.heat / max(strongest, FAINTEST)),
        "strongest": strongest,
        "patch": covered.patch,
        "grad_cam": None if cam is None else as_signed(cam),
    }


@answering
def first_filters(asked: dict) -> dict:
    """The learned weights of the first layer of the network `model`, as signed pictures."""
    checkpoint = reader_in(asked)
    levels = to_levels(filters(checkpoint.network))
    first = next(step for step in steps_of(checkpoint.recipe.network) if step.parameters)
    described = {"model": checkpoint.recipe.network, "layer": first.layers[0]}
    return described | as_pictures(levels, MOST_MAPS)


def networks_beside(_value: object) -> dict:
    """The networks to compare with, and the one to begin with."""
    return {"networks": menu(), "first": BESIDE}


# ---- What is asked, and pictures as the page takes them --------------------------------------


def step_in(asked: dict, steps: list[Step]) -> int | None:
    """The step of a network that a request means. Raises BadRequest, UnknownReader."""
    if asked.get("step") is None:
        return first_maps(steps)
    own = steps_of(reader_in({"model": asked.get("of")}).recipe.network)
    return counterpart(own, whole_in(asked, "step", len(own)), steps)


@cache
def steps_of(name: str) -> list[Step]:
    """The steps of a reader; they are the same for every drawing."""
    return look(reader(name), torch.zeros(SIDE, SIDE))[0]


def whole_in(asked: dict, key: str, count: int) -> int:
    """A whole number from 0 to below `count`. Raises BadRequest."""
    value = asked.get(key)
    if type(value) is not int or not 0 <= value < count:
        raise BadRequest
    return value


def as_pictures(pictures: Tensor, most: int) -> dict:
    """Up to `most` of (N, H, W) uint8 in one string, and how many there are."""
    count, height, width = pictures.shape
    size = {"count": count, "height": height, "width": width}
    return size | {"pixels": as_text(pictures[:most])}


def as_signed(picture: Tensor) -> str:
    return as_text(to_levels(picture))


def without_outliers(picture: Tensor) -> Tensor:
    """A signed picture in [-1, 1], the largest values cut to what the others reach."""
    most = picture.abs().quantile(1 - OUTLIERS).clamp(min=1e-12)
    return (picture / most).clamp(-1, 1)


def to_levels(signed_pictures: Tensor) -> Tensor:
    """[-1, 1] -> uint8 with 0 at 128, so that nothing stays nothing."""
    return (signed_pictures * 127).round().add(128).to(torch.uint8)


def as_text(levels: Tensor) -> str:
    return base64.b64encode(levels.contiguous().numpy().tobytes()).decode("ascii")


# ---- The panel ------------------------------------------------------------------------------


def build() -> None:
    """Lays the panel out."""
    functions = [look_inside, read_beside, explain, first_filters, networks_beside]
    panels.lay_out(
        "inside.html", "draw", "lab.startInside(element, server)", functions, folded="inside"
    )
