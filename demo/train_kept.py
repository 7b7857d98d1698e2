"""What a training leaves on the server: its network, to use in the other tabs and to take home.

a training ends --keep_run--> its file, behind the run's key
    --use_run--> an "own:…" name in the menus of Draw or Denoise, for this visitor alone
    --demo/kept_route.py--> a download, which --upload_network--> brings back another day
"""

import binascii
from dataclasses import dataclass

from demo.asked import BadRequest, answering
from demo.cleaners import own_cleaners
from demo.kept_file import KeptFile
from demo.readers import OWN, own_networks
from demo.turns import Turns
from demo.visitor import Room, Store
from models.checkpoint import Checkpoint
from models.errors import LabError
from models.foreign import from_bytes, from_own_bytes
from models.judge import LARGEST
from models.recipe import Recipe

ROOM = Room(each=250_000_000, all=1_000_000_000)  # bytes on disk; two of book_cnn
MOST_RUNS, MOST_EACH = 1_000, 100  # of all visitors, of one
MOST_ASKED = 100  # keys in one question
WAITING, PATIENCE = 12, 12.0  # visitors, and seconds of each


class UploadBusyError(LabError):
    """Somebody else's file takes longer than one may wait, or the line is full."""

    def __init__(self) -> None:
        super().__init__("upload_busy", "others are bringing networks; try again in some seconds")


# One file after the other is judged, so that memory holds few.
TURNS = Turns(WAITING, PATIENCE, UploadBusyError)


@dataclass(frozen=True)
class KeptRun:
    """A finished run's checkpoint, whole as a file."""

    file: KeptFile
    recipe: Recipe

    def content(self) -> bytes:
        """Raises RunGoneError."""
        try:
            return self.file.read()
        except OSError:
            raise RunGoneError from None


def bytes_of(run: KeptRun) -> int:
    return run.file.size


OWN_STORES = {"reader": own_networks, "cleaner": own_cleaners}
RUNS: Store[KeptRun] = Store(MOST_RUNS, MOST_EACH, size=bytes_of, room=ROOM)


class RunGoneError(LabError):
    """A run whose weights the server no longer has."""

    def __init__(self) -> None:
        super().__init__("shelf_gone", "this run's weights are no longer kept; train it again")


class UploadTooLargeError(LabError):
    """A file that is larger than any network that may be brought."""

    def __init__(self) -> None:
        super().__init__("upload_too_large", "this file has more than 20 MB, the most allowed")


def keep_run(key: str, owner: str, content: bytes, recipe: Recipe) -> None:
    """Keeps what a training ended with, under the key and owner that the training has."""
    RUNS.keep_as(key, KeptRun(KeptFile(content), recipe), owner)


def run_of(key: object) -> KeptRun:
    """The run behind a key. Raises RunGoneError."""
    run = RUNS.find(key) if isinstance(key, str) else None
    if run is None:
        raise RunGoneError
    return run


# ---- Handlers -------------------------------------------------------------------------------


@answering
def kept_runs(asked: dict) -> dict:
    """Which of these runs can still be used: {"keys": [...]} -> {"kept": [...]}."""
    keys = asked.get("keys")
    if not isinstance(keys, list) or len(keys) > MOST_ASKED:
        raise BadRequest
    return {"kept": [key for key in keys if isinstance(key, str) and RUNS.has(key)]}


@answering
def use_run(asked: dict) -> dict:
    """Puts a run's network into this visitor's menus: {"key", "owner"}, as `offer` takes it."""
    return offer(from_own_bytes(run_of(asked.get("key")).content()), asked.get("owner"))


@answering
def upload_network(asked: dict) -> dict:
    """The same for a file that the visitor brings: {"file": base64, "owner"}."""
    text = asked.get("file")
    if not isinstance(text, str) or not text.isascii():
        raise BadRequest
    if len(text) > LARGEST * 4 // 3 + 4:
        raise UploadTooLargeError
    with TURNS.turn():
        brought = from_bytes(decoded(text))
    return offer(brought, asked.get("owner"))


def decoded(text: str) -> bytes:
    """Raises BadRequest for what is no base64."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)  # base64's own would copy the text
    except binascii.Error:
        raise BadRequest from None


def offer(checkpoint: Checkpoint, owner: object) -> dict:
    """Keeps a network as a visitor's own; of each kind their oldest one makes room.

    `owner`: what an earlier answer of the server gave. Gives the network's "name", the names of
    its kind that are "kept", and what the menus say of it.
    """
    kind = "cleaner" if checkpoint.recipe.is_cleaner else "reader"
    store = OWN_STORES[kind]
    known = any(one.knows(owner) for one in (RUNS, *OWN_STORES.values()))
    key, owner = store.keep(checkpoint, owner, known)
    return {
        "name": OWN + key,
        "owner": owner,
        "kept": [OWN + own for own in store.keys_of(owner)],
        "kind": kind,
        "base": checkpoint.recipe.network,
        "accuracy": accuracy_in(checkpoint.figures),
    }


def accuracy_in(figures: dict[str, object]) -> float | None:
    """The test accuracy that a file states, where it can be one."""
    accuracy = figures.get("accuracy")
    return accuracy if isinstance(accuracy, float) and 0 <= accuracy <= 1 else None
