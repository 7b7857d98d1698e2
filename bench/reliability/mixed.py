"""An hour of everything: thirty visitors, two trainings all the time, a hostile call in a hundred.

    python -m bench.reliability.mixed [--minutes N] [--planted N] [--plant] [--seed S] [--write]

People mostly draw; some clean digits, ask why, read chapters, teach symbols or photographs, train
and use what they trained; pages are opened and closed. After a warm-up of 15 % of the time, memory,
open files and threads may not grow. The same check is then made of a lab with a planted leak, for
`--planted` minutes (0 for none, `--plant` for that alone). A line a minute says how it is going.
"""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from http.client import HTTPException
from typing import TypeVar

from bench.jobs import Lab
from bench.reliability.caller import API, ELSEWHERE, Caller, Failed
from bench.reliability.footprint import Footprint, growth, has_room, taken
from bench.reliability.guesses import Known, Stranger
from bench.reliability.hostile import CALLS, is_taken_well
from bench.reliability.record import Row, arguments, keep, show
from bench.reliability.visits import (
    CrossRead,
    Marks,
    Visitor,
    bring,
    classify,
    clean,
    compare,
    denoise,
    got,
    inside,
    own_digits,
    read,
    read_photo,
    read_symbol,
    teach_photos,
    teach_symbols,
    upload,
    why,
)
from bench.server import free_port, process_running

VISITORS, TRAINERS = 30, 2
MINUTES, PLANTED = 60.0, 6.0
THINKING = 2.5  # s between two things that a visitor does, in the mean
WARM_UP = 0.15  # of the time
HOSTILE = 0.01  # of the calls
STROKE, PAUSE = 6, 0.1  # readings while the pen is down, and s between them
STAY = (3.0, 12.0)  # s that a page stays open beside a visitor's own
SAMPLES = 360  # looks at the server in all, but none within
NO_OFTENER = 1.0  # s
SHARE, LEAST = 0.05, 50.0  # of memory, and MB
MORE_FILES, MORE_THREADS = 20, 8  # that a quarter may have more than another by chance
MOST_DISK = 1_000.0  # MB of uploads, as demo/uploads.py has it
RECIPES = (
    {"network": "small_cnn", "epochs": 1, "train_images": 10_000},
    {"network": "mlp", "epochs": 4, "train_images": 20_000},
    {"network": "conv_autoencoder", "epochs": 0.2, "train_images": 10_000},
    {"network": "linear", "epochs": 5},
)
LIMITED = (
    "The children are two trainings and the process that they are forked from: what they take "
    "depends on which of four networks are being trained at a look. What trainings leave lies on "
    "disk."
)
LATEST = 10.0  # s that the last things done may take
EXAMPLES = 3  # of errors that a row says


# ---- What people do -------------------------------------------------------------------------


def draw(visitor: Visitor) -> None:
    """A stroke, read while the pen is down."""
    for _ in range(STROKE):
        read(visitor)
        time.sleep(PAUSE)


def chapter(visitor: Visitor) -> None:
    """Something from the chapters on how networks learn."""
    name = visitor.random.choice(list(CHAPTERS))
    visitor.ask(name, **CHAPTERS[name])


def menus(visitor: Visitor) -> None:
    for name in ("network_menu", "denoise_menu", "photo_choices", "compare_facts"):
        visitor.ask(name)


def samples(visitor: Visitor) -> None:
    visitor.ask("read_samples", model="digits")
    visitor.ask("random_test_digit")


def page(visitor: Visitor) -> None:
    """A page: loaded, its language switched, open for a while, and closed."""
    caller, session = visitor.caller, f"page-{visitor.random.getrandbits(60):x}"
    for path in ("/", "/config", "/theme.css"):
        got(visitor, path)
    with caller.stream(f"{API}/heartbeat/{session}") as reply:
        switch = {"data": ["zh"], "fn_index": visitor.switch, "session_hash": session}
        caller.post(f"{API}/run/predict", switch)
        reply.read1(100)  # it goes on until the page is closed
        time.sleep(visitor.random.uniform(*STAY))


def symbols(visitor: Visitor) -> None:
    teach_symbols(visitor)
    read_symbol(visitor)


def photos(visitor: Visitor) -> None:
    teach_photos(visitor)
    read_photo(visitor)


