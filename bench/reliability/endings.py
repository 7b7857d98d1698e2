"""Every way in which trainings end: Stop, a closed tab, SIGTERM, and a server killed with -9.

    python -m bench.reliability.endings [--stops N] [--closes N] [--terms N] [--kills N] [--seed S]
                                        [--write]

Not only trainings: comparisons and climbs, too, which have processes of the same kind. What is left
is told by a mark in the environment of each server: all that a server began carries it, and so does
what those began, whoever has become their parent since.

Saved on SIGTERM means: the page hears of the end, with the figures of what it has, and takes the
weights into its own memory, where they can still be downloaded; no file is written on the server.
"""

import os
import random
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from bench.jobs import LONG, Lab, is_alive, leave
from bench.reliability.record import Row, arguments, show
from bench.server import Server, running_app

STOPS, CLOSES, TERMS, KILLS = 50, 50, 20, 20
STOPPED, CLOSED, TERMINATED, KILLED = 2.0, 30.0, 8.0, 10.0  # s until nothing computes any more
TABS = 25  # that are open at once, on a server with SLOTS
SLOTS = 16
PAGES = 3  # open pages of each server that is told to end
LOOK = 0.02  # s between two looks at all processes
ASK_EVERY = 0.1  # s
LATEST = 30.0  # s
BEGUN_WITHIN = 240.0  # s, on a busy machine
MARK = "LAB_BENCH_MARK"
COMPARED = {"teacher": "digits04", "examples": 500, "seed": 0, "augmentation": True, "locked": []}
# What there is to end, by the function that begins it.
KINDS: dict[str, tuple[str, dict]] = {
    "training": ("start_training", {"recipe": LONG}),
    "long step": ("start_training", {"recipe": {"network": "small_cnn", "optimizer": "gd"}}),
    "comparison": ("start_comparison", {"settings": COMPARED}),
    "climb": ("climb_long", {"rung": "sequential", "seed": 0}),
}


@dataclass
class Marked:
    """A running server, and what tells its processes from all others."""

    server: Server
    process: object
    mark: str
    lab: Lab = field(init=False)

    def __post_init__(self) -> None:
        self.lab = Lab(self.server)

    def begin(self, kind: str) -> str:
        name, asked = KINDS[kind]
        return self.lab.ask(name, owner=None, **asked).json()["key"]

    def has_begun(self, key: str) -> bool:
        """Whether it runs, or is over."""
        return self.lab.follow(key)["state"] != "waiting"

    def has_told(self, key: str) -> bool:
        return self.lab.follow(key)["next"] > 0

    def health(self) -> tuple[int, int]:
        """How many run and how many wait; nobody is asked to go on by it."""
        facts = self.lab.http.get(f"{self.lab.url}/health").json()
        return facts["jobs_running"], facts["jobs_waiting"]


@contextmanager
def marked_server(**environment: str) -> Iterator[Marked]:
    mark = secrets.token_hex(8)
    with running_app(**{MARK: mark}, **environment) as (server, process):
        yield Marked(server, process, mark)


