"""The section `compare`: what it asks and tells, its process, its public event and its script."""

import asyncio
import base64
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import pytest

from demo import transfer_event
from demo.code_view import script
from demo.compare_process import Comparison, in_turn
from demo.job import Job
from demo.job_guard import Limits
from demo.jobs import Jobs
from demo.train_live import RECORDS
from demo.transfer import compare, compare_code
from demo.words import WORDS
from models import few_examples, teachers
from models.data import Mnist
from models.enough import Result
from models.nets import TransferCNN
from models.teachers import BLOCKS, TEACHERS
from models.transfer import LEARNING, WAYS, Learner, TransferError
from tests.scripts import run_script
from tests.style import assert_house_style
from tests.test_idea_data import keep_as_torchvision_does
from tests.test_jobs import until

ASKED = {"teacher": "digits04", "examples": 2, "seed": 3, "augmentation": True, "locked": []}
TINY = Comparison("shuffled_pixels", 1, 5, learning=replace(LEARNING, steps=3))
ENDLESS = replace(TINY, learning=replace(LEARNING, steps=10**6))
EAGER = Limits(niceness=0)
FEW = 600  # of MNIST's images


@pytest.fixture
def few(mnist, monkeypatch) -> Mnist:
    """The first images of MNIST in place of all."""
    images = (mnist.train_images[:FEW], mnist.train_labels[:FEW])
    first = Mnist(*images, mnist.test_images[:FEW], mnist.test_labels[:FEW], mnist.checksum)
    for module in (teachers, few_examples):
        monkeypatch.setattr(module, "load_mnist", lambda: first)
    return first


# ---- What there is to compare with ----------------------------------------------------------


def test_the_blocks_weights_are_all_that_the_network_has():
    blocks = compare.compare_facts({})["blocks"]
    assert [block["key"] for block in blocks] == list(BLOCKS)
    weights = sum(weight.numel() for weight in TransferCNN().parameters())
    assert sum(block["weights"] for block in blocks) == weights


def test_each_teacher_shows_what_it_saw():
    shown = {one["key"]: one["pictures"] for one in compare.compare_facts({})["teachers"]}
    pixels = {key: [base64.b64decode(one["pixels"]) for one in shown[key]] for key in TEACHERS}
    assert all([one["label"] for one in shown[key]] == [0, 1, 2, 3, 4] for key in TEACHERS)
    for plain, shuffled in zip(pixels["digits04"], pixels["shuffled_pixels"], strict=True):
        assert plain != shuffled
        assert sorted(plain) == sorted(shuffled)  # the same pixels in another order


def test_an_average_without_a_spread_is_told_as_json_can(monkeypatch):
    runs = [Result("scratch", "digits04", 5, True, 0, 0.9, None, 1.0)]
    runs += [Result("tuned", "digits04", 5, True, seed, 0.94, 0.1, 1.0) for seed in (0, 1)]
    monkeypatch.setattr(compare, "kept_results", lambda: runs)
    scratch, tuned = compare.points_once.__wrapped__(())
    assert (scratch["mean"], scratch["spread"], scratch["seeds"]) == (0.9, None, 1)
    assert (tuned["mean"], tuned["seeds"]) == (0.94, 2)
    assert tuned["gap"] == pytest.approx(0.04)
    json.dumps([scratch, tuned], allow_nan=False)


BAD = [
    {"teacher": "nobody"},
    {"teacher": ["digits04"]},
    {"examples": 0},
    {"examples": 501},
    {"examples": 2.0},
    {"examples": True},
    {"seed": -1},
    {"seed": None},
    {"augmentation": 1},
    {"locked": "edges"},
    {"locked": ["edges", 3]},
    {"locked": ["nothing"]},
    {"locked": ["edges"] * 100},
]


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_values_that_the_page_never_sends_begin_nothing(changes):
    reply = compare.start_comparison({"settings": ASKED | changes})
    assert reply == {"error": "bad_request", "details": {}}


@pytest.mark.parametrize("value", [None, 7, [], {}, {"settings": [ASKED]}], ids=str)
def test_what_is_no_request_begins_nothing(value):
    assert compare.start_comparison(value)["error"] == "bad_request"


def test_with_all_blocks_locked_nothing_could_learn():
    reply = compare.start_comparison({"settings": ASKED | {"locked": list(BLOCKS)}})
    assert reply["error"] == "transfer_all_locked"
    assert reply["error"] in WORDS["zh"]


# ---- The process ----------------------------------------------------------------------------


