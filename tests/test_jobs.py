"""Trainings in processes of their own: what they tell, obey and are held to; and their line."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from demo import job_process
from demo.job import CONTEXT, MOST_POINTS, POINTS_A_REPLY, Job
from demo.job_guard import Limits
from demo.jobs import Jobs, LineFullError
from models.checkpoint import load_file, weights_sha256
from models.engine import new_network, train
from models.recipe import best_recipe

PATIENCE = 120  # s until a busy machine must have got there
SMALL = best_recipe("mlp", train_images=256, held_out=100, batch_size=64, epochs=3, seed=5)
EAGER = Limits(niceness=0)  # beside much other work, the lowest priority would take minutes
# long enough never to end by itself in a test
LONG = best_recipe("linear", train_images=60, batch_size=60, epochs=10_000, schedule="constant")


def until(holds: Callable[[], object]) -> None:
    """Waits for something that another thread or process does."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def begun():
    """Begins trainings, each in a slot of its own, and ends those that a test leaves running."""
    jobs, made = Jobs(slots=9), []

    def begin(recipe=LONG, **settings) -> Job:
        job = Job(recipe, **{"limits": EAGER, "patience": PATIENCE, **settings})
        made.append(job)
        jobs.join(job)
        return job

    yield begin
    for job in made:
        job.stop()
    until(lambda: all(job.ending for job in made))


def ended(job: Job) -> dict:
    until(lambda: job.ending)
    return job.ending


def progress(job: Job) -> int:
    """The last step that it told of."""
    return job.points[-1][1]["step"] if job.points else 0


# ---- A whole training -----------------------------------------------------------------------


def test_the_same_recipe_gives_the_same_weights_alone_and_beside_others(begun):
    network = new_network(SMALL)
    list(train(SMALL, network))
    alone = ended(begun(SMALL))["weights_sha256"]
    beside = begun()
    until(lambda: progress(beside))
    both = begun(SMALL), begun(SMALL)
    assert {ended(job)["weights_sha256"] for job in both} == {alone} == {weights_sha256(network)}


def test_a_training_tells_its_points_and_hands_its_best_weights_over(begun, tmp_path):
    files = []
    job = begun(SMALL, kept=lambda content, recipe: files.append((content, recipe)))
    ending = ended(job)
    points, _ = job.points_from(0)
    assert [point["step"] for point in points] == list(range(1, 13))  # 256 / 64 steps, 3 times
    assert (job.state, ending["reason"], ending["step"]) == ("ended", "done", 12)
    assert job.view["step"] == 12
    judged = [point for point in points if point["held_out_loss"] is not None]
    lowest = min(judged, key=lambda point: point["held_out_loss"])
    assert ending["best_step"] == lowest["step"]
    [(content, recipe)] = files
    path = tmp_path / "best.safetensors"
    path.write_bytes(content)
    kept = load_file(path, "mlp")
    assert kept.recipe == recipe == SMALL
    assert kept.figures["accuracy"] == ending["best_figures"]["test_accuracy"]
    assert kept.figures["step"] == ending["best_step"]


def test_a_training_that_diverges_says_so_and_keeps_no_broken_weights(begun):
    files = []
    wild = replace(SMALL, optimizer="sgd", learning_rate=1e5, schedule="constant")
    job = begun(wild, kept=lambda *file: files.append(file))
    assert ended(job)["reason"] == "diverged"
    assert job.state == "ended"
    assert job.points[-1][1]["diverged"]
    last = job.points[-1][1]
    assert None in (last["loss"], last["test_loss"])  # JSON has no NaN
    assert job.ending["best_step"] is None or job.ending["best_step"] < job.ending["step"]
    assert len(files) == (job.ending["best_step"] is not None)


# ---- Orders ---------------------------------------------------------------------------------


def test_one_step_at_a_time_with_its_numbers(begun):
    job = begun()
    until(lambda: progress(job))
    job.order("pause")
    until(lambda: job.state == "paused")
    job.order("step")
    until(lambda: job.verbs)
    first = job.verbs["step"]
    assert progress(job) == first
    job.order("step")
    until(lambda: job.verbs["step"] > first)
    assert job.verbs["step"] == first + 1
    until(lambda: job.state == "paused")
    job.order("resume")
    until(lambda: progress(job) > first + 1)
    assert job.state == "running"


