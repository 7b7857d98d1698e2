"""A checkpoint that somebody brings: judged by another process before one tensor is made of it.

    bytes --judge.py, in a process of its own--> Layout --from_bytes--> a network in eval mode

Stricter than what the lab reads of its own files: float32 as it was trained, no thin factors, the
checksum that the lab wrote, and of the figures only plain numbers, since nobody has checked what
they say. Of the process's answer nothing is believed that is not looked at again here.
"""

import json
import math
from collections.abc import Callable

import torch
from torch import Tensor

from models.apart import ApartError, answer_of
from models.checkpoint import Checkpoint, CheckpointError, stated_in
from models.judge import LARGEST, Layout, NoWeightsError, check_length, layout_of
from models.recipe import Recipe

JUDGE = ["-m", "models.judge"]
TYPES = {torch.float32: "F32", torch.int64: "I64", torch.uint8: "U8"}  # as safetensors names them
LONGEST_NAME = 40  # characters of a tensor's name that a sentence repeats


def from_bytes(content: bytes) -> Checkpoint:
    """The checkpoint that a visitor's whole file holds.

    Raises CheckpointError for what is no safetensors file, for a header without a recipe of the
    lab, for other weights than its network has, for weights that are not finite, and for a file
    that is not as the lab wrote it.
    """
    return checkpoint_in(content, judged_apart)


def from_own_bytes(content: bytes) -> Checkpoint:
    """The same for a file that a training of this lab has just made: judged here, of any size."""
    return checkpoint_in(content, judged_here)


def checkpoint_in(content: bytes, judged: Callable[[bytes], Layout]) -> Checkpoint:
    layout = judged(content)
    recipe, figures = recipe_in(layout)
    with torch.device("meta"):  # no memory for what may not be there
        network = recipe.build_network()
    wanted = network.state_dict()
    check_tensors(recipe.network, layout, wanted)
    kept = bytearray(content)  # the weights lie in it, so that a network and its file are one
    network.load_state_dict(sound_tensors(kept, layout, wanted), assign=True)
    data = layout.words.get("data", "")
    return Checkpoint(network.eval(), recipe, plain(figures), data, content=kept)


# ---- By whom it is judged -----------------------------------------------------------------------


def judged_apart(content: bytes) -> Layout:
    """What the process for it says of a file. Raises CheckpointError."""
    try:
        check_length(content)  # so much can be seen without a process
        if len(content) > LARGEST:
            raise NoWeightsError
        return Layout(**json.loads(answer_of(JUDGE, content)))
    except (ApartError, NoWeightsError, ValueError, TypeError, RecursionError):
        raise no_file() from None


def judged_here(content: bytes) -> Layout:
    try:
        return layout_of(content)
    except NoWeightsError:
        raise no_file() from None


def no_file() -> CheckpointError:
    return CheckpointError("upload_no_file", "this is no whole safetensors file: bring one")


# ---- What must be so ----------------------------------------------------------------------------


def recipe_in(layout: Layout) -> tuple[Recipe, dict[str, object]]:
    """The recipe and the figures that a file states. Raises CheckpointError."""
    try:
        return stated_in(layout.words)
    except ValueError:
        sentence = "its header holds no recipe of this lab: bring a file that the lab has made"
        raise CheckpointError("upload_no_recipe", sentence) from None


def check_tensors(network: str, layout: Layout, wanted: dict[str, Tensor]) -> None:
    """Raises CheckpointError unless a file lists these names with these types and shapes."""
    expected = {name: [TYPES[one.dtype], list(one.shape)] for name, one in wanted.items()}
    found = layout.kinds
    if odd := next((n for n in [*expected, *found] if expected.get(n) != found.get(n)), None):
        name = odd[:LONGEST_NAME].encode(errors="replace").decode()  # half a pair can't be sent
        sentence = "its weights are not those of {network}: {name} differs"
        raise CheckpointError("upload_other_weights", sentence, network=network, name=name)


def sound_tensors(
    content: bytearray, layout: Layout, wanted: dict[str, Tensor], is_ours: bool = True
) -> dict[str, Tensor]:
    """The tensors of a file that lists those wanted; their memory is the file's own.

    Raises CheckpointError.
    `is_ours`: whether it must carry the checksum that the lab writes.
    """
    if not layout.is_whole:
        raise no_file()
    places = layout.places
    tensors = {name: tensor_at(content, places.get(name, -1), one) for name, one in wanted.items()}
    if not layout.is_finite or not all(one.isfinite().all() for one in tensors.values()):
        sentence = "some of its weights are not finite numbers: train again at a lower rate"
        raise CheckpointError("upload_not_finite", sentence)
    if is_ours and not layout.is_sealed:
        sentence = "it is not as the lab wrote it, or of an older lab: download it again"
        raise CheckpointError("upload_changed", sentence)
    return tensors


def tensor_at(content: bytearray, first: int, wanted: Tensor) -> Tensor:
    """The tensor that lies at a byte of a file. Raises CheckpointError."""
    size = wanted.numel() * wanted.element_size()
    if not 0 <= first <= len(content) - size:
        raise no_file()
    flat = torch.frombuffer(content, dtype=wanted.dtype, count=wanted.numel(), offset=first)
    return flat.view(wanted.shape)


def plain(figures: dict[str, object]) -> dict[str, object]:
    """The finite numbers among the figures."""
    numbers = {name: one for name, one in figures.items() if type(one) in (int, float)}
    return {name: one for name, one in numbers.items() if math.isfinite(one)}
