"""Malformed calls over every endpoint, and pictures that are none.

    python -m bench.reliability.malformed [--write] [--count N] [--pictures N] [--seed S]

Every server function of the page, every public event in each of gradio's ways, every route in
gradio's source, the lab's own addresses, uploads, unknown and foreign ones, what is hardly HTTP,
what schemathesis makes of the app's description, and pictures. Faulty answers go to stderr.
"""

import base64
import math
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.jobs import Lab
from bench.reliability import malformed_calls as made
from bench.reliability.asked import EVENTS, QUESTIONS, READ, RECIPE, SYMBOLS
from bench.reliability.bad_pictures import pictures
from bench.reliability.calls import Call, Reply, send
from bench.reliability.described import described_calls
from bench.reliability.judged import faults
from bench.reliability.record import Row, arguments, show
from bench.reliability.spoiling import API, Spoiler, spoiler
from bench.reliability.typed import as_json
from bench.server import running_app
from models.data import load_mnist

FOLDER = Path(__file__).resolve().parent
SENDERS = 8  # connections at once
SHOWN = 20  # faulty answers that are printed
MOST_GROWTH = 200  # MB
PAGE_SIZE = 4096  # bytes
NO_PROXY = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "")
NO_PROXY |= {name.lower(): "" for name in NO_PROXY}
# Of all calls, the share that each kind gets; the page's functions get the rest.
SHARES = {"events": 0.15, "routes": 0.12, "own": 0.03, "unknown": 0.08, "uploads": 0.06}
SHARES |= {"wire": 0.03, "described": 0.06}


@dataclass
class Tried:
    """What became of all calls."""

    counts: Counter = field(default_factory=Counter)  # by endpoint
    statuses: Counter = field(default_factory=Counter)
    faulty: list[tuple[list[str], Call, Reply]] = field(default_factory=list)

    def add(self, call: Call, reply: Reply) -> None:
        self.counts[call.endpoint] += 1
        self.statuses[reply.status] += 1
        if found := faults(call, reply):
            self.faulty.append((found, call, reply))

    def with_fault(self, begin: str) -> int:
        return sum(any(one.startswith(begin) for one in found) for found, _, _ in self.faulty)

    def by_kind(self) -> str:
        """How many calls went to how many endpoints of each kind."""
        kinds: dict[str, list[int]] = {}
        for endpoint, count in self.counts.items():
            kinds.setdefault(endpoint.split(" ")[0], []).append(count)
        told = (f"{kind} {sum(all_):,} to {len(all_)}" for kind, all_ in sorted(kinds.items()))
        return " · ".join(told)


# ---- The calls ------------------------------------------------------------------------------


def all_calls(lab: Lab, count: int, files: int, seed: int) -> list[Call]:
    """At least so many calls, in an order by chance."""
    spoil = spoiler(seed)
    share = {name: math.ceil(share * count) for name, share in SHARES.items()}
    numbers = event_numbers(lab)
    routes = len(made.routes_of_gradio())
    description = lab.http.get(f"{lab.url}{API}/openapi.json").json()
    operations = 2 * sum(map(len, description["paths"].values()))
    calls = [
        *made.event_calls(spoil, numbers, math.ceil(share["events"] / len(numbers))),
        *made.route_calls(spoil, math.ceil(share["routes"] / routes)),
        *made.own_calls(spoil, share["own"]),
        *made.unknown_calls(spoil, share["unknown"]),
        *made.upload_calls(spoil, share["uploads"]),
        *made.wire_calls(spoil, share["wire"]),
        *described_calls(description, math.ceil(share["described"] / operations), seed),
        *picture_calls(spoil, files, seed),
    ]
    weight = sum(made.SLOW_SHARE if name in made.SLOW else 1 for name in lab.components)
    each = max(1, math.ceil((count - len(calls)) / weight) + 1)
    calls += made.function_calls(spoil, lab.components, live_questions(lab), each)
    spoil.random.shuffle(calls)
    return calls


def event_numbers(lab: Lab) -> dict[str, int]:
    """The public events by name, with gradio's numbers for them."""
    events = lab.http.get(f"{lab.url}/config").json()["dependencies"]
    return {one["api_name"]: one["id"] for one in events if one["api_visibility"] == "public"}


def live_questions(lab: Lab) -> dict[str, dict]:
    """The questions with keys of things that there are: a training, a network, some symbols."""
    training = {"key": lab.start(RECIPE | {"epochs": 0.1})}
    tuned = lab.ask("tune_own", **QUESTIONS["tune_own"]).json()
    taught = lab.ask("teach_symbols", **SYMBOLS, owner=None).json()
    live = dict.fromkeys(("follow_training", "steer_training", "use_run"), training)
    live |= {"take_own": {"model": tuned["name"]}, "read_symbol": {"model": taught["name"]}}
    return {name: asked | live.get(name, {}) for name, asked in QUESTIONS.items()}


def picture_calls(spoil: Spoiler, count: int, seed: int) -> Iterator[Call]:
    """Pictures to the two events that take one, as text in the call."""
    for at, (_, content) in enumerate(pictures(count, seed)):
        name = ("classify", "denoise")[at % 2]
        address = "data:image/png;base64," + base64.b64encode(content).decode("ascii")
        values = list((EVENTS[name] | {"picture": {"url": address}}).values())
        body, path = as_json({"data": values}), f"{API}/run/{name}"
        yield Call(f"picture {name}", "POST", path, made.JSON, body, spoil.language())


