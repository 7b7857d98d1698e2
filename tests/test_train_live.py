"""What the Train tab asks of the server to start, follow and steer a training."""

import base64
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo import train_live
from demo.job import Job
from demo.jobs import Jobs
from demo.routes import ROUTES
from demo.train_live import follow_training, start_training, steer_training
from demo.visitor import Store
from demo.words import WORDS
from models.data import load_mnist
from tests.test_jobs import EAGER, PATIENCE, Pretended, until

LINEAR = {"network": "linear", "train_images": 60, "batch_size": 60, "epochs": 3}


@pytest.fixture(autouse=True)
def own_records(monkeypatch):
    """Slots and records of this test's own, and trainings that a busy machine does not starve."""
    monkeypatch.setattr(train_live, "JOBS", Jobs())
    monkeypatch.setattr(train_live, "RECORDS", Store(64, 8))
    monkeypatch.setattr(train_live, "Job", lambda recipe: Job(recipe, EAGER, PATIENCE))


@pytest.fixture
def pretended(monkeypatch):
    """Trainings that do nothing until they are told to end."""
    made = []

    def make(recipe) -> Pretended:
        made.append(Pretended(recipe))
        return made[-1]

    monkeypatch.setattr(train_live, "Job", make)
    yield made
    for job in made:
        job.over.set()


def start(recipe=LINEAR, owner=None) -> dict:
    return start_training({"recipe": recipe, "owner": owner})


def followed_to_its_end(key: str) -> tuple[list[dict], dict]:
    """All points of a training and the last answer."""
    points, answer = [], {"next": 0, "ending": None, "points": [0]}
    deadline = time.monotonic() + PATIENCE
    while not answer["ending"] or answer["points"]:
        assert time.monotonic() < deadline
        answer = follow_training({"key": key, "since": answer["next"]})
        points += answer["points"]
    return points, answer


def test_a_training_is_started_and_followed_to_its_end(monkeypatch):
    kept = []
    monkeypatch.setattr(train_live, "keepers", [lambda *file: kept.append(file)])
    begun = start()
    assert (begun["total"], begun["an_epoch"]) == (3, 1)
    assert begun["recipe"]["network"] == "linear"
    assert begun["recipe"]["seed"] == 0
    points, answer = followed_to_its_end(begun["key"])
    assert [point["step"] for point in points] == [1, 2, 3]
    assert answer["state"] == "ended"
    assert answer["ending"]["reason"] == "done"
    assert answer["ending"]["figures"]["test_accuracy"] == points[-1]["test_accuracy"]
    assert len(answer["view"]["digits"]) == 16
    [(key, owner, content, recipe)] = kept
    assert (key, owner) == (begun["key"], begun["owner"])
    assert content
    assert recipe.network == "linear"


def test_the_sixteen_digits_are_the_first_of_the_test_set(pretended):
    sixteen = start()["sixteen"]
    assert base64.b64decode(sixteen["pictures"]) == load_mnist().test_images[:16].numpy().tobytes()
    assert sixteen["labels"] == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6, 9, 0, 1, 5]
    assert sixteen["spoiled"] is None
    cleaner = start({"network": "conv_autoencoder"})["sixteen"]
    assert cleaner["pictures"] == sixteen["pictures"] != cleaner["spoiled"]
    assert len(base64.b64decode(cleaner["spoiled"])) == 16 * 784


def test_a_visitor_has_one_training_at_a_time(pretended):
    first = start()
    again = start(owner=first["owner"])
    assert again == {"error": "train_one_each", "details": {}}
    assert "key" in start()  # somebody else's
    steer_training({"key": first["key"], "order": "stop"})
    second = start(owner=first["owner"])
    assert second["owner"] == first["owner"]
    assert second["key"] != first["key"]


def test_whoever_comes_when_the_line_is_full_is_told_so(pretended):
    replies = [start() for _ in range(60)]
    refused = [reply for reply in replies if "error" in reply]
    assert refused == [{"error": "train_full", "details": {}}] * 38
    assert len(pretended) == 22
    last = follow_training({"key": replies[21]["key"], "since": 0})
    assert (last["state"], last["ahead"], last["line"]) == ("waiting", 19, 20)
    assert (last["points"], last["view"], last["ending"]) == ([], None, None)


