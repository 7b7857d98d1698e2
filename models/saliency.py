"""What an answer rests on: three ways to ask a reader which pixels made it say a digit.

All take a reader in eval mode, a digit (28, 28) in [0, 1] and the label that is asked about, and
give (28, 28): positive where ink, or what stands there, speaks for the label.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.ink import SIDE
from models.inside import Call, recorded, to_batch

ACTIVE = (nn.ReLU, nn.Sigmoid, nn.Tanh)
# Patch side and step, px, from fine to coarse; each covers the picture to its edges.
PATCHES = ((6, 2), (7, 3), (7, 7))
MOST_WORK = 2.5e9  # multiply-adds of all covered pictures; 20 to 50 ms on one core
PIECE = 8  # covered pictures in one pass; many more no longer fit the processor's cache


@dataclass(frozen=True)
class Occlusion:
    """How much probability each pixel's covering takes away, and how it was covered."""

    heat: Tensor  # (28, 28) in [-1, 1]
    patch: int  # px
    stride: int  # px


@torch.enable_grad()
def input_gradient(network: nn.Module, digit: Tensor, label: int) -> Tensor:
    """How the label's logit grows with the ink in each pixel; Simonyan et al. 2014.

    Signed: negative where more ink would speak against the label.
    """
    pixels = to_batch(digit).clone().requires_grad_()
    [gradient] = torch.autograd.grad(network(pixels)[0, label], pixels)
    return gradient[0, 0]  # (1, 1, 28, 28) -> (28, 28)


@torch.enable_grad()
def grad_cam(network: nn.Module, digit: Tensor, label: int) -> Tensor | None:
    """Where the last convolution's maps speak for the label, in [0, 1]; Selvaraju et al. 2017.

    None for a network without convolutions: it has no maps to weigh.
    """
    pixels = to_batch(digit).clone().requires_grad_()
    with recorded(network) as calls:
        logits = network(pixels)
    maps = last_maps(calls)
    if maps is None:
        return None
    [gradient] = torch.autograd.grad(logits[0, label], maps)
    weights = gradient.mean(dim=(2, 3), keepdim=True)  # (1, C, H, W) -> (1, C, 1, 1)
    heat = (weights * maps).sum(dim=1, keepdim=True).relu()  # equation 2 -> (1, 1, H, W)
    heat = F.interpolate(heat.detach(), (SIDE, SIDE), mode="bilinear")[0, 0]
    return heat / heat.amax().clamp(min=1e-12)


def last_maps(calls: list[Call]) -> Tensor | None:
    """What the last convolution gives out, behind its activation: (1, C, H, W)."""
    convolutions = [at for at, call in enumerate(calls) if isinstance(call.layer, nn.Conv2d)]
    if not convolutions:
        return None
    behind = calls[convolutions[-1] :]
    active = (call.after for call in behind if isinstance(call.layer, ACTIVE))
    maps = next(active, behind[0].after)
    return maps if maps.ndim == 4 else behind[0].after


def occlusion(
    network: nn.Module, digit: Tensor, label: int, work: int, temperature: float = 1.0
) -> Occlusion:
    """The label's probability that is lost when a patch is covered with paper; Zeiler, Fergus 2014.

    A pixel's heat is the mean over the patches that cover it. `work` is the network's
    multiply-adds for one digit: a heavy network is asked with larger steps. `temperature` is
    that of the confidence which the page shows.
    """
    patch, stride = patch_for(work)
    masks = covers(patch, stride)
    masks = masks[(masks * digit).flatten(1).any(dim=1)]  # paper on paper changes nothing
    drops = probability_drops(network, digit, label, masks, temperature)
    heat = (drops.view(-1, 1, 1) * masks).sum(0) / covers(patch, stride).sum(0)
    return Occlusion(heat, patch, stride)


def patch_for(work: int) -> tuple[int, int]:
    """The finest patch and stride that stay within MOST_WORK, else the coarsest."""
    for patch, stride in PATCHES:
        if work * positions(patch, stride) ** 2 <= MOST_WORK:
            return patch, stride
    return PATCHES[-1]


def positions(patch: int, stride: int) -> int:
    """Places of a patch along one side."""
    return (SIDE - patch) // stride + 1


def covers(patch: int, stride: int) -> Tensor:
    """One mask a place of the patch, row by row: (P, 28, 28), 1 under the patch."""
    starts = range(0, SIDE - patch + 1, stride)
    masks = torch.zeros(len(starts) ** 2, SIDE, SIDE)
    for at, (top, left) in enumerate((top, left) for top in starts for left in starts):
        masks[at, top : top + patch, left : left + patch] = 1
    return masks


@torch.inference_mode()
def probability_drops(
    network: nn.Module, digit: Tensor, label: int, masks: Tensor, temperature: float
) -> Tensor:
    """What covering each mask (P, 28, 28) takes from the label's probability: (P,)."""
    pictures = torch.cat([digit[None], digit * (1 - masks)]).unsqueeze(1)  # (1 + P, 1, 28, 28)
    logits = torch.cat([network(piece) for piece in pictures.split(PIECE)])  # (1 + P, 10)
    chances = (logits / temperature).softmax(dim=1)[:, label]
    return chances[0] - chances[1:]