# ---- The run --------------------------------------------------------------------------------


@contextmanager
def watched_lab() -> Iterator[tuple[Lab, Path]]:
    """A lab, and the file that names whom its processes have tried to reach."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "outgoing"
        watch = {"PYTHONPATH": str(FOLDER / "outgoing"), "OUTGOING": str(told)}
        with running_app(**NO_PROXY, **watch) as (server, _):
            yield Lab(server), told


def megabytes(pid: int) -> float:
    """What a process keeps in memory; 0 where there is none any more."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * PAGE_SIZE / 1e6


@contextmanager
def memory_watched(pid: int) -> Iterator[list[float]]:
    """Looks at a process's memory twice a second; the list grows meanwhile."""
    seen, ended = [megabytes(pid)], threading.Event()

    def look() -> None:
        while not ended.wait(0.5):
            seen.append(megabytes(pid))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    yield seen
    ended.set()
    looking.join()
    seen.append(megabytes(pid))


def try_all(calls: list[Call], url: str) -> Tried:
    tried = Tried()
    with ThreadPoolExecutor(SENDERS) as senders:
        for call, reply in zip(calls, senders.map(lambda one: send(one, url), calls), strict=True):
            tried.add(call, reply)
    return tried


def ask_everything(lab: Lab) -> list[str]:
    """Each function's good question, so that what is loaded once is loaded; gives those that did
    not answer at all."""
    return [
        name
        for name, asked in QUESTIONS.items()
        if name in lab.components and lab.ask(name, **asked).status_code != 200
    ]


def reads_right(lab: Lab) -> int:
    """How many of the first twenty test digits the Draw tab's function reads right."""
    mnist = load_mnist()
    right = 0
    for image, label in zip(mnist.test_images[:20], mnist.test_labels[:20], strict=True):
        pixels = base64.b64encode(image.numpy().tobytes()).decode("ascii")
        answer = lab.ask("read_drawing", **READ | {"pixels": pixels, "model": "digits"}).json()
        right += answer.get("label") == str(int(label))
    return right


def rows_of(
    tried: Tried, seen: list[float], outgoing: list[str], right: int, is_alive: bool
) -> list[Row]:
    calls, faulty = sum(tried.counts.values()), len(tried.faulty)
    failed, empty = tried.with_fault("HTTP 5"), tried.with_fault("no sentence")
    leaked, silent = tried.with_fault("leak"), tried.with_fault("no answer")
    empty += tried.with_fault("no error")
    statuses = ", ".join(
        f"{count:,} × {one or 'hung up'}" for one, count in sorted(tried.statuses.items())
    )
    growth = seen[-1] - seen[0]
    return [
        Row("malformed calls", "≥ 20,000", f"{calls:,}", calls >= 20_000),
        Row("calls to endpoints of each kind", "every endpoint", tried.by_kind()),
        Row("what they were answered", "", statuses),
        Row("deaths of the server", "0", "0" if is_alive else "1", is_alive),
        Row("HTTP 5xx", "0", str(failed), not failed),
        Row("refusals without a sentence in the asked language", "0", str(empty), not empty),
        Row("answers that leak a path, a class or a module", "0", str(leaked), not leaked),
        Row("calls without an answer", "0", str(silent), not silent),
        Row("faulty answers in all", "0", str(faulty), not faulty),
        Row("outgoing connections", "0", str(len(outgoing)), not outgoing),
        Row("memory, at the end", "+ ≤ 200 MB", f"{growth:+.0f} MB", growth <= MOST_GROWTH),
        Row("memory, at most", "", f"{max(seen) - seen[0]:+.0f} MB"),
        Row("of 20 test digits, read right afterwards", "", str(right)),
    ]


def tell(tried: Tried) -> None:
    for found, call, reply in tried.faulty[:SHOWN]:
        sent = call.raw or call.content
        print(found, call.endpoint, call.method, call.path, call.headers, file=sys.stderr)
        print("   ", sent[:300], "->", reply.status, reply.body[:300], file=sys.stderr)


def main() -> None:
    parser = arguments("malformed", __doc__)
    parser.add_argument("--count", type=int, default=20_000, help="of calls, at least")
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.monotonic()
    with watched_lab() as (lab, told):
        unanswered = ask_everything(lab)
        calls = all_calls(lab, options.count, options.pictures, options.seed)
        with memory_watched(lab.pid) as seen:
            tried = try_all(calls, lab.url)
        right = reads_right(lab)
        is_alive = megabytes(lab.pid) > 0
        outgoing = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    tell(tried)
    rows = rows_of(tried, seen, outgoing, right, is_alive)
    show("malformed", rows, time.monotonic() - began, options.write, limits_of(unanswered))


def limits_of(unanswered: list[str]) -> str:
    said = (
        "Memory is the server's own, from when each function had been asked once. A path that the "
        "lab gives to a file which a caller has sent is that caller's to hand back, and no leak; "
        "neither are the page's own files, scripts and descriptions."
    )
    return said + (f" Not answered at first: {', '.join(unanswered)}." if unanswered else "")


if __name__ == "__main__":
    main()
