"""The lab started with something missing, damaged or in its way.

    python -m bench.reliability.start_up [--only TEXT] [--write]

Each fault is done to a copy of the lab, which then has to be up in 20 s, to say on its page what is
amiss and how it is mended, and to answer everything else; or to end with one sentence. A fault
that needs a network or a mount of its own has both of a process of its own (`unshare`, as root).
"""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx
import torch
from safetensors import safe_open
from safetensors.torch import save

from bench.jobs import Lab
from bench.reliability.probes import PROBES, asked
from bench.reliability.record import ROOT, Row, arguments, show
from bench.server import Server, free_port

PARTS = ("app.py", "pyproject.toml", "demo", "models", "checkpoints", "data")
WITHIN = 20.0  # s until the page answers
PATIENCE = 180.0  # s until a lab counts as hung
LATEST = 30.0  # s that ending may take
MEMORY = Path("/dev/shm")  # where copies lie, if it is there: apart from temporary files
LEARNS = ("test images", "test set", "training", "averages", "comparing")  # from the data
STALE = (".digits.safetensors.ab12cd34", ".cleaning.json.zyxw_987")


@dataclass(frozen=True)
class Fault:
    """What is done to a copy of the lab, and what has to come of it."""

    what: str
    does: Callable[[Path], object]
    amiss: tuple[str, ...] = ()  # files that the page names with the command that mends them
    off: tuple[str, ...] = ()  # of PROBES, what may say that it is off
    ends: bool = False  # with a sentence, before it is up
    around: str = ""  # shell commands in mounts of its own; {lab} is the copy
    has_own_network: bool = False
    beside: Callable[[Path], object] | None = None  # a context that lasts as long as the lab


# ---- Faults ---------------------------------------------------------------------------------


def nothing(_lab: Path) -> None:
    """The fault lies elsewhere."""


def without(*names: str) -> Callable[[Path], None]:
    def remove(lab: Path) -> None:
        for name in names:
            path = lab / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return remove


