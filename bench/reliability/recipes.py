"""Two hundred recipes from the corners of the form, trained on a running lab, two at a time.

    python -m bench.reliability.recipes [--recipes N] [--refused N] [--seed S] [--write]

Each must end as trained, did not learn, or diverged at step N with the best kept: told by its own
facts, by the file of its weights, and in the words of the page, where all of them are shown at
last. No answer may hold NaN or Infinity, nor null where a number belongs. A training that goes on
for long is stopped as a visitor stops it. Then values that are none must be refused in a sentence.
"""

import json
import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.browser import running_browser
from bench.jobs import PATIENCE, POLL, Lab
from bench.reliability.extremes import Recipe, extreme, outsiders
from bench.reliability.record import Row, arguments, show
from bench.server import running_lab
from demo.words import WORDS
from models.errors import LabError
from models.foreign import from_bytes

RECIPES, REFUSED, TOGETHER = 200, 200, 2
ENOUGH = 3.0  # s of a training that is not to end by itself
LATEST = 25.0  # s in which even a slow one has told a point
AT_CHANCE = 0.2  # accuracy of a reader that has learned nothing, as the page has it
BLANK = 0.1  # MSE of an empty page against test digits; a cleaner above it has learned nothing
RATES = (100.0, 1e-6, 0.1)  # that are told to some while they run
STEERED = 10  # every so manyth is steered, and begun with one explained step
TRAINED, STAYED, DIVERGED = "trained", "did not learn", "diverged"
STOPPED = "stopped before it was judged"  # by the visitor: there is no figure yet
NO_WORD = re.compile(r"\b(NaN|-?Infinity|undefined|null)\b")
# Its beginnings, of which the page's sentence has one.
SAID = {
    TRAINED: ("Done", "Stopped"),
    STAYED: ("It stayed at", "Done", "Stopped"),
    DIVERGED: ("It diverged at step",),
    STOPPED: ("Stopped at step",),
}


class NotStrictError(ValueError):
    """NaN or Infinity in what should be JSON."""


def strictly(text: str) -> dict:
    """JSON without what JSON has not."""

    def refuse(word: str) -> None:
        raise NotStrictError(word)

    return json.loads(text, parse_constant=refuse)


@dataclass
class Run:
    """What was heard of one training, and what was wrong with it."""

    recipe: Recipe
    started: dict = field(default_factory=dict)
    points: list[dict] = field(default_factory=list)
    last: dict = field(default_factory=dict)  # the answer with its ending
    weights: bytes | None = None
    stopped: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def ending(self) -> dict:
        return self.last.get("ending") or {}

    @property
    def is_cleaner(self) -> bool:
        return bool(self.started["sixteen"]["spoiled"])


# ---- A training -----------------------------------------------------------------------------


def trained(lab: Lab, recipe: Recipe, at: int) -> Run:
    """One training to its end, with all that was told."""
    run = Run(recipe)
    try:
        follow(lab, run, at)
    except (NotStrictError, RuntimeError) as error:
        run.faults.append(f"{type(error).__name__}: {error}")
    else:
        run.faults += [*faults_of(run)]
    return run


def follow(lab: Lab, run: Run, at: int) -> None:
    steered = at % STEERED == 0
    begun = lab.ask("start_training", recipe=run.recipe, owner=None, paused=steered)
    run.started = strictly(begun.text)
    if "key" not in run.started:
        raise RuntimeError(f"refused: {begun.text}")
    key, since, began, done = run.started["key"], 0, time.monotonic(), False
    orders = iter(orders_to(key)) if steered else iter(())
    while not done:
        time.sleep(POLL)
        run.last = strictly(lab.ask("follow_training", key=key, since=since).text)
        run.points += run.last["points"]
        since, seconds = run.last["next"], time.monotonic() - began
        done = run.last["ending"] and not run.last["points"]
        if run.last["verbs"]:
            check_verbs(run, run.last["verbs"])
            for order in orders:
                strictly(lab.ask("steer_training", **order).text)
        if not run.stopped and seconds > patience_with(run):
            run.stopped = True
            lab.stop(key)
        if seconds > PATIENCE:
            raise RuntimeError("it did not end")
    file = lab.http.get(f"{lab.url}/lab/run/{key}.safetensors")
    run.weights = file.content if file.status_code == 200 else None


