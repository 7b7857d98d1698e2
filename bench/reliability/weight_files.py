"""Bad weight files at every place that takes a file: none is taken, none runs anything.

    python -m bench.reliability.weight_files [--write] [--seed N] [--cut-every BYTES] [--flips N]

Over HTTP to a running lab (networks of the Train tab's shelf, sets of symbols, sets of digits,
pictures) and on the command line (calibrate, shrink, fetch). What the lab itself wrote goes to and
fro and comes back bit for bit. About eight minutes on two cores.
"""

import base64
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx
import numpy as np
import torch

from bench.jobs import Lab, descendants
from bench.reliability.bad_weights import KILO, SMALL, Case, cases, sound, zipped
from bench.reliability.record import Row, arguments, show
from bench.server import running_lab
from demo.train_asked import NETWORKS
from models.checkpoint import CheckpointError, load_file
from models.digit_files import as_png
from models.fetch import wanted_weights
from models.weight_file import WeightFileError, as_safetensors

ROOT = Path(__file__).resolve().parents[2]
TAKEN, REFUSED, FAULTY = "taken", "refused", "faulty"
DIVES = ("pickle", "bomb", "no safetensors")  # kinds that are meant for any reader of files
EVERY = 20  # of the other kinds go to the places that take no weights
COMMANDS = 3  # files that go to each command of the command line, as a process
CONVERTED = 15  # .pth files that go to `fetch`; each takes a process of 3 s
FETCHED = "mobilenet_v3_small"
PATIENCE = 300.0  # s for a short training; a cleaner is measured for some of them
TOO_LARGE = {"book_cnn"}  # 103 MB: trained here it can be used, and not be brought


def as_text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


# ---- Over HTTP ----------------------------------------------------------------------------------


def judged(answer: httpx.Response) -> str:
    """What an answer is: a refusal has a sentence or a key of one, and is no 5xx."""
    if answer.status_code >= 500:
        return FAULTY
    try:
        said = answer.json()
    except ValueError:
        return FAULTY
    if not isinstance(said, dict) or "error" not in said:
        return TAKEN
    return REFUSED if isinstance(said["error"], str) and said["error"] else FAULTY


def brought(lab: Lab, files: Iterable[Case]) -> Iterator[tuple[str, str]]:
    """Each file as a network, to the shelf of the Train tab."""
    for case in files:
        yield case.kind, judged(lab.ask("upload_network", file=as_text(case.content)))


def as_sets(lab: Lab, files: list[Case]) -> Iterator[tuple[str, str]]:
    """Each file as a ZIP of symbols and one of digits, and as the head in a sound set."""
    plain = drawings()
    wanted = lab.ask("unpack_symbols", file=as_text(zipped(plain))).json()
    for case in files:
        for place in ("unpack_symbols", "unpack_own"):
            yield case.kind, judged(lab.ask(place, file=as_text(case.content)))
        packed = zipped(plain | {"head.safetensors": case.content})
        answer = lab.ask("unpack_symbols", file=as_text(packed))
        unread = answer.status_code == 200 and answer.json() == wanted  # the drawings alone
        yield case.kind, REFUSED if unread else judged(answer)


def drawings() -> dict[str, bytes]:
    """The PNGs of a set of two symbols."""
    picture = torch.zeros(28, 28, dtype=torch.uint8)
    picture[4:24, 12:16] = 255
    return {
        f"symbol_0{kind}/001.png": as_png(picture.T if kind == 2 else picture) for kind in (1, 2)
    }


def as_pictures(lab: Lab, files: list[Case]) -> Iterator[tuple[str, str]]:
    """Each file as an uploaded picture that /classify is to read."""
    for case in files:
        part = {"files": ("digit.png", case.content, "image/png")}
        sent = lab.http.post(f"{lab.url}/gradio_api/upload", files=part)
        if sent.status_code != 200:
            yield case.kind, judged(sent)
            continue
        picture = {"path": sent.json()[0], "meta": {"_type": "gradio.FileData"}}
        data = {"data": [picture, "digits"]}
        yield case.kind, judged(lab.http.post(f"{lab.url}/gradio_api/run/classify", json=data))


