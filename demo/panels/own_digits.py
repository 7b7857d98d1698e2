"""The visitor's own digits: answered back, kept in their browser, tested on and fine-tuned with."""

import base64
import binascii
from dataclasses import asdict
from functools import partial

import torch
from torch import Tensor

from demo.asked import BadRequest, answering, caution_in, reader_in
from demo.canvas import canvas
from demo.panels import panels
from demo.readers import OWN, is_own, own_networks
from demo.turns import Turns
from models.checkpoint import as_bytes
from models.digit_files import MOST_DIGITS, SIDE, DigitFileError, pack, unpack
from models.fine_tune import SECONDS, SEED, Tuned, fine_tune, ignore, way_of
from models.predict import read

# ---- Words ----------------------------------------------------------------------------------

LARGEST_FILE = 2_000_000  # bytes of a ZIP to load; 200 digits take some 100,000
WAITING, PATIENCE = 3, 12.0  # visitors, and seconds of each
TURNS = Turns(WAITING, PATIENCE)  # one fine-tuning at a time on the whole server
MOST_TICKET = 64  # characters
SHARES: dict[str, float] = {}  # how far the fine-tuning under way is, by its page's ticket

# ---- Handlers -------------------------------------------------------------------------------


def digits_in(asked: dict) -> tuple[Tensor, Tensor]:
    """The labelled digits of a request: (N, 28, 28) uint8 and labels (N,), N from 1 to 200.

    `asked["digits"]`: a list of {"label": 0 to 9, "pixels": base64 of 784 bytes}.
    Raises BadRequest.
    """
    digits = asked.get("digits")
    if not isinstance(digits, list) or not 1 <= len(digits) <= MOST_DIGITS:
        raise BadRequest
    if not all(isinstance(digit, dict) for digit in digits):
        raise BadRequest
    labels = [digit.get("label") for digit in digits]
    if not all(type(label) is int and 0 <= label <= 9 for label in labels):
        raise BadRequest
    images = [pixels_of(digit.get("pixels")) for digit in digits]
    return torch.stack(images), torch.tensor(labels)


def pixels_of(text: object) -> Tensor:
    """Base64 of 784 bytes -> (28, 28) uint8. Raises BadRequest."""
    try:
        return (canvas.to_tensor(SIDE, SIDE, text) * 255).round().to(torch.uint8)
    except canvas.BadPixels:
        raise BadRequest from None


def as_text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


@answering
def read_own(asked: dict) -> dict:
    """What the network `model` reads in each of `digits`, null where it refuses."""
    images, _ = digits_in(asked)
    caution = caution_in(asked)
    predictions = read(reader_in(asked).network, list(images / 255), caution)
    refused = [prediction.digit_score < caution.threshold for prediction in predictions]
    reads = [
        None if doubts else prediction.label
        for doubts, prediction in zip(refused, predictions, strict=True)
    ]
    return {"reads": reads}


@answering
def tune_own(asked: dict) -> dict:
    """Fine-tunes a copy of the network `model` with `digits` and keeps it for this visitor.

    `owner`: the key that an earlier call gave, so that the visitor's oldest network makes room.
    `ticket`: a name nobody else knows, by which tune_progress() tells how far it is.
    """
    images, labels = digits_in(asked)
    ticket = ticket_in(asked)
    if not isinstance(asked.get("model"), str) or is_own(asked["model"]):
        raise BadRequest
    origin = reader_in(asked)
    way_of(origin.recipe.network)  # what can't be tuned stands in no line
    try:
        told = partial(SHARES.__setitem__, ticket) if ticket else ignore
        tuned = TURNS.work(fine_tune, origin, images, labels, SEED, SECONDS, told)
    finally:
        SHARES.pop(ticket, None)
    key, owner = own_networks.keep(tuned.checkpoint, asked.get("owner"))
    kept = [OWN + own for own in own_networks.keys_of(owner)]
    return {"name": OWN + key, "owner": owner, "kept": kept, **facts_of(tuned)}


def ticket_in(asked: dict) -> str | None:
    """Raises BadRequest."""
    ticket = asked.get("ticket")
    if ticket is not None and not (isinstance(ticket, str) and len(ticket) <= MOST_TICKET):
        raise BadRequest
    return ticket


@answering
def tune_progress(asked: dict) -> dict:
    """How far the fine-tuning of that `ticket` is, of 1; null while it is not under way."""
    return {"share": SHARES.get(ticket_in(asked))}


def facts_of(tuned: Tuned) -> dict:
    """What the page tells of a fine-tuning."""
    return {
        "base": tuned.checkpoint.recipe.network,
        "accuracy": tuned.checkpoint.figures["accuracy"],
        "learned": asdict(tuned.learned),
        "kept_back": asdict(tuned.kept_back) if tuned.kept_back else None,
        "test": asdict(tuned.test),
        "steps": tuned.steps,
        "seconds": tuned.seconds,
        "stopped_early": tuned.stopped_early,
    }


@answering
def take_own(asked: dict) -> dict:
    """The visitor's own network as a checkpoint file; what they brought, as they brought it."""
    if not is_own(asked.get("model")):
        raise BadRequest
    kept = reader_in(asked)
    content = kept.content or as_bytes(
        kept.network.state_dict(), kept.recipe, kept.figures, kept.data
    )
    return {"file": as_text(content), "base": kept.recipe.network}


@answering
def pack_own(asked: dict) -> dict:
    """The digits as a ZIP to download."""
    return {"file": as_text(pack(*digits_in(asked)))}


@answering
def unpack_own(asked: dict) -> dict:
    """The digits of a ZIP that the visitor loads: {"digits": [{"label", "pixels"}]}."""
    text = asked.get("file")
    if not isinstance(text, str) or len(text) > LARGEST_FILE * 4 // 3:
        raise DigitFileError
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest from None
    images, labels = unpack(content)
    pixels = [as_text(image.numpy().tobytes()) for image in images]
    pairs = zip(labels.tolist(), pixels, strict=True)
    return {"digits": [{"label": label, "pixels": text} for label, text in pairs]}


# ---- The panel ------------------------------------------------------------------------------


def build() -> None:
    panels.lay_out(
        "own_digits.html",
        "draw",
        "lab.startOwnDigits(element, server)",
        [read_own, tune_own, tune_progress, take_own, pack_own, unpack_own],
        folded="own_digits",
    )
