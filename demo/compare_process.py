"""The three ways to meet a new task, side by side in one process: each takes its turn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

from demo.job_guard import Limits
from demo.light_session import LightSession
from models.transfer import LEARNING, WAYS, Learner, Learning, Standing, Transfer


@dataclass(frozen=True)
class Comparison:
    """What the three ways have in common, and the locks of the one that is tuned.

    Raises TransferError for what no transfer takes.
    """

    teacher: str
    examples: int  # of each digit
    seed: int
    augmentation: bool = True
    locked: tuple[str, ...] = ()  # blocks that may not learn where the teacher is tuned
    learning: Learning = LEARNING

    def __post_init__(self) -> None:
        _ = self.transfers  # each checks itself

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """One of each way."""
        common = (self.teacher, self.examples, self.seed, self.augmentation)
        locks = {"tuned": self.locked}
        return tuple(Transfer(way, *common, locks.get(way)) for way in WAYS)

    @property
    def total(self) -> int:
        """Steps of all three."""
        return self.learning.steps * len(WAYS)


def in_turn(comparison: Comparison) -> Iterator[tuple[str, Standing]]:
    """Each way and how far it is, one after the other, until all have ended. Raises LabError."""
    learners = {
        transfer.way: Learner(transfer, comparison.learning).steps()
        for transfer in comparison.transfers
    }
    while learners:
        for way, steps in list(learners.items()):
            standing = next(steps)
            yield way, standing
            if standing.done:
                del learners[way]


def told(way: str, standing: Standing) -> dict[str, object]:
    """A standing for the page: what is known at the end comes at the end."""
    facts = {"way": way, "step": standing.step, "loss": round(standing.loss, 4)}
    facts |= {"accuracy": standing.accuracy, "seconds": round(standing.seconds, 3)}
    if not standing.done:
        return facts
    trained = {"weights_trained": standing.weights_trained, "locked": list(standing.locked)}
    return facts | {"done": True, "forgotten": standing.forgotten} | trained


def run(
    comparison: Comparison,
    line: Connection,
    limits: Limits,
    orders: Iterable[tuple[str, object]] = (),
) -> None:
    """The process's whole life. `orders`: given while it waited."""
    ComparisonSession(comparison, line).live(limits, orders)


class ComparisonSession(LightSession):
    """The three learners; `step` counts the steps of all."""

    def __init__(self, comparison: Comparison, line: Connection) -> None:
        super().__init__(line)
        self.comparison = comparison
        self.steps = dict.fromkeys(WAYS, 0)
        self.standings: list[dict[str, object]] = []  # not told yet

    def steps_of_work(self) -> Iterator[None]:
        for way, standing in in_turn(self.comparison):
            self.steps[way] = standing.step
            self.step = sum(self.steps.values())
            self.standings.append(told(way, standing))
            yield

    def tell_news(self) -> None:
        standings, self.standings = self.standings, []
        self.tell("point", {"step": self.step, "seconds": self.seconds, "standings": standings})
