"""A long rung of the ladder in a process of its own: it tells its losses, and can be stopped."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

from demo.job_guard import Limits
from demo.light_session import LightSession
from models.foundations import RUNGS

TOLD = 400  # losses of a rung that are told, at even steps


@dataclass(frozen=True)
class Climb:
    """Which rung, and the seed of its numbers."""

    rung: str
    seed: int

    @property
    def every(self) -> int:
        """Epochs from one loss that is told to the next."""
        return max(RUNGS[self.rung].epochs // TOLD, 1)


def run(
    climb: Climb, line: Connection, limits: Limits, orders: Iterable[tuple[str, object]] = ()
) -> None:
    """The process's whole life. `orders`: given while it waited."""
    ClimbSession(climb, line).live(limits, orders)


class ClimbSession(LightSession):
    """A rung, epoch by epoch."""

    def __init__(self, climb: Climb, line: Connection) -> None:
        super().__init__(line)
        self.climb, self.losses = climb, []

    def steps_of_work(self) -> Iterator[None]:
        rung = RUNGS[self.climb.rung]
        for loss in rung.climb(self.climb.seed):
            self.step += 1
            if self.step % self.climb.every == 1 % self.climb.every or self.step == rung.epochs:
                self.losses.append([self.step, loss])
            yield

    def tell_news(self) -> None:
        losses, self.losses = self.losses, []
        self.tell("point", {"step": self.step, "seconds": self.seconds, "losses": losses})