def test_the_ways_take_turns_and_learn_what_each_learns_alone(few):
    told = list(in_turn(TINY))
    assert [way for way, _ in told[:6]] == [*WAYS, *WAYS]
    ends = {way: standing for way, standing in told if standing.done}
    for way in TINY.transfers:
        *_, alone = Learner(way, TINY.learning).steps()
        assert ends[way.way].accuracy == alone.accuracy


def test_locks_are_those_of_the_way_that_is_tuned():
    locked = [way.closed for way in replace(TINY, locked=BLOCKS[:1]).transfers]
    assert locked == [(), BLOCKS[:-1], BLOCKS[:1]]
    with pytest.raises(TransferError):
        replace(TINY, locked=BLOCKS)


def test_a_comparison_stops_and_keeps_what_it_told():
    job = Job(ENDLESS, EAGER, patience=120)
    Jobs().join(job)
    until(lambda: job.points or job.ending)
    job.stop()
    until(lambda: job.ending)
    assert (job.state, job.ending["reason"]) == ("stopped", "stopped")
    standings = [one for _, point in job.points for one in point["standings"]]
    assert {one["way"] for one in standings} <= set(WAYS)
    assert standings
    assert not any("done" in one for one in standings)


# ---- The public event -----------------------------------------------------------------------


async def streamed(*values: object) -> list[dict]:
    request = SimpleNamespace(headers={"accept-language": "en"})
    return [fact async for fact in transfer_event.compare_ways(*values, request)]


def in_thread(*values: object) -> list[dict]:
    """A browser's tests leave an event loop in this one."""
    with ThreadPoolExecutor() as threads:
        return threads.submit(asyncio.run, streamed(*values)).result()


def test_the_event_streams_three_curves_and_their_last_figures(monkeypatch):
    jobs = Jobs()

    def begin(comparison: Comparison, owner: None) -> tuple[str, str]:
        assert comparison == Comparison("texture", 4, 7)
        job = Job(TINY, EAGER, patience=120)
        jobs.join(job)
        return RECORDS.keep(job)

    monkeypatch.setattr(transfer_event, "begin", begin)
    monkeypatch.setattr(transfer_event, "JOBS", jobs)
    last = in_thread("texture", 4.0, 7)[-1]
    assert (last["done"], last["reason"]) == (True, "done")
    assert list(last["curves"]) == list(last["ways"]) == list(WAYS)
    for way in WAYS:
        steps = [step for step, _ in last["curves"][way]]
        assert steps == sorted(set(steps))
        assert last["curves"][way][-1] == [3, last["ways"][way]["accuracy"]]
    weights = [last["ways"][way]["weights_trained"] for way in WAYS]
    assert weights[0] == weights[2] > weights[1]


WRONG = [("nobody", 10, 0, "digits04"), (["texture"], 10, 0, "digits04")]
WRONG += [("texture", examples, 0, "500") for examples in (0, 501, 2.5, None, "10", True)]
WRONG += [("texture", 10, seed, "seed") for seed in (-1, 0.5, "x", float("nan"))]


@pytest.mark.parametrize(("task", "examples", "seed", "words"), WRONG, ids=str)
def test_values_that_are_none_get_a_sentence(task, examples, seed, words):
    with pytest.raises(gr.Error, match=words):
        in_thread(task, examples, seed)


# ---- The script -----------------------------------------------------------------------------


@pytest.mark.parametrize("augmentation", [True, False])
def test_the_script_gives_the_lab_s_accuracies_without_the_lab(
    few, tmp_path, monkeypatch, augmentation
):
    tiny = replace(TINY, augmentation=augmentation, locked=("strokes",))
    keep_as_torchvision_does(tmp_path, few)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["compare.py"])
    for name, content in compare_code.teacher_file(tiny).items():
        (tmp_path / name).write_bytes(content)
    printed = run_script(script(compare_code.parts(tiny, "zh"), "zh")).splitlines()
    ends = [standing for _, standing in in_turn(tiny) if standing.done]
    assert [json.loads(line)["accuracy"] for line in printed] == [one.accuracy for one in ends]


def test_the_script_follows_what_is_set(tmp_path):
    text = script(compare.parts(ASKED | {"locked": ["edges"], "augmentation": False}, "en"))
    tuned = text.split('"tuned": (')[1]
    assert '"teacher_digits04.safetensors",\n        ("edges",),\n        {"strokes": ' in tuned
    assert "examples, seed, steps = 2, 3, " in text
    assert "vary(" not in text
    (tmp_path / "compare.py").write_text(text)
    assert_house_style(tmp_path)
    assert compare.along(ASKED).keys() == {"teacher_digits04.safetensors"}
