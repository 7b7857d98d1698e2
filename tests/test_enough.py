"""The kept accuracies: what is measured, how a stopped run goes on, and what they say."""

import json
import math
from dataclasses import replace

import pytest

from models import enough
from models.__main__ import main
from models.enough import (
    RESULTS,
    RIGHT,
    WRONG,
    Result,
    gap,
    kept_results,
    key_of,
    plan,
    summary,
    write_results,
)
from models.transfer import WAYS, Standing


def result(way: str, seed: int, accuracy: float, teacher: str = RIGHT) -> Result:
    return Result(way, teacher, 5, True, seed, accuracy, None, 1.0)


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """A folder of the test's own in the place of checkpoints/."""
    monkeypatch.setattr(enough, "RESULTS", tmp_path / "transfer.json")
    monkeypatch.setattr("models.transfer_command.RESULTS", tmp_path / "transfer.json")
    return tmp_path / "transfer.json"


# ---- the plan and the kept file ----------------------------------------------------------------


def test_the_plan_holds_no_run_twice_and_pairs_every_taught_run_with_scratch():
    runs = list(plan())
    keys = {key_of(run) for run in runs}
    assert len(keys) == len(runs)
    for run in runs:
        assert key_of(replace(run, way="scratch", teacher=RIGHT)) in keys
    assert {run.teacher for run in runs} == {RIGHT, *WRONG}
    assert {run.way for run in runs} == set(WAYS)
    assert max(run.examples for run in runs) == 500


def test_the_kept_file_is_small_and_all_of_it_is_of_the_shipped_teachers():
    assert RESULTS.stat().st_size <= 150_000
    rows = json.loads(RESULTS.read_text())["results"]
    kept = kept_results()
    assert len(kept) == len(rows) > 0
    planned = {key_of(run) for run in plan()}
    assert {key_of(one) for one in kept} <= planned
    assert all(0 <= one.accuracy <= 1 and one.seconds > 0 for one in kept)
    assert all(one.forgotten is None for one in kept if one.way == "scratch")
    assert all(one.forgotten == 0 for one in kept if one.way == "frozen")


def test_results_of_other_teachers_or_settings_are_forgotten(elsewhere):
    some = [result("tuned", 0, 0.9), result("scratch", 0, 0.8), result("tuned", 0, 0.7, WRONG[0])]
    write_results(some)
    assert kept_results() == some
    content = json.loads(elsewhere.read_text())
    content["origins"]["teachers"][WRONG[0]] = "0" * 64
    elsewhere.write_text(json.dumps(content))
    assert kept_results() == some[:2]
    content["origins"]["teachers"][RIGHT] = "0" * 64  # scratch owes it nothing
    elsewhere.write_text(json.dumps(content))
    assert kept_results() == some[1:2]
    content["origins"]["learning"]["steps"] += 1
    elsewhere.write_text(json.dumps(content))
    assert kept_results() == []
    elsewhere.write_text("{")
    assert kept_results() == []


def test_a_stopped_command_goes_on_where_it_was(elsewhere, monkeypatch, capsys):
    planned = list(plan())[:3]
    monkeypatch.setattr(enough, "plan", lambda: planned)
    measured = []

    class Quick:
        """A learner that has learned at once, until somebody stops it."""

        def __init__(self, transfer, glances):
            if len(measured) == 2 and stopped:
                raise KeyboardInterrupt
            measured.append(transfer)

        def steps(self):
            yield Standing(1, 1, 0.0, 0.5, 0.1, done=True)

    monkeypatch.setattr(enough, "Learner", Quick)
    stopped = True
    assert main(["enough", "--write"]) == 130
    assert len(kept_results()) == 2
    stopped = False
    capsys.readouterr()
    assert main(["enough", "--write", "--json"]) == 0
    assert measured == planned
    assert len(kept_results()) == 3
    line = json.loads(capsys.readouterr().out)  # the one that was missing
    assert (line["way"], line["examples"]) == (planned[2].way, planned[2].examples)


# ---- what they say -----------------------------------------------------------------------------


def test_a_summary_is_the_mean_the_deviation_and_the_count():
    some = [result("tuned", seed, accuracy) for seed, accuracy in enumerate((0.5, 0.7, 0.9))]
    mean, spread, count = summary(some, "tuned", RIGHT, 5, True)
    assert (mean, spread, count) == (pytest.approx(0.7), pytest.approx(0.2), 3)
    assert math.isnan(summary(some[:1], "tuned", RIGHT, 5, True)[1])
    mean, _, count = summary(some, "tuned", RIGHT, 5, False)
    assert math.isnan(mean)
    assert count == 0


def test_scratch_is_the_same_beside_every_teacher():
    some = [result("scratch", seed, 0.1 * seed) for seed in range(3)]
    assert summary(some, "scratch", WRONG[0], 5, True) == summary(some, "scratch", RIGHT, 5, True)


@pytest.mark.parametrize(
    ("scratch", "taught", "negative", "positive"),
    [
        ((0.80, 0.82, 0.84), (0.70, 0.72, 0.74), True, False),
        ((0.80, 0.82, 0.84), (0.79, 0.81, 0.83), False, False),  # within scratch's own spread
        ((0.80, 0.80, 0.80), (0.70, 0.90, 0.70), False, False),  # one seed says the opposite
        ((0.80, 0.82, 0.84), (0.90, 0.92, 0.94), False, True),
    ],
)
def test_transfer_is_negative_where_it_costs_more_than_the_spread(
    scratch, taught, negative, positive
):
    some = [result("scratch", seed, accuracy) for seed, accuracy in enumerate(scratch)]
    some += [result("tuned", seed, one, WRONG[0]) for seed, one in enumerate(taught)]
    found = gap(some, "tuned", WRONG[0], 5, True)
    assert found.seeds == 3
    assert found.mean == pytest.approx((sum(taught) - sum(scratch)) / 3)
    assert (found.is_negative, found.is_positive) == (negative, positive)


def test_a_gap_compares_only_seeds_that_both_have():
    some = [result("scratch", 0, 0.5), result("scratch", 1, 0.9), result("tuned", 1, 0.8)]
    found = gap(some, "tuned", RIGHT, 5, True)
    assert (found.mean, found.seeds) == (pytest.approx(-0.1), 1)
    assert not found.is_negative  # one seed has no spread
