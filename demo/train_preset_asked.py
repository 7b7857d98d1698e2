"""What the page asks about experiments: which there are, and what their finished runs say."""

from demo.asked import BadRequest, answering, choice_in, count_in
from demo.train_presets import PRESETS, Preset
from demo.train_verdicts import Facts

MOST_STEPS = 10**9
LONGEST = 10**7  # s
LARGEST_GRADIENT = 1e30


def train_presets(_asked: object) -> dict:
    """The table as the page shows it, in its order."""
    next_ones = [*PRESETS, *PRESETS][1:]  # the last one leads to the first
    return {
        "presets": [
            {"key": key, **entry_of(preset), "then": then}
            for (key, preset), then in zip(PRESETS.items(), next_ones, strict=False)
        ]
    }


def entry_of(preset: Preset) -> dict:
    recipes = preset.recipes()
    runs = [
        {
            "key": run,
            "recipe": recipes[run].as_dict(),
            "named": [name for name in changes if name not in preset.unnamed],
        }
        for run, changes in preset.runs.items()
    ]
    limits = list(preset.limits or ())
    return {"runs": runs, "answers": list(preset.answers), "limits": limits}


@answering
def judge_preset(asked: dict) -> dict:
    """What the runs of {"preset", "answer": one of its answers or null, "runs": {name: facts}}
    say: {"sentence", "details", "right": whether the answer came true, null without one}.
    """
    preset = PRESETS[choice_in(asked, "preset", PRESETS)]
    answer = asked.get("answer")
    if answer is not None:
        choice_in(asked, "answer", preset.answers)
    told = asked.get("runs")
    if not isinstance(told, dict) or set(told) != set(preset.runs):
        raise BadRequest
    verdict = preset.judge({run: facts_in(told[run]) for run in preset.runs})
    right = None if answer is None else answer in preset.right_answers(verdict)
    return {"sentence": verdict.sentence, "details": verdict.details, "right": right}


def facts_in(told: object) -> Facts:
    """A run's facts as the page sends them. Raises BadRequest."""
    if not isinstance(told, dict) or not isinstance(told.get("diverged"), bool):
        raise BadRequest
    gradients = told.get("gradients")
    if gradients is not None:
        if not isinstance(gradients, list) or len(gradients) != 2:
            raise BadRequest
        gradients = tuple(number_in(size, LARGEST_GRADIENT) or 0.0 for size in gradients)
    return Facts(
        told["diverged"],
        count_in(told, "step", MOST_STEPS),
        number_in(told.get("seconds"), LONGEST) or 0.0,
        number_in(told.get("test"), 1),
        number_in(told.get("train"), 1),
        gradients,
    )


def number_in(value: object, most: float) -> float | None:
    """A number from 0 to `most`, or None. Raises BadRequest."""
    if value is None:
        return None
    if type(value) not in (int, float) or not 0 <= value <= most:  # NaN fails the comparison
        raise BadRequest
    return float(value)
