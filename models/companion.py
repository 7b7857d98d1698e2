"""Who goes along with a training: it may hold it, end it, change its rate, and look closer."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.engine import Training


class Companion:
    """Lets the training run; what it adds is the measuring between epochs' ends."""

    def begin(self, run: "Training") -> None:
        """Before the first step."""

    def before_step(self, run: "Training") -> None:
        """Before each step: may wait, and call run.stop, run.change_rate or run.explain_next."""

    def wants_snapshot(self, run: "Training") -> bool:
        """After each step: whether a snapshot is wanted that the run would not give."""
        return False
