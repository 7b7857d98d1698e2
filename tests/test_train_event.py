"""The public event /train, by gradio_client: what it streams, and bad recipes in one sentence."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from demo import train_event
from demo.job import Job
from demo.train_live import RECORDS
from models.checkpoint import weights_sha256
from models.engine import new_network, train
from models.recipe import best_recipe

SHORT = {"network": "linear", "train_images": 300, "batch_size": 30, "epochs": 3, "held_out": 1_000}


@pytest.fixture(scope="module")
def client(lab_url):
    return Client(lab_url, verbose=False)


@pytest.fixture(scope="module")
def streamed(client):
    job = client.submit(SHORT, api_name="/train")
    job.result(timeout=120)
    return [fact for fact in job.outputs() if "ahead" not in fact]


def test_it_streams_a_snapshot_after_another_to_the_last_step(streamed):
    *snapshots, last = streamed
    steps = [snapshot["step"] for snapshot in snapshots]
    assert steps == sorted(set(steps))
    assert len(steps) >= 20
    assert steps[-1] == last["step"] == 30
    assert last["done"] is True
    assert last["reason"] == "done"


def test_its_figures_and_weights_are_those_of_the_engine(streamed):
    recipe = best_recipe(**SHORT)
    network = new_network(recipe)
    *_, wanted = train(recipe, network)
    assert streamed[-2]["test_accuracy"] == wanted.test_accuracy
    assert streamed[-1]["weights_sha256"] == weights_sha256(network)


BAD = [
    (None, "recipe"),
    ("{", "recipe"),
    ({"network": "unheard_of"}, "network"),
    (SHORT | {"learning_rate": 1e30}, "learning_rate"),
    (SHORT | {"batch_size": 301}, "300"),
    (SHORT | {"train_images": 0}, "60"),
]


@pytest.mark.parametrize(("recipe", "words"), BAD, ids=[words for _, words in BAD])
def test_a_recipe_that_is_none_gets_a_sentence(client, recipe, words):
    with pytest.raises(AppError, match=words):
        client.predict(recipe, api_name="/train")


def test_a_caller_who_leaves_ends_the_training(monkeypatch):
    waiting = Job(best_recipe(**SHORT))  # in no line: it would wait for ever
    key, owner = RECORDS.keep(waiting)
    monkeypatch.setattr(train_event, "begin", lambda recipe, _: (key, owner))

    async def look_and_leave():
        stream = train_event.train_recipe(SHORT, None)
        first = await anext(stream)
        await stream.aclose()
        return first

    # in a thread of its own: a browser's tests leave an event loop in this one
    with ThreadPoolExecutor() as threads:
        assert threads.submit(asyncio.run, look_and_leave()).result() == {"ahead": 0}
    assert waiting.to_stop == "left"
