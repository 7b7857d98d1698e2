"""What goes on inside a reader: its steps with their shapes, its feature maps, its filters.

    network, digit (28, 28) --look--> steps, and what each gives out
                            --feature_maps--> grey pictures, one a map

A step is what the eye takes as one: a layer with the normalisation and activation that follow it
and leave the shape as it is.
"""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.ink import SIDE

MAPS = 3  # dimensions of a step that gives out pictures: (C, H, W)
UNITS_SHOWN = 64  # of a fully connected first layer: as many pictures as book_cnn has filters
ROW = 10  # values; up to here a layer without a picture is one row, as the ten digits are
hooking = threading.Lock()  # two threads that hook one layer at once may get one handle


@dataclass(frozen=True)
class Call:
    """One layer's work in one forward pass: (B, ...) tensors as they went in and came out."""

    layer: nn.Module
    before: Tensor
    after: Tensor


@dataclass(frozen=True)
class Step:
    """One step from shape to shape, without the batch."""

    layers: tuple[str, ...]  # as PyTorch names them; empty where forward() flattens by itself
    shape: tuple[int, ...]
    parameters: int  # weights and biases
    multiply_adds: int  # of convolutions and linear layers, for one digit


@contextmanager
def recorded(network: nn.Module) -> Iterator[list[Call]]:
    """Notes what every layer of the network does in this thread, until the block ends.

    A network is shared by all visitors: what other threads send through it is not noted.
    """
    calls: list[Call] = []
    here = threading.get_ident()

    def note(layer: nn.Module, inputs: tuple[Tensor], after: Tensor) -> None:
        if threading.get_ident() == here:
            calls.append(Call(layer, inputs[0], after))

    leaves = [layer for layer in network.modules() if next(layer.children(), None) is None]
    with hooking:
        hooks = [layer.register_forward_hook(note) for layer in leaves]
    try:
        yield calls
    finally:
        with hooking:
            for hook in hooks:
                hook.remove()


def to_batch(digit: Tensor) -> Tensor:
    return digit.view(1, 1, SIDE, SIDE)  # (28, 28) -> (1, 1, 28, 28)


@torch.inference_mode()
def look(network: nn.Module, digit: Tensor) -> tuple[list[Step], list[Tensor]]:
    """One forward pass of a digit (28, 28) in [0, 1] through a reader in eval mode.

    Gives the steps from the pixels on, and what each gives out, without the batch.
    """
    pixels = to_batch(digit)
    with recorded(network) as calls:
        network(pixels)
    steps = [Step((), tuple(pixels.shape[1:]), 0, 0)]
    outputs = [pixels[0]]
    for call in calls:
        if call.before[0].shape != outputs[-1].shape:  # forward() itself flattened it
            outputs.append(call.before[0])
            steps.append(Step((), tuple(call.before.shape[1:]), 0, 0))
        if belongs_to(steps[-1], call):
            steps[-1], outputs[-1] = joined(steps[-1], call), call.after[0]
        else:
            steps.append(joined(Step((), (), 0, 0), call))
            outputs.append(call.after[0])
    return steps, outputs


def belongs_to(step: Step, call: Call) -> bool:
    """Whether a layer only finishes a step: it has no inputs to weigh and keeps the shape."""
    weighs = isinstance(call.layer, nn.Conv2d | nn.Linear)
    return not weighs and tuple(call.after.shape[1:]) == step.shape


def joined(step: Step, call: Call) -> Step:
    """A step with one more layer at its end."""
    return Step(
        layers=(*step.layers, described(call.layer)),
        shape=tuple(call.after.shape[1:]),
        parameters=step.parameters + sum(one.numel() for one in call.layer.parameters()),
        multiply_adds=step.multiply_adds + multiply_adds(call),
    )


def described(layer: nn.Module) -> str:
    """A layer's class as one types it, with the size of its window: "Conv2d 3×3"."""
    kind = type(layer).__name__
    window = getattr(layer, "kernel_size", None)
    if window is None:
        return kind
    height, width = window if isinstance(window, tuple) else (window, window)
    return f"{kind} {height}×{width}"


def multiply_adds(call: Call) -> int:
    """Products that a convolution or linear layer sums up for one digit; a bias adds none."""
    if not isinstance(call.layer, nn.Conv2d | nn.Linear):
        return 0
    each = call.layer.weight[0].numel()  # per value that comes out: inputs, or (I, h, w)
    return each * call.after[0].numel()


def first_maps(steps: list[Step]) -> int | None:
    """Where a network first makes pictures of the pixels; None without convolutions."""
    return next((at for at, step in enumerate(steps) if at and len(step.shape) == MAPS), None)


def counterpart(steps: list[Step], at: int, others: list[Step]) -> int | None:
    """Where another network's `others` stand at the depth of step `at` of `steps`.

    Pixels answer to pixels, maps to maps and rows of values to rows, the first to the first and
    the last to the last. None where the other has no maps.
    """
    if at == 0:
        return 0
    kind = len(steps[at].shape)
    own, theirs = (
        [place for place, step in enumerate(one) if place and len(step.shape) == kind]
        for one in (steps, others)
    )
    if not theirs:
        return None
    share = own.index(at) / max(1, len(own) - 1)  # of the way through steps of this kind
    return theirs[round(share * (len(theirs) - 1))]


def feature_maps(output: Tensor) -> Tensor:
    """What a step gives out, (C, H, W) or (N,), as grey pictures (C, H, W) uint8.

    Each map has a scale of its own: 0, or its lowest value where that is negative, is black, its
    highest white; a map that is the same everywhere is black. (N,) becomes one picture.
    """
    maps = output if output.ndim == 3 else as_picture(output)
    low = maps.amin(dim=(1, 2), keepdim=True).clamp(max=0)
    span = maps.amax(dim=(1, 2), keepdim=True) - low
    flat = maps.amax(dim=(1, 2), keepdim=True) == maps.amin(dim=(1, 2), keepdim=True)
    shares = torch.where(flat, 0, (maps - low) / torch.where(flat, 1, span))
    return (shares * 255).round().to(torch.uint8)


def as_picture(values: Tensor) -> Tensor:
    """(N,) -> (1, H, W), nearly square and filled row by row; up to ten in one row.

    Rather high than wide, so that a phone has room for it.
    """
    count = len(values)
    if count <= ROW:
        return values.view(1, 1, count)
    width = max(n for n in range(1, math.isqrt(count) + 1) if count % n == 0)
    return values.view(1, count // width, width)


def filters(network: nn.Module) -> Tensor:
    """The first layer's learned weights as signed pictures (N, h, w) in [-1, 1].

    One a filter of a convolution; for a linear layer one a unit, of all 28 x 28 pixels, at most
    UNITS_SHOWN. Each picture is divided by its own largest weight.
    """
    first = next(one for one in network.modules() if isinstance(one, nn.Conv2d | nn.Linear))
    weight = first.weight.detach()
    if isinstance(first, nn.Conv2d):
        weight = weight[:, 0]  # (N, 1, h, w) -> (N, h, w)
    else:
        weight = weight[:UNITS_SHOWN].view(-1, SIDE, SIDE)  # (N, 784) -> (N, 28, 28)
    return signed(weight)


def signed(pictures: Tensor) -> Tensor:
    """(..., h, w) divided by each picture's largest magnitude: [-1, 1], 0 stays 0."""
    largest = pictures.abs().amax(dim=(-2, -1), keepdim=True)
    return pictures / torch.where(largest == 0, 1, largest)
