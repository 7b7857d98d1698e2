"""How many examples are enough: accuracy over examples for each way and teacher, over seeds.

Measured once by `python -m models enough --write`, and kept as a small file.
"""

import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass, fields
from itertools import product

from models.checkpoint import FOLDER, sha256_of, write_whole
from models.kept import checked, content_of, rows_in
from models.teachers import TEACHERS, teacher_path
from models.transfer import LEARNING, WAYS, Learner, Transfer

RESULTS = FOLDER / "transfer.json"
RIGHT = "digits04"
WRONG = tuple(key for key in TEACHERS if key != RIGHT)
TAUGHT_WAYS = tuple(way for way in WAYS if way != "scratch")
COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # examples of each digit, with the right teacher
WRONG_COUNTS = (5, 50, 10, 1)  # with the wrong teachers
WRONG_SEEDS = 5


@dataclass(frozen=True)
class Result:
    """How one run ended."""

    way: str
    teacher: str  # also of scratch, which took nothing from it
    examples: int
    augmentation: bool
    seed: int
    accuracy: float  # on all test images of 5 to 9
    forgotten: float | None
    seconds: float  # of CPU time, with one thread


# ---- what is measured ------------------------------------------------------------------------


def seeds_for(examples: int, augmentation: bool) -> int:
    """How many runs a point is the mean of: the most where the spread is wide."""
    if examples >= 200:
        return 3
    return 10 if examples <= 10 and augmentation else 5


def plan() -> Iterator[Transfer]:
    """Every run, the ones that decide first."""
    for examples in (10, 1):
        yield from right_runs(examples, True)
    for counts in (WRONG_COUNTS[:2], WRONG_COUNTS[2:]):
        for examples, augmentation in product(counts, (True, False)):
            if (examples, augmentation) not in ((10, True), (1, True)):
                yield from right_runs(examples, augmentation)
            yield from wrong_runs(examples, augmentation)
    for examples, augmentation in product((2, 20, 100, 200, 500), (True, False)):
        yield from right_runs(examples, augmentation)


def right_runs(examples: int, augmentation: bool) -> Iterator[Transfer]:
    """All ways with the right teacher; a seed's ways one after the other, as they are compared."""
    for seed, way in product(range(seeds_for(examples, augmentation)), WAYS):
        yield Transfer(way, RIGHT, examples, seed, augmentation)


def wrong_runs(examples: int, augmentation: bool) -> Iterator[Transfer]:
    """Locked and tuned with each wrong teacher."""
    for seed, teacher, way in product(range(WRONG_SEEDS), WRONG, TAUGHT_WAYS):
        yield Transfer(way, teacher, examples, seed, augmentation)


def key_of(run: Transfer | Result) -> tuple:
    return run.way, run.teacher, run.examples, run.augmentation, run.seed


def measure(transfer: Transfer) -> Result:
    """One run to its end, with no looks on the way. Raises CheckpointError, DataError."""
    began = time.process_time()
    *_, last = Learner(transfer, glances=0).steps()
    seconds = round(time.process_time() - began, 2)
    return Result(*key_of(transfer), round(last.accuracy, 5), last.forgotten, seconds)


def measure_all(known: list[Result]) -> Iterator[Result]:
    """All runs of the plan; what is `known` already is handed on unmeasured."""
    kept = {key_of(result): result for result in known}
    for transfer in plan():
        yield kept.get(key_of(transfer)) or measure(transfer)


# ---- the file --------------------------------------------------------------------------------


def origins() -> dict[str, object]:
    """What the results depend on: each teacher's file, and how learners learn."""
    teachers = {key: sha256_of(teacher_path(key)) for key in TEACHERS}
    return {"teachers": teachers, "learning": asdict(LEARNING)}


def write_results(results: list[Result]) -> None:
    """Keeps results with what they depend on. Raises CheckpointError."""
    rows = ",\n".join(json.dumps(astuple(result)) for result in results)
    names = json.dumps([field.name for field in fields(Result)])
    head = json.dumps(origins())
    content = f'{{"origins": {head},\n"columns": {names},\n"results": [\n{rows}\n]}}\n'
    write_whole(RESULTS, content.encode())


def read_results() -> tuple[list[Result], dict]:
    """All results of the file, and what they depend on. Raises ValueError without a sound file."""
    content = content_of(RESULTS)
    then = checked(content.get("origins"), dict)
    checked(then.get("teachers"), dict)
    return rows_in(content.get("results"), Result), then


def kept_results() -> list[Result]:
    """What was measured with the teachers and settings as they are now, if the file is sound."""
    try:
        results, then = read_results()
    except ValueError:
        return []
    now = origins()
    if then.get("learning") != now["learning"]:
        return []
    same = {
        key for key, checksum in now["teachers"].items() if then["teachers"].get(key) == checksum
    }
    return [result for result in results if result.way == "scratch" or result.teacher in same]


# ---- what they say ---------------------------------------------------------------------------


def accuracies(
    results: list[Result], way: str, teacher: str, examples: int, augmentation: bool
) -> dict[int, float]:
    """Seed -> accuracy of the runs of one point; scratch is the same for every teacher."""
    teacher = RIGHT if way == "scratch" else teacher
    point = (way, teacher, examples, augmentation)
    return {result.seed: result.accuracy for result in results if key_of(result)[:-1] == point}


def summary(
    results: list[Result], way: str, teacher: str, examples: int, augmentation: bool
) -> tuple[float, float, int]:
    """Mean, standard deviation over seeds and how many there were; NaN, NaN, 0 for none."""
    return mean_and_spread(list(accuracies(results, way, teacher, examples, augmentation).values()))


def mean_and_spread(values: list[float]) -> tuple[float, float, int]:
    """The deviation of a single value is NaN: one run says nothing of how far others lie."""
    mean = statistics.fmean(values) if values else float("nan")
    spread = statistics.stdev(values) if len(values) > 1 else float("nan")
    return mean, spread, len(values)


@dataclass(frozen=True)
class Gap:
    """A learner with a teacher less the one from scratch on the same examples, paired by seed."""

    mean: float
    spread: float  # standard deviation over seeds, of the gap or of scratch, the larger
    seeds: int

    @property
    def is_negative(self) -> bool:
        """Negative transfer: worse than without the teacher, by more than the spread.

        Wang, Dai, Póczos and Carbonell 2019, "Characterizing and Avoiding Negative Transfer".
        """
        return self.mean < -self.spread

    @property
    def is_positive(self) -> bool:
        return self.mean > self.spread


def gap(results: list[Result], way: str, teacher: str, examples: int, augmentation: bool) -> Gap:
    """How much a teacher gave or took at one point; NaN where nothing was measured."""
    taught = accuracies(results, way, teacher, examples, augmentation)
    scratch = accuracies(results, "scratch", teacher, examples, augmentation)
    both = sorted(taught.keys() & scratch.keys())
    mean, spread, seeds = mean_and_spread([taught[seed] - scratch[seed] for seed in both])
    _, scratch_spread, _ = mean_and_spread([scratch[seed] for seed in both])
    return Gap(mean, max(spread, scratch_spread), seeds)
