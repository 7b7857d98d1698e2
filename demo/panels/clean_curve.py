"""How well spoiled digits are read over the level of a noise: kept figures, and fresh ones."""

import secrets
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache

import torch
from torch import Generator

from demo.asked import BadRequest, answering, choice_in
from demo.measuring import Job, Line
from demo.panels import panels
from demo.readers import checkpoint_of, described, is_own
from demo.shipped import stamp
from demo.visitor import Store
from models import curves
from models.checkpoint import path_of
from models.cleaners import CLEANERS
from models.curves import FIGURES, NOTHING, READER, Point, levels, measure_noise
from models.data import load_mnist
from models.errors import LabError
from models.nets import NETS
from models.noise import NOISES

# ---- Words ----------------------------------------------------------------------------------

FRESH = 500  # test digits of one measurement
SEED_BITS = 31  # of the choice of digits and of the noise over them
LINE = Line()  # one measurement at a time on the whole server
JOBS: Store[Job[Point]] = Store(most_each=1, life=600.0)


class GoneError(LabError):
    """A measurement that is no longer kept, or was never begun."""

    def __init__(self) -> None:
        super().__init__("measure_gone", "this measurement is no longer kept")


# ---- Handlers: what is kept -----------------------------------------------------------------


@answering
def curves_of_noise(asked: dict) -> dict:
    """The measured levels of `noise`, weakest first, and each cleaner's figures at them.

    `asked`: {"noise"}. A level that was not measured is null; `missing` names the lines that lack
    one.
    """
    noise = choice_in(asked, "noise", NOISES)
    kept = {(point.cleaner, point.level): point for point in points_now() if point.noise == noise}
    lines = {
        cleaner: [told(kept.get((cleaner, level))) for level in levels(noise)]
        for cleaner in (NOTHING, *CLEANERS)
    }
    missing = [cleaner for cleaner, points in lines.items() if None in points]
    facts = {"noise": noise, "levels": levels(noise), "lines": lines, "missing": missing}
    return facts | {"fresh": FRESH}


def told(point: Point | None) -> dict | None:
    """A point's figures, None for one that was not measured."""
    return point and {name: getattr(point, name) for name in FIGURES}


def points_now() -> list[Point]:
    """The kept points, read anew when the file or a network's file has changed."""
    files = [curves.CURVES, *(path_of(name) for name in (READER, *CLEANERS))]
    return points_once(tuple(stamp(file) for file in files))


@lru_cache(1)
def points_once(_stamps: tuple) -> list[Point]:
    return curves.kept_points()  # takes the checksum of every network's file


# ---- Handlers: measured now -----------------------------------------------------------------


@answering
def measure_fresh(asked: dict) -> dict:
    """Begins to measure `noise` on fresh test digits, or stands in line for it.

    `asked`: {"noise", "cleaner": whose line comes first, "owner": the key that an earlier call
    gave, whose measurement then ends}. Gives the measurement's "key", and "owner".
    """
    noise, cleaners = choice_in(asked, "noise", NOISES), cleaners_from(asked)
    total = FRESH * len(levels(noise)) * len(cleaners)
    job = Job(fresh_points(noise, cleaners, secrets.randbits(SEED_BITS)), total)
    for earlier in map(JOBS.find, JOBS.keys_of(asked.get("owner"))):
        if earlier is not None:
            earlier.stop()
    LINE.join(job)
    key, owner = JOBS.keep(job, asked.get("owner"))
    return {"key": key, "owner": owner}


@answering
def follow_fresh(asked: dict) -> dict:
    """How far the measurement `key` is, and its points after the first `known` ones.

    `ahead`: how many others are measured before. `done` of `total` pictures are measured.
    """
    job, known = job_named(asked), asked.get("known", 0)
    if type(known) is not int or known < 0:
        raise BadRequest
    ahead, state = LINE.follow(job), job.state  # the state first: points that follow it are in
    answer = {
        "state": state,
        "ahead": ahead,
        "done": job.done,
        "total": job.total,
        "digits": FRESH,
        "points": [asdict(point) for point in job.facts[known:]],
    }
    return answer | ({"trouble": described(job.trouble)} if job.trouble else {})


@answering
def stop_fresh(asked: dict) -> dict:
    """Ends the measurement `key`; what it has measured is kept for a while."""
    job_named(asked).stop()
    return {}


def job_named(asked: dict) -> Job[Point]:
    """The measurement of a request. Raises BadRequest, GoneError."""
    key = asked.get("key")
    if not isinstance(key, str):
        raise BadRequest
    job = JOBS.find(key)
    if job is None:
        raise GoneError
    return job


def cleaners_from(asked: dict) -> list[str]:
    """All cleaners whose files are there, uncleaned and the named one first. Raises BadRequest."""
    first = asked.get("cleaner", NOTHING)
    first = NOTHING if is_own(first) else first  # a visitor's own one has no curve
    if not isinstance(first, str) or first not in (NOTHING, *CLEANERS):
        raise BadRequest
    ordered = dict.fromkeys([NOTHING, first, *CLEANERS])
    return [name for name in ordered if name not in NETS or path_of(name).exists()]


def fresh_points(noise: str, cleaners: list[str], seed: int) -> Iterator[tuple[int, Point | None]]:
    """The noise measured on test digits that this seed draws. Raises LabError."""
    mnist, reader = load_mnist(), checkpoint_of(READER).network
    order = torch.randperm(len(mnist.test_labels), generator=Generator().manual_seed(seed))
    chosen = order[:FRESH]
    images, labels = mnist.test_images[chosen], mnist.test_labels[chosen]
    yield from measure_noise(noise, images, labels, reader, cleaners, seed)


# ---- The panel ------------------------------------------------------------------------------


def build() -> None:
    handlers = [curves_of_noise, measure_fresh, follow_fresh, stop_fresh]
    panels.lay_out("clean_curve.html", "denoise", "lab.startCleanCurve(element, server)", handlers)
