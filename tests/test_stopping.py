"""How the lab ends: what a signal does, and what becomes of the trainings."""

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from demo import health, stopping
from demo.jobs import Jobs, StoppingError
from demo.train_live import JOBS

ROOT = Path(__file__).resolve().parent.parent
WAITING = """
import threading
from demo import stopping
threading.Timer(0.3, print, ["ready"], {"flush": True}).start()
stopping.wait()
print("saved")
"""


class Training:
    """Stands for a training that ends, with what it has, as soon as it is told to stop."""

    def __init__(self) -> None:
        self.to_stop, self.ending, self.process = None, None, None
        self.told = threading.Event()

    @property
    def is_wanted(self) -> bool:
        return self.to_stop is None

    def stop(self, reason: str = "stopped") -> None:
        self.to_stop = reason
        self.told.set()

    def run(self) -> None:
        self.told.wait(60)
        self.end({"reason": self.to_stop})

    def end(self, facts: dict) -> None:
        self.ending = facts


def test_a_lab_that_ends_saves_what_runs_and_takes_no_more():
    jobs = Jobs(slots=2)
    trainings = [Training() for _ in range(4)]
    for training in trainings:
        jobs.join(training)
    assert jobs.counts() == (2, 2)
    jobs.close()
    assert jobs.wait_until_idle(10)
    assert jobs.counts() == (0, 0)
    assert [training.ending for training in trainings] == [{"reason": "closing"}] * 4
    with pytest.raises(StoppingError):
        jobs.check_room()


def test_a_training_that_joins_too_late_ends_at_once():
    jobs = Jobs(slots=2)
    jobs.close()
    jobs.join(late := Training())
    assert late.ending == {"reason": "closing"}


def test_a_training_that_goes_on_is_told_apart_from_one_that_has_saved():
    jobs = Jobs(slots=1)
    deaf = Training()
    deaf.stop = lambda reason="stopped": None
    jobs.join(deaf)
    jobs.close()
    assert not jobs.wait_until_idle(0.01)
    Training.stop(deaf)
    assert jobs.wait_until_idle(10)


@pytest.mark.parametrize("number", stopping.SIGNALS, ids=lambda number: number.name)
def test_a_signal_leads_to_the_orderly_end(number):
    command = [sys.executable, "-c", WAITING]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "saved\n")


def test_the_end_takes_less_than_eight_seconds():
    assert stopping.SAVED_WITHIN + stopping.HEARD_WITHIN + stopping.CLOSED_WITHIN < 8


async def answer_of_health() -> tuple[int, bytes]:
    answer = await health.health(None)
    return answer.status_code, answer.body


def test_health_counts_trainings_and_says_when_the_lab_is_closing(monkeypatch):
    monkeypatch.setattr(health, "BEGAN", health.BEGAN - 3_600)
    status, body = asyncio.run(answer_of_health())
    facts = json.loads(body)
    assert status == 200
    assert facts.pop("uptime_seconds") >= 3_600
    assert facts == {"status": "ok", "jobs_running": 0, "jobs_waiting": 0} | {
        "version": health.VERSION
    }
    monkeypatch.setattr(JOBS, "is_closed", True)
    assert asyncio.run(answer_of_health())[0] == 503
