"""What trainings cost the lab and its visitors, on a running server.

    python -m bench.jobs [--repeats N] [--servers N] [--readings N]

A line each: Train pressed to the first point, how often and by how much the page is told anew,
Stop and a page that was left to the process's end, sixty who press Train at once, readings with
and without two trainings beside them (in turns), and servers ended in three ways.
"""

import argparse
import base64
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import numpy as np

from bench.server import Server, running_lab

DEFAULT = {"network": "small_cnn"}
LONG = {"network": "mlp", "epochs": 100}  # runs until it is stopped
UPDATED = ("small_cnn", "mlp", "book_cnn", "linear_autoencoder", "conv_autoencoder")
POLL = 0.12  # s between two questions, as the page asks
CALLERS = 60
NO_POINTS = 10**9  # a number that no point has
LOOK = 0.005  # s between two looks at a process
PATIENCE = 60.0  # s
SIDE = 280  # px of the sheet that is read
ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)


class Lab:
    """The server functions of a running lab, over HTTP."""

    def __init__(self, server: Server) -> None:
        self.url, self.pid = server.url, server.pid
        self.http = httpx.Client(timeout=PATIENCE, limits=httpx.Limits(max_connections=CALLERS))
        self.components = {
            name: one["id"]
            for one in self.http.get(f"{self.url}/config").json()["components"]
            for name in one["props"].get("server_fns") or []
        }

    def ask(self, name: str, **asked: object) -> httpx.Response:
        body = {"data": asked, "component_id": self.components[name], "fn_name": name}
        url = f"{self.url}/gradio_api/component_server/"
        return self.http.post(url, json=body | {"session_hash": "bench"})

    def start(self, recipe: dict) -> str:
        return self.ask("start_training", recipe=recipe, owner=None).json()["key"]

    def follow(self, key: str, since: int = 0) -> dict:
        return self.ask("follow_training", key=key, since=since).json()

    def stop(self, key: str) -> None:
        self.ask("steer_training", key=key, order="stop")

    def trainings(self) -> list[int]:
        """The processes that train: those at the lowest priority."""
        return [pid for pid in descendants(self.pid) if niceness(pid) == 19]

    def wait_until_warm(self) -> None:
        """One training, from which the others differ in nothing that was loaded for it."""
        key = self.start({"network": "linear", "epochs": 0.1})
        until(lambda: self.follow(key, since=NO_POINTS)["ending"])
        until(lambda: not self.trainings())

    @contextmanager
    def training(self, recipe: dict) -> Iterator[str]:
        """A training that has told its first point."""
        key = self.start(recipe)
        until(lambda: self.follow(key)["points"])
        yield key
        self.stop(key)
        until(lambda: not self.trainings())


def descendants(pid: int) -> list[int]:
    """All processes below one, by the system's own table."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # gone meanwhile
    found, todo = [], [pid]
    while todo:
        above = todo.pop()
        below = [child for child, parent in parents.items() if parent == above]
        found, todo = found + below, todo + below
    return found


def niceness(pid: int) -> int | None:
    try:
        return os.getpriority(os.PRIO_PROCESS, pid)
    except ProcessLookupError:
        return None


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be counted does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(holds: Callable[[], object]) -> float:
    """Milliseconds until something holds."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() > began + PATIENCE:
            raise RuntimeError(f"did not come about within {PATIENCE:.0f} s")
        time.sleep(LOOK)
    return 1000 * (time.monotonic() - began)


def spread(name: str, values: list[float], high: int = 100) -> dict[str, float]:
    p50, top = np.percentile(values, [50, high])
    return {f"{name}_p50": round(float(p50), 1), f"{name}_{high_name(high)}": round(float(top), 1)}


def high_name(high: int) -> str:
    return "max" if high == 100 else f"p{high}"


def text_of(pixels: np.ndarray) -> str:
    return base64.b64encode(pixels.tobytes()).decode("ascii")


# ---- What is measured -----------------------------------------------------------------------


def first_points(lab: Lab, repeats: int) -> dict:
    """From the request to start until the first point is in an answer."""
    waits = []
    for _ in range(repeats):
        began = time.monotonic()
        with lab.training(DEFAULT):
            waits.append(1000 * (time.monotonic() - began))
    return {"train_to_first_point": repeats} | spread("ms", waits)


def updates(lab: Lab, network: str, seconds: float = 4.0) -> dict:
    """Answers with something new, as the page asks, and the largest of them."""
    with lab.training({"network": network}) as key:
        since, sizes, told, began = 0, [], 0, time.monotonic()
        while time.monotonic() < began + seconds:
            reply = lab.ask("follow_training", key=key, since=since)
            sizes.append(len(reply.content))
            told += bool(reply.json()["points"])
            since = reply.json()["next"]
            if reply.json()["ending"]:
                break
            time.sleep(POLL)
        taken = time.monotonic() - began
    facts = {"updates_of": network, "a_second": round(told / taken, 1)}
    return facts | {"points_a_second": round(since / taken, 1), "largest_bytes": max(sizes)}


