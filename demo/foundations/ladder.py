"""The ladder: five rungs, the code of each beside its curve, what changed since the rung below."""

import inspect
from difflib import SequenceMatcher
from functools import cache

from demo.asked import answering, choice_in, count_in
from demo.climb_process import Climb
from demo.code_view import Part
from demo.code_words import in_language
from demo.lab_source import Excerpts
from demo.train_live import begin, follow_training, steer_training
from demo.words import WORDS, say
from models import foundations
from models.foundations import EPOCHS, RUNGS

MOST_SEED = 2**31  # a seed is below it
SHORT = tuple(name for name, rung in RUNGS.items() if rung.epochs == EPOCHS)
LONG = tuple(name for name in RUNGS if name not in SHORT)


# ---- Handlers -------------------------------------------------------------------------------


@answering
def ladder_rungs(asked: dict) -> dict:
    """What the rungs are: {"rungs": [{"key", "epochs", "below", "lines"}]}.

    `lines` are {language: [[mark, text]]}. A mark is "new" for a line that the rung below has
    not, else "". `gone` counts the lines of the rung below that this one has not.
    """
    return {"rungs": [described(name) for name in RUNGS]}


def described(name: str) -> dict:
    rung = RUNGS[name]
    lines, gone = changed_lines(name)
    below = {"below": rung.below, "gone": gone}
    spoken = {language: spoken_lines(lines, language) for language in WORDS}
    return {"key": name, "epochs": rung.epochs, "lines": spoken, "isLong": name in LONG} | below


@answering
def climb_short(asked: dict) -> dict:
    """Climbs a rung of 20 epochs: {"rung", "seed"}. Gives the loss of each epoch."""
    rung, seed = choice_in(asked, "rung", SHORT), count_in(asked, "seed", MOST_SEED)
    return {"losses": list(RUNGS[rung].climb(seed))}


@answering
def climb_long(asked: dict) -> dict:
    """Begins to climb a rung of many epochs: {"rung", "seed", "owner"}.

    In a process of its own, in the line of the trainings; `follow_training` tells its points,
    {"step", "seconds", "losses": [[epoch, loss]]}, and its end.
    """
    climb = Climb(choice_in(asked, "rung", LONG), count_in(asked, "seed", MOST_SEED))
    key, owner = begin(climb, asked.get("owner"))
    return {"key": key, "owner": owner, "every": climb.every}


# ---- Code -----------------------------------------------------------------------------------


@cache
def source_of(name: str) -> tuple[str, ...]:
    """The lines of a rung's own code."""
    pieces = [inspect.getsource(getattr(foundations, part)) for part in RUNGS[name].parts]
    return tuple("\n\n".join(pieces).splitlines())


@cache
def changed_lines(name: str) -> tuple[list[list[str]], int]:
    """A rung's lines, each with its mark, and how many of the rung below are gone."""
    lines, below = source_of(name), RUNGS[name].below
    if below is None:
        return [["", line] for line in lines], 0
    before = source_of(below)
    marks, gone = [""] * len(lines), 0
    for kind, old, until, first, last in SequenceMatcher(None, before, lines, False).get_opcodes():
        if kind == "equal":
            continue
        gone += sum(bool(line.strip()) for line in before[old:until])
        for at in range(first, last):
            marks[at] = "new" if lines[at].strip() else ""
    return [list(pair) for pair in zip(marks, lines, strict=True)], gone


def spoken_lines(lines: list[list[str]], language: str) -> list[list[str]]:
    """The same lines with their remarks in a language, each of which stays one line."""
    code = in_language("\n".join(text for _, text in lines), language)
    return [[mark, text] for (mark, _), text in zip(lines, code.split("\n"), strict=True)]


def parts(asked: dict, language: str) -> list[Part]:
    """The script of a rung: {"rung", "seed"}. Raises LabError."""
    name, seed = choice_in(asked, "rung", RUNGS), count_in(asked, "seed", MOST_SEED)
    rung, source = RUNGS[name], Excerpts()
    code = source.take(foundations, *rung.parts)
    source.modules |= {"json", "torch"}
    about = say("idea_ladder_about", language, rung=say(f"idea_ladder_{name}", language))
    show = 'print(json.dumps({"epoch": epoch, "loss": loss}))'
    loop = ["torch.set_num_threads(1)", f"for epoch, loss in enumerate({name}(seed={seed}), 1):"]
    if rung.told_every > 1:
        loop += [f"    if epoch % {rung.told_every} == 0:", f"        {show}"]
    else:
        loop += [f"    {show}"]
    return [
        Part(about, f"\n{source.import_lines()}"),
        Part(say(f"idea_ladder_{name}_over", language), code),
        Part(say("idea_ladder_loop", language), "\n".join(loop)),
    ]


HANDLERS: tuple = (ladder_rungs, climb_short, climb_long, follow_training, steer_training)