# ---- On the command line ------------------------------------------------------------------------


def loaded(folder: Path, files: Iterable[Case]) -> Iterator[tuple[str, str]]:
    """Each file read as `calibrate` and `shrink` read theirs."""
    path = folder / "brought.safetensors"
    for case in files:
        path.write_bytes(case.content)
        try:
            load_file(path)
        except CheckpointError as error:
            yield case.kind, REFUSED if "\n" not in str(error) else FAULTY
        else:
            yield case.kind, TAKEN


def converted(folder: Path, files: list[Case]) -> Iterator[tuple[str, str]]:
    """Each file read as `fetch --from FILE` reads it."""
    path, wanted = folder / "brought.pth", wanted_weights(FETCHED)
    for case in files:
        path.write_bytes(case.content)
        try:
            as_safetensors(path, FETCHED, wanted)
        except WeightFileError as error:
            yield case.kind, REFUSED if "\n" not in str(error) else FAULTY
        else:
            yield case.kind, TAKEN


def commanded(folder: Path, files: list[Case]) -> Iterator[tuple[str, str]]:
    """Some files to the commands themselves."""
    path, out = folder / "brought.safetensors", folder / "out.safetensors"
    for case in files:
        path.write_bytes(case.content)
        fetch = ["fetch", FETCHED, "--from", str(path), "--out", str(folder / "kept")]
        for words in (["calibrate", str(path)], ["shrink", str(path), str(out)], fetch):
            command = [sys.executable, "-m", "models", *words]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
            in_words = done.returncode == 1 and done.stderr.count("\n") == 1
            yield case.kind, TAKEN if done.returncode == 0 else REFUSED if in_words else FAULTY


# ---- There and back -----------------------------------------------------------------------------


def round_trips(lab: Lab) -> tuple[int, int]:
    """How many networks there are, and how many come back as they were taken home."""
    same = 0
    trained = [name for name in NETWORKS if name not in TOO_LARGE]
    for name in trained:
        key = lab.start({"network": name, "epochs": 0.02})
        wait_until_kept(lab, key)
        same += comes_back(lab, lab.http.get(f"{lab.url}/lab/run/{key}.safetensors").content, key)
    tuned = lab.ask("tune_own", model="small_cnn", digits=digits(10)).json()["name"]
    same += comes_back(lab, base64.b64decode(taken_home(lab, tuned)), tuned)
    return len(trained) + 1, same


def wait_until_kept(lab: Lab, key: str) -> None:
    """Until a training has ended and its network can be taken home."""
    deadline = time.monotonic() + PATIENCE
    while not lab.ask("kept_runs", keys=[key]).json()["kept"]:
        lab.follow(key)
        if time.monotonic() > deadline:
            raise RuntimeError(f"a training did not end within {PATIENCE:.0f} s")
        time.sleep(0.1)


def comes_back(lab: Lab, content: bytes, origin: str) -> bool:
    """Whether a file is the same after it was brought and taken home again; of a cleaner, which is
    not taken home again, whether it cleans to the same last pixel.

    `origin`: the run's key or the network's name that the file was taken home from.
    """
    back = lab.ask("upload_network", file=as_text(content)).json()
    if "error" in back:
        return False
    if back["kind"] == "reader":
        return taken_home(lab, back["name"]) == as_text(content)
    used = lab.ask("use_run", key=origin).json()
    cleaned = [cleaned_by(lab, one["name"]) for one in (back, used)]
    return cleaned[0] is not None and cleaned[0] == cleaned[1]


def taken_home(lab: Lab, name: str) -> str:
    return lab.ask("take_own", model=name).json()["file"]


def cleaned_by(lab: Lab, name: str) -> str | None:
    """What one cleaner makes of a spoiled digit, as text."""
    spoiling = {"digit": as_text(bytes(range(196)) * 4), "noise": "gaussian", "level": 0.5}
    return lab.ask("clean_up", **spoiling, seed=1, cleaner=name).json().get("cleaned")


