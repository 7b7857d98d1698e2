"""What the Train tab asks of the server to start, follow and steer a training."""

import threading
from collections.abc import Callable

from demo import job
from demo.asked import BadRequest, answering, choice_in
from demo.climb_process import Climb
from demo.compare_process import Comparison
from demo.job import Job
from demo.jobs import Jobs
from demo.train_asked import LIMITS, number_of, recipe_in
from demo.train_kept import keep_run
from demo.visitor import Store
from models.data import load_mnist
from models.engine import steps_an_epoch, total_steps
from models.errors import LabError
from models.recipe import Recipe
from models.watch import sixteen_shown

MOST_RECORDS = 64  # of trainings of all visitors, up to 2 MB each
RECORDS_EACH = 8  # of one visitor
LEAVE_WITHIN = 6.0  # s that a page has to be back after it was left, as when it is loaded again
JOBS = Jobs()
RECORDS: Store[Job] = Store(MOST_RECORDS, RECORDS_EACH)
starting = threading.Lock()
# Each takes the key and owner of a training that has ended, its best weights' file, its recipe.
keepers: list[Callable[[str, str, bytes, Recipe], None]] = [keep_run]


class OneEachError(LabError):
    """This visitor has a training under way."""

    def __init__(self) -> None:
        super().__init__("train_one_each", "you have a training under way; stop it first")


class GoneError(LabError):
    """A training that is no longer kept, or was never begun."""

    def __init__(self) -> None:
        super().__init__("train_gone", "this training is no longer kept")


def warm_up() -> None:
    """Makes ready, in the background, what the first training would have to wait for."""
    threading.Thread(target=make_ready, daemon=True).start()


def make_ready() -> None:
    job.keep_warm()
    try:
        load_mnist()
    except LabError:
        return  # said by whatever needs it


# ---- Start ----------------------------------------------------------------------------------


@answering
def start_training(asked: dict) -> dict:
    """Begins to train by the recipe `recipe`, or stands in line for it.

    `asked`: {"recipe", "owner": the key that an earlier call gave, or null, "paused": whether to
    pause after one step that is told in its verbs}. Gives the training's "key" and "owner", the
    whole recipe, its "total" steps and those of "an_epoch", and the "sixteen" test digits that it
    is shown on.
    """
    recipe = recipe_in(asked)
    shown = sixteen_shown(recipe)
    key, owner = begin(recipe, asked.get("owner"), asked.get("paused") is True)
    return {
        "key": key,
        "owner": owner,
        "recipe": recipe.as_dict(),
        "total": total_steps(recipe),
        "an_epoch": steps_an_epoch(recipe),
        "sixteen": shown,
    }


def begin(
    recipe: Recipe | Climb | Comparison, owner: object, is_paused: bool = False
) -> tuple[str, str]:
    """Puts a training in the line; gives its key and its owner's. Raises LabError."""
    with starting:  # no two of one visitor's at once
        mine = RECORDS.keys_of(owner) if isinstance(owner, str) else []
        if any(one.is_under_way for one in map(RECORDS.find, mine) if one):
            raise OneEachError
        JOBS.check_room()
        training = Job(recipe)
        key, owner = RECORDS.keep(training, owner)
        training.kept = lambda network, made: hand_on(key, owner, network, made)
        if is_paused:
            training.order("step")
        JOBS.join(training)
        return key, owner


def hand_on(key: str, owner: str, network: bytes, recipe: Recipe) -> None:
    for keep in keepers:
        keep(key, owner, network, recipe)


# ---- Follow ---------------------------------------------------------------------------------


@answering
def follow_training(asked: dict) -> dict:
    """How the training `key` is getting on, and its points from the number `since` on.

    `next` is the number to ask from next. `ahead` of it, so many others wait, `line` in all.
    `view`, `verbs` and `ending` are null where there is none, or none yet: who has missed many
    points is first given these, a few dozen at a time.
    """
    training, since = training_in(asked), asked.get("since", 0)
    if type(since) is not int or since < 0:
        raise BadRequest
    training.follow()
    ahead, line = JOBS.place(training)
    state, ending = training.standing  # before the rest: what led to it is in
    points, following = training.points_from(since)
    view, verbs = training.view, training.verbs
    if len(points) > few_beside(view):
        state, view, verbs, ending = training.phase, None, None, None
    answer = {
        "state": state,
        "ahead": ahead,
        "line": line,
        "points": points,
        "next": following,
        "view": view,
        "verbs": verbs,
        "ending": ending,
    }
    return answer | ({"trouble": training.trouble} if training.trouble else {})


def few_beside(view: dict | None) -> int:
    """So many points may come with a view for an answer of less than 25 KB: pictures have 17 KB,
    and the filters of a linear layer 6."""
    return 4 if view and "pictures" in view else 30


def training_in(asked: dict) -> Job:
    """The training of a request. Raises BadRequest, GoneError."""
    key = asked.get("key")
    if not isinstance(key, str):
        raise BadRequest
    training = RECORDS.find(key)
    if training is None:
        raise GoneError
    return training


# ---- Steer ----------------------------------------------------------------------------------


@answering
def steer_training(asked: dict) -> dict:
    """Gives the training `key` an `order`: one of STEER. "rate" takes the new `rate`, too."""
    training = training_in(asked)
    STEER[choice_in(asked, "order", STEER)](training, asked)
    return {}


def pass_on(training: Job, asked: dict) -> None:
    training.order(asked["order"])


def stop(training: Job, _: dict) -> None:
    training.stop()


def change_rate(training: Job, asked: dict) -> None:
    rate = number_of("learning_rate", asked.get("rate"), *LIMITS["learning_rate"])
    training.order("rate", rate)


def hide(training: Job, _: dict) -> None:
    training.hide()


def show(training: Job, _: dict) -> None:
    training.show()


STEER: dict[str, Callable[[Job, dict], None]] = {
    "pause": pass_on,  # after the step under way
    "resume": pass_on,
    "step": pass_on,  # one step with its numbers, then a pause
    "stop": stop,
    "rate": change_rate,
    "hidden": hide,
    "shown": show,
}


def leave_training(key: str) -> None:
    """The page with this training was left."""
    training = RECORDS.find(key)
    if training is not None:
        training.leave(LEAVE_WITHIN)