def cut(name: str) -> Callable[[Path], None]:
    def halve(lab: Path) -> None:
        content = (lab / name).read_bytes()
        (lab / name).write_bytes(content[: len(content) // 2])

    return halve


def flipped(name: str) -> Callable[[Path], None]:
    """One bit in the middle, which leaves a file of the right length with a finite weight."""

    def flip(lab: Path) -> None:
        content = bytearray((lab / name).read_bytes())
        content[len(content) // 2 // 4 * 4] ^= 1
        (lab / name).write_bytes(content)

    return flip


def filled_with_nan(name: str) -> Callable[[Path], None]:
    def fill(lab: Path) -> None:
        with safe_open(lab / name, "pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            header = file.metadata()
        for tensor in tensors.values():
            if tensor.is_floating_point():
                tensor.fill_(torch.nan)
        (lab / name).write_bytes(save(tensors, header))

    return fill


def garbled(*names: str) -> Callable[[Path], None]:
    def garble(lab: Path) -> None:
        for name in names:
            content = (lab / name).read_bytes()
            (lab / name).write_bytes(content[::-1])

    return garble


def littered(lab: Path) -> None:
    """As two labs leave it that were killed while they wrote."""
    for name in STALE:
        (lab / "checkpoints" / name).write_bytes(b"half")


@contextmanager
def port_taken(_lab: Path, port: int) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", port)):
        yield


@contextmanager
def another_lab(lab: Path, _port: int) -> Iterator[None]:
    with started(lab, free_port()) as run:
        wait_for(run)
        yield
        if httpx.get(f"{run.url}/health").status_code != 200:
            raise RuntimeError("the lab that ran before is not well")


READER = "checkpoints/digits.safetensors"
MEASURED = ("answers.safetensors", "cleaning.json", "strengths.json", "transfer.json")
MEASURED_PATHS = tuple(f"checkpoints/{name}" for name in MEASURED)
DATA = tuple(
    f"{part}-ubyte.gz"
    for part in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
)
FULL = "mount -t tmpfs -o size=64k tmpfs {0} && head -c 65536 /dev/zero > {0}/full; "
FULL_TEMPORARY = "".join(map(FULL.format, ("/tmp", "/var/tmp")))
READ_ONLY = "mount --bind {0} {0} && mount -o remount,ro,bind {0} && "
FAULTS = (
    Fault("the default reader missing", without(READER), ("digits.safetensors",), ("curves",)),
    Fault("the default reader cut", cut(READER), ("digits.safetensors",), ("curves",)),
    Fault(
        "a bit of the default reader flipped", flipped(READER), ("digits.safetensors",), ("curves",)
    ),
    Fault("the default reader NaN", filled_with_nan(READER), ("digits.safetensors",), ("curves",)),
    Fault(
        "another network missing",
        without("checkpoints/denoiser.safetensors"),
        ("denoiser.safetensors",),
        ("cleaning", "curves"),
    ),
    Fault("data missing", without("data"), DATA, LEARNS),
    Fault("data cut", cut(f"data/mnist/{DATA[0]}"), DATA[:1], LEARNS),
    Fault("measurements missing", without(*MEASURED_PATHS), MEASURED, ("curves", "averages")),
    Fault("measurements garbled", garbled(*MEASURED_PATHS), MEASURED, ("curves", "averages")),
    Fault("words missing", without("demo/words/en.json"), ends=True),
    Fault("a script missing", without("demo/panels/denoise_cards.js"), ends=True),
    Fault("no network", nothing, around="ip link set lo up && ", has_own_network=True),
    Fault("read-only folder", nothing, around=READ_ONLY.format("{lab}")),
    Fault("temporary folders full", nothing, around=FULL_TEMPORARY),
    Fault(
        "no temporary folder that can be written",
        nothing,
        ends=True,
        around="".join(map(READ_ONLY.format, ("/tmp", "/var/tmp", "{lab}"))),
    ),
    Fault("port taken", nothing, ends=True, beside=port_taken),
    Fault("stale temporary files", littered),
    Fault("another lab running", nothing, beside=another_lab),
)


# ---- A lab with a fault ---------------------------------------------------------------------


@dataclass
class Run:
    """A lab that was started, and what it said."""

    process: subprocess.Popen
    url: str
    said: object  # a file
    began: float = field(default_factory=time.monotonic)


@contextmanager
def started(lab: Path, port: int) -> Iterator[Run]:
    """The lab in a folder, ended afterwards."""
    with open(lab.parent / f"said-{port}", "w+") as said:
        command = [sys.executable, "app.py", "--port", str(port)]
        process = subprocess.Popen(command, cwd=lab, stdout=subprocess.DEVNULL, stderr=said)
        try:
            yield Run(process, f"http://127.0.0.1:{port}", said)
        finally:
            process.terminate()
            try:
                process.wait(LATEST)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(run: Run) -> float | None:
    """Seconds until the page answers; None where the lab ended before, or hangs."""
    while time.monotonic() < run.began + PATIENCE and run.process.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(run.url, timeout=PATIENCE).status_code == 200:
                return time.monotonic() - run.began
        time.sleep(0.05)
    return None


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the lab, and nothing else."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        lab = Path(folder) / "lab"
        lab.mkdir()
        for name in PARTS:
            source = ROOT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, lab / name)
        yield lab


@dataclass(frozen=True)
class Outcome:
    """What came of a fault; `wrong` is empty where it is what had to come."""

    what: str
    seconds: float | None
    sentence: str
    wrong: list[str]


def tried(fault: Fault, lab: Path) -> Outcome:
    """Starts a lab with a fault."""
    port = free_port()
    beside = fault.beside(lab, port) if fault.beside else nullcontext()
    with beside, started(lab, port) as run:
        seconds = wait_for(run)
        if seconds is not None:
            wrong = ["it started"] if fault.ends else faults_of(fault, lab, run)
            return Outcome(fault.what, round(seconds, 1), "", wrong)
        status = run.process.poll()
        run.said.seek(0)
        lines = run.said.read().strip().splitlines()
    wrong = [] if fault.ends else ["it did not start"]
    wrong += [] if status else [f"it ended with {status}"]
    wrong += [] if len(lines) == 1 else [f"it said {len(lines)} lines"]
    return Outcome(fault.what, None, lines[-1] if lines else "", wrong)


def faults_of(fault: Fault, lab: Path, run: Run) -> list[str]:
    """What a running lab does otherwise than it has to."""
    asker = Lab(Server(run.url, run.process.pid))
    told = asker.ask("files_amiss").json().get("files", [])
    wrong = [f"says nothing of {name}" for name in set(fault.amiss) - {one["file"] for one in told}]
    wrong += [f"calls {one['file']} amiss" for one in told if one["file"] not in fault.amiss]
    wrong += [f"no command for {one['file']}" for one in told if one["file"] not in one["command"]]
    answers = asked(asker)
    wrong += [
        f"{name}: {error}" for name, error in answers.items() if error and name not in fault.off
    ]
    wrong += [f"{name} crashed" for name in fault.off if answers[name].startswith("crashed")]
    left = [name for name in STALE if (lab / "checkpoints" / name).exists()]
    return wrong + [f"{name} was left" for name in left]


def in_its_own_world(fault: Fault, lab: Path) -> Outcome | None:
    """The same where networks and mounts are this fault's own; None where that can't be had."""
    around = fault.around.replace("{lab}", str(lab))
    inside = f"{sys.executable} -m bench.reliability.start_up --inside {FAULTS.index(fault)} {lab}"
    own = ["-m", "-n"] if fault.has_own_network else ["-m"]
    command = ["unshare", *own, "sh", "-c", f"{around} exec {inside}"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
        return Outcome(**json.loads(done.stdout))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


# ---- The rows -------------------------------------------------------------------------------


def row_of(outcome: Outcome) -> Row:
    up = f"up in {outcome.seconds} s, the rest works" if outcome.seconds is not None else ""
    measured = "; ".join(outcome.wrong) or up or outcome.sentence
    in_time = outcome.seconds is None or outcome.seconds <= WITHIN
    return Row(outcome.what, "", measured, None if not outcome.wrong and in_time else False)


def main() -> None:
    parser = arguments("start_up", __doc__)
    parser.add_argument("--only", default="", help="faults with this text in their name")
    parser.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        number, lab = options.inside
        return print(json.dumps(asdict(tried(FAULTS[int(number)], Path(lab)))))
    began, outcomes, limits = time.monotonic(), [], []
    for fault in FAULTS:
        if options.only not in fault.what:
            continue
        with copied() as lab:
            fault.does(lab)
            outcome = in_its_own_world(fault, lab) if fault.around else tried(fault, lab)
        if outcome is None:
            limits.append(fault.what)
        else:
            outcomes.append(outcome)
    rows = [row_of(outcome) for outcome in outcomes]
    met = sum(row.met is not False for row in rows)
    asked_for = f"all: up in {WITHIN:.0f} s with the rest working, or one sentence"
    rows.insert(0, Row("faults at the start", asked_for, f"{met} of {len(rows)}", met == len(rows)))
    said = f"Not tried, since this process may not mount: {', '.join(limits)}." if limits else ""
    said = f"The rest: {', '.join(PROBES)}. {said}".strip()
    show("start_up", rows, time.monotonic() - began, options.write, said)
    return None


if __name__ == "__main__":
    main()
