"""Checkpoints whose writer is killed, and files that no disk takes.

    python -m bench.reliability.writing [--kills N] [--seed S] [--write]

A process is killed with SIGKILL while it writes a network over an old one: after a random time, or,
in every third round, at a chosen call on the way, such as between the renaming and the flush of the
folder. Then comes what the lab does when it starts, a sweep, and the file is read. After that every
writer of the project meets a disk that refuses each of its calls in turn, once or from then on, a
limit of bytes at which the system cuts it off, and, where this process may mount, a disk that is
really full and one that is really read-only.
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.reliability.faulty_disk import ERRORS, SILENT, STEPS, Refusal, refusing
from bench.reliability.record import ROOT, Row, arguments, show
from bench.reliability.writers import WRITERS, network_of, save_version
from models.checkpoint import CheckpointError, load_file, sha256_of
from models.sweep import sweep

NAME = "small_cnn"
KILLS = 1_000
LATER = 1.3  # of the usual duration, until which a writer may be killed
CUTS = 20  # lengths at which the system cuts a file off
MEMORY = Path("/dev/shm")  # a quick disk, where there is one


# ---- Killed ---------------------------------------------------------------------------------


def write_in_child(path: Path, version: int, chosen: str | None, told: int) -> int:
    """Forks a process that writes a version and tells each step that it takes, a byte each; gives
    its number. At `chosen` it kills itself."""
    if child := os.fork():
        return child
    try:
        refusal = Refusal(None, told=told, dies_at=chosen)
        refusal.went("begun")
        with refusing(refusal):
            save_version(path, NAME, version)
        os.write(told, bytes([len(STEPS)]))
    finally:
        os._exit(0)


def killed(path: Path, version: int, after: float, chosen: str | None) -> str:
    """Has a version written by a process that dies on the way; gives the last step that it took,
    "done" where it was faster."""
    listening, told = os.pipe()
    child = write_in_child(path, version, chosen, told)
    os.close(told)
    steps = os.read(listening, 1)  # it begins
    if not chosen:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    while piece := os.read(listening, 64):
        steps += piece
    os.close(listening)
    os.waitpid(child, 0)
    return [*STEPS, "done"][steps[-1]]


def usual_seconds(path: Path) -> float:
    """From a writer's first step to its last, in a process as those that are killed."""
    taken = []
    for version in range(9):
        listening, told = os.pipe()
        child = write_in_child(path, version, None, told)
        os.close(told)
        os.read(listening, 1)
        began = time.perf_counter()
        while os.read(listening, 64)[-1:] not in (b"", bytes([len(STEPS)])):
            pass
        taken.append(time.perf_counter() - began)
        os.close(listening)
        os.waitpid(child, 0)
    return sorted(taken)[len(taken) // 2]


def kill_writers(kills: int, seed: int, folder: Path) -> dict:
    """Kills so many; counts what was found after each."""
    random_numbers, path = random.Random(seed), folder / f"{NAME}.safetensors"
    usual, seen, steps = usual_seconds(path), Counter(), Counter()
    version = load_file(path, NAME).figures["version"]
    for number in range(kills):
        chosen = STEPS[number // 3 % len(STEPS)] if number % 3 == 2 else None
        after = random_numbers.uniform(0, LATER * usual)
        steps[killed(path, number + 10, after, chosen)] += 1
        seen["left beside"] += len(list(folder.iterdir())) - path.exists()
        sweep(folder)
        seen["stale"] += len(list(folder.iterdir())) - path.exists()
        seen["missing"] += not path.exists()
        try:
            found = load_file(path, NAME).figures["version"]
            seen["unusable"] += found not in (version, number + 10)
            seen["new"] += found == number + 10
            version = found
        except CheckpointError:
            seen["unusable"] += path.exists()
    return {"kills": kills, "seen": seen, "steps": steps}


# ---- Refused --------------------------------------------------------------------------------


def outcome(write: Callable[[Path], object], path: Path, old: str) -> str | None:
    """What is wrong after a write that the disk may have refused; None: the old file stands and a
    sentence was said, or the new one is whole."""
    try:
        write(path)
    except CheckpointError as error:
        if sha256_of(path) != old:
            return "another file after a refusal"
        return None if is_sentence(str(error), path) else f"no sentence: {error}"
    except OSError as error:
        return f"{type(error).__name__}, no sentence"
    return None if sha256_of(path) != old else "no word of what was not written"


def is_sentence(text: str, path: Path) -> bool:
    """One line that names the file, and not where it lies."""
    return "\n" not in text and path.name in text and str(path.parent) not in text


def refuse_each(name: str) -> tuple[int, list[str]]:
    """A writer meets every refusal: how many there were, and what went wrong."""
    count, wrong, quick = 0, [], MEMORY if MEMORY.is_dir() else None
    for error in ERRORS:
        for for_good in (False, True):
            at, reached = 0, True
            while reached:
                at += 1
                with tempfile.TemporaryDirectory(dir=quick) as folder:
                    fault, reached = refused_at(name, Path(folder), at, error, for_good)
                count += reached
                wrong += [f"{name}, call {at}: {fault}"] if fault else []
    return count, wrong


def refused_at(
    name: str, folder: Path, at: int, error: int, for_good: bool
) -> tuple[str | None, bool]:
    """One write whose call number `at` is refused; the fault, and whether it came so far."""
    writer = WRITERS[name]
    path = folder / writer.file
    writer.write(path, 0)
    old = sha256_of(path)
    refusal = Refusal(at, error, for_good)
    with refusing(refusal):
        fault = outcome(lambda place: writer.write(place, 1), path, old)
    if fault is None and refusal.said and not SILENT.issuperset(refusal.said):
        fault = None if sha256_of(path) == old else "written all the same"
    sweep(folder)
    left = [one.name for one in folder.iterdir() if one != path]
    if fault is None and left and path.suffix in (".safetensors", ".json", ".md"):
        fault = f"left {left}"
    return fault, bool(refusal.said)


# ---- Cut off by the system ------------------------------------------------------------------


def cut_off(folder: Path) -> tuple[int, list[str]]:
    """Writers that the system cuts off after so many bytes, each in a process of its own."""
    path, wrong = folder / f"{NAME}.safetensors", []
    save_version(path, NAME, 0)
    old, size = sha256_of(path), path.stat().st_size
    for part in range(CUTS):
        child = os.fork()
        if not child:
            write_within(size * part // CUTS, path, old)
        _, status = os.waitpid(child, 0)
        sweep(folder)
        sound = sha256_of(path) == old and list(folder.iterdir()) == [path]
        if status or not sound:
            wrong.append(f"cut at {part} of {CUTS}")
    return CUTS, wrong


def write_within(limit: int, path: Path, old: str) -> None:
    """Writes with a limit of bytes a file, and ends this process."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as an error, then
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        fault = outcome(lambda place: save_version(place, NAME, 1), path, old)
        os._exit(fault is not None or sha256_of(path) != old)
    except BaseException:
        os._exit(2)


# ---- Disks that are really full, and really read-only -----------------------------------------


def on_real_disks() -> dict | None:
    """A small disk in memory that nobody else sees: filled, then mounted read-only; None where this
    process may not mount."""
    with tempfile.TemporaryDirectory() as folder:
        mount = f"mount -t tmpfs -o size=2m tmpfs {folder}"
        inside = f"{sys.executable} -m bench.reliability.writing --inside {folder}"
        command = ["unshare", "-m", "sh", "-c", f"{mount} && exec {inside}"]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
        except OSError:
            return None
    return json.loads(done.stdout) if done.returncode == 0 else None


def inside(folder: Path) -> None:
    """What the process in its own mounts does: prints counts and faults."""
    path, count, wrong = folder / f"{NAME}.safetensors", 0, []
    save_version(path, NAME, 0)
    old, size = sha256_of(path), path.stat().st_size
    for part in range(CUTS):
        fill(folder, size * part // CUTS)
        fault = outcome(lambda place: save_version(place, NAME, 1), path, old)
        sound = sha256_of(path) == old and sorted(folder.iterdir()) == [folder / "filler", path]
        count, wrong = count + 1, wrong + [fault or "another file"] * (not sound or bool(fault))
        (folder / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    for writer in WRITERS.values():
        there = writer.file == path.name
        try:
            writer.write(folder / writer.file, 1)
            wrong.append(f"{writer.file}: no word of a read-only disk")
        except CheckpointError as error:
            fine = is_sentence(str(error), folder / writer.file)
            wrong += [] if fine and (not there or sha256_of(path) == old) else [str(error)]
        count += 1
    print(json.dumps({"count": count, "wrong": wrong}))


def fill(folder: Path, free: int) -> None:
    """Leaves that many bytes of a disk, about."""
    page = 4096  # bytes that a file takes at least
    room = os.statvfs(folder)
    fillable = max(0, room.f_bavail * room.f_frsize - free // page * page)
    (folder / "filler").write_bytes(b"\0" * fillable)


# ---- The rows -------------------------------------------------------------------------------


def rows_of_kills(facts: dict) -> list[Row]:
    kills, seen, steps = facts["kills"], facts["seen"], facts["steps"]
    reached = ", ".join(f"{name} {steps[name]}" for name in (*STEPS, "done"))
    asked = f"{kills:,} kills: 0"
    rows = [
        Row(f"checkpoint {what}", asked, str(seen[key]), seen[key] == 0)
        for what, key in (("unusable", "unusable"), ("missing", "missing"))
    ]
    stale = seen["stale"]
    return [
        *rows,
        Row("stale files after the next start", asked, str(stale), stale == 0),
        Row(
            "temporary files that the killed left, and the next start swept",
            "",
            str(seen["left beside"]),
        ),
        Row("new file / old file found whole", "", f"{seen['new']} / {kills - seen['new']}"),
        Row("killed after the step", "every step", reached, all(steps[name] for name in STEPS)),
    ]


def row_of(what: str, count: int, wrong: list[str]) -> Row:
    asked = "the old file stands, one sentence"
    measured = f"{count - len(wrong)} of {count}" + (f": {wrong[0]}" if wrong else "")
    return Row(what, asked, measured, not wrong)


def main() -> None:
    parser = arguments("writing", __doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help="writers that are killed")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--inside", type=Path, help="used by itself, on a disk of its own")
    options = parser.parse_args()
    network_of(NAME)  # before any fork: PyTorch's threads don't outlive one
    if options.inside:
        return inside(options.inside)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_of_kills(kill_writers(options.kills, options.seed, Path(folder)))
    tried = {name: refuse_each(name) for name in WRITERS}
    count, wrong = sum(one for one, _ in tried.values()), sum((w for _, w in tried.values()), [])
    what = f"each call of {len(WRITERS)} writers refused: no room, read-only, faulty disk"
    rows.append(row_of(what, count, wrong))
    with tempfile.TemporaryDirectory() as folder:
        rows.append(row_of("cut off by the system at a length", *cut_off(Path(folder))))
    real, limits = on_real_disks(), ""
    if real:
        rows.append(row_of("disk really full, or really read-only", real["count"], real["wrong"]))
    else:
        limits = "No disk was filled in earnest: this process may not mount one."
    show("writing", rows, time.monotonic() - began, options.write, limits)
    return None


if __name__ == "__main__":
    main()
