"""A checkpoint that somebody brings: judged by its header before one tensor is made of it.

    bytes --header_of--> names, types and shapes --from_bytes--> a network in eval mode

Stricter than what the lab reads of its own files: float32 as it was trained, no thin factors, and
of the figures only plain numbers, since nobody has checked what they say.
"""

import json
import math

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from models.checkpoint import Checkpoint, CheckpointError, stated_in

LENGTH = 8  # bytes in front of the header that say how long it is
LARGEST_HEADER = 100_000  # bytes; `digits` has the longest of ours, with 6,000
TYPES = {torch.float32: "F32", torch.int64: "I64"}  # as safetensors names them; I64: batch counts
WORDS = "__metadata__"  # the header's place for what is no tensor


def from_bytes(content: bytes) -> Checkpoint:
    """The checkpoint that a whole file's bytes hold.

    Raises CheckpointError for what is no safetensors file, for a header without a recipe of the
    lab, for other weights than its network has, and for weights that are not finite.
    """
    header = header_of(content)
    words = header.pop(WORDS, None)
    try:
        recipe, figures = stated_in(words if isinstance(words, dict) else {})
    except ValueError:
        sentence = "its header holds no recipe of this lab: bring a file that the lab has made"
        raise CheckpointError("upload_no_recipe", sentence) from None
    with torch.device("meta"):  # no memory for what may not be there
        network = recipe.build_network()
    wanted = network.state_dict()
    check_tensors(recipe.network, header, wanted)
    tensors = tensors_of(content)
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        sentence = "some of its weights are not finite numbers: train again at a lower rate"
        raise CheckpointError("upload_not_finite", sentence)
    network.load_state_dict(tensors, assign=True)
    data = words.get("data")
    return Checkpoint(network.eval(), recipe, plain(figures), data if data else "")


def header_of(content: bytes) -> dict[str, object]:
    """The header of a safetensors file as it stands there. Raises CheckpointError."""
    size = int.from_bytes(content[:LENGTH], "little")
    if not 2 <= size <= min(LARGEST_HEADER, len(content) - LENGTH):
        raise no_file()
    try:
        header = json.loads(content[LENGTH : LENGTH + size])
    except (ValueError, RecursionError):
        raise no_file() from None
    if not isinstance(header, dict):
        raise no_file()
    return header


def tensors_of(content: bytes) -> dict[str, Tensor]:
    """All tensors of a file whose header was judged. Raises CheckpointError."""
    try:
        return load(content)
    except (SafetensorError, ValueError):
        raise no_file() from None


def no_file() -> CheckpointError:
    return CheckpointError("upload_no_file", "this is no whole safetensors file: bring one")


def check_tensors(network: str, header: dict[str, object], wanted: dict[str, Tensor]) -> None:
    """Raises CheckpointError unless a header lists these names with these types and shapes."""
    expected = {name: [TYPES[one.dtype], list(one.shape)] for name, one in wanted.items()}
    found = {name: kind_of(entry) for name, entry in header.items()}
    if odd := next((n for n in [*expected, *found] if expected.get(n) != found.get(n)), None):
        sentence = "its weights are not those of {network}: {name} differs"
        raise CheckpointError("upload_other_weights", sentence, network=network, name=odd[:40])


def kind_of(entry: object) -> list[object]:
    """[type, shape] of a header's entry, whatever it holds."""
    return [entry.get("dtype"), entry.get("shape")] if isinstance(entry, dict) else [None, None]


def plain(figures: dict[str, object]) -> dict[str, object]:
    """The finite numbers among the figures."""
    numbers = {name: one for name, one in figures.items() if type(one) in (int, float)}
    return {name: one for name, one in numbers.items() if math.isfinite(one)}