def test_a_training_is_begun_with_one_step_and_takes_one_more_at_the_new_rate():
    recipe = {**LINEAR, "optimizer": "gd", "epochs": 1_000, "schedule": "constant"}
    key = start_training({"recipe": recipe, "paused": True})["key"]
    until(lambda: follow_training({"key": key})["state"] == "paused")
    first = follow_training({"key": key})
    assert (first["verbs"]["step"], first["verbs"]["images"]) == (1, 60)
    assert [point["step"] for point in first["points"]] == [1]
    steer_training({"key": key, "order": "rate", "rate": 0.25})
    steer_training({"key": key, "order": "step"})
    until(lambda: follow_training({"key": key})["verbs"]["step"] == 2)
    assert follow_training({"key": key})["verbs"]["rate"] == 0.25
    steer_training({"key": key, "order": "stop"})
    _, answer = followed_to_its_end(key)
    assert answer["state"] == "stopped"
    assert answer["ending"]["step"] == 2


def test_who_has_missed_many_points_gets_them_all_before_the_ending(pretended):
    key = start()["key"]
    [job] = pretended
    until(lambda: job.phase == "running")
    for step in range(150):
        job.add_point({"step": step, "seconds": 0.0, "test_loss": None, "test_accuracy": None})
    job.note("view", {"step": 150, "pictures": "x" * 17_000})
    job.over.set()
    until(lambda: job.ending)
    first = follow_training({"key": key, "since": 0})
    assert (first["state"], first["ending"], first["view"]) == ("running", None, None)
    points, answer = followed_to_its_end(key)
    assert [point["step"] for point in points] == list(range(150))
    assert answer["view"]["step"] == 150


# ---- What is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipe",
    [
        None,
        [],
        "small_cnn",
        {},
        {"network": "resnet"},
        {"network": ["linear"]},
        {"network": "linear", "no_such": 1},
        {"network": "linear", "learning_rate": 0},
        {"network": "linear", "learning_rate": -1},
        {"network": "linear", "learning_rate": float("nan")},
        {"network": "linear", "learning_rate": 1e30},
        {"network": "linear", "train_images": 0},
        {"network": "linear", "train_images": 60, "batch_size": 61},
        {"network": "linear", "train_images": 60, "batch_size": 60, "epochs": 1e9},
        {"network": "linear", "batch_size": 1, "epochs": 1_000},  # 60 million steps
        {"network": "linear", "seed": 2**70},
        {"network": "linear", "augment": [{}]},
    ],
    ids=str,
)
def test_a_recipe_that_is_none_is_refused_in_words(pretended, recipe):
    assert start(recipe)["error"] in WORDS["en"]
    assert pretended == []


@pytest.mark.parametrize(
    "asked",
    [
        {"order": "explode"},
        {"order": None},
        {},
        {"order": ["stop"]},
        {"order": "rate"},
        {"order": "rate", "rate": "1"},
        {"order": "rate", "rate": float("nan")},
        {"order": "rate", "rate": 0},
        {"order": "rate", "rate": 1e30},
        {"order": "rate", "rate": True},
    ],
    ids=str,
)
def test_an_order_that_is_none_is_refused(pretended, asked):
    assert "error" in steer_training({"key": start()["key"], **asked})


@pytest.mark.parametrize("since", [-1, 1.5, "0", None, True, [0]], ids=str)
def test_points_are_asked_for_by_a_whole_number(pretended, since):
    asked = {"key": start()["key"], "since": since}
    assert follow_training(asked)["error"] == "bad_request"


@pytest.mark.parametrize("key", [None, 7, ["x"], {}], ids=str)
def test_a_key_is_text(key):
    assert follow_training({"key": key})["error"] == "bad_request"
    assert steer_training({"key": key, "order": "stop"})["error"] == "bad_request"


def test_a_training_that_was_never_begun_is_told_as_gone():
    assert follow_training({"key": "x" * 24})["error"] == "train_gone"


# ---- Leaving --------------------------------------------------------------------------------


def test_a_page_that_closes_gives_its_training_up_unless_it_comes_back(pretended):
    browser = TestClient(Starlette(routes=ROUTES))
    key = start()["key"]
    [job] = pretended
    before = job.wanted_until
    assert browser.post("/lab/leave", content=key).status_code == 204
    assert job.wanted_until < before
    assert job.is_wanted
    steer_training({"key": key, "order": "shown"})
    assert job.wanted_until >= before


def test_any_page_is_left_without_a_fault(lab_url):
    for content in ("", "x" * 24, "é" * 10, b"\xff\x00"):
        assert httpx.post(f"{lab_url}/lab/leave", content=content).status_code == 204
    assert httpx.post(f"{lab_url}/lab/leave", content="x" * 10_000).status_code == 413
    assert httpx.get(lab_url).status_code == 200