def endings(lab: Lab, name: str, end: Callable[[str], object], recipe: dict, repeats: int) -> dict:
    """From what ends a training until its process is no more."""
    waits = []
    for _ in range(repeats):
        key = lab.start(recipe)
        until(lab.trainings)
        time.sleep(random.uniform(0.2, 1.0))
        [pid] = lab.trainings()
        began = time.monotonic()
        end(key)
        until(lambda pid=pid: not is_alive(pid))
        waits.append(1000 * (time.monotonic() - began))
    return {name: repeats} | spread("ms", waits)


def leave(lab: Lab, key: str) -> None:
    """As a page that closes does; a page that asks no more is the same without the word."""
    lab.http.post(f"{lab.url}/lab/leave", content=key)


def crowd(lab: Lab) -> dict:
    """All press Train at once: how many run, wait and are refused, and the slowest answer."""
    time.sleep(1)  # until the slots of what ran before are free

    def press(_: int) -> tuple[dict, float]:
        began = time.monotonic()
        reply = lab.ask("start_training", recipe=LONG, owner=None).json()
        return reply, time.monotonic() - began

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(press, range(CALLERS)))
    keys = [reply["key"] for reply, _ in answers if "key" in reply]
    refused = [taken for reply, taken in answers if reply.get("error") == "train_full"]
    states: list[str] = []

    def are_two_running() -> bool:
        states[:] = [lab.follow(key)["state"] for key in keys]
        return states.count("running") == 2

    until(are_two_running)
    for key in reversed(keys):  # those that wait first, so that none begins
        lab.stop(key)
    until(lambda: not lab.trainings())
    facts = {name: states.count(name) for name in ("running", "waiting")}
    slowest = round(1000 * max(refused, default=0.0), 1)
    return {"callers": CALLERS, **facts, "refused": len(refused), "slowest_refusal_ms": slowest}


def readings(lab: Lab, count: int, rounds: int = 4) -> dict:
    """A reading in the Draw tab, alone and beside two trainings in turns."""
    stroke = np.zeros((SIDE, SIDE), np.uint8)
    stroke[60:220, 130:150] = 255
    asked = {"kind": "ink", "width": SIDE, "height": SIDE, "pixels": text_of(stroke)}
    taken = {"alone": [], "beside": []}

    def read(into: list[float]) -> None:
        for _ in range(count // rounds):
            began = time.monotonic()
            lab.ask("read_drawing", **asked).raise_for_status()
            into.append(1000 * (time.monotonic() - began))

    read([])
    for _ in range(rounds):
        read(taken["alone"])
        with lab.training(LONG), lab.training(LONG):
            read(taken["beside"])
    alone, beside = (spread(f"{name}_ms", values, 95) for name, values in taken.items())
    ratio = beside["beside_ms_p95"] / alone["alone_ms_p95"]
    return {"readings": count} | alone | beside | {"p95_ratio": round(ratio, 2)}


def servers_ended(count: int) -> dict:
    """Servers with two trainings each, ended; the processes that they had, 8 s later at most."""
    waits, left = {end.name: [] for end in ENDS}, 0
    for number in range(count):
        end = ENDS[number % len(ENDS)]
        with running_lab() as server:
            lab = Lab(server)
            lab.wait_until_warm()
            for _ in range(2):
                key = lab.start(LONG)
                until(lambda key=key, lab=lab: lab.follow(key)["points"])
            family = [server.pid, *descendants(server.pid)]
            began = time.monotonic()
            os.kill(server.pid, end)
            deadline = began + 8
            while any(map(is_alive, family)) and time.monotonic() < deadline:
                time.sleep(LOOK)
            waits[end.name].append(1000 * (time.monotonic() - began))
            left += any(map(is_alive, family))
    slowest = {f"{name}_max_ms": round(max(each), 1) for name, each in waits.items() if each}
    return {"servers_ended": count, "with_a_process_left": left} | slowest


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--repeats", type=int, default=20, help="of Train and Stop")
    options.add_argument("--servers", type=int, default=6, help="that are ended")
    options.add_argument("--readings", type=int, default=400, help="alone, and as many beside")
    chosen = options.parse_args()
    # a shell lets what it runs in the background ignore Ctrl+C, and so would the servers begun here
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with running_lab() as server:
        lab = Lab(server)
        lab.wait_until_warm()
        slow = {"network": "small_cnn", "optimizer": "gd"}
        measures = [
            partial(first_points, lab, chosen.repeats),
            *(partial(updates, lab, network) for network in UPDATED),
            partial(endings, lab, "stop_to_gone", lab.stop, LONG, chosen.repeats),
            partial(endings, lab, "stop_in_a_long_step", lab.stop, slow, chosen.repeats // 4 or 1),
            partial(endings, lab, "left_to_gone", partial(leave, lab), LONG, 1),
            partial(endings, lab, "unfollowed_to_gone", lambda key: None, LONG, 1),
            partial(crowd, lab),
            partial(readings, lab, chosen.readings),
        ]
        for measure in measures:
            print(json.dumps(measure()), flush=True)
    if chosen.servers:
        print(json.dumps(servers_ended(chosen.servers)), flush=True)


if __name__ == "__main__":
    main()
