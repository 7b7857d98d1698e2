"""The best moment of a run: its weights where the loss on held-out images was lowest."""

import math

from torch import Tensor, nn

from models.snapshot import Snapshot


class Best:
    """Weights kept at the lowest loss so far: on held-out training images, never on the test set;
    where a run holds none out, on the batches that it learns from."""

    def __init__(self) -> None:
        self.step = 0
        self.loss = math.inf
        self.weights: dict[str, Tensor] | None = None

    def offer(self, snapshot: Snapshot, network: nn.Module) -> bool:
        """Keeps the network's weights if they are better; says whether they were."""
        loss = snapshot.held_out_loss
        if loss is None and snapshot.glance_loss is not None:  # measured, and nothing held out
            loss = snapshot.recent_loss
        if snapshot.diverged or loss is None or not loss < self.loss:
            return False
        self.step, self.loss = snapshot.step, loss
        self.weights = {name: value.clone() for name, value in network.state_dict().items()}
        return True
