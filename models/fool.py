"""Turning an answer: the smallest change of a digit that does it, and one step that fools.

All take a reader in eval mode and a digit (28, 28) in [0, 1], and stay in [0, 1]. A digit is a
"target" where the answer should become it, a "label" where the answer is it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.ink import SIDE

STEPS = 40  # of the search; with 150 the changes are 2 % smaller at the median
NORMS = (0.3, 1.5)  # L2, where the two searches begin: networks differ in how far a border is
STRIDES = (0.5, 0.02)  # of the change's norm, the first and the last step
RATES = (0.2, 0.02)  # by which the norm shrinks or grows, at the first and at the last step
HALVINGS = 12  # of the last stretch to the border: to 0.02 % of the change
FURTHER = (1.0, 1.01, 1.02, 1.05, 1.1, 1.2)  # times the change, until it outlives its rounding
LEVELS = 255  # steps from black to white in a picture of one byte a pixel
NOTICEABLE = 0.1  # of black to white; a pixel that changes by less is hardly seen to
MOST_STRENGTH = 0.5  # with 1 every pixel could become anything
STRENGTHS = torch.arange(1, 51) / 100  # all that are tried for the least that turns the answer
PIECE = 8  # pictures in one pass; the search ends with the piece in which the answer turns


@dataclass(frozen=True)
class Change:
    """A changed digit, and how far it is from what it was. Ink is counted in full pixels."""

    picture: Tensor  # (28, 28) in [0, 1]
    norm: float  # L2
    pixels: int  # that change by more than NOTICEABLE
    most: float  # how much one pixel changes at most, of black to white
    added: float  # ink
    taken: float  # ink


def measured(digit: Tensor, picture: Tensor) -> Change:
    """How far a picture is from the digit that it was made of."""
    change = picture - digit
    return Change(
        picture=picture,
        norm=float(change.norm()),
        pixels=int((change.abs() > NOTICEABLE).sum()),
        most=float(change.abs().max()),
        added=float(change.clamp(min=0).sum()),
        taken=float((-change).clamp(min=0).sum()),
    )


@torch.inference_mode()
def answers(network: nn.Module, pictures: Tensor) -> Tensor:
    """The digit read in each of (N, 28, 28): (N,)."""
    return network(pictures.unsqueeze(1)).argmax(dim=1)


@torch.enable_grad()
def lead(
    network: nn.Module, pictures: Tensor, label: int, rivals: Callable[..., Tensor]
) -> tuple[Tensor, Tensor]:
    """The digits read in (N, 28, 28), and how the label's lead grows with each pixel's ink.

    Before all its rivals (`torch.logsumexp`) the lead is the label's log-odds: its gradient points
    where cross-entropy's does, but does not vanish where a network is so sure that cross-entropy
    rounds to 0. Before the strongest alone (`torch.amax`) it is 0 where the answer turns.
    """
    pixels = pictures.detach().unsqueeze(1).requires_grad_()  # (N, 28, 28) -> (N, 1, 28, 28)
    logits = network(pixels)
    others = [digit for digit in range(logits.shape[1]) if digit != label]
    leads = logits[:, label] - rivals(logits[:, others], dim=1)
    [gradient] = torch.autograd.grad(leads.sum(), pixels)
    return logits.detach().argmax(dim=1), gradient[:, 0]


# ---- The smallest change --------------------------------------------------------------------


def smallest_change(network: nn.Module, digit: Tensor, target: int) -> Change | None:
    """The smallest change, by its L2 norm, after which the network reads the target.

    The smallest that a search of STEPS passes finds; None where it finds none. The picture lies
    just beyond the border: a little less of the same change and the answer is not the target.
    """
    if int(answers(network, digit[None])) == target:
        return measured(digit, digit)
    turned = nearest_turned(network, digit, target)
    return None if turned is None else measured(digit, up_to_border(network, digit, turned, target))


def nearest_turned(network: nn.Module, digit: Tensor, target: int) -> Tensor | None:
    """The nearest picture read as the target that is met on the way; Rony et al. 2019 (DDN).

    Each step follows the gradient, then the change is scaled to a norm of its own, which shrinks
    while the answer is the target and grows while it is not. Several norms search side by side:
    first by all rivals' odds, which lead far, then along the border with the strongest.
    """
    norms = torch.tensor(NORMS).view(-1, 1, 1)
    change = torch.zeros(len(NORMS), SIDE, SIDE)
    nearest, least = None, math.inf
    for step in range(STEPS):
        rivals = torch.logsumexp if step < STEPS / 2 else torch.amax
        labels, gradient = lead(network, digit + change, target, rivals)
        turned = labels == target
        for one in change[turned]:
            if float(one.norm()) < least:
                nearest, least = digit + one, float(one.norm())
        change = change + norms * eased(STRIDES, step) * direction(gradient, digit + change)
        norms = norms * (1 - eased(RATES, step) * (2 * turned.float() - 1)).view(-1, 1, 1)
        change = (digit + norms * unit(change)).clamp(0, 1) - digit
    return nearest


def eased(ends: tuple[float, float], step: int) -> float:
    """From the first of two values to the second along half a cosine."""
    first, last = ends
    return last + (first - last) * (1 + math.cos(math.pi * step / STEPS)) / 2


def direction(gradient: Tensor, pictures: Tensor) -> Tensor:
    """Gradients (N, 28, 28) of norm 1, over the pixels that can still go where they point."""
    stuck = ((pictures <= 0) & (gradient < 0)) | ((pictures >= 1) & (gradient > 0))
    return unit(gradient * ~stuck)


def unit(changes: Tensor) -> Tensor:
    """Each of (N, 28, 28) divided by its L2 norm; 0 stays 0."""
    return changes / changes.flatten(1).norm(dim=1).clamp(min=1e-12).view(-1, 1, 1)


def up_to_border(network: nn.Module, digit: Tensor, turned: Tensor, target: int) -> Tensor:
    """The picture on the line from the digit to a turned one where the target is only just read."""
    short, enough = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (short + enough) / 2
        picture = digit + middle * (turned - digit)
        if int(answers(network, picture[None])) == target:
            enough = middle
        else:
            short = middle
    return digit + enough * (turned - digit)


def in_levels(network: nn.Module, digit: Tensor, changed: Tensor, target: int) -> Change | None:
    """A changed digit as a picture file can hold it, taken a little further where need be.

    None where no picture of FURTHER is read as the target.
    """
    further = torch.tensor(FURTHER).view(-1, 1, 1)
    pictures = to_levels(digit + further * (changed - digit))
    for picture, label in zip(pictures, answers(network, pictures).tolist(), strict=True):
        if label == target:
            return measured(digit, picture)
    return None


def to_levels(pictures: Tensor) -> Tensor:
    """Rounded to the values that one byte a pixel can hold, in [0, 1]."""
    return (pictures.clamp(0, 1) * LEVELS).round() / LEVELS


# ---- Fooling --------------------------------------------------------------------------------


def fgsm(
    network: nn.Module, digit: Tensor, label: int, strength: float, towards: bool = False
) -> Tensor:
    """The fast gradient sign method, Goodfellow et al. 2015: each pixel moved by the same step.

    Away from the label, which is the untargeted attack, or towards it, the targeted one.
    Gives (28, 28).
    """
    return pushed(digit, signs(network, digit, label, towards), strength)


def signs(network: nn.Module, digit: Tensor, label: int, towards: bool = False) -> Tensor:
    """Which way each pixel is moved: (28, 28) of -1, 0 and 1."""
    _, [gradient] = lead(network, digit[None], label, torch.logsumexp)
    return gradient.sign() if towards else -gradient.sign()


def pushed(digit: Tensor, way: Tensor, strength: float | Tensor) -> Tensor:
    return (digit + strength * way).clamp(0, 1)


def turning_strength(network: nn.Module, digit: Tensor, way: Tensor) -> float | None:
    """The least of STRENGTHS at which a push makes the network read another digit, if any does."""
    label = int(answers(network, digit[None]))
    for strengths in STRENGTHS.split(PIECE):
        pictures = to_levels(pushed(digit, way, strengths.view(-1, 1, 1)))
        turned = answers(network, pictures) != label
        if turned.any():
            return round(float(strengths[turned][0]), 2)
    return None
