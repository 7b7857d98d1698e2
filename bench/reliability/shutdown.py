"""What becomes of a busy lab that is told to end: two trainings, one that waits, three open pages.

    python -m bench.reliability.shutdown [--servers N] [--signal SIGTERM]

A JSON line: seconds until the process has gone, how it ended, whether the trainings' pages heard of
their end with the figures of what was saved, and what processes were left.
"""

import argparse
import json
import signal
import threading
import time
from contextlib import suppress

import httpx

from bench.jobs import Lab, descendants, is_alive, spread, until
from bench.server import running_app

RECIPE = {"network": "mlp", "epochs": 100}  # runs until it is stopped
PAGES, TRAININGS = 3, 3
LATEST = 20.0  # s


def stay(lab: Lab, name: str) -> None:
    """An open page: its heartbeat, until the server ends it."""
    address = f"{lab.url}/gradio_api/heartbeat/{name}"
    with suppress(httpx.HTTPError), httpx.stream("GET", address, timeout=None) as answer:
        for _ in answer.iter_bytes():
            pass


def follow(lab: Lab, key: str, heard: list[dict]) -> None:
    """A page that follows its training to its end."""
    with suppress(httpx.HTTPError), httpx.Client(timeout=10):
        while not (answer := lab.follow(key)).get("ending"):
            time.sleep(0.12)
        heard.append(answer["ending"])


def ended(number: int) -> dict:
    """One lab, told to end by a signal of that number."""
    with running_app() as (server, process):
        lab = Lab(server)
        lab.wait_until_warm()
        keys = [lab.start(RECIPE) for _ in range(TRAININGS)]
        until(lambda: all(lab.follow(key).get("next", 0) > 3 for key in keys[:2]))
        heard: list[dict] = []
        threads = [threading.Thread(target=follow, args=(lab, key, heard)) for key in keys]
        threads += [threading.Thread(target=stay, args=(lab, f"p{at}")) for at in range(PAGES)]
        for thread in threads:
            thread.daemon = True
            thread.start()
        time.sleep(0.5)
        children = descendants(server.pid)
        began = time.perf_counter()
        process.send_signal(number)
        status = process.wait(LATEST)
        seconds = time.perf_counter() - began
        time.sleep(0.5)
        left = [child for child in children if is_alive(child)]
        saved = [ending for ending in heard if ending["best_step"] is not None]
        facts = {"seconds": seconds, "status": status, "heard": len(heard), "saved": len(saved)}
        return facts | {"children": len(children), "left": len(left)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.reliability.shutdown", description=__doc__)
    parser.add_argument("--servers", type=int, default=20)
    parser.add_argument("--signal", choices=("SIGTERM", "SIGINT"), default="SIGTERM")
    options = parser.parse_args()
    number = signal.Signals[options.signal]
    runs = [ended(number) for _ in range(options.servers)]
    sums = {name: sum(run[name] for run in runs) for name in ("heard", "saved", "children", "left")}
    statuses = sorted({run["status"] for run in runs})
    seconds = spread("seconds", [run["seconds"] for run in runs])
    print(json.dumps({"signal": options.signal, "servers": len(runs), "statuses": statuses}))
    print(json.dumps(seconds | {"trainings": 2 * len(runs)} | sums))


if __name__ == "__main__":
    main()
