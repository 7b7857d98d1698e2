"""What ends with the server, and how the command counts it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from bench.reliability.endings import MARK, Ended, marked, row, taken_late
from tests.test_jobs import until

ROOT = Path(__file__).resolve().parent.parent
# A server without its page: a training and a climb, begun by what the page asks; not at the lowest
# priority, which would take minutes beside much other work.
SERVER = """
import time
from demo import train_live
from demo.climb_process import Climb
from demo.job import Job
from demo.job_guard import Limits
from demo.train_live import RECORDS, begin
from models.recipe import best_recipe
train_live.Job = lambda work: Job(work, Limits(niceness=0), patience=600)
jobs = [
    RECORDS.find(begin(work, None)[0])
    for work in (best_recipe("linear", epochs=1_000, optimizer="gd"), Climb("named", 0))
]
while not all(job.points for job in jobs):
    time.sleep(0.01)
print(*(job.process.pid for job in jobs), flush=True)
time.sleep(600)
"""
ORPHAN = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]])"
NAP = "import time; time.sleep(60)"


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def test_kill_9_of_the_server_takes_all_its_processes_along():
    environment = {**os.environ, MARK: "killed", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        pids = [int(pid) for pid in server.stdout.readline().split()]
        family = marked("killed")
        assert len(pids) == 2
        assert {server.pid, *pids} < set(family)  # and what they were forked from
        assert [threads_of(pid) for pid in pids] == [2, 2]  # one computes, one watches
        server.send_signal(signal.SIGKILL)
    until(lambda: not marked("killed"))


def test_a_process_whose_parent_has_gone_is_still_found_by_its_mark():
    environment = {**os.environ, MARK: "orphan"}
    subprocess.run([sys.executable, "-c", ORPHAN, NAP], env=environment, check=True)
    [pid] = marked("orphan")
    os.kill(pid, signal.SIGKILL)
    until(lambda: not marked("orphan"))


def test_an_ending_that_took_too_long_or_left_a_process_is_missed():
    assert row("Stop", 2.0, [0.5, 1.9], 0).met
    assert not row("Stop", 2.0, [0.5, 2.1], 0).met
    assert not row("Stop", 2.0, [0.5, 1.9], 1).met


def test_only_what_was_taken_after_a_refusal_counts_as_late():
    ends = [Ended(1.0, 0, [], 0, late, 0) for late in (["taken"], ["taken", "door_stopping"])]
    assert [taken_late(end) for end in ends] == [0, 0]
    assert taken_late(Ended(1.0, 0, [], 0, ["door_stopping", "taken"], 0)) == 1