def patience_with(run: Run) -> float:
    """Seconds until it is stopped: one that has taken its last step is only being measured."""
    step = run.points[-1]["step"] if run.points else 0
    return ENOUGH if 0 < step < run.started["total"] else LATEST


def orders_to(key: str) -> Iterator[dict]:
    """What a visitor does who has seen the first step: rates up and down, one step, and on."""
    for rate in RATES:
        yield {"key": key, "order": "rate", "rate": rate}
    yield {"key": key, "order": "step"}
    yield {"key": key, "order": "resume"}


def check_verbs(run: Run, verbs: dict) -> None:
    known = {name: verbs[name] for name in ("loss", "gradient", "change", "rate")}
    run.faults += [f"verbs: {name} is null" for name, value in known.items() if value is None]


# ---- What may be wrong with it --------------------------------------------------------------


def faults_of(run: Run) -> Iterator[str]:
    """Where its facts contradict each other, or lack a number."""
    if run.last.get("trouble"):
        yield f"trouble: {run.last['trouble']}"
    if outcome(run) is None:
        yield f"ended by {run.ending.get('reason')} with {run.ending.get('figures')}"
    yield from faults_of_points(run.points)
    yield from faults_of_kept(run)


def faults_of_points(points: list[dict]) -> Iterator[str]:
    for point in points:
        for name in ("step", "epoch", "seconds", "rate"):
            if not is_number(point[name]):
                yield f"point: {name} is {point[name]}"
        if not point["diverged"] and not is_number(point["loss"]):
            yield f"point of step {point['step']}: the loss is {point['loss']}, and it goes on"
        measured = point["test_accuracy"] is not None
        if measured and point["test_loss"] is None and not point["diverged"]:
            yield f"point of step {point['step']}: measured, and the test loss is null"


def faults_of_kept(run: Run) -> Iterator[str]:
    """What it says of its best moment, against the file that it has left."""
    ending = run.ending
    if not is_number(ending.get("step")) or not is_number(ending.get("seconds")):
        yield "ending: no step or no time"
    if (ending.get("best_step") is None) != (run.weights is None):
        yield f"best step {ending.get('best_step')}, weights {run.weights is not None}"
    if run.weights is None:
        if ending.get("step"):
            yield "nothing is kept"
        return
    try:
        from_bytes(run.weights)
    except LabError as error:
        yield f"its file: {error}"
    for name, value in (ending["best_figures"] or {}).items():
        if not is_number(value):
            yield f"best figures: {name} is {value}"


def is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def outcome(run: Run) -> str | None:
    """Which of the three it is, by what was measured; None where it is none of them."""
    reason, figures = run.ending.get("reason"), run.ending.get("figures") or {}
    if reason == "diverged":
        return DIVERGED
    if reason not in ("done", "stopped"):
        return None
    name = "test_loss" if run.is_cleaner else "test_accuracy"
    known = [point[name] for point in run.points]
    known += [figures.get("mse" if run.is_cleaner else "test_accuracy")]
    known = [figure for figure in known if figure is not None]
    if not known:
        return STOPPED if reason == "stopped" else None
    stayed = min(known) > BLANK if run.is_cleaner else max(known) < AT_CHANCE
    return STAYED if stayed else TRAINED


# ---- What the page shows --------------------------------------------------------------------

SHOW = """async ({ started, points, last }) => {
  const { view, verbs, ending, state, trouble = null } = last;
  const run = Object.assign(lab.newRun(started), { points, view, verbs, ending, state, trouble });
  run.rateChanges = ending?.rate_changes ?? [];
  lab.putInFront(run);
  for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  const panel = document.querySelector("[role=tabpanel]:not([hidden])") ?? document.body;
  const text = `${document.body.innerText} ${panel.innerHTML}`;
  return { said: lab.endingOf(run).join(" "), text };
}"""


def shown(runs: list[Run], url: str) -> Iterator[str]:
    """What is wrong with the page where each run is put in front."""
    with running_browser() as browser:
        page = browser.new_page(locale="en-GB")
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.get_by_role("tab", name=WORDS["en"]["tab_train"]).click()
        page.wait_for_function("window.lab?.startRun && Boolean(lab.recipe)")
        for run in runs:
            facts = {"started": run.started, "points": run.points, "last": run.last}
            seen = page.evaluate(SHOW, facts)
            if found := NO_WORD.search(without_scripts(seen["text"])):
                yield f"{around(without_scripts(seen['text']), found.start())}: {run.recipe}"
            if not seen["said"].startswith(SAID.get(outcome(run), ())):
                yield f"{outcome(run)}, and the page says {seen['said']!r}: {run.recipe}"
        yield from errors


