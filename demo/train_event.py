"""The public event /train: a recipe in, a stream of snapshots out, and at last what came of it."""

import asyncio
import json
from collections.abc import AsyncIterator

import gradio as gr

from demo.job import Job
from demo.jobs import Jobs
from demo.public_event import in_words
from demo.train_asked import recipe_in
from demo.train_live import JOBS, RECORDS, begin
from models.errors import LabError

EVERY = 0.15  # s between two looks at a training
EVERY_WAITING = 1.0  # s between two words of how long the line is

# ---- Handlers -------------------------------------------------------------------------------


def settings_of(value: object) -> dict:
    """A recipe's settings, from an object or the text of one. Raises LabError."""
    try:
        settings = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        sentence = "a recipe is a JSON object of settings, the network among them"
        raise LabError("train_no_recipe", sentence)
    return settings


async def train_recipe(recipe: object, request: gr.Request) -> AsyncIterator[dict]:
    """The event. `recipe` names a network, and any settings that are to differ from its own.

    Yields a snapshot each: "step", "epoch", "seconds", "loss" (mean of the batches since the last
    one), "train_accuracy", "test_loss", "test_accuracy" (null where not measured; `whole` where it
    is of the whole test set) and "learning_rate"; {"ahead": n} once a second while it waits for n
    others; at last {"done": true, "reason", …} with the final figures. A caller who leaves ends it.
    """
    try:
        asked = recipe_in({"recipe": settings_of(recipe)})
        key, _ = begin(asked, None)
    except Exception as error:
        raise in_words(error, request) from None
    training = RECORDS.find(key)
    try:
        async for fact in facts_of(training, JOBS):
            yield fact
    finally:
        training.stop("left")


async def facts_of(training: Job, jobs: Jobs) -> AsyncIterator[dict]:
    """What a training tells, from its place in the line to its end."""
    following = 0
    while True:
        training.follow()
        ending = training.ending  # before the points: those that led to it are in
        points, following = training.points_from(following)
        for point in points:
            yield snapshot_of(point)
        if points:
            continue
        if ending:
            yield {"done": True} | ending | (training.trouble or {})
            return
        waits = training.state == "waiting"
        if waits:
            yield {"ahead": jobs.place(training)[0]}
        await asyncio.sleep(EVERY_WAITING if waits else EVERY)


def snapshot_of(point: dict) -> dict:
    """A point of the page's curves under the names that the command line uses."""
    names = {"accuracy": "train_accuracy", "rate": "learning_rate"}
    return {names.get(name, name): value for name, value in point.items()}


# ---- The event ------------------------------------------------------------------------------


def build() -> None:
    """The event's input and output, which nobody sees, and the event."""
    with gr.Group(visible=False):
        recipe = gr.JSON(label="recipe")
        snapshot = gr.JSON(label="snapshot")
        ask = gr.Button()

    ask.click(
        train_recipe,
        recipe,
        snapshot,
        api_name="train",
        concurrency_limit=None,  # trainings have a line of their own
    )
