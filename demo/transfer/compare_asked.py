"""What a request of the section `compare` says, checked."""

from demo.asked import BadRequest, choice_in, count_in, seed_in
from demo.compare_process import Comparison
from demo.foundations.values import switch_in
from models.teachers import BLOCKS, TEACHERS
from models.transfer import MOST_EXAMPLES


def comparison_in(asked: dict) -> Comparison:
    """{"teacher", "examples", "augmentation", "seed", "locked": blocks}.

    Raises BadRequest, and TransferError where nothing could learn.
    """
    examples = count_in(asked, "examples", MOST_EXAMPLES + 1)
    if not examples:
        raise BadRequest
    return Comparison(
        choice_in(asked, "teacher", TEACHERS),
        examples,
        seed_in(asked),
        switch_in(asked, "augmentation"),
        locks_in(asked),
    )


def locks_in(asked: dict) -> tuple[str, ...]:
    """The blocks that are locked, from the pixels on. Raises BadRequest."""
    names = asked.get("locked")
    if not isinstance(names, list) or len(names) > len(BLOCKS):
        raise BadRequest
    if not all(isinstance(name, str) and name in BLOCKS for name in names):
        raise BadRequest
    return tuple(name for name in BLOCKS if name in names)