def without_scripts(text: str) -> str:
    return re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)


def around(text: str, at: int) -> str:
    return repr(text[max(at - 60, 0) : at + 60])


# ---- What is refused ------------------------------------------------------------------------


def refused(lab: Lab, recipes: list[Recipe]) -> list[str]:
    """The recipes that were taken, or refused in anything but one sentence."""
    faults = []
    for recipe in recipes:
        body = {"data": {"recipe": recipe, "owner": None}, "fn_name": "start_training"}
        body |= {"component_id": lab.components["start_training"], "session_hash": "bench"}
        content = json.dumps(body)  # with NaN and Infinity, as a hostile script writes them
        headers = {"content-type": "application/json"}
        url = f"{lab.url}/gradio_api/component_server/"
        answer = lab.http.post(url, content=content, headers=headers)
        if not is_sentence(answer.status_code, answer.text):
            faults.append(f"{recipe}: {answer.status_code} {answer.text[:200]}")
            if "key" in answer.text:
                lab.stop(answer.json()["key"])
    return faults


def is_sentence(status: int, text: str) -> bool:
    """A refusal by a key of the words, or by the door in words of its own."""
    answer = strictly(text)
    said = answer.get("error") or answer.get("detail")
    if not isinstance(said, str) or status >= 500:
        return False
    if status != 200:
        return said.endswith(".") and "\n" not in said
    sentence = WORDS["en"].get(said)
    return sentence is not None and bool(sentence.format(**answer["details"]))


# ---- All of it ------------------------------------------------------------------------------


def all_trained(lab: Lab, count: int, seed: int) -> list[Run]:
    source = random.Random(seed)
    recipes = [extreme(source) for _ in range(count)]
    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(lambda pair: trained(lab, pair[1], pair[0]), enumerate(recipes)))


def told(faults: list[str], few: int = 12) -> None:
    for fault in faults[:few]:
        print(json.dumps({"fault": fault}, ensure_ascii=False), flush=True)


def rows_of(runs: list[Run], on_page: list[str], asked: int, taken: list[str]) -> list[Row]:
    ends = Counter(map(outcome, runs))
    named = ", ".join(f"{ends[name]} {name}" for name in (TRAINED, STAYED, DIVERGED, STOPPED))
    wrong = sum(bool(run.faults) for run in runs)
    stopped, points = sum(run.stopped for run in runs), sum(len(run.points) for run in runs)
    kept = sum(run.weights is not None for run in runs)
    begun = sum(bool(run.ending.get("step")) for run in runs)
    return [
        Row(
            "extreme recipes by their ending", f"each of {len(runs)} has one", named, not ends[None]
        ),
        Row("of them ended by Stop", "", str(stopped)),
        Row(
            "the best kept, finite, and loaded again",
            f"{begun} that took a step",
            str(kept),
            kept >= begun,
        ),
        Row(
            f"contradictions, NaN, null for a number, in {points:,} points",
            "0",
            str(wrong),
            not wrong,
        ),
        Row("shown on the page as NaN or as another ending", "0", str(len(on_page)), not on_page),
        Row(
            "recipes with a value outside, refused in a sentence",
            str(asked),
            str(asked - len(taken)),
            not taken,
        ),
    ]


def main() -> None:
    parser = arguments("recipes", __doc__)
    parser.add_argument("--recipes", type=int, default=RECIPES)
    parser.add_argument("--refused", type=int, default=REFUSED, help="recipes that are none")
    parser.add_argument("--seed", type=int, default=9)
    options = parser.parse_args()
    began = time.monotonic()
    none = random.Random(options.seed).sample(list(outsiders()), options.refused)
    with running_lab() as server:
        lab = Lab(server)
        lab.wait_until_warm()
        runs = all_trained(lab, options.recipes, options.seed)
        on_page = list(shown([run for run in runs if run.ending], server.url))
        taken = refused(lab, none)
    told([f"{run.recipe}: {fault}" for run in runs for fault in run.faults[:2]])
    told(on_page)
    told(taken)
    rows = rows_of(runs, on_page, len(none), taken)
    show("recipes", rows, time.monotonic() - began, options.write)


if __name__ == "__main__":
    main()
