"""The best moment of a run: its weights where the loss on held-out images was lowest."""

import math

from torch import Tensor, nn

from models.snapshot import Snapshot


class Best:
    """Weights kept at the lowest loss so far, on held-out training images, never on the test set.

    Where a run holds none out, no moment can be told from another, and the last sound one is kept.
    """

    def __init__(self) -> None:
        self.step = 0
        self.loss = math.inf
        self.weights: dict[str, Tensor] | None = None

    def offer(self, snapshot: Snapshot, network: nn.Module) -> bool:
        """Keeps the network's weights if they are better; says whether they were."""
        held_out, measured = snapshot.held_out_loss, snapshot.glance_loss is not None
        if snapshot.diverged or (held_out is None and not measured):
            return False
        if held_out is not None and not held_out < self.loss:
            return False
        self.step, self.loss = snapshot.step, math.inf if held_out is None else held_out
        self.weights = {name: value.clone() for name, value in network.state_dict().items()}
        return True
