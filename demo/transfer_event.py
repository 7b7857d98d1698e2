"""The public event /transfer: a task and a few examples in, the three ways' curves out."""

import asyncio
from collections.abc import AsyncIterator

import gradio as gr

from demo.compare_process import Comparison
from demo.denoise_event import chosen, seed_of
from demo.job import Job
from demo.jobs import Jobs
from demo.public_event import in_words
from demo.train_event import EVERY, EVERY_WAITING
from demo.train_live import JOBS, RECORDS, begin
from models.enough import RIGHT
from models.errors import LabError
from models.teachers import TEACHERS
from models.transfer import MOST_EXAMPLES, WAYS

EXAMPLES, SEED = 10, 0  # unless a caller says otherwise
FIGURES = ("accuracy", "forgotten", "seconds", "weights_trained", "locked")  # of a way at its end

# ---- Handlers -------------------------------------------------------------------------------


def examples_of(value: object) -> int:
    """A number of examples, which clients without whole numbers send as 3.0. Raises LabError."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_EXAMPLES:
        return value
    sentence = "examples per class are a whole number from 1 to {most}"
    raise LabError("transfer_api_examples", sentence, most=MOST_EXAMPLES)


async def compare_ways(
    task: object, examples: object, seed: object, request: gr.Request
) -> AsyncIterator[dict]:
    """The event: what the teacher learned, examples of each digit 5 to 9 (augmented), a seed.

    Yields, as often as there is news, {"curves": {way: [[step, accuracy]]}, "step"}, the accuracies
    on some test images and last on all; {"ahead": n} once a second while it waits for n others;
    at last {"done": true, "reason", "curves", "ways": {way: its final figures}}. A caller who
    leaves ends it.
    """
    try:
        teacher = chosen("task", task, TEACHERS)
        comparison = Comparison(teacher, examples_of(examples), seed_of(seed))
        key, _ = begin(comparison, None)
    except Exception as error:
        raise in_words(error, request) from None
    job = RECORDS.find(key)
    try:
        async for fact in facts_of(job, JOBS):
            yield fact
    finally:
        job.stop("left")


async def facts_of(job: Job, jobs: Jobs) -> AsyncIterator[dict]:
    """What a comparison tells, from its place in the line to its end."""
    following, curves, ways = 0, {way: [] for way in WAYS}, {}
    while True:
        job.follow()
        ending = job.ending  # before the points: those that led to it are in
        points, following = job.points_from(following)
        for point in points:
            gather(point["standings"], curves, ways)
        if points:
            yield {"step": points[-1]["step"], "curves": curves}
            continue
        if ending:
            facts = {name: ending[name] for name in ("reason", "step", "seconds", "cpu_seconds")}
            yield {"done": True, "curves": curves, "ways": ways} | facts | (job.trouble or {})
            return
        waits = job.state == "waiting"
        if waits:
            yield {"ahead": jobs.place(job)[0]}
        await asyncio.sleep(EVERY_WAITING if waits else EVERY)


def gather(standings: list[dict], curves: dict[str, list], ways: dict[str, dict]) -> None:
    """Puts the news where they belong: accuracies on the curves, last ones to the ways' figures."""
    for standing in standings:
        way, step = standing["way"], standing["step"]
        if "done" in standing:
            ways[way] = {name: standing[name] for name in FIGURES}
            # all test images in place of the last look at some
            curves[way][:] = [point for point in curves[way] if point[0] < step]
        if standing["accuracy"] is not None:
            curves[way].append([step, standing["accuracy"]])


# ---- The event ------------------------------------------------------------------------------


def build() -> None:
    """The event's inputs and output, which nobody sees, and the event."""
    with gr.Group(visible=False):
        task = gr.Textbox(RIGHT, label="task")
        examples = gr.Number(EXAMPLES, label="examples")
        seed = gr.Number(SEED, label="seed")
        curves = gr.JSON(label="curves")
        ask = gr.Button()

    ask.click(
        compare_ways,
        [task, examples, seed],
        curves,
        api_name="transfer",
        preprocess=False,  # the values are judged here, in words
        concurrency_limit=None,  # comparisons stand in the trainings' line
    )
