"""How well spoiled digits are read over the level of the noise, by each cleaner and uncleaned.

Measured once on the whole test set by `python -m models curves --write`, and kept as a small file.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from models.checkpoint import FOLDER, path_of, sha256_of, write_whole
from models.cleaners import CLEANERS, clean
from models.data import Mnist, to_batch
from models.filters import FILTERS, TUNED, best_strength
from models.kept import checked, content_of, rows_in
from models.measure import NOISE_SEED, outputs, psnr, ssim
from models.nets import NETS
from models.noise import NOISES

CURVES = FOLDER / "cleaning.json"
NOTHING = "nothing"  # the spoiled digits as they are
READER = "digits"
STOPS = 4  # levels of a noise that are measured besides the weakest, evenly spread
PIECE = 50  # images measured at a time where one may stop: a sixth of a second
FIGURES = ("recognised", "mse", "psnr", "ssim")  # of a point; each a mean over images
TUNING = 100  # training images on which the filters' strengths are chosen
TUNING_SEED = 2_000  # of their noise


@dataclass(frozen=True)
class Point:
    """What one cleaner leaves of one noise at one level, over some digits; clamped to [0, 1]."""

    noise: str
    level: float
    cleaner: str  # of CLEANERS, or NOTHING
    recognised: float  # the share that the reader reads right, refusals off
    mse: float
    psnr: float  # dB, the mean over images
    ssim: float


def levels(noise: str) -> list[float]:
    """The levels that are measured, from the weakest to the strongest, on the slider's steps."""
    entry = NOISES[noise]
    return [entry.nearest(entry.level_at(stop / STOPS)) for stop in range(STOPS + 1)]


def measure_point(
    noise: str, level: float, cleaner: str, spoiled: Tensor, digits: Tensor, labels: Tensor,
    reader: nn.Module,
) -> Point:  # fmt: skip
    """One cleaner on (N, 1, 28, 28) spoiled, of these digits with these labels (N,)."""
    cleaned = spoiled if cleaner == NOTHING else clean(cleaner, spoiled, noise, level)
    with torch.autocast("cpu", dtype=torch.bfloat16):  # half the time, and hardly another label
        read = outputs(reader, cleaned).argmax(1)
    return Point(
        noise=noise,
        level=level,
        cleaner=cleaner,
        recognised=float((read == labels).double().mean()),
        mse=float(F.mse_loss(cleaned, digits)),
        psnr=float(psnr(cleaned, digits).mean()),
        ssim=ssim(cleaned, digits),
    )


def measure_noise(
    noise: str, images: Tensor, labels: Tensor, reader: nn.Module, cleaners: list[str], seed: int
) -> Iterator[tuple[int, Point | None]]:
    """Every cleaner and level on images (N, 28, 28) uint8; all cleaners meet the same noise.

    A piece at a time, for whoever counts or stops: how many images that was, and with the last
    piece of a level its point. Raises CheckpointError, DataError.
    """
    digits = to_batch(images)
    spoiled = {
        level: NOISES[noise].spoil(digits, level, Generator().manual_seed(seed))
        for level in levels(noise)
    }
    for cleaner in cleaners:
        for level, pictures in spoiled.items():
            measured: list[tuple[int, Point]] = []
            for start in range(0, len(images), PIECE):
                piece = (part[start : start + PIECE] for part in (pictures, digits, labels))
                point = measure_point(noise, level, cleaner, *piece, reader)
                size = min(PIECE, len(images) - start)
                measured.append((size, point))
                is_last = start + PIECE >= len(images)
                yield size, mean_point(measured) if is_last else None


def mean_point(measured: list[tuple[int, Point]]) -> Point:
    """The point of all pieces together, from the size and the point of each."""
    total = sum(size for size, _ in measured)
    figures = {
        name: sum(size * getattr(point, name) for size, point in measured) / total
        for name in FIGURES
    }
    return replace(measured[0][1], **figures)


# ---- the file --------------------------------------------------------------------------------


def tune_filters(mnist: Mnist) -> dict[str, dict[str, dict[str, float]]]:
    """Noise, level, filter -> its best strength on training images."""
    digits = to_batch(mnist.train_images[-TUNING:])
    chosen: dict[str, dict[str, dict[str, float]]] = {}
    for noise, entry in NOISES.items():
        chosen[noise] = {}
        for level in levels(noise):
            spoiled = entry.spoil(digits, level, Generator().manual_seed(TUNING_SEED))
            best = {name: best_strength(name, spoiled, digits) for name in FILTERS}
            chosen[noise][f"{level:g}"] = best
    return chosen


def write_strengths(chosen: dict) -> None:
    """Keeps what `tune_filters` chose. Raises CheckpointError."""
    write_whole(TUNED, (json.dumps(chosen, indent=1) + "\n").encode())


def measure_test_set(mnist: Mnist, reader: nn.Module, known: list[Point]) -> Iterator[Point]:
    """All noises on the test set; what is `known` already is handed on unmeasured."""
    kept = {(point.noise, point.level, point.cleaner): point for point in known}
    digits = to_batch(mnist.test_images)
    for noise, entry in NOISES.items():
        for level in levels(noise):
            spoiled = entry.spoil(digits, level, Generator().manual_seed(NOISE_SEED))
            for cleaner in (NOTHING, *CLEANERS):
                point = kept.get((noise, level, cleaner))
                yield point or measure_point(
                    noise, level, cleaner, spoiled, digits, mnist.test_labels, reader
                )


def checksums() -> dict[str, str]:
    """SHA-256 of the files that the points depend on: the reader's, and each network's."""
    names = [READER, *(name for name in CLEANERS if name in NETS)]
    return {name: sha256_of(path_of(name)) for name in names}


def write_points(points: list[Point]) -> None:
    """Keeps measured points, with the checksums of what was measured. Raises CheckpointError."""
    rows = ",\n".join(json.dumps(asdict(point)) for point in points)
    head = json.dumps(checksums())
    write_whole(CURVES, f'{{"files": {head},\n"points": [\n{rows}\n]}}\n'.encode())


def read_points() -> tuple[list[Point], dict]:
    """All points of the file, and the checksums of what they were measured of.

    Raises ValueError without a sound file.
    """
    content = content_of(CURVES)
    return rows_in(content.get("points"), Point), checked(content.get("files"), dict)


def kept_points() -> list[Point]:
    """The points that were measured of the files as they lie there now, if the file is sound."""
    try:
        points, measured = read_points()
    except ValueError:
        return []
    now = checksums()
    if measured.get(READER) != now[READER]:
        return []
    return [point for point in points if measured.get(point.cleaner) == now.get(point.cleaner)]
