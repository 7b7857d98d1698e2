"""How long photographs take: python -m bench.photos [--backbone NAME].

Draws 12-megapixel JPEGs itself, five classes of coloured shapes on textured paper, five of each to
teach and four to read. Prints a line a head, measured on one thread from the files on:
`teach_seconds` with decoding and, for the first head, loading the backbone; `teach_cpu_seconds`, of
the processor, which other work on the machine hardly lengthens; `picture_ms`, decoding and reading
a further photograph (middle and most), `read_ms` without the decoding, `where_ms` its Grad-CAM; the
accuracy on these easy shapes; and the most memory so far.
"""

import argparse
import json
import math
import resource
import statistics
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter

from models.backbones import BACKBONES, DEFAULT_BACKBONE
from models.photos import HEADS, PhotoPupil, teach_photos
from models.picture import read_photo

SIZE = (4_000, 3_000)  # px: 12 megapixels
CLASSES, SHOTS, READ = 5, 5, 4
SEED = 0


def paper(random: np.random.Generator) -> Image.Image:
    """Blotches of one hue and the grain of a camera's sensor."""
    coarse = random.normal(130, 40, (9, 12, 1)) + random.normal(0, 12, (9, 12, 3))
    picture = Image.fromarray(coarse.clip(0, 255).astype(np.uint8)).resize(SIZE, Image.BICUBIC)
    grain = random.normal(0, 12, (SIZE[1] // 4, SIZE[0] // 4, 3)).astype(np.int16)
    grain = np.repeat(np.repeat(grain, 4, axis=0), 4, axis=1)
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


def corners(kind: int, random: np.random.Generator) -> list[tuple[float, float]]:
    """A triangle, square, star, needle or circle, turned, somewhere near the middle."""
    x, y = random.uniform(0.4, 0.6, 2) * SIZE
    size, turn = random.uniform(500, 900), random.uniform(0, 2 * math.pi)
    points, inner, thin = ((3, 0.5, 1), (4, 0.7, 1), (10, 1, 1), (4, 0.7, 0.25), (40, 1, 1))[kind]
    out = []
    for at in range(points):
        far = size * (0.45 if kind == 2 and at % 2 else 1)
        angle = turn + 2 * math.pi * at / points
        out.append((x + far * math.cos(angle), y + far * thin * math.sin(angle)))
    return out


def photograph(kind: int, random: np.random.Generator) -> Image.Image:
    picture = paper(random)
    colour = tuple(int(one) for one in random.integers(20, 236, 3))
    ImageDraw.Draw(picture).polygon(corners(kind, random), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(2))


def files_in(folder: Path) -> list[list[Path]]:
    names = range(SHOTS + READ)
    return [[folder / f"{kind}-{at}.jpg" for at in names] for kind in range(CLASSES)]


def write_photographs(folder: Path) -> None:
    random = np.random.default_rng(SEED)
    for kind, files in enumerate(files_in(folder)):
        for file in files:
            photograph(kind, random).save(file, quality=92)


def milliseconds(work: object, *arguments: object) -> tuple[object, float]:
    began = time.perf_counter()
    answer = work(*arguments)
    return answer, 1_000 * (time.perf_counter() - began)


def read_all(pupil: PhotoPupil, classes: list[list[Path]]) -> dict[str, float]:
    right, reading, whole, looking = 0, [], [], []
    for label, files in enumerate(classes):
        for file in files[SHOTS:]:
            photo, decoding = milliseconds(read_photo, file)
            answer, took = milliseconds(pupil.read, photo)
            right += answer.index == label
            reading.append(took)
            whole.append(decoding + took)
            looking.append(milliseconds(pupil.where, photo, answer.index)[1])
    return {
        "picture_ms": round(statistics.median(whole), 1),
        "picture_ms_most": round(max(whole), 1),
        "read_ms": round(statistics.median(reading), 1),
        "where_ms": round(statistics.median(looking), 1),
        "accuracy": right / len(whole),
    }


def measured(head: str, backbone: str, classes: list[list[Path]]) -> dict[str, object]:
    began, computing = time.perf_counter(), time.process_time()
    photos = [[read_photo(file) for file in files[:SHOTS]] for files in classes]
    decoded = time.perf_counter() - began
    pupil = teach_photos(photos, backbone, head, SEED)
    seconds, computed = time.perf_counter() - began, time.process_time() - computing
    return {
        "backbone": backbone,
        "head": head,
        "teach_seconds": round(seconds, 2),
        "teach_cpu_seconds": round(computed, 2),
        "decode_seconds": round(decoded, 2),
        "left_out": pupil.left_out,
        **read_all(pupil, classes),
        "memory_mb": most_megabytes(),
    }


def most_megabytes() -> int:
    """The most memory that this process has ever used."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--backbone", default=DEFAULT_BACKBONE, choices=BACKBONES)
    backbone = options.parse_args().backbone
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        # in another process: its memory is not what is asked about
        drawing = get_context("spawn").Process(target=write_photographs, args=[Path(folder)])
        drawing.start()
        drawing.join()
        print(json.dumps({"memory_mb_before": most_megabytes()}), flush=True)
        for head in HEADS:
            facts = measured(head, backbone, files_in(Path(folder)))
            print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
