"""The chapter `bug` of the foundations: the book's gradient beside the right one."""

from functools import lru_cache

from torch import Tensor

from demo.asked import BadRequest, answering, choice_in, count_in, seed_in
from demo.code_view import Part
from demo.lab_source import Excerpts
from demo.words import say
from models.foundations import EPOCHS, start
from models.ideas import book_gradient
from models.ideas.book_gradient import (
    WAYS,
    agreement,
    by_autograd,
    by_hand,
    cosine,
    road,
)

EXAMPLES = HIDDEN = 100  # the hidden gradient's rows and columns
SIDE = 12  # elements of the hidden gradient that are shown, down and across


# ---- Handlers -------------------------------------------------------------------------------


@answering
def compare_gradients(asked: dict) -> dict:
    """Both roads, and the gradients at one epoch of one of them: all three, element by element.

    Takes {seed, way: whose road, epoch: from 1, row, column: of the part that is shown}. Gives
    {losses, patch: {autograd, masked, clamped, behind, on} of SIDE x SIDE, cases, and of both
    ways agreement and cosine with autograd}.
    """
    seed, way = seed_in(asked), choice_in(asked, "way", WAYS)
    epoch = epoch_in(asked)
    row = count_in(asked, "row", EXAMPLES - SIDE + 1)
    column = count_in(asked, "column", HIDDEN - SIDE + 1)
    maps, figures = compared(seed, way, epoch)
    part = slice(row, row + SIDE), slice(column, column + SIDE)
    patch = {name: one[part].flatten().tolist() for name, one in maps.items()}
    return {"losses": losses_of(seed), "patch": patch} | figures


def epoch_in(asked: dict) -> int:
    """From 1 to the last one. Raises BadRequest."""
    epoch = count_in(asked, "epoch", EPOCHS + 1)
    if not epoch:
        raise BadRequest
    return epoch


@lru_cache(32)  # moving the part that is shown trains nothing again
def losses_of(seed: int) -> dict[str, list[float]]:
    """The loss of each epoch, both ways."""
    return {way: road(seed, way)[0] for way in WAYS}


@lru_cache(16)
def compared(seed: int, way: str, epoch: int) -> tuple[dict[str, Tensor], dict]:
    """Maps (100, 100) of the hidden gradient, and what they come to, at an epoch of a road."""
    x, y, _, _ = start(seed)
    weights = road(seed, way, epoch)[1][-1]
    true = by_autograd(x, y, *weights)
    ways = {name: by_hand(x, y, *weights, name)[1] for name in WAYS}
    behind, on = ways["masked"]["behind"], x.mm(weights[0]) > 0
    maps = {"autograd": true["hidden"], "behind": behind, "on": on.int()}
    maps |= {name: gradients["hidden"] for name, gradients in ways.items()}
    figures = {
        name: {
            kind: {each: measure(ways[each][kind], true[kind]) for each in WAYS}
            for kind in ("hidden", "w1")
        }
        for name, measure in (("agreement", agreement), ("cosine", cosine))
    }
    return maps, figures | {"cases": cases_of(on, behind)}


def cases_of(on: Tensor, behind: Tensor) -> dict[str, int]:
    """How many elements have the unit on or off, and the gradient that comes back positive."""
    positive = behind > 0
    return {
        "on_plus": int((on & positive).sum()),
        "on_minus": int((on & ~positive).sum()),
        "off_plus": int((~on & positive).sum()),
        "off_minus": int((~on & ~positive).sum()),
    }


HANDLERS = (compare_gradients,)


# ---- The code -------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script that trains both ways and compares. Raises LabError."""
    seed, way = seed_in(asked), choice_in(asked, "way", WAYS)
    epoch = epoch_in(asked)
    source = Excerpts()
    source.modules.add("json")
    relu = source.take(book_gradient, "through_relu", "WAYS")
    network = source.take(book_gradient, "by_hand", "by_autograd", "road")
    judged = source.take(book_gradient, "agreement", "cosine")
    given = f'seed, way, epoch = {seed}, "{way}", {epoch}'
    return [
        Part(say("idea_bug_code", language), f"\n{source.import_lines()}\n\n{relu}"),
        Part(say("idea_bug_code_network", language), network),
        Part(say("idea_bug_code_judge", language), f"{judged}\n\n\n{given}\n{PRINTED}"),
    ]


PRINTED = """\
for one in WAYS:
    print(f"{one}: {road(seed, one)[0][-1]:,} at the last epoch")
x, y, _, _ = start(seed)
weights = road(seed, way, epoch)[1][-1]
true = by_autograd(x, y, *weights)
for one in WAYS:
    _, gradients = by_hand(x, y, *weights, one)
    facts = {}
    for kind in ("hidden", "w1"):
        facts[kind] = [agreement(gradients[kind], true[kind]), cosine(gradients[kind], true[kind])]
    print(json.dumps({"way": one, "loss": road(seed, one)[0][-1], **facts}))"""
