"""A few photographs of each class, and a network that knows ImageNet learns to tell them apart.

    photograph --square--> (3, 160, 160) --trunk--> maps --block--> features --head--> logits

`linear` trains the head alone, on features of the photographs and of varied views of them; `tuned`
then trains the last block too, from there on.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from models.backbones import BACKBONES, DEFAULT_BACKBONE, SIDE, PhotoNet, load_backbone, pooled
from models.errors import LabError
from models.heads import PhotoHead, fit_head, left_out_accuracy
from models.recipe import check_choice
from models.views import square, varied

HEADS = ("linear", "tuned")
FEWEST_CLASSES, MOST_CLASSES = 2, 10
MOST_PHOTOS = 30  # of a class
MOST_VIEWS = 4  # of a photograph, the plain one among them
ALL_VIEWS = 120  # of all photographs, where they are few; 2 s of the trunk's work on one core
PIECE = 4  # pictures in one pass; many more no longer fit the processor's cache
TUNE_STEPS = 40
TUNE_BATCH = 16  # views
TUNE_RATE = 3e-5  # of Adam, for the block
HEAD_RATE = 1e-5  # the head has learned already: it follows the block
TUNE_SECONDS = 4.0  # that the steps may take, on a busy machine too


class PhotoError(LabError):
    """Photographs that can't be learned from; the sentence says what to change."""


@dataclass(frozen=True)
class PhotoAnswer:
    """Which class a photograph was read as."""

    index: int
    probabilities: list[float]  # of the classes, in [0, 1], their sum 1
    seconds: float


@dataclass(frozen=True)
class PhotoPupil:
    """What was learned: a head, and the last block where it was tuned as well."""

    backbone: str
    head: str  # one of HEADS
    layer: PhotoHead
    block: nn.Module | None  # None: the backbone's own
    left_out: float | None  # share right when left out, linear head; None: a class has one alone
    trained: int  # weights
    seconds: float

    def read(self, picture: Tensor) -> PhotoAnswer:
        """What a photograph (3, H, W) in [0, 1] shows."""
        began = time.monotonic()
        with torch.inference_mode():
            chances = self.logits(self.maps(picture)).softmax(1)[0]
        return PhotoAnswer(int(chances.argmax()), chances.tolist(), time.monotonic() - began)

    def where(self, picture: Tensor, index: int) -> Tensor:
        """Where a photograph (3, H, W) speaks for a class: (H, W) in [0, 1], 1 the most.

        Grad-CAM, Selvaraju et al. 2017. Zero beside the square in the middle, which alone is seen.
        """
        with torch.enable_grad():
            maps = self.maps(picture).detach().requires_grad_()
            [gradient] = torch.autograd.grad(self.logits(maps)[0, index], maps)
        weights = gradient.mean(dim=(2, 3), keepdim=True)  # equation 1: (1, D, 1, 1)
        heat = (weights * maps).sum(dim=1, keepdim=True).relu().detach()  # equation 2: (1, 1, h, w)
        height, width = picture.shape[1:]
        side = min(height, width)
        heat = F.interpolate(heat, (side, side), mode="bicubic").clamp(min=0)[0, 0]
        heat = heat / heat.amax().clamp(min=1e-12)
        left, top = (width - side) // 2, (height - side) // 2
        return F.pad(heat, (left, width - side - left, top, height - side - top))

    def maps(self, picture: Tensor) -> Tensor:
        """What the last block makes of a photograph (3, H, W): (1, D, 5, 5)."""
        network = load_backbone(self.backbone)
        block = network.block if self.block is None else self.block
        with torch.no_grad():
            return block(network.before(square(picture)[None]))

    def logits(self, maps: Tensor) -> Tensor:
        """(1, D, 5, 5) -> (1, C)."""
        return self.layer(pooled(maps))


def teach_photos(
    classes: list[list[Tensor]],
    backbone: str = DEFAULT_BACKBONE,
    head: str = "linear",
    seed: int = 0,
    told: Callable[[float], None] = lambda share: None,
) -> PhotoPupil:
    """Learns from photographs (3, H, W) in [0, 1], a list a class. `told` hears the share done.

    The same photographs and seed give the same weights with one thread, but for a machine so slow
    that fine-tuning ends early. Raises PhotoError, BackboneError.
    """
    began = time.monotonic()
    check_choice("the head", head, HEADS)
    check_photos(classes)
    network = load_backbone(backbone)
    views, labels, owners = views_of(classes, Generator().manual_seed(seed))
    half = 0.5 if head == "tuned" else 1.0  # of the time goes into looking
    before = run(network.before, views, lambda share: told(half * share))
    features = run(lambda maps: pooled(network.block(maps)), before)
    layer = fit_head(features, labels, len(classes))
    left_out = None
    if min(map(len, classes)) > 1:
        left_out = left_out_accuracy(features, labels, owners, len(classes))
    block = None
    if head == "tuned":
        rest = partial(told_later, told, half)
        block = tune(network, layer, before, labels, seed, rest)
    parts = [layer] if block is None else [layer, block]
    trained = sum(one.numel() for part in parts for one in part.parameters())
    layer.requires_grad_(False)
    return PhotoPupil(backbone, head, layer, block, left_out, trained, time.monotonic() - began)


