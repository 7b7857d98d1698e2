"""What the 32 numbers know: the linear autoencoder's code, its map, and paths between digits."""

import math
import random

import gradio as gr
import torch
from torch import Tensor

from demo.asked import BadRequest, answering, count_in
from demo.canvas import canvas
from demo.panels import panels
from demo.panels.latent_asked import (
    MOST_TURNS,
    code_in,
    numbers_in,
    picture_in,
    size_in,
)
from demo.readers import described, read_in
from models.cleaners import network
from models.data import load_mnist
from models.errors import LabError
from models.latent import BOTTLENECKS, Cloud, between, cloud, codes, path, pictures
from models.nets import CLASSES

SHOWN = 200  # codes of each digit on the map
FRAMES = 9  # pictures of a path, both ends included; as many as fit a phone side by side

# ---- Handlers -------------------------------------------------------------------------------


@answering
def code_map(asked: dict) -> dict:
    """The map of the test set's codes, `asked`: {"size"}.

    Gives 200 "points" of each digit and their "labels" as one word, the "ends" of the map between
    which all but a hundredth lie across and up, and of each number ("low", "high"), the "share" of
    variance that the map holds, and the digits' mean codes on it, their "centres".
    """
    around = cloud(size_in(asked))
    chosen = around.sample(SHOWN)
    points = around.plane.to_map(around.codes)
    means = torch.stack([around.mean_of(digit) for digit in range(CLASSES)])
    ends = points.quantile(torch.tensor([0.005, 0.995]), dim=0)  # (2, 2): low and high, x and y
    return {
        "points": rounded(points[chosen], 2),
        "labels": "".join(str(int(label)) for label in around.labels[chosen]),
        "ends": rounded(ends.T, 2),
        "low": rounded(around.low),
        "high": rounded(around.high),
        "share": around.plane.share,
        "centres": rounded(around.plane.to_map(means), 2),
    }


@answering
def codes_of_digit(asked: dict) -> dict:
    """The codes of a digit and of what noise made of it.

    `asked`: {"size", "digit", "spoiled", "example"}, pictures or None. Without a digit a test image
    stands for it: the one at `example`, else a random one.
    """
    size = size_in(asked)
    trained = network(BOTTLENECKS[size]).network
    clean, example = picture_in(asked, "digit"), None
    if clean is None:
        clean, example = test_image(asked)
    spoiled = picture_in(asked, "spoiled")
    images = [clean] if spoiled is None else [clean, spoiled]
    found = codes(trained, torch.stack(images)[:, None])
    told = [told_code(size, code) for code in found]
    return {
        "digit": canvas.to_text(clean),
        "example": example,
        "clean": told[0],
        "spoiled": told[1] if spoiled is not None else None,
    }


def test_image(asked: dict) -> tuple[Tensor, int]:
    """A test image (28, 28) in [0, 1], the one that a request names or a random one, and its
    place. Raises BadRequest."""
    images = load_mnist().test_images
    named = asked.get("example") is not None
    place = count_in(asked, "example", len(images)) if named else random.randrange(len(images))
    return images[place] / 255, place


@answering
def decode_code(asked: dict) -> dict:
    """The picture of a code, what is read in it, and where it lies on the map.

    `asked`: {"size"} and {"code"}, {"point"} or {"mix"}. Gives "code", "point", "picture", "read".
    """
    size = size_in(asked)
    return told_code(size, code_in(asked, cloud(size)))


def told_code(size: int, code: Tensor) -> dict:
    """A code (C,) as the page gets it."""
    trained = network(BOTTLENECKS[size]).network
    picture = pictures(trained, code[None])[0, 0]
    return {
        "code": rounded(code),
        "point": rounded(cloud(size).plane.to_map(code[None])[0]),
        "picture": canvas.to_text(picture),
        "read": read_in([picture])[0],
    }


@answering
def path_between(asked: dict) -> dict:
    """Nine pictures from a code to another digit.

    `asked`: {"size", "code", "to", "turn"}: to the `turn`-th test image of the digit `to`, to its
    mean code where that is None. Gives "frames" of the code's path, each with its "picture", what
    is "read" in it and its "point" on the map, and "mixed", the same ends cross-faded.
    """
    size = size_in(asked)
    around, trained = cloud(size), network(BOTTLENECKS[size]).network
    start, goal = numbers_in(asked, "code", size), goal_in(asked, around)
    decoded = path(trained, start, goal, FRAMES)[:, 0]  # (FRAMES, 28, 28)
    points = rounded(around.plane.to_map(between(start, goal, FRAMES)))
    frames = zip(told_frames(decoded), points, strict=True)
    return {
        "frames": [frame | {"point": point} for frame, point in frames],
        "mixed": told_frames(between(decoded[0], decoded[-1], FRAMES)),
    }


def goal_in(asked: dict, around: Cloud) -> Tensor:
    """The code (C,) at which a request's path ends. Raises BadRequest."""
    digit = count_in(asked, "to", CLASSES)
    if asked.get("turn") is None:
        return around.mean_of(digit)
    places = (around.labels == digit).nonzero()[:, 0]
    return around.codes[places[count_in(asked, "turn", MOST_TURNS) % len(places)]]


def told_frames(frames: Tensor) -> list[dict]:
    """Pictures (N, 28, 28), each with what is read in it."""
    texts = [canvas.to_text(frame) for frame in frames]
    readings = read_in(list(frames))
    return [
        {"picture": text, "read": reading} for text, reading in zip(texts, readings, strict=True)
    ]


@answering
def sizes_beside(asked: dict) -> dict:
    """A digit rebuilt from codes of each size.

    `asked`: {"digit", "source": the picture that is encoded, the digit itself where it is None}.
    """
    digit, source = picture_in(asked, "digit"), picture_in(asked, "source")
    if digit is None:
        raise BadRequest
    return {
        "sizes": [rebuilt(size, digit, digit if source is None else source) for size in BOTTLENECKS]
    }


def rebuilt(size: int, digit: Tensor, source: Tensor) -> dict:
    """What a code of that size keeps: of this digit, of all test digits, and as was measured when
    the network was trained. A file that is missing or damaged is said here."""
    try:
        checkpoint, around = network(BOTTLENECKS[size]), cloud(size)
    except LabError as error:
        return {"size": size, **described(error)}
    code = codes(checkpoint.network, source[None, None])
    picture = pictures(checkpoint.network, code)[0, 0]
    return {
        "size": size,
        "picture": canvas.to_text(picture),
        "read": read_in([picture])[0],
        "mse": float((picture - digit).square().mean()),
        "test_mse": around.mse,
        "figures": {key: figure(checkpoint.figures.get(key)) for key in ("mse", "psnr")},
    }


def figure(value: object) -> float | None:
    """A figure of a file's header, if it is one."""
    return value if isinstance(value, float) and math.isfinite(value) else None


def rounded(values: Tensor, decimals: int = 4) -> list:
    """A tensor as lists, short enough to be sent."""
    return values.double().round(decimals=decimals).tolist()


# ---- The panel ------------------------------------------------------------------------------


def build() -> gr.HTML:
    """Lays the panel out."""
    handlers = [code_map, codes_of_digit, decode_code, path_between, sizes_beside]
    return panels.lay_out("latent.html", "denoise", "lab.startLatent(element, server)", handlers)