def test_the_learning_rate_is_changed_while_it_runs_and_the_recipe_remembers(begun):
    recipes = []
    job = begun(kept=lambda _, recipe: recipes.append(recipe))
    until(lambda: progress(job))
    job.order("rate", 0.5)
    until(lambda: job.points[-1][1]["rate"] == 0.5)
    job.stop()
    assert ended(job)["reason"] == "stopped"
    assert job.state == "stopped"
    [(_, rate)] = recipes[0].rate_changes
    assert rate == 0.5


def test_a_training_in_a_long_step_is_stopped(begun):
    step_of_seconds = best_recipe("book_cnn", optimizer="gd", schedule="constant")
    job = begun(step_of_seconds)
    until(lambda: job.process and job.process.pid)
    job.stop()
    assert ended(job)["reason"] == "stopped"
    assert ended(job)["step"] == 0


def test_a_frozen_process_is_stopped(begun):
    job = begun()
    until(lambda: progress(job))
    os.kill(job.process.pid, signal.SIGSTOP)
    job.stop()
    assert ended(job)["reason"] == "stopped"
    assert job.ending["step"] >= 1


# ---- Limits and accidents -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "recipe", "reason", "state"),
    [
        (replace(EAGER, seconds=0.3), LONG, "time", "stopped"),
        (replace(EAGER, memory=100 * 2**20), best_recipe("book_cnn"), "memory", "failed"),
        (replace(EAGER, resident=100 * 2**20), best_recipe("book_cnn"), "memory", "failed"),
    ],
    ids=["time", "memory", "resident"],
)
def test_each_limit_ends_a_training(begun, limits, recipe, reason, state):
    job = begun(recipe, limits=limits)
    assert ended(job)["reason"] == reason
    assert job.state == state


def test_a_killed_process_is_told_as_such_and_the_next_training_takes_its_slot():
    jobs, first, second = Jobs(slots=1), Job(LONG, EAGER, PATIENCE), Job(SMALL, EAGER, PATIENCE)
    jobs.join(first)
    jobs.join(second)
    until(lambda: progress(first))
    assert (second.state, jobs.place(second)) == ("waiting", (0, 1))
    os.kill(first.process.pid, signal.SIGKILL)
    assert ended(first)["reason"] == "killed"
    assert first.state == "failed"
    assert first.ending["step"] == progress(first)
    assert ended(second)["reason"] == "done"


def test_a_crash_is_told_as_such(begun):
    job = begun("no recipe")
    assert ended(job)["reason"] == "crashed"
    assert job.state == "failed"


def test_a_process_ends_by_itself_when_the_server_has_gone():
    """In the middle of a step that takes minutes."""
    ours, theirs = CONTEXT.Pipe()
    recipe = best_recipe("book_cnn", optimizer="gd", schedule="constant")
    process = CONTEXT.Process(target=job_process.run, args=(recipe, theirs, EAGER), daemon=True)
    process.start()
    theirs.close()
    ours.close()
    process.join(PATIENCE)
    assert process.exitcode == 0


def test_a_training_has_the_lowest_priority(begun):
    job = begun(limits=Limits())
    until(lambda: progress(job))
    assert os.getpriority(os.PRIO_PROCESS, job.process.pid) == 19


def test_a_training_that_nobody_follows_is_stopped(begun):
    job = begun(patience=0.3)
    assert ended(job)["reason"] == "left"
    assert job.state == "stopped"


def test_an_ending_whose_weights_never_came_says_that_none_are_kept():
    class CutOff(Job):
        def begin(self) -> None:
            self.phase = "running"

        def attend(self) -> None:
            told = {"reason": "stopped", "step": 9, "best_step": 7, "best_figures": {"mse": 0.1}}
            self.note("ending", told)

    job = CutOff(LONG)
    job.run()
    assert (job.ending["reason"], job.ending["step"]) == ("stopped", 9)
    assert job.ending["best_step"] is job.ending["best_figures"] is None


