"""The best moment of a run: its weights where the loss on held-out images was lowest."""

import math

from torch import Tensor, nn

from models.snapshot import Snapshot


class Best:
    """Weights kept at the lowest loss so far, on held-out training images, never on the test set.

    Where a run holds none out, no moment can be told from another, and the last sound one is kept.
    Until a moment is judged, the first sound one is.
    """

    def __init__(self) -> None:
        self.step = 0
        self.loss = math.inf
        self.weights: dict[str, Tensor] | None = None
        self.is_judged = False  # whether the moment that is kept was measured

    def offer(self, snapshot: Snapshot, network: nn.Module) -> bool:
        """Keeps the network's weights if they are better; says whether they were."""
        held_out = snapshot.held_out_loss
        measured = [loss for loss in (held_out, snapshot.glance_loss) if loss is not None]
        if snapshot.diverged or not all(map(math.isfinite, measured)):
            return False
        if self.weights is not None and not measured:
            return False
        if held_out is not None and not held_out < self.loss:
            return False
        if not has_sound_weights(network):
            return False
        self.step, self.loss = snapshot.step, math.inf if held_out is None else held_out
        self.weights = {name: value.clone() for name, value in network.state_dict().items()}
        self.is_judged = bool(measured)
        return True


def has_sound_weights(network: nn.Module) -> bool:
    """Whether all weights and buffers are finite numbers: a step may overshoot and the loss before
    it be one."""
    return all(bool(value.isfinite().all()) for value in network.state_dict().values())
