"""Whether anything of one visitor can be reached by another.

    python -m bench.reliability.strangers [--visitors N] [--guesses N] [--seed S] [--write]

Thirty visitors each do twenty different things over all tabs, in an order of their own, all at
once, with data that carries marks of whose it is; every answer is looked through for marks of
others. Then strangers from another address, who know the shape of everything and some of it but
for one character, guess keys, ids, sessions and file addresses, while others' trainings go on.
"""

import random
import time
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from threading import Event, Thread

from bench.jobs import NO_POINTS, Lab
from bench.reliability.caller import API, ELSEWHERE, Caller, Failed
from bench.reliability.guesses import KEY_LENGTH, Known, Stranger
from bench.reliability.record import Row, arguments, show
from bench.reliability.visits import ACTIONS, ALONE, NEEDS, CrossRead, Marks, Visitor
from bench.server import running_lab

VISITORS, GUESSES, STRANGERS = 30, 10_000, 4
LONG = {"network": "small_cnn", "epochs": 100}  # runs until it is stopped
NEWS = 30.0  # s in which an event that goes on says something, on a busy machine, too
EXAMPLES = 3  # of what went wrong that a row says


# ---- Visitors among each other --------------------------------------------------------------


def order_of(number: int, seed: int) -> list[str]:
    """All actions in an order of a visitor's own, each after what it needs."""
    names = list(ACTIONS)
    random.Random(seed * 1_000 + number).shuffle(names)
    for name, needed in NEEDS.items():
        if names.index(name) < names.index(needed):
            names.remove(name)
            names.insert(names.index(needed) + 1, name)
    return names


def act(visitor: Visitor, names: list[str]) -> dict[str, list[str]]:
    """Does these; gives what went wrong: what was read of others, and what failed."""
    wrong: dict[str, list[str]] = {"crossed": [], "failed": []}
    for name in names:
        try:
            ACTIONS[name](visitor)
        except CrossRead as error:
            wrong["crossed"].append(f"{name}: {error}")
        except (Failed, KeyError, ValueError, TypeError) as error:
            wrong["failed"].append(f"{name} of {visitor.number}: {error!r}")
    return wrong


def together(visitors: list[Visitor], seed: int, without: Container[str]) -> dict[str, list[str]]:
    """All visitors at once, after each has had the plain answers alone."""
    wrong = [act(visitor, list(ALONE)) for visitor in visitors]
    with ThreadPoolExecutor(len(visitors)) as pool:
        orders = [
            [name for name in order_of(visitor.number, seed) if name not in without]
            for visitor in visitors
        ]
        wrong += pool.map(act, visitors, orders)
    return {kind: sum((one[kind] for one in wrong), []) for kind in ("crossed", "failed")}


# ---- Strangers ------------------------------------------------------------------------------


class Watched:
    """An event of somebody's that goes on; its messages are heard as they come."""

    def __init__(self, caller: Caller, path: str) -> None:
        self.caller, self.last, self.count, self.ended = caller, time.monotonic(), 0, False
        self.stack = ExitStack()
        self.reply = self.stack.enter_context(caller.stream(path))
        Thread(target=self.hear, daemon=True).start()

    def hear(self) -> None:
        try:
            for line in self.reply:
                if b"ahead" in line or b'"step"' in line:
                    self.last, self.count = time.monotonic(), self.count + 1
        except (OSError, ValueError, AttributeError):
            pass  # closed at the end of the bench
        self.ended = True

    @property
    def goes_on(self) -> bool:
        return not self.ended and time.monotonic() < self.last + NEWS