CHAPTERS = {
    "descend_by_rate": {"start": 1.0, "learning_rate": 0.1, "steps": 50},
    "fit_lines": {"slope": 1.0, "offset": 1.0, "seed": 3},
    "ladder_rungs": {},
    "climb_short": {"rung": "tensors", "seed": 1},
    "curves_of_noise": {"noise": "gaussian"},
    "first_filters": {"model": "digits"},
}
# What there is to do, and how often it is done.
WEIGHTS: dict[Callable[[Visitor], None], int] = {
    draw: 40,
    clean: 10,
    compare: 5,
    chapter: 8,
    menus: 4,
    samples: 6,
    page: 6,
    why: 6,
    inside: 5,
    own_digits: 3,
    classify: 3,
    denoise: 2,
    upload: 2,
    symbols: 2,
    bring: 1,
    photos: 1,
}


T = TypeVar("T", Visitor, Stranger)


@dataclass
class Log:
    """What has happened so far."""

    done: Counter = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    hostile: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def attempt(self, what: Callable[[T], object], who: T) -> None:
        try:
            what(who)
            self.done[what.__name__] += 1
        except (Failed, CrossRead, KeyError, ValueError, TypeError, OSError, HTTPException) as e:
            if not self.ended.is_set():
                self.errors.append(f"{what.__name__}: {e!r}"[:300])


def live(visitor: Visitor, stranger: Stranger, log: Log) -> None:
    """A visitor from the beginning to the end; one call in a hundred is somebody else's."""
    chosen = visitor.random
    log.ended.wait(chosen.uniform(0, THINKING))
    while not log.ended.is_set():
        [what] = chosen.choices(list(WEIGHTS), list(WEIGHTS.values()))
        log.attempt(what, visitor)
        calls = STROKE if what is draw else 1
        if chosen.random() < calls * HOSTILE / (1 - HOSTILE):
            log.attempt(harm, stranger)
            log.hostile += 1
        log.ended.wait(chosen.expovariate(1 / THINKING))


def harm(stranger: Stranger) -> None:
    """A guess at what is others', or a call that is not as calls are."""
    if stranger.random.random() < 0.5:
        if hit := stranger.guess():
            raise Failed(f"a guess hit: {hit}")
        return
    name = stranger.random.choice(list(CALLS))
    answer = CALLS[name](stranger.caller)
    if not is_taken_well(answer):
        raise Failed(f"{name}: {answer.status} {answer.content[:80]!r}")


def train_on(visitor: Visitor, log: Log) -> None:
    """One training after another, each followed to its end, taken home and used."""
    while not log.ended.is_set():
        log.attempt(one_training, visitor)
        log.ended.wait(0.5)


def one_training(visitor: Visitor) -> None:
    owner = visitor.holds.get("owner")
    begun = visitor.ask("start_training", recipe=visitor.random.choice(RECIPES), owner=owner)
    visitor.hold(run=begun["key"], owner=begun["owner"])
    since, ending = 0, None
    while not ending:
        told = visitor.ask("follow_training", key=begun["key"], since=since)
        since, ending = told["next"], told["ending"]
        time.sleep(5 * PAUSE)
    if ending["reason"] not in ("done", "stopped"):
        raise Failed(f"a training ended as {ending['reason']}")
    got(visitor, f"/lab/run/{begun['key']}.safetensors")
    visitor.hold(network=visitor.ask("use_run", key=begun["key"], owner=owner)["name"])


# ---- The run --------------------------------------------------------------------------------


@dataclass
class Run:
    """A lab under load for some minutes: what it took over the time, and what went wrong."""

    minutes: float
    prints: list[Footprint] = field(default_factory=list)
    log: Log = field(default_factory=Log)
    died: bool = False

    @property
    def settled(self) -> list[Footprint]:
        """After the warm-up."""
        return [one for one in self.prints if one.at >= 60 * WARM_UP * self.minutes]

    def line(self) -> str:
        """How it is going."""
        facts = {key: round(value, 1) for key, value in asdict(self.prints[-1]).items()}
        done = sum(self.log.done.values())
        return json.dumps(facts | {"done": done, "errors": self.log.errors[-1:]})


def module(planted: bool) -> list[str]:
    return ["-m", "bench.reliability.planted"] if planted else ["app.py"]


def run(minutes: float, planted: bool, seed: int) -> Run:
    """A lab of its own, under load for so long."""
    under = Run(minutes)
    port = free_port()
    command = [sys.executable, *module(planted), "--port", str(port)]
    with process_running(command, port) as (server, process):
        lab = Lab(server)
        lab.wait_until_warm()
        threads = begin(lab, under.log, seed)
        began, told = time.monotonic(), 0
        every = max(NO_OFTENER, 60 * minutes / SAMPLES)
        while (at := time.monotonic() - began) < 60 * minutes and process.poll() is None:
            with suppress(OSError):
                under.prints.append(taken(server.pid, at))
            if at >= 60 * told and under.prints:
                print(under.line(), flush=True)
                told += 1
            time.sleep(every)
        under.died = process.poll() is not None
        under.log.ended.set()
        until = time.monotonic() + LATEST  # for all of them
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
    return under


