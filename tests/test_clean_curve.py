"""The server's side of the curves: what is kept, what is measured anew, and who waits for whom."""

import json
import threading
import time
from dataclasses import asdict

import pytest
import torch

from demo.measuring import ENDED, FAILED, STOPPED, Job, Line, LineFullError
from demo.panels import clean_curve
from demo.panels.clean_curve import curves_of_noise, follow_fresh, measure_fresh, stop_fresh
from models import curves
from models.checkpoint import load
from models.cleaners import CLEANERS
from models.curves import FIGURES, NOTHING, Point, levels, measure_noise, measure_point
from models.data import to_batch
from models.errors import LabError
from models.noise import NOISES

CHEAP = ["linear_autoencoder", "median", "gaussian_filter"]


def made_up(noise: str = "blur", cleaners=(NOTHING, *CLEANERS)) -> list[Point]:
    """A point of each cleaner and level, told apart by their figures."""
    return [
        Point(noise, level, cleaner, recognised=number / 10 + at / 100, mse=0.1, psnr=9, ssim=0.5)
        for number, cleaner in enumerate(cleaners)
        for at, level in enumerate(levels(noise))
    ]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Keeps points in a file of this test's own."""
    monkeypatch.setattr(curves, "CURVES", tmp_path / "cleaning.json")
    return curves.write_points


# ---- What is kept ---------------------------------------------------------------------------


def test_each_cleaners_figures_stand_under_their_level(kept):
    kept(made_up())
    reply = curves_of_noise({"noise": "blur"})
    assert reply["levels"] == [0.0, 0.75, 1.5, 2.25, 3.0]
    assert reply["missing"] == []
    [third] = [point for point in made_up() if (point.cleaner, point.level) == ("median", 1.5)]
    assert reply["lines"]["median"][2] == {name: getattr(third, name) for name in FIGURES}


def test_low_contrast_runs_from_full_ink_to_a_tenth(kept):
    kept([])
    stops = curves_of_noise({"noise": "contrast"})["levels"]
    assert (stops[0], stops[-1]) == (1.0, 0.1)
    assert stops == sorted(stops, reverse=True)


def test_without_a_file_all_lines_are_missing(kept):
    reply = curves_of_noise({"noise": "patch"})
    assert reply["missing"] == [NOTHING, *CLEANERS]
    assert reply["lines"]["denoiser"] == [None] * 5


def test_another_noise_than_the_measured_one_is_missing_as_well(kept):
    kept(made_up("blur"))
    assert len(curves_of_noise({"noise": "patch"})["missing"]) == 1 + len(CLEANERS)


def test_what_was_measured_of_other_weights_is_missing_and_so_is_all_of_another_reader(kept):
    kept(made_up())
    content = json.loads(curves.CURVES.read_text())
    content["files"]["conv_autoencoder"] = "0" * 64
    curves.CURVES.write_text(json.dumps(content))
    assert curves_of_noise({"noise": "blur"})["missing"] == ["conv_autoencoder"]
    content["files"]["digits"] = "0" * 64
    curves.CURVES.write_text(json.dumps(content) + " ")
    assert len(curves_of_noise({"noise": "blur"})["missing"]) == 1 + len(CLEANERS)


def test_the_networks_files_are_not_read_again_for_each_request(kept, monkeypatch):
    kept(made_up())
    first = curves_of_noise({"noise": "blur"})
    monkeypatch.setattr(curves, "kept_points", lambda: pytest.fail("read again"))
    assert curves_of_noise({"noise": "blur"}) == first


@pytest.mark.parametrize("noise", [None, "mixed", "", 3, ["blur"], {}, float("nan")])
def test_an_unknown_noise_is_refused(noise):
    assert curves_of_noise({"noise": noise})["error"] == "bad_request"
    assert measure_fresh({"noise": noise})["error"] == "bad_request"


# ---- Measured in pieces ---------------------------------------------------------------------


def test_points_in_pieces_are_those_of_all_images_at_once(mnist, monkeypatch):
    monkeypatch.setattr(curves, "PIECE", 5)
    images, labels, reader = mnist.test_images[:12], mnist.test_labels[:12], load("linear").network
    told = list(measure_noise("salt_pepper", images, labels, reader, CHEAP[1:2], seed=3))
    assert [size for size, _ in told] == 5 * [5, 5, 2]
    digits = to_batch(images)
    strongest = NOISES["salt_pepper"].spoil(digits, 0.5, torch.Generator().manual_seed(3))
    whole = measure_point("salt_pepper", 0.5, "median", strongest, digits, labels, reader)
    assert asdict(told[-1][1]) == pytest.approx(asdict(whole))
    assert [point.level for _, point in told if point] == levels("salt_pepper")


# ---- Measured now ---------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    """Ten digits, cleaners that need no time, and a line and a store of this test's own."""
    monkeypatch.setattr(clean_curve, "FRESH", 10)
    monkeypatch.setattr(clean_curve, "CLEANERS", dict.fromkeys(CHEAP))
    monkeypatch.setattr(clean_curve, "LINE", Line())
    monkeypatch.setattr(clean_curve, "JOBS", clean_curve.Store(most_each=1))


def until_over(key: str) -> dict:
    for _ in range(500):
        reply = follow_fresh({"key": key})
        if reply["state"] in (ENDED, STOPPED, FAILED):
            return reply
        time.sleep(0.02)
    raise AssertionError(reply)