def told_later(told: Callable[[float], None], done: float, share: float) -> None:
    """Says the share of the whole, where `done` of it came before."""
    told(done + (1 - done) * share)


def check_photos(classes: list[list[Tensor]]) -> None:
    """Raises PhotoError for a wrong number of classes or photographs, and for a doubled one."""
    check_classes(len(classes))
    for place, photos in enumerate(classes, 1):
        if not photos:
            sentence = "class {place} has no photograph: add one, or take the class away"
            raise PhotoError("photos_none", sentence, place=place)
        if len(photos) > MOST_PHOTOS:
            sentence = "class {place} has {count} photographs, and {most} are the most"
            raise PhotoError(
                "photos_too_many", sentence, place=place, count=len(photos), most=MOST_PHOTOS
            )
    check_doubles(classes)


def check_doubles(classes: list[list[Tensor]]) -> None:
    """Raises PhotoError for one photograph in two classes."""
    seen: dict[bytes, int] = {}
    for place, photos in enumerate(classes, 1):
        for photo in photos:
            digest = hashlib.sha256(photo.contiguous().numpy().tobytes()).digest()
            first = seen.setdefault(digest, place)
            if first != place:
                sentence = "classes {first} and {second} hold the same photograph: delete one"
                raise PhotoError("photos_same", sentence, first=first, second=place)


def check_classes(count: int) -> None:
    if not FEWEST_CLASSES <= count <= MOST_CLASSES:
        sentence = "there are {count} classes; it takes from {fewest} to {most}"
        raise PhotoError(
            "photos_classes", sentence, count=count, fewest=FEWEST_CLASSES, most=MOST_CLASSES
        )


def check_names(names: Sequence[str]) -> None:
    """Raises PhotoError for a class without a name and for two of one name."""
    seen: set[str] = set()
    for place, name in enumerate(names, 1):
        plain = name.strip().casefold()
        if not plain:
            raise PhotoError(
                "photos_no_name", "class {place} has no name: give it one", place=place
            )
        if plain in seen:
            sentence = "two classes are called {name}: call one of them something else"
            raise PhotoError("photos_same_name", sentence, name=name.strip())
        seen.add(plain)


def views_of(classes: list[list[Tensor]], generator: Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Views (N, 3, 160, 160) of all photographs, their classes (N,) and photographs (N,).

    Each photograph as it is, then varied ones, fewer where there are many photographs.
    """
    photos = [(label, photo) for label, group in enumerate(classes) for photo in group]
    count = max(1, min(MOST_VIEWS, ALL_VIEWS // len(photos)))
    views = torch.empty(len(photos), count, 3, SIDE, SIDE)
    for owner, (_, photo) in enumerate(photos):
        views[owner, 0] = square(photo)
        for at in range(1, count):
            views[owner, at] = varied(photo, generator)
    labels = torch.tensor([label for label, _ in photos]).repeat_interleave(count)
    owners = torch.arange(len(photos)).repeat_interleave(count)
    return views.flatten(0, 1), labels, owners


def run(
    step: Callable[[Tensor], Tensor],
    inputs: Tensor,
    told: Callable[[float], None] = lambda share: None,
) -> Tensor:
    """A frozen step over all inputs, a few at a time; `told` hears the share done."""
    outputs = []
    with torch.no_grad():
        for piece in inputs.split(PIECE):
            outputs.append(step(piece))
            told(min(1.0, len(outputs) * PIECE / len(inputs)))
    return torch.cat(outputs)


def tune(
    network: PhotoNet,
    layer: PhotoHead,
    before: Tensor,
    labels: Tensor,
    seed: int,
    told: Callable[[float], None] = lambda share: None,
) -> nn.Module:
    """A copy of the last block, trained together with the head on what the trunk gives, in place.

    Its batch norms keep ImageNet's statistics: a few photographs would make poor ones.
    """
    block = deepcopy(network.block).requires_grad_()
    optimizer = torch.optim.Adam(
        [
            {"params": block.parameters(), "lr": TUNE_RATE},
            {"params": layer.parameters(), "lr": HEAD_RATE},
        ]
    )
    generator = Generator().manual_seed(seed)
    began = time.monotonic()
    with torch.enable_grad():
        for step in range(TUNE_STEPS):
            picked = torch.randint(len(before), (TUNE_BATCH,), generator=generator)
            logits = layer(pooled(block(before[picked])))
            loss = F.cross_entropy(logits, labels[picked])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            told((step + 1) / TUNE_STEPS)
            if time.monotonic() - began > TUNE_SECONDS:
                break
    return block.requires_grad_(False)


def parameters_of(backbone: str) -> int:
    """Weights of a backbone, all of them frozen unless its last block is tuned."""
    return BACKBONES[backbone].parameters