def marked(mark: str) -> list[int]:
    """All living processes whose environment carries a mark."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # gone meanwhile, or somebody else's
            if wanted in path.read_bytes().split(b"\0") and is_alive(int(path.parent.name)):
                found.append(int(path.parent.name))
    return found


def seconds_until(holds: Callable[[], object], began: float, most: float = LATEST) -> float:
    """Seconds since `began` at which something held; `most` where it did not by then."""
    while not holds():
        if time.monotonic() > began + most:
            return most
        time.sleep(LOOK)
    return time.monotonic() - began


def wait_for(holds: Callable[[], object]) -> None:
    """Before something is ended. Raises RuntimeError where it never begins."""
    if seconds_until(holds, time.monotonic(), BEGUN_WITHIN) >= BEGUN_WITHIN:
        raise RuntimeError(f"nothing began within {BEGUN_WITHIN:.0f} s")


# ---- Stop -------------------------------------------------------------------------------------


def stops(count: int, source: random.Random) -> tuple[list[float], int]:
    """Seconds from Stop to the end of a process, and how many processes a server kept."""
    waits = []
    with marked_server() as lab:
        lab.lab.wait_until_warm()
        usual = set(marked(lab.mark))  # the server, and what trainings are forked from
        for number in range(count):
            key = lab.begin(list(KINDS)[number % len(KINDS)])
            wait_for(partial(lab.has_begun, key))
            time.sleep(source.uniform(0.1, 1.2))
            began = time.monotonic()
            lab.lab.stop(key)
            waits.append(seconds_until(lambda: not set(marked(lab.mark)) - usual, began))
        return waits, len(set(marked(lab.mark)) - usual)


# ---- Closed tabs --------------------------------------------------------------------------------


def closes(count: int, source: random.Random) -> tuple[list[float], int]:
    """Seconds from the closing of many tabs at once until nothing of them runs or waits."""
    waits, left = [], 0
    while count > len(waits):
        tabs = min(TABS, count - len(waits))
        with marked_server(LAB_MAX_JOBS=str(SLOTS)) as lab:
            seconds, more = closed(lab, tabs, source)
        waits, left = waits + [seconds] * tabs, left + more
    return waits, left


def closed(lab: Marked, tabs: int, source: random.Random) -> tuple[float, int]:
    """Half of them as a browser says it, half without a word: it crashed, or lost its line."""
    lab.lab.wait_until_warm()
    usual = set(marked(lab.mark))
    kinds = source.choices(["training", "comparison", "climb"], k=tabs)
    keys = [lab.begin(kind) for kind in kinds]
    wait_for(lambda: sum(map(lab.has_begun, keys)) >= min(tabs, SLOTS))
    for key in keys:
        lab.lab.follow(key)  # each page is there until now
    began = time.monotonic()
    for key in source.sample(keys, tabs // 2):
        leave(lab.lab, key)

    def is_over() -> bool:
        return lab.health() == (0, 0) and not set(marked(lab.mark)) - usual

    seconds = seconds_until(is_over, began, 2 * LATEST)
    return seconds, len(set(marked(lab.mark)) - usual)


# ---- SIGTERM ------------------------------------------------------------------------------------


@dataclass
class Ended:
    """What became of a server that was told to end, and of what ran on it."""

    seconds: float
    status: int | None
    heard: list[dict]  # the endings that pages heard of
    kept: int  # files of weights that pages got before the server was gone
    late: list[str]  # what those were told who wanted to begin meanwhile
    left: int  # processes


def terminated(number: int, source: random.Random) -> Ended:
    """A server with two that run, one that waits and open pages, told to end."""
    with marked_server() as lab:
        kinds = ["training", *source.choices(["training", "comparison", "climb"], k=2)]
        keys = [lab.begin(kind) for kind in kinds]
        wait_for(lambda: all(map(lab.has_told, keys[:2])))
        heard, files, late = [], [], []
        calls = [partial(follow, lab.lab, key, heard, files) for key in keys]
        calls += [partial(stay, lab.lab, f"page{page}") for page in range(PAGES)]
        calls += [partial(come_late, lab, late)]
        threads = [threading.Thread(target=call, daemon=True) for call in calls]
        for thread in threads:
            thread.start()
        time.sleep(source.uniform(0.3, 1.0))
        began = time.monotonic()
        lab.process.send_signal(number)
        seconds = seconds_until(lambda: not marked(lab.mark), began)
        for thread in threads:
            thread.join(LATEST)
        left = marked(lab.mark)
        return Ended(seconds, lab.process.poll(), heard, len(files), late, len(left))


def follow(lab: Lab, key: str, heard: list[dict], files: list[bytes]) -> None:
    """A page that follows its training to its end, and takes its weights at once."""
    with suppress(httpx.HTTPError):
        while not (answer := lab.follow(key)).get("ending"):
            time.sleep(ASK_EVERY)
        heard.append(answer["ending"])
        if answer["ending"].get("best_step") is not None:
            file = lab.http.get(f"{lab.url}/lab/run/{key}.safetensors")
            files += [file.content] if file.status_code == 200 else []


def stay(lab: Lab, name: str) -> None:
    """An open page: its heartbeat, until the server ends it."""
    address = f"{lab.url}/gradio_api/heartbeat/{name}"
    with suppress(httpx.HTTPError), httpx.stream("GET", address, timeout=None) as answer:
        for _ in answer.iter_bytes():
            pass


def come_late(lab: Marked, told: list[str]) -> None:
    """Wants to begin again and again, from before the end until nobody answers."""
    name, asked = KINDS["training"]
    with suppress(httpx.HTTPError):
        while True:
            answer = lab.lab.ask(name, owner=None, **asked).json()
            told.append(answer.get("error") or "taken")
            if answer.get("key"):
                lab.lab.stop(answer["key"])
            time.sleep(ASK_EVERY)


def taken_late(ended: Ended) -> int:
    """How many were taken once one had been refused since the lab was closing."""
    since = ended.late.index("door_stopping") if "door_stopping" in ended.late else None
    return 0 if since is None else ended.late[since:].count("taken")


# ---- kill -9 ------------------------------------------------------------------------------------


def killed(source: random.Random) -> tuple[float, int]:
    """A server killed at any moment from the start of its trainings on: seconds until all that it
    began has gone, and what is left of it."""
    with marked_server() as lab:
        kinds = source.sample(list(KINDS), 2)
        for kind in kinds:
            lab.begin(kind)
        time.sleep(source.uniform(0, 3))
        began = time.monotonic()
        os.kill(lab.server.pid, signal.SIGKILL)
        seconds = seconds_until(lambda: not marked(lab.mark), began)
        return seconds, len(marked(lab.mark))


# ---- All of it ----------------------------------------------------------------------------------


def row(what: str, most: float, waits: list[float], left: int) -> Row:
    """Of so many endings, how many were in time, and the slowest of them."""
    in_time = sum(wait <= most for wait in waits)
    said = f"{in_time} of {len(waits)}, the slowest {max(waits):.1f} s, {left} left"
    return Row(what, f"≤ {most:.0f} s, no process left", said, in_time == len(waits) and not left)


def rows_of_stops(count: int, source: random.Random) -> list[Row]:
    return [row("Stop", STOPPED, *stops(count, source))]


def rows_of_closes(count: int, source: random.Random) -> list[Row]:
    return [row("a tab closed", CLOSED, *closes(count, source))]


def rows_of_terms(count: int, source: random.Random, number: int = signal.SIGTERM) -> list[Row]:
    ends = [terminated(number, source) for _ in range(count)]
    waits, left = [end.seconds for end in ends], sum(end.left for end in ends)
    name = signal.Signals(number).name
    statuses = sorted({str(end.status) for end in ends})
    heard, kept = sum(len(end.heard) for end in ends), sum(end.kept for end in ends)
    saved = sum(one.get("best_step") is not None for end in ends for one in end.heard)
    refused = sum("door_stopping" in end.late for end in ends)
    taken = sum(taken_late(end) for end in ends)
    wanted = 3 * count
    return [
        row(name, TERMINATED, waits, left),
        Row(f"{name}: exit status", "0", ", ".join(statuses), statuses == ["0"]),
        Row(f"{name}: pages that hear of the end", str(wanted), str(heard), heard == wanted),
        Row(
            f"{name}: weights that a page got", f"{saved}, all saved", str(kept), kept == saved > 0
        ),
        Row(f"{name}: taken after it, of {refused} refused", "0", str(taken), not taken),
    ]


def rows_of_kills(count: int, source: random.Random) -> list[Row]:
    ends = [killed(source) for _ in range(count)]
    return [row("kill -9", KILLED, [wait for wait, _ in ends], sum(left for _, left in ends))]


def main() -> None:
    parser = arguments("endings", __doc__)
    parser.add_argument("--stops", type=int, default=STOPS)
    parser.add_argument("--closes", type=int, default=CLOSES)
    parser.add_argument("--terms", type=int, default=TERMS, help="servers that get a SIGTERM")
    parser.add_argument("--kills", type=int, default=KILLS, help="servers that are killed")
    parser.add_argument("--seed", type=int, default=9)
    options = parser.parse_args()
    began, source = time.monotonic(), random.Random(options.seed)
    wanted = {
        rows_of_stops: options.stops,
        rows_of_closes: options.closes,
        rows_of_terms: options.terms,
        rows_of_kills: options.kills,
    }
    rows = [one for measure, count in wanted.items() if count for one in measure(count, source)]
    show("endings", rows, time.monotonic() - began, options.write)


if __name__ == "__main__":
    main()
