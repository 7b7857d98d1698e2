"""python -m models fetch: the weights of a backbone, brought once and kept as safetensors.

From torchvision's address, with its download, progress and checksum, or from a .pth file that is
here already. Only whoever runs the lab does this: the page fetches nothing.
"""

import argparse
import tempfile
import urllib.error
from pathlib import Path

import torch
from torch import Tensor

from models.backbones import BACKBONES, FETCHED, fetched_file
from models.checkpoint import check_writable, write_whole
from models.commands import say
from models.errors import LabError
from models.recipe import check_choice
from models.weight_file import as_safetensors


class FetchError(LabError):
    """Weights that can't be brought; the sentence says what to do instead."""


def fetch_backbone(options: argparse.Namespace) -> int:
    """Brings one backbone's weights; prints where they are kept."""
    fetchable = [name for name, backbone in BACKBONES.items() if backbone.weights]
    check_choice("the network", options.name, fetchable)
    target = options.out / f"{options.name}.safetensors" if options.out else None
    kept = fetch(options.name, options.source, target)
    say({"name": options.name, "file": str(kept), "bytes": kept.stat().st_size}, options.json)
    return 0


def fetch(name: str, source: Path | None = None, target: Path | None = None) -> Path:
    """Keeps the weights of a backbone, from a .pth file or torchvision's address; gives where.

    Raises FetchError, WeightFileError, CheckpointError.
    """
    target = target or fetched_file(name)
    make_folder(target.parent)
    check_writable(target)
    if source is not None:
        content = as_safetensors(source, name, wanted_weights(name))
    else:
        with tempfile.TemporaryDirectory() as folder:
            content = as_safetensors(download(name, Path(folder)), name, wanted_weights(name))
    write_whole(target, content)
    return target


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        sentence = "the folder {folder} can't be made: name another by --out, and give the lab "
        sentence += "the same one in the environment variable {variable}"
        raise FetchError(
            "fetch_no_folder", sentence, folder=str(folder), variable=FETCHED
        ) from None


def wanted_weights(name: str) -> dict[str, Tensor]:
    """Names, shapes and types of a network's weights; the numbers are not there."""
    with torch.device("meta"):
        return BACKBONES[name].build().state_dict()


def address_of(name: str) -> str:
    """Where torchvision keeps the weights."""
    from torchvision.models import get_weight

    return get_weight(BACKBONES[name].weights).url


def download(name: str, folder: Path) -> Path:
    """torchvision's file in a folder; its name ends in the start of its SHA-256. Shows progress."""
    address = address_of(name)
    file = folder / address.rpartition("/")[2]
    checksum = file.stem.rpartition("-")[2]
    try:
        torch.hub.download_url_to_file(address, str(file), checksum, progress=True)
    except urllib.error.URLError as error:
        sentence = "{address} can't be reached ({fault}): go online, or bring the file by --from"
        raise FetchError(
            "fetch_unreachable", sentence, address=address, fault=error.reason
        ) from None
    except (OSError, RuntimeError):
        sentence = "what came from {address} is not the file that torchvision names: try again"
        raise FetchError("fetch_broken", sentence, address=address) from None
    return file
