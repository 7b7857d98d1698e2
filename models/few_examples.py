"""The new task: a few training images of 5 to 9, and all test images of them."""

import math

import torch
from torch import Generator, Tensor

from models.data import load_mnist

FIRST = 5  # the new task's digits are 5 to 9; its labels 0 to 4


def draw_examples(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """`count` training images of each digit 5 to 9, (5 · count, 28, 28) uint8; labels 0 to 4.

    They depend on count and seed alone: every way and teacher learns from the same ones.
    """
    mnist, generator = load_mnist(), Generator().manual_seed(seed)
    drawn = []
    for digit in range(FIRST, 10):
        of_digit = (mnist.train_labels == digit).nonzero().squeeze(1)
        drawn.append(of_digit[torch.randperm(len(of_digit), generator=generator)[:count]])
    chosen = torch.cat(drawn)
    return mnist.train_images[chosen], mnist.train_labels[chosen].long() - FIRST


def high_digits_test() -> tuple[Tensor, Tensor]:
    """All 4,861 test images of 5 to 9, (N, 28, 28) uint8, in MNIST's order; labels 0 to 4."""
    mnist = load_mnist()
    wanted = mnist.test_labels >= FIRST
    return mnist.test_images[wanted], mnist.test_labels[wanted].long() - FIRST


def draw_batch(count: int, size: int, generator: Generator) -> Tensor:
    """Indices (B,) of `count` examples, each as often as any other, as near as can be."""
    rounds = [torch.randperm(count, generator=generator) for _ in range(math.ceil(size / count))]
    return torch.cat(rounds)[:size]