@contextmanager
def under_way(lab: Lab, caller: Caller) -> Iterator[tuple[Known, Callable[[], list[str]]]]:
    """A training on the page and two events of others that go on; gives what strangers may know of
    them, and what tells which were disturbed."""
    key = lab.start(LONG)
    session = "a-known-session"
    number = event_number(lab, "train")
    joined = {"data": [LONG], "fn_index": number, "session_hash": session}
    ids = [caller.post(f"{API}/queue/join", joined).json()["event_id"]]
    ids += [caller.post(f"{API}/call/train", {"data": [LONG]}).json()["event_id"]]
    events = {
        "an event of a session": Watched(caller, f"{API}/queue/data?session_hash={session}"),
        "an event by its id": Watched(caller, f"{API}/call/train/{ids[1]}"),
    }
    left = Event()

    def page() -> None:
        while not left.wait(1):
            lab.follow(key, since=NO_POINTS)

    follower = Thread(target=page, daemon=True)
    follower.start()

    def disturbed() -> list[str]:
        names = [name for name, one in events.items() if not one.goes_on]
        state = lab.follow(key, since=NO_POINTS)["state"]
        return names + ([] if state == "running" else [f"a training is {state}"])

    try:
        yield Known(keys=[key], sessions=[session, ids[1]], events=ids), disturbed
    finally:
        left.set()
        follower.join()
        for one in events.values():
            one.stack.close()
        lab.stop(key)


def event_number(lab: Lab, name: str) -> int:
    config = lab.http.get(f"{lab.url}/config").json()
    return next(one["id"] for one in config["dependencies"] if one["api_name"] == name)


def guess(lab: Lab, known: Known, guesses: int, seed: int) -> tuple[list[str], list[str]]:
    """So many guesses; gives what they hit, and what failed."""
    hits: list[str] = []
    failed: list[str] = []

    def try_some(number: int) -> None:
        with closing(Caller(lab.url, lab.components, ELSEWHERE)) as caller:
            one = Stranger(caller, known, seed * 100 + number)
            for _ in range(-(-guesses // STRANGERS)):
                try:
                    hit = one.guess()
                    hits.extend([hit] if hit else [])
                except Failed as error:
                    failed.append(str(error))

    with ThreadPoolExecutor(STRANGERS) as pool:
        list(pool.map(try_some, range(STRANGERS)))
    return hits, failed


def keys_of(visitors: list[Visitor]) -> list[str]:
    """The keys that visitors were given."""
    given = [text.partition(":")[2] or text for one in visitors for text in one.holds.values()]
    return [text for text in given if len(text) == KEY_LENGTH]


# ---- The command ----------------------------------------------------------------------------


def measured(
    lab: Lab, visitors: int, guesses: int, seed: int, without: Container[str] = ()
) -> list[Row]:
    """All of it at a running lab, but for actions that are left out."""
    marks = Marks()
    people = [
        Visitor(number, Caller(lab.url, lab.components), marks, seed) for number in range(visitors)
    ]
    wrong = together(people, seed, without)
    caller = Caller(lab.url, lab.components)
    with under_way(lab, caller) as (known, disturbed):
        known.keys += keys_of(people)
        known.files += [one.holds["upload"] for one in people if "upload" in one.holds]
        known.pixels = people[0].brings.sheet()
        hits, failed = guess(lab, known, guesses, seed)
        broken = disturbed()
    for one in [caller, *(one.caller for one in people)]:
        one.close()
    actions, busy = visitors * len(ACTIONS), sum(one.asked_again for one in people)
    who = f"{visitors} visitors × {len(ACTIONS)} actions"
    return [
        Row(
            f"{who}: answers with something of others",
            "0",
            said(wrong["crossed"]),
            not wrong["crossed"],
        ),
        Row(f"{who}: that failed", "0", said(wrong["failed"]), not wrong["failed"]),
        Row(f"of {actions} actions: asked again, the lab being busy", "", str(busy)),
        Row(f"{guesses:,} guessed keys, ids and addresses: hits", "0", said(hits), not hits),
        Row("guesses that failed or broke the server", "0", said(failed), not failed),
        Row("others' trainings disturbed by guesses, of 3", "0", said(broken), not broken),
    ]


def said(wrong: list[str]) -> str:
    """How many, and the first of them."""
    return "; ".join([str(len(wrong)), *wrong[:EXAMPLES]])


def main() -> None:
    parser = arguments("strangers", __doc__)
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument("--guesses", type=int, default=GUESSES)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.monotonic()
    with running_lab() as server:
        lab = Lab(server)
        lab.wait_until_warm()
        rows = measured(lab, options.visitors, options.guesses, options.seed)
    show("strangers", rows, time.monotonic() - began, options.write)


if __name__ == "__main__":
    main()
