"""The section `photos` of the Transfer tab: a network that knows ImageNet, taught by photographs.

Teaching goes on in a thread while the page asks how far it is. Of a visitor the server keeps what
was learned, behind a key, and no photograph.
"""

import base64
import threading
from dataclasses import dataclass
from typing import TypeVar

from torch import Tensor
from torch.nn import functional as F

from demo.asked import BadRequest, answering
from demo.code_view import Part
from demo.transfer.photos_asked import Asked, choices_in, photo_in, teaching_in
from demo.transfer.photos_code import code_parts
from demo.turns import Turns
from demo.visitor import Room, Store
from models.backbones import BACKBONES, is_available
from models.errors import LabError
from models.photos import HEADS, PhotoPupil, teach_photos

T = TypeVar("T")
MOST_EACH = 2  # pupils of one visitor
ROOM = Room(each=40_000_000, all=300_000_000)  # bytes; ResNet-18's last block takes 19 MB
HEAT_SIDE = 64  # px of a heat map's longer side, which the page draws larger
WAITING, PATIENCE = 4, 30.0  # visitors, and seconds of each


class PhotosBusy(LabError):
    """Somebody else's teaching takes longer than one may wait, or the line is full."""

    def __init__(self) -> None:
        super().__init__("photos_busy", "others are teaching photographs; try again in a moment")


class ForgottenPupil(LabError):
    """A key behind which nothing is kept any more."""

    def __init__(self) -> None:
        super().__init__("photos_forgotten", "what it learned is no longer kept: teach it again")


@dataclass
class Teaching:
    """How far one teaching is, and what came of it; the pupil itself lies in `pupils`."""

    share: float = 0.0
    facts: dict | None = None
    trouble: LabError | None = None


def bytes_of(pupil: PhotoPupil) -> int:
    """The memory that a pupil's own weights take."""
    parts = [pupil.layer] if pupil.block is None else [pupil.layer, pupil.block]
    return sum(one.nbytes for part in parts for one in part.state_dict().values())


TURNS = Turns(WAITING, PATIENCE, PhotosBusy)
teachings: Store[Teaching] = Store(most_each=MOST_EACH)
pupils: Store[PhotoPupil] = Store(most_each=MOST_EACH, size=bytes_of, room=ROOM)

# ---- Handlers -------------------------------------------------------------------------------


@answering
def photo_choices(asked: dict) -> dict:
    """The networks: {"backbones": [{"name", "features", "parameters", "here"}], "heads"}."""
    backbones = [
        {
            "name": name,
            "features": one.features,
            "parameters": one.parameters,
            "here": is_available(name),
        }
        for name, one in BACKBONES.items()
    ]
    return {"backbones": backbones, "heads": list(HEADS)}


@answering
def teach_own_photos(asked: dict) -> dict:
    """Begins to teach what teaching_in() takes; gives {"key", "owner"}, to ask how far it is.

    `owner`: the key that an earlier call gave, so that the visitor's oldest pupil makes room.
    """
    wanted = teaching_in(asked)
    teaching = Teaching()
    key, owner = teachings.keep(teaching, asked.get("owner"))
    threading.Thread(target=teach, args=(teaching, wanted, key, owner), daemon=True).start()
    return {"key": key, "owner": owner}


def teach(teaching: Teaching, wanted: Asked, key: str, owner: str) -> None:
    """The work of a thread."""

    def told(share: float) -> None:
        teaching.share = share

    chosen = (wanted.backbone, wanted.head, wanted.seed)
    try:
        pupil = TURNS.work(teach_photos, wanted.classes, *chosen, told)
        pupils.keep_as(key, pupil, owner)
        teaching.facts = facts_of(pupil, wanted.names)
    except LabError as error:
        teaching.trouble = error
    finally:
        if teaching.facts is None and teaching.trouble is None:  # so that no page waits for ever
            teaching.trouble = LabError("something_wrong", "the teaching has failed")


def facts_of(pupil: PhotoPupil, names: list[str]) -> dict:
    """What the page tells of a teaching."""
    own = sum(one.numel() for one in pupil.layer.parameters())
    return {
        "names": names,
        "head": pupil.head,
        "left_out": pupil.left_out,
        "trained": pupil.trained,
        "parameters": BACKBONES[pupil.backbone].parameters + own,
        "seconds": pupil.seconds,
    }


@answering
def photos_progress(asked: dict) -> dict:
    """How far the teaching `key` is: {"share", "facts"}, null until it is done."""
    teaching = kept_in(teachings, asked)
    if teaching.trouble:
        raise teaching.trouble
    return {"share": teaching.share, "facts": teaching.facts}


@answering
def read_own_photo(asked: dict) -> dict:
    """What the pupil `key` reads in `photo`, and where it looks for the class `index`, its own
    answer where that is null: {"index", "probabilities", "seconds", "heat", "width", "height"}.
    """
    pupil = kept_in(pupils, asked)
    photo = photo_in(asked.get("photo"))
    answer = pupil.read(photo)
    shown = asked.get("index")
    if shown is None:
        shown = answer.index
    if type(shown) is not int or not 0 <= shown < len(answer.probabilities):
        raise BadRequest
    return {
        "index": answer.index,
        "probabilities": answer.probabilities,
        "seconds": answer.seconds,
        "shown": shown,
        **as_heat(pupil.where(photo, shown)),
    }


def kept_in(store: Store[T], asked: dict) -> T:
    """What lies in a store behind the `key` of a request. Raises BadRequest, ForgottenPupil."""
    key = asked.get("key")
    if not isinstance(key, str):
        raise BadRequest
    kept = store.find(key)
    if kept is None:
        raise ForgottenPupil
    return kept


def as_heat(where: Tensor) -> dict:
    """A map (H, W) in [0, 1] made small, one byte each in base64."""
    scale = min(1.0, HEAT_SIDE / max(where.shape))
    size = [max(1, round(length * scale)) for length in where.shape]
    small = F.interpolate(where[None, None], size=size, mode="area")[0, 0]
    levels = (small * 255).round().byte().numpy().tobytes()
    heat = base64.b64encode(levels).decode("ascii")
    return {"heat": heat, "width": size[1], "height": size[0]}


# ---- Code -----------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script that teaches a folder of photographs the same way: {"backbone", "head"}."""
    return code_parts(*choices_in(asked), language)


HANDLERS: tuple = (photo_choices, teach_own_photos, photos_progress, read_own_photo)