def test_fresh_points_come_for_every_level_the_named_cleaner_first(quick):
    begun = measure_fresh({"noise": "mosaic", "cleaner": "median"})
    reply = until_over(begun["key"])
    assert reply["state"] == ENDED
    assert reply["done"] == reply["total"] == 10 * 5 * 4
    named = [point["cleaner"] for point in reply["points"]]
    assert list(dict.fromkeys(named)) == [
        NOTHING,
        "median",
        "linear_autoencoder",
        "gaussian_filter",
    ]
    assert [point["level"] for point in reply["points"][:5]] == levels("mosaic")
    later = follow_fresh({"key": begun["key"], "known": 18})
    assert later["points"] == reply["points"][18:]


def test_other_digits_and_other_noise_each_time(quick, monkeypatch):
    met = []
    monkeypatch.setattr(clean_curve, "measure_noise", lambda *given: met.append(given) or iter([]))
    for seed in (1, 2, 1):
        assert list(clean_curve.fresh_points("gaussian", [NOTHING], seed)) == []
    first, second, again = met
    assert not torch.equal(first[1], second[1])
    assert first[5] != second[5]
    assert torch.equal(first[1], again[1])
    assert len(first[1]) == len(first[2]) == 10


def test_who_begins_anew_ends_the_own_measurement_and_nobody_elses(quick, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(clean_curve, "fresh_points", lambda *_: held(gate))
    mine = measure_fresh({"noise": "blur"})
    other = measure_fresh({"noise": "blur"})
    assert follow_fresh({"key": other["key"]})["ahead"] == 1
    anew = measure_fresh({"noise": "blur", "owner": mine["owner"]})
    assert anew["owner"] == mine["owner"]
    assert follow_fresh({"key": anew["key"]})["ahead"] == 2
    gate.set()
    assert until_over(other["key"])["state"] == ENDED
    assert until_over(anew["key"])["state"] == ENDED
    assert follow_fresh({"key": mine["key"]})["error"] == "measure_gone"


def test_what_is_stopped_keeps_its_points(quick, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(clean_curve, "fresh_points", lambda *_: held(gate))
    key = measure_fresh({"noise": "blur"})["key"]
    while not follow_fresh({"key": key})["points"]:
        time.sleep(0.01)
    assert stop_fresh({"key": key}) == {}
    gate.set()
    reply = until_over(key)
    assert (reply["state"], len(reply["points"])) == (STOPPED, 1)


def test_a_file_that_is_missing_is_told_in_words(quick, monkeypatch):
    def missing(*_):
        raise LabError("data_missing", "{file} is missing", file="x.gz")
        yield

    monkeypatch.setattr(clean_curve, "fresh_points", missing)
    reply = until_over(measure_fresh({"noise": "blur"})["key"])
    assert reply["state"] == FAILED
    assert reply["trouble"] == {"error": "data_missing", "details": {"file": "x.gz"}}


@pytest.mark.parametrize("asked", [{}, {"key": 3}, {"key": None}, {"key": ["x"]}, "x", None])
def test_a_request_without_a_key_is_refused(asked):
    assert follow_fresh(asked)["error"] == stop_fresh(asked)["error"] == "bad_request"


@pytest.mark.parametrize("known", [-1, 1.5, True, "2", None, float("nan")])
def test_a_bad_count_of_known_points_is_refused(quick, monkeypatch, known):
    monkeypatch.setattr(clean_curve, "fresh_points", lambda *_: iter([]))
    key = measure_fresh({"noise": "blur"})["key"]
    assert follow_fresh({"key": key, "known": known})["error"] == "bad_request"
    assert follow_fresh({"key": "nobody's"})["error"] == "measure_gone"


@pytest.mark.parametrize("cleaner", [None, "magic", 3, ["median"]])
def test_an_unknown_cleaner_is_refused(cleaner):
    assert measure_fresh({"noise": "blur", "cleaner": cleaner})["error"] == "bad_request"


# ---- The line -------------------------------------------------------------------------------


def held(gate: threading.Event):
    """Work whose first piece is there at once and the second when the gate opens."""
    yield 1, made_up()[0]
    assert gate.wait(30)
    yield 1, made_up()[1]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def wait_for(job: Job, *states: str) -> None:
    for _ in range(1000):
        if job.state in states:
            return
        time.sleep(0.005)
    raise AssertionError(job.state)


def test_jobs_run_one_after_another_and_a_broken_one_does_not_hold_up_the_next():
    gate, line = threading.Event(), Line()

    def broken():
        assert gate.wait(30)
        raise LabError("data_missing", "gone")
        yield

    first, second = Job(broken(), 1), Job(held(gate), 2)
    line.join(first)
    line.join(second)
    assert (line.follow(first), line.follow(second)) == (0, 1)
    gate.set()
    wait_for(second, ENDED)
    assert (first.state, first.trouble.key) == (FAILED, "data_missing")
    assert (second.done, len(second.facts)) == (2, 2)


def test_a_full_line_turns_away_until_somebody_leaves():
    gate, line = threading.Event(), Line(most=2)
    running, waiting = Job(held(gate), 2), Job(held(gate), 2)
    line.join(running)
    line.join(waiting)
    with pytest.raises(LineFullError):
        line.join(Job(held(gate), 2))
    waiting.stop()
    line.join(Job(held(gate), 2))
    assert waiting.state == STOPPED
    gate.set()


def test_who_is_not_followed_is_given_up_running_or_waiting():
    gate, clock = threading.Event(), Clock()
    line = Line(patience=20.0, clock=clock)
    running, waiting, followed = (Job(held(gate), 2) for _ in range(3))
    for job in (running, waiting, followed):
        line.join(job)
    clock.now = 21.0
    line.follow(followed)
    assert waiting.state == STOPPED
    assert line.follow(followed) == 1
    gate.set()
    wait_for(followed, ENDED)
    assert (running.state, running.done) == (STOPPED, 1)