def digits(count: int) -> list[dict]:
    """Labelled digits as the page sends them."""
    pixels = as_text(bytes(200) + b"\xff" * 384 + bytes(200))
    return [{"label": number % 10, "pixels": pixels} for number in range(count)]


def waits(lab: Lab, count: int = 20) -> list[float]:
    """Seconds from sending a sound network to the answer."""
    text, taken = as_text(sound(SMALL)), []
    for _ in range(count):
        began = time.monotonic()
        if judged(lab.ask("upload_network", file=text)) != TAKEN:
            raise RuntimeError("a sound network was refused")
        taken.append(time.monotonic() - began)
    return taken


# ---- The rows -----------------------------------------------------------------------------------


def chosen(files: list[Case], most: int = 10**9) -> list[Case]:
    """All that is no file of ours at all, and every so manieth of the others."""
    dives = [case for case in files if case.kind in DIVES]
    few = [*dives, *[case for case in files if case.kind not in DIVES][::EVERY]]
    return few[:: max(1, len(few) // most)]


def rows_of(tally: Counter, kinds: Counter, marks: int, facts: dict) -> list[Row]:
    def count(outcome: str) -> int:
        return sum(number for (_, one), number in tally.items() if one == outcome)

    total, taken, faulty = sum(tally.values()), count(TAKEN), count(FAULTY)
    listed = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
    p50, p95 = np.percentile(facts["waits"], [50, 95])
    there, same = facts["there"], facts["same"]
    return [
        Row(
            "bad files",
            "≥ 1,000",
            f"{sum(kinds.values()):,}: {listed}",
            sum(kinds.values()) >= 1_000,
        ),
        Row("handed in, over HTTP and on the command line", "", f"{total:,}"),
        Row("accepted", "0", str(taken), taken == 0),
        Row("code run", "0", str(marks), marks == 0),
        Row("answers that are no sentence, or HTTP 5xx", "0", str(faulty), faulty == 0),
        Row("server died, processes left", "0", str(facts["left"]), facts["left"] == 0),
        Row("own downloads that come back bit for bit", f"{there}", f"{same}", same == there),
        Row(
            "a sound network, from sending to answer",
            "≤ 1 s",
            f"p50 {p50:.2f} s, p95 {p95:.2f} s",
            bool(p95 <= 1),
        ),
    ]


def main() -> None:
    parser = arguments("weight_files", __doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cut-every", type=int, default=KILO, metavar="BYTES")
    parser.add_argument("--flips", type=int, default=300)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        marks, work = Path(name) / "marks", Path(name) / "work"
        marks.mkdir()
        work.mkdir()
        files = list(cases(marks, options.seed, options.cut_every, options.flips))
        few = chosen(files)
        kinds, tally, facts = Counter(case.kind for case in files), Counter(), {}
        with running_lab() as server:
            lab = Lab(server)
            lab.wait_until_warm()
            facts["waits"] = waits(lab)
            facts["there"], facts["same"] = round_trips(lab)
            before = descendants(server.pid)
            for outcome in (brought(lab, files), as_sets(lab, few), as_pictures(lab, few)):
                tally.update(outcome)
            facts["left"] = len(set(descendants(server.pid)) - set(before))
            facts["left"] += judged(lab.ask("upload_network", file=as_text(sound(SMALL)))) != TAKEN
        older = [case for case in files if case.kind != "no checksum"]  # shipped files have none
        tally.update(loaded(work, older))
        tally.update(converted(work, chosen(files, CONVERTED)))
        tally.update(commanded(work, chosen(older, COMMANDS)))
        ran = len(list(marks.iterdir()))
        for (kind, outcome), number in tally.items():
            if outcome != REFUSED:
                print(f"{number} files of kind {kind!r} were {outcome}", file=sys.stderr)
        limits = (
            "Files without a checksum are taken on the command line: the shipped ones have none."
        )
        show(
            "weight_files",
            rows_of(tally, kinds, ran, facts),
            time.monotonic() - began,
            options.write,
            limits,
        )


if __name__ == "__main__":
    main()