def test_weights_that_come_seconds_after_their_ending_are_kept():
    """As book_cnn's 100 MB do on a busy machine."""
    clock, kept = Clock(), []

    class Line:
        told = iter([None, ("ending", {"best_step": 7}), *[None] * 6, ("network", ("file", SMALL))])

        def poll(self, seconds: float) -> bool:
            clock.now += 1
            self.next = next(self.told, None)
            return self.next is not None

        def recv(self) -> tuple[str, object]:
            return self.next

    job = Job(LONG, EAGER, PATIENCE, clock=clock)
    job.line, job.kept, job.to_stop = Line(), lambda *both: kept.append(both), "stopped"
    job.attend()
    assert kept == [("file", SMALL)]
    assert 10 < clock.now < 20  # and it is not waited for forever


# ---- Who wants it ---------------------------------------------------------------------------


def test_a_page_that_is_hidden_keeps_its_training_until_it_is_seen_again():
    clock = Clock()
    job = Job(LONG, Limits(seconds=600), patience=20, clock=clock)
    clock.now = 19
    job.follow()
    clock.now = 38
    assert job.is_wanted
    job.hide()
    job.follow()  # the answer to it was under way when the page hid
    clock.now = 637
    assert job.is_wanted
    job.show()
    clock.now = 658
    assert not job.is_wanted


def test_a_page_that_was_left_keeps_its_training_only_if_it_comes_back():
    clock = Clock()
    job = Job(LONG, patience=20, clock=clock)
    job.leave(within=6)
    clock.now = 5
    job.follow()
    clock.now = 24
    assert job.is_wanted
    job.leave(within=6)
    clock.now = 24.5
    job.follow()
    clock.now = 31
    assert not job.is_wanted


# ---- Points ---------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [1, 250])
def test_a_long_runs_points_are_thinned_and_keep_their_numbers_and_what_was_measured(every):
    job, measured = Job(LONG), range(0, 5_000, every)
    for step in range(5_000):
        loss = 0.5 if step in measured else None
        job.add_point({"step": step, "test_loss": loss, "test_accuracy": None})
    assert MOST_POINTS / 2 < len(job.points) <= MOST_POINTS
    if len(measured) < MOST_POINTS:
        assert {step for step, _ in job.points} >= set(measured)
    assert all(number == point["step"] for number, point in job.points)
    seen, number = [], 0
    while True:
        some, number = job.points_from(number)
        if not some:
            break
        assert len(some) <= POINTS_A_REPLY
        seen += some
    assert seen == [point for _, point in job.points]
    assert number == 5_000


# ---- The line -------------------------------------------------------------------------------


class Pretended(Job):
    """A training without a process, that ends when it is told to."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.over = threading.Event()

    def run(self) -> None:
        self.phase = "running"
        self.over.wait(PATIENCE)
        self.end({"reason": "done"})


def test_of_sixty_two_run_twenty_wait_and_the_others_are_told_so():
    jobs, joined, refused = Jobs(), [], 0
    for _ in range(60):
        try:
            jobs.check_room()
        except LineFullError:
            refused += 1
        else:
            joined.append(Pretended(LONG))
            jobs.join(joined[-1])
    assert (len(jobs.running), len(jobs.waiting), refused) == (2, 20, 38)
    assert [jobs.place(job) for job in joined[:4]] == [(0, 20), (0, 20), (0, 20), (1, 20)]
    joined[1].over.set()
    until(lambda: joined[2] in jobs.running)
    assert jobs.place(joined[3]) == (0, 19)
    for job in joined:
        job.over.set()
    until(lambda: not jobs.running)
    assert {job.state for job in joined} == {"ended"}


def test_a_training_that_nobody_wants_leaves_the_line():
    jobs, clock = Jobs(slots=1), Clock()
    first, second, third, fourth = (Pretended(LONG, clock=clock) for _ in range(4))
    for job in (first, second, third, fourth):
        jobs.join(job)
    clock.now = 15
    for job in (first, second, fourth):
        job.follow()
    second.stop()
    clock.now = 25
    assert jobs.place(fourth) == (0, 1)
    assert [job.state for job in (second, third)] == ["stopped", "stopped"]
    assert [job.ending["reason"] for job in (second, third)] == ["stopped", "left"]
    first.over.set()
    until(lambda: fourth in jobs.running)
    fourth.over.set()
    until(lambda: fourth.ending)
