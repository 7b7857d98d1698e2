"""What the page asks of the server, checked: its functions are open to anybody."""

from collections.abc import Callable, Container
from functools import wraps

from torch import Tensor

from demo.canvas import canvas
from demo.cleaners import own_cleaner
from demo.readers import checkpoint_of, described, is_own
from models.calibrate import CARES, DEFAULT_CARE, caution_of
from models.checkpoint import Checkpoint
from models.cleaners import CLEANERS
from models.errors import LabError
from models.ink import SIDE, find_ink, to_digit
from models.noise import NOISES
from models.predict import Caution

KINDS = ("ink", "picture")  # pixels as drawn, ink 1 on paper 0; or grey, 0 black to 1 white


class BadRequest(LabError):
    """Values that the page's own scripts never send."""

    def __init__(self) -> None:
        super().__init__("bad_request", "the lab could not make sense of this request")


def answering(handler: Callable[[dict], dict]) -> Callable[[object], dict]:
    """A server function that takes anything and turns a refusal into a key of the words.

    `handler` gets a dict, an empty one for whatever is none, and raises a LabError to refuse.
    """

    @wraps(handler)
    def checked(value: object) -> dict:
        try:
            return handler(value if isinstance(value, dict) else {})
        except LabError as error:
            return described(error)

    return checked


def ink_in(asked: dict) -> Tensor:
    """The ink (H, W) in [0, 1] of a request with kind, width, height and pixels.

    Raises BadRequest.
    """
    try:
        grey = canvas.to_tensor(*(asked.get(key) for key in ("width", "height", "pixels")))
    except canvas.BadPixels:
        raise BadRequest from None
    if asked.get("kind") not in KINDS:
        raise BadRequest
    return find_ink(grey) if asked["kind"] == "picture" else grey


def is_centred(asked: dict) -> bool:
    """Whether the drawing is cropped and centred, which it is unless switched off."""
    return asked.get("centred", True) is not False


def digit_in(asked: dict) -> Tensor:
    """What the network sees of a request: (28, 28) in [0, 1], all 0 where there is no ink.

    Raises BadRequest.
    """
    return to_digit(ink_in(asked), is_centred(asked))


def reader_in(asked: dict) -> Checkpoint:
    """The reader that a request names, the default one where it names none.

    Raises UnknownReader, CheckpointError.
    """
    return checkpoint_of(asked.get("model"))


def caution_in(asked: dict) -> Caution:
    """How the chosen reader doubts at the care that a request names. Raises LabError."""
    care = asked.get("care")
    care = DEFAULT_CARE if care is None else care
    if isinstance(care, bool) or not isinstance(care, int | float):
        raise BadRequest
    if not CARES[0] <= care <= CARES[-1]:  # NaN fails too
        raise BadRequest
    return caution_of(reader_in(asked).figures, care)


# ---- Of the Denoise tab ---------------------------------------------------------------------

MOST_SEED = 2**31  # a seed is below it


def choice_in(asked: dict, key: str, choices: Container[str]) -> str:
    """One of these names, under a key of a request. Raises BadRequest."""
    value = asked.get(key)
    if not isinstance(value, str) or value not in choices:
        raise BadRequest
    return value


def count_in(asked: dict, key: str, most: int) -> int:
    """A whole number of a request, from 0 to below `most`. Raises BadRequest."""
    value = asked.get(key)
    if type(value) is not int or not 0 <= value < most:
        raise BadRequest
    return value


def noise_in(asked: dict) -> tuple[str, float]:
    """The noise of a request and its level, to the slider's step. Raises BadRequest."""
    noise, level = choice_in(asked, "noise", NOISES), asked.get("level")
    entry = NOISES[noise]
    if type(level) not in (int, float) or not entry.lowest <= level <= entry.highest:
        raise BadRequest  # NaN fails the comparison
    return noise, entry.nearest(level)


def seed_in(asked: dict) -> int:
    """The seed of a request. Raises BadRequest."""
    return count_in(asked, "seed", MOST_SEED)


def cleaner_in(asked: dict) -> str:
    """The cleaner that a request names, a shipped one or the visitor's own.

    Raises BadRequest, and UnknownReader for one that is no longer kept.
    """
    name = asked.get("cleaner")
    if is_own(name):
        own_cleaner(name)
        return name
    return choice_in(asked, "cleaner", CLEANERS)


def seen_in(asked: dict, key: str = "digit") -> Tensor:
    """The digit (28, 28) in [0, 1] of a request. Raises BadRequest."""
    try:
        return canvas.to_tensor(SIDE, SIDE, asked.get(key))
    except canvas.BadPixels:
        raise BadRequest from None
