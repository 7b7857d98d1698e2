"""Keeping a network: its weights, the recipe that rebuilds it, and its measured figures.

A checkpoint is one safetensors file; recipe, figures and the data's checksum lie in its header as
JSON. Nothing is ever unpickled. A weight matrix may lie there as two thin factors, `NAME.left`
and `NAME.right`, in half precision; loading multiplies them out to the exact module.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from models.errors import LabError
from models.nets import NETS
from models.recipe import Recipe, RecipeError, recipe_from_dict
from models.seal import CHECKSUM, is_sealed, sealed
from models.sweep import held, sweep_beside

FOLDER = Path(__file__).resolve().parent.parent / "checkpoints"
LEFT, RIGHT = ".left", ".right"
LARGEST_WEIGHT = 25_088 * 1_024  # numbers, in book_cnn's wide layer
MADE_FOR = "digit-lab"  # the header's mark of our own files
STATED = {"made_for", "recipe", "figures", "data", CHECKSUM}  # all that a header may say


class CheckpointError(LabError):
    """A checkpoint is missing, damaged or of another network; the sentence says what to do."""


@dataclass(frozen=True)
class Checkpoint:
    """A network in eval mode on the CPU, and what its file's header says about it."""

    network: nn.Module
    recipe: Recipe
    figures: dict[str, object]  # as measured when it was trained
    data: str  # checksum of the data it learned from
    sha256: str = ""  # of the shipped file that it was loaded from
    content: bytes | bytearray = b""  # of a file that a visitor brought or trained here


def weights_sha256(network: nn.Module) -> str:
    """SHA-256 over all weights and buffers in the order of their names."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def path_of(name: str) -> Path:
    """Where the shipped checkpoint of a network lies."""
    return FOLDER / f"{name}.safetensors"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def available(kind: str = "reader") -> list[str]:
    """The networks of a kind whose shipped file is there, in the order of NETS."""
    return [name for name, entry in NETS.items() if entry.kind == kind and path_of(name).exists()]


def write_whole(path: Path, content: bytes) -> None:
    """The whole file or none of it: temporary name, flushed to disk, renamed, folder flushed.

    Raises CheckpointError where it can't be written; what was there before stays then.
    """
    sweep_beside(path)
    try:
        with held(path) as (file, temporary):
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(temporary, 0o644)  # temporary files are made for their owner alone
            if os.name == "nt":  # which renames no file that is open
                file.close()
            os.replace(temporary, path)
        flush_folder(path.parent)
    except OSError as error:
        raise not_written(path, error.strerror or str(error)) from None


def flush_folder(folder: Path) -> None:
    """Makes a renaming last through a loss of power, where the system flushes folders."""
    with suppress(OSError):  # not every file system does
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def as_bytes(tensors: dict[str, Tensor], recipe: Recipe, figures: dict, data: str) -> bytes:
    """A checkpoint's whole file: tensors, with recipe, figures and data's checksum as header.

    It carries a checksum of itself; equal arguments give equal bytes.
    """
    header = {
        "made_for": MADE_FOR,
        "recipe": json.dumps(recipe.as_dict()),
        "figures": json.dumps(figures),
        "data": data,
    }
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return sealed(save(whole, header))


def save_tensors(
    path: Path, tensors: dict[str, Tensor], recipe: Recipe, figures: dict, data: str
) -> None:
    """Writes tensors with recipe, figures and the data's checksum in the header."""
    write_whole(path, as_bytes(tensors, recipe, figures, data))


def check_writable(path: Path) -> None:
    """Raises CheckpointError where a file can't be written, before work is spent on its content."""
    folder = path.resolve().parent
    fault = None
    if not folder.is_dir():
        fault = "its folder is not there"
    elif path.is_dir():
        fault = "it is a folder"
    elif not os.access(folder, os.W_OK):
        fault = "its folder is read-only"
    if fault:
        raise not_written(path, fault)


def not_written(path: Path, fault: str) -> CheckpointError:
    sentence = "{file} can't be written: {fault}; choose another place"
    return CheckpointError("file_not_written", sentence, file=path.name, fault=fault)


def save_network(path: Path, network: nn.Module, recipe: Recipe, figures: dict, data: str) -> None:
    """Writes a network as a checkpoint. Raises CheckpointError where the place can't be written."""
    save_tensors(path, network.state_dict(), recipe, figures, data)


def load(name: str) -> Checkpoint:
    """The shipped network of that name. Raises CheckpointError."""
    return load_file(path_of(name), name)


