"""How much memory the lab takes: its server, the process that trainings are forked from, and
trainings of every network, one at a time.

    python -m bench.reliability.memory [--seconds S]

Each training runs for S seconds after its first point, is stopped, and measures what came of it.
Its peak counts. Resident memory includes pages that are shared with others; the proportional share
does not count them twice.
"""

import time
from argparse import Namespace
from pathlib import Path

from bench.jobs import NO_POINTS, Lab, descendants, is_alive, until
from bench.reliability.record import Row, arguments, show
from bench.server import running_lab
from demo.train_asked import LIMITS, NETWORKS

MEGABYTE = 1e6  # bytes
MOST = 1_000  # MB, of the server and of each training
SECONDS = 6.0  # s of each training from its first point on
LATEST = 40.0  # s until it is stopped without one
LOOK = 0.01  # s between two looks at a training that ends
LIMITED = (
    "book_cnn has 26 million weights: they, their gradients, Adam's two moments, the best weights "
    "and the file made of them take 103 MB each. The largest batches are all images at once; a "
    "training that outgrows the lab's bound is ended with its best weights kept. PyTorch's CUDA "
    "build, PyPI's for Linux, takes some 300 MB of each process that the CPU build does not."
)
QUIET = 3.0  # s until a server that has just started is idle
# By what they are called in a row: every network as the Train tab offers it first, and what takes
# most of the settings that it offers.
RECIPES = {name: {"network": name} for name in NETWORKS} | {
    "small_cnn, all images at once": {"network": "small_cnn", "optimizer": "gd"},
    **{
        f"{name}, largest batches": {"network": name, "batch_size": LIMITS["batch_size"][1]}
        for name in ("book_cnn", "conv_autoencoder")
    },
    "mlp, widest and deepest": {"network": "mlp", "width": 1024, "depth": 10},
}


def status_of(pid: int, name: str) -> float:
    """A line of /proc/PID/status in MB; 0 where the process is no more."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in text.splitlines() if line.startswith(f"{name}:")]
    return int(found[0]) * 1024 / MEGABYTE if found else 0.0


def share_of(pid: int) -> float:
    """A process's proportional share of memory in MB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(
        int(line.split()[1]) * 1024 / MEGABYTE
        for line in text.splitlines()
        if line.startswith("Pss:")
    )


def trained(lab: Lab, recipe: dict, seconds: float) -> tuple[float, float, str]:
    """The peak of a training's resident memory, its share while it ran, in MB, and why it ended."""
    reply = lab.ask("start_training", recipe=recipe, owner=None).json()
    if "key" not in reply:
        raise RuntimeError(f"{recipe} is refused: {reply}")
    until(lab.trainings)
    [pid] = lab.trainings()
    deadline = time.monotonic() + LATEST
    begun = False
    share = peak = 0.0
    while is_alive(pid):
        if time.monotonic() > deadline:
            lab.stop(reply["key"])
            deadline = float("inf")
        elif deadline < float("inf"):
            if lab.follow(reply["key"])["points"] and not begun:
                begun, deadline = True, time.monotonic() + seconds
            share = max(share, share_of(pid))
        peak = max(peak, status_of(pid, "VmHWM"))
        time.sleep(LOOK)
    until(lambda: lab.follow(reply["key"], since=NO_POINTS)["ending"])
    ending = lab.follow(reply["key"], since=NO_POINTS)["ending"]
    if ending["reason"] not in ("stopped", "done", "diverged", "memory"):
        raise RuntimeError(f"{recipe} ended otherwise: {ending['reason']}")
    return peak, share, ending["reason"]


def server_rows(lab: Lab, when: str) -> list[Row]:
    """Of the server alone, and with the processes that it keeps."""
    resident, share = status_of(lab.pid, "VmRSS"), share_of(lab.pid)
    family = share + sum(map(share_of, descendants(lab.pid)))
    return [
        size_row(f"server, {when}", resident, f", proportional share {share:.0f} MB"),
        Row(f"server and what it keeps for trainings, {when}", "", f"{family:.0f} MB in all"),
    ]


def size_row(what: str, value: float, more: str = "") -> Row:
    return Row(what, f"≤ {MOST:,} MB resident", f"{value:.0f} MB{more}", value <= MOST)


def read_by_all(lab: Lab) -> None:
    """A picture read by every reader, so that each is loaded."""
    for line in lab.ask("network_menu").json()["networks"]:
        lab.ask("read_samples", model=line["name"]).raise_for_status()


def chosen() -> Namespace:
    parser = arguments("memory", __doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each training")
    parser.add_argument("--only", choices=RECIPES, nargs="*", default=list(RECIPES), metavar="NAME")
    return parser.parse_args()


def main() -> None:
    options, began = chosen(), time.perf_counter()
    with running_lab() as server:
        lab = Lab(server)
        lab.wait_until_warm()
        time.sleep(QUIET)
        rows = server_rows(lab, "idle")
        for name in options.only:
            peak, share, reason = trained(lab, RECIPES[name], options.seconds)
            said = f" at its peak, proportional share {share:.0f} MB"
            said += ", ended by the lab for its memory" if reason == "memory" else ""
            rows.append(size_row(f"a training of {name}", peak, said))
        read_by_all(lab)
        rows += server_rows(lab, "after all these trainings and with every reader loaded")
    show("memory", rows, time.perf_counter() - began, options.write, LIMITED)


if __name__ == "__main__":
    main()
