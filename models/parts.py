"""From a row of digits to single ones: connected parts of the ink, merged and put in order."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

INKED = 0.3  # ink below this does not connect two parts
SPECK = 0.12  # of the tallest part's height; a smaller part is a stray mark or belongs to another
LOW = 0.4  # of the tallest part's height; a lower one is no digit of its own, but a 5's bar
OVERLAP = 0.3  # of the narrower part's width; parts that stand above each other are one
WIDE = 1.05  # width of height; from there a part may be two digits that touch
EDGE = 2  # px; so far ink thinner than INKED reaches around a stroke
MIDDLE = 0.25  # of the width at each side, where no two digits are cut apart
Box = tuple[int, int, int, int]  # left, top, right, bottom in px; right and bottom just outside
NEIGHBOURS = np.ones((3, 3))  # pixels that touch at a corner are connected


@dataclass
class Part:
    """One piece of the drawing."""

    mask: np.ndarray  # (H, W) bool
    box: Box

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def size(self) -> int:
        return max(self.width, self.height)


def split(ink: Tensor, parts: list[Part] | None = None) -> list[tuple[Tensor, Box]]:
    """Ink (H, W) in [0, 1] -> its parts from left to right, each as ink (H, W) and its box.

    `parts`: where they are found already.
    """
    return [(alone(ink, part), part.box) for part in parts or parts_of(ink)]


def parts_of(ink: Tensor) -> list[Part]:
    """The parts of ink (H, W) in [0, 1], from left to right, without their soft edges.

    One part for a single drawing, however many strokes it has, as far as they overlap.
    """
    return adopt(merge(connected(ink.numpy() > INKED)))


def alone(ink: Tensor, part: Part) -> Tensor:
    """The ink (H, W) of one part and its soft edge, on empty paper."""
    left, top, right, bottom = part.box
    around = slice(max(0, top - EDGE), bottom + EDGE), slice(max(0, left - EDGE), right + EDGE)
    sheet = torch.zeros_like(ink)
    sheet[around] = ink[around] * torch.from_numpy(grow(part.mask[around]))
    return sheet


def is_wide(box: Box) -> bool:
    """Whether a part may be two digits that touch."""
    left, top, right, bottom = box
    return right - left >= WIDE * (bottom - top)


def cut(ink: Tensor, box: Box) -> list[tuple[Tensor, Box]]:
    """A wide part in two where its column is thinnest: digits that touch. Empty if it is not wide.

    `ink` (H, W) holds the part alone. Whether the halves make more sense is for a reader to say.
    """
    left, top, right, bottom = box
    if not is_wide(box):
        return []
    margin = max(1, round(MIDDLE * (right - left)))
    columns = ink.sum(0)[left + margin : right - margin]
    if not len(columns):
        return []
    at = left + margin + int(columns.argmin())
    halves = []
    for low, high in ((0, at), (at, ink.shape[1])):
        half = torch.zeros_like(ink)
        half[:, low:high] = ink[:, low:high]
        halves.append((half, (max(left, low), top, min(right, high), bottom)))
    return halves


def grow(mask: np.ndarray) -> np.ndarray:
    """The mask with the soft edge around it."""
    return ndimage.binary_dilation(mask, NEIGHBOURS, iterations=EDGE)


def connected(inked: np.ndarray) -> list[Part]:
    """The connected parts of an (H, W) mask, from left to right, without specks."""
    labels, count = ndimage.label(inked, NEIGHBOURS)
    places = ndimage.find_objects(labels)
    parts = [
        Part(labels == at + 1, (columns.start, rows.start, columns.stop, rows.stop))
        for at, (rows, columns) in enumerate(places)
    ]
    tallest = max((part.size for part in parts), default=0)
    return sorted((p for p in parts if p.size > SPECK * tallest), key=lambda part: part.box[0])


def merge(parts: list[Part]) -> list[Part]:
    """Parts that share enough of their width are one: the two strokes of a 5 or a 4."""
    merged: list[Part] = []
    for part in parts:
        # from the left: a wide part may reach over several that came before
        while merged and overlap(merged[-1], part) > OVERLAP:
            part = join(merged.pop(), part)
        merged.append(part)
    return merged


def adopt(parts: list[Part]) -> list[Part]:
    """A part too low to be a digit, a stroke set apart, joins the part that is nearest to it."""
    tallest = max((part.height for part in parts), default=0)
    for part in [part for part in parts if part.height < LOW * tallest]:
        others = [other for other in parts if other is not part]
        nearest = min(others, key=lambda other: gap(part, other))
        parts = [join(part, other) if other is nearest else other for other in others]
    return parts


def gap(one: Part, other: Part) -> int:
    """The room between two parts in px, negative where they stand above each other."""
    return max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])


def overlap(left: Part, right: Part) -> float:
    """The share of the narrower one's width that both stand above."""
    shared = min(left.box[2], right.box[2]) - max(left.box[0], right.box[0])
    return shared / min(left.width, right.width)


def join(one: Part, other: Part) -> Part:
    low = np.minimum(one.box[:2], other.box[:2])
    high = np.maximum(one.box[2:], other.box[2:])
    return Part(one.mask | other.mask, (*map(int, low), *map(int, high)))
