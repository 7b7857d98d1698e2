"""The chapter `data`: each transform on the visitor's digit, one after the other."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from PIL import Image
from torchvision.transforms import v2

from demo.asked import BadRequest, answering, seed_in, seen_in
from demo.canvas import canvas
from demo.foundations.values import NumberError, number_in, switch_in
from models.data import load_mnist
from models.ideas.pipeline import Picture, UndoNormalize, describe, one_by_one, values_of

SIZES = (8, 40)  # px
MOST_PADDING = 8  # px
LEAST_STD, MOST_STD = 0.05, 2.0
SAMPLE = 1  # of the test images, for visitors who have drawn nothing: a two, which has no symmetry
# The random transforms draw from torch's one global generator: one request at a time seeds it.
DRAWING = threading.Lock()


@dataclass(frozen=True)
class Call:
    """A transform and what it is made with: to be made, and to be read as a line of code."""

    kind: type
    values: tuple = ()
    named: dict = field(default_factory=dict)

    def make(self) -> Callable[[Picture], Picture]:
        values = [[c.make() for c in v] if is_calls(v) else v for v in self.values]
        return self.kind(*values, **self.named)

    def __repr__(self) -> str:
        given = [*map(repr, self.values), *(f"{name}={v!r}" for name, v in self.named.items())]
        package = "v2." if self.kind.__module__.startswith("torchvision") else ""
        return f"{package}{self.kind.__name__}({', '.join(given)})"


def is_calls(value: object) -> bool:
    return isinstance(value, list) and isinstance(value[0], Call)


# ---- The transforms, each by its own settings -----------------------------------------------


def resize(own: dict) -> Call:
    return Call(v2.Resize, (whole_in(own, "size", *SIZES),))


def center_crop(own: dict) -> Call:
    return Call(v2.CenterCrop, (whole_in(own, "size", *SIZES),))


def random_crop(own: dict) -> Call:
    padding = whole_in(own, "padding", 0, MOST_PADDING)
    return Call(v2.RandomCrop, (whole_in(own, "size", *SIZES),), {"padding": padding})


def horizontal_flip(own: dict) -> Call:
    return Call(v2.RandomHorizontalFlip, (), {"p": number_in(own, "p", 0, 1)})


def vertical_flip(own: dict) -> Call:
    return Call(v2.RandomVerticalFlip, (), {"p": number_in(own, "p", 0, 1)})


def to_tensor(own: dict) -> Call:
    """The book's ToTensor as PyTorch spells it today."""
    return Call(
        v2.Compose, ([Call(v2.ToImage), Call(v2.ToDtype, (torch.float32,), {"scale": True})],)
    )


def normalize(own: dict) -> Call:
    mean, std = normal_in(own)
    return Call(v2.Normalize, ([mean], [std]))


def undo(own: dict) -> Call:
    return Call(UndoNormalize, normal_in(own))


def to_pil(own: dict) -> Call:
    return Call(v2.ToPILImage)


# In the order in which they are run; a name is also what a request knows a card by.
CARDS: dict[str, Callable[[dict], Call]] = {
    "resize": resize,
    "center_crop": center_crop,
    "random_crop": random_crop,
    "horizontal_flip": horizontal_flip,
    "vertical_flip": vertical_flip,
    "to_tensor": to_tensor,
    "normalize": normalize,
    "undo": undo,
    "to_pil": to_pil,
}


def whole_in(asked: dict, key: str, low: int, high: int) -> int:
    """A whole number of a request. Raises NumberError."""
    value = asked.get(key)
    if type(value) is not int or not low <= value <= high:
        raise NumberError(low, high)
    return value


def normal_in(asked: dict) -> tuple[float, float]:
    """The mean and the standard deviation of a request. Raises NumberError."""
    return number_in(asked, "mean", 0, 1), number_in(asked, "std", LEAST_STD, MOST_STD)


def calls_in(asked: dict) -> dict[str, Call]:
    """The cards that are switched on, by name: {"cards": {name: {"on", its settings}}}.

    Raises LabError.
    """
    cards = asked.get("cards")
    if not isinstance(cards, dict) or cards.keys() != CARDS.keys():
        raise BadRequest
    if not all(isinstance(own, dict) for own in cards.values()):
        raise BadRequest
    return {name: CARDS[name](cards[name]) for name in CARDS if switch_in(cards[name], "on")}


# ---- The picture ----------------------------------------------------------------------------


def digit_of(asked: dict) -> Image.Image:
    """The visitor's digit (28, 28), a test image where there is none. Raises BadRequest."""
    if asked.get("digit") is None:
        levels = load_mnist().test_images[SAMPLE]
    else:
        levels = (seen_in(asked) * 255).round().to(torch.uint8)
    return Image.fromarray(levels.numpy())


def shown(picture: Picture) -> dict:
    """A picture and the facts of its numbers; 0 to 1 is black to white, else least to most."""
    facts, values = describe(picture), values_of(picture)
    values = values.reshape(values.shape[-2:]).float()
    low, high = (0, 255) if not facts["is_tensor"] else (facts["low"], facts["high"])
    if facts["is_tensor"] and low >= 0 and high <= 1:
        low, high = 0, 1
    seen = (values - low) / max(high - low, 1e-6)
    return {**facts, "pixels": canvas.to_text(seen)}


@answering
def transform_digit(asked: dict) -> dict:
    """What each transform makes of the digit.

    `asked`: {"digit": 28 x 28 pixels or None, "cards": {name: {"on", its settings}}, "seed"}. A
    card that is on has its "line" and what its transform gave; "refused" is what PyTorch said.
    """
    picture, calls, seed = digit_of(asked), calls_in(asked), seed_in(asked)
    with DRAWING:
        results = list(one_by_one(picture, [call.make() for call in calls.values()], seed))
    cards = {
        name: {"line": repr(call), "refused": refused, **shown(result)}
        for (name, call), (result, refused) in zip(calls.items(), results, strict=True)
    }
    return {"source": shown(picture), "cards": cards}