def load_file(path: Path, network: str | None = None) -> Checkpoint:
    """A checkpoint from a file, which must be of `network` if one is named.

    Raises CheckpointError for a file that is missing, truncated, of another network, or holds
    other weights than its recipe's network has, or weights that are not finite numbers. A file
    that carries a checksum must be as it was written, and weights must have the one that their
    figures state, if they do.
    """
    tensors, header = read(path)
    check_unchanged(path, header)
    try:
        recipe, figures = stated_in(header)
    except ValueError:
        raise damaged(path, "its header holds no recipe of this lab") from None
    if network is not None and recipe.network != network:
        sentence = "{file} holds the network {found}, not {network}; name {found} to use it"
        raise CheckpointError(
            "checkpoint_other_network",
            sentence,
            file=path.name,
            found=recipe.network,
            network=network,
        )
    rebuilt = rebuild(recipe, tensors, path)
    if not is_as_measured(rebuilt, tensors, figures):
        raise damaged(path, "its weights are not those that its figures were measured of")
    return Checkpoint(rebuilt, recipe, figures, header.get("data", ""), sha256_of(path))


def check_unchanged(path: Path, header: dict[str, str]) -> None:
    """Raises CheckpointError for a file that says what ours don't, or whose checksum is wrong."""
    has_changed = CHECKSUM in header and not is_sealed(path.read_bytes(), header[CHECKSUM])
    if has_changed or not header.keys() <= STATED:
        raise damaged(path, "it is not as the lab wrote it")


def is_as_measured(network: nn.Module, tensors: dict[str, Tensor], figures: dict) -> bool:
    """Whether the weights have the checksum that the figures state, if they do.

    Factors have none: what they multiply to differs between processors in its last bits.
    """
    stated = figures.get("weights_sha256")
    if stated is None or any(name.endswith(LEFT) for name in tensors):
        return True
    return stated == weights_sha256(network)


def stated_in(header: dict[str, str]) -> tuple[Recipe, dict[str, object]]:
    """The recipe and the figures of a file's header. Raises ValueError for what is none of ours."""
    try:
        recipe = recipe_from_dict(json.loads(header["recipe"]))
        figures = json.loads(header["figures"])
    except (KeyError, ValueError, TypeError, RecursionError, RecipeError):
        raise ValueError from None
    if not isinstance(figures, dict):
        raise ValueError
    return recipe, figures


def read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """All tensors of a safetensors file and its header's words."""
    if not path.is_file():
        sentence = "{file} is missing; get it back with: git checkout -- checkpoints, or train it"
        raise CheckpointError("checkpoint_missing", sentence, file=path.name)
    try:
        with safe_open(path, framework="pt") as file:
            # not a dict: safe_open gives keys alone
            names = list(file.keys())
            return {name: file.get_tensor(name) for name in names}, file.metadata() or {}
    except (SafetensorError, OSError, ValueError):
        raise damaged(path, "it is no whole safetensors file") from None


def damaged(path: Path, fault: str) -> CheckpointError:
    sentence = "{file} can't be used: {fault}; get it back with: git checkout -- checkpoints"
    return CheckpointError("checkpoint_damaged", sentence, file=path.name, fault=fault)


def rebuild(recipe: Recipe, tensors: dict[str, Tensor], path: Path) -> nn.Module:
    """The recipe's network with these weights, in eval mode."""
    with torch.device("meta"):  # no memory and no random numbers for what the file brings
        network = recipe.build_network()
    wanted = network.state_dict()
    whole = {name: whole_weight(name, tensors) for name in wanted}
    used = {part for name in wanted for part in (name, name + LEFT, name + RIGHT)}
    fits = all(same_kind(whole[name], tensor) for name, tensor in wanted.items())
    if not fits or not used.issuperset(tensors):
        raise damaged(path, f"its weights are not those of {recipe.network}")
    if not all(tensor.isfinite().all() for tensor in whole.values()):
        raise damaged(path, "some of its weights are not finite numbers")
    network.load_state_dict(whole, assign=True)
    return network.eval()


def same_kind(found: Tensor | None, wanted: Tensor) -> bool:
    return found is not None and (found.shape, found.dtype) == (wanted.shape, wanted.dtype)


def whole_weight(name: str, tensors: dict[str, Tensor]) -> Tensor | None:
    """A weight from a file as it lies there, multiplied out where it lies as thin factors."""
    if name in tensors:
        return tensors[name]
    left, right = tensors.get(name + LEFT), tensors.get(name + RIGHT)
    if left is None or right is None or not can_multiply(left, right):
        return None
    return left.float() @ right.float()  # (O, R) @ (R, I) -> (O, I)


def can_multiply(left: Tensor, right: Tensor) -> bool:
    """Whether two matrices fit together, to a product that is no larger than our largest layer."""
    if not left.dtype == right.dtype == torch.float16 or not left.ndim == right.ndim == 2:
        return False
    return left.shape[1] == right.shape[0] and left.shape[0] * right.shape[1] <= LARGEST_WEIGHT