def begin(lab: Lab, log: Log, seed: int) -> list[threading.Thread]:
    """The people, each in a thread."""
    marks, switch = Marks(), language_switch(lab)
    people = [
        Visitor(number, Caller(lab.url, lab.components), marks, seed)
        for number in range(VISITORS + TRAINERS)
    ]
    known = Known(pixels=people[0].brings.sheet())
    threads = []
    for visitor in people:
        visitor.switch = switch
        if visitor.number < VISITORS:
            outside = Caller(lab.url, lab.components, ELSEWHERE)
            stranger = Stranger(outside, known, seed * 1_000 + visitor.number)
            target, rest = live, (visitor, stranger, log)
        else:
            target, rest = train_on, (visitor, log)
        threads.append(threading.Thread(target=target, args=rest, daemon=True))
    for thread in threads:
        thread.start()
    return threads


def language_switch(lab: Lab) -> int:
    """The number of the event that renames the tabs."""
    config = lab.http.get(f"{lab.url}/config").json()
    return next(one["id"] for one in config["dependencies"] if one["api_name"] == "label_tabs")


# ---- The rows -------------------------------------------------------------------------------


def checked(under: Run) -> list[Row]:
    """What the hour is judged by. The same rows judge a lab with a leak."""
    prints, log = under.settled, under.log
    server, whole = growth(prints, lambda one: one.server), growth(prints, lambda one: one.all)
    files, threads = growth(prints, lambda one: one.files), growth(prints, lambda one: one.threads)
    disk = max(one.disk for one in prints)
    few = f"{server.before:.0f} → {server.after:.0f} MB"
    asked = f"+ ≤ {SHARE:.0%} or {LEAST:.0f} MB"
    return [
        Row("memory of the server", asked, few, has_room(server, SHARE, LEAST)),
        Row(
            "memory with its children",
            asked,
            f"{whole.before:.0f} → {whole.after:.0f} MB",
            has_room(whole, SHARE, LEAST),
        ),
        Row(
            "open files",
            f"+ ≤ {MORE_FILES}",
            f"{files.before:.0f} → {files.after:.0f}",
            files.more <= MORE_FILES,
        ),
        Row(
            "threads",
            f"+ ≤ {MORE_THREADS}",
            f"{threads.before:.0f} → {threads.after:.0f}",
            threads.more <= MORE_THREADS,
        ),
        Row(
            "uploads on disk, at most", f"≤ {MOST_DISK:.0f} MB", f"{disk:.0f} MB", disk <= MOST_DISK
        ),
        Row(
            "errors", "0", "; ".join([str(len(log.errors)), *log.errors[:EXAMPLES]]), not log.errors
        ),
        Row("the server died", "0", str(int(under.died)), not under.died),
    ]


def rows_of(under: Run) -> list[Row]:
    done = under.log.done
    facts = f"{sum(done.values()):,}, of them {under.log.hostile} hostile"
    title = f"{under.minutes:g} minutes, {VISITORS} visitors, {TRAINERS} trainings: things done"
    return [Row(title, "", facts), *checked(under)]


def planted_row(under: Run) -> Row:
    """Whether the check sees the leak: it must fail for memory and open files."""
    rows = {row.what: row for row in checked(under)}
    seen = [rows[what] for what in ("memory of the server", "open files")]
    told = "; ".join(f"{row.what}: {row.measured}" for row in seen)
    title = f"the same check of a lab with a planted leak, {under.minutes:g} minutes"
    return Row(title, "fails", told, not any(row.met for row in seen))


def main() -> None:
    parser = arguments("mixed", __doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--planted", type=float, default=PLANTED, help="minutes with the leak")
    parser.add_argument("--plant", action="store_true", help="the lab with the leak alone")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began, rows = time.monotonic(), []
    if not options.plant:
        rows += rows_of(run(options.minutes, False, options.seed))
        show("mixed", rows, time.monotonic() - began, options.write, LIMITED)
    if options.planted:
        row = planted_row(run(options.planted, True, options.seed))
        print(json.dumps(asdict(row), ensure_ascii=False), flush=True)
        rows.append(row)
    if options.write:
        keep("mixed", rows, time.monotonic() - began, LIMITED)


if __name__ == "__main__":
    main()
