"""Where a run stands: the facts that it yields, and the sums that they are made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    """Where a run stands. Accuracies are fractions of 1, None where not measured at this step."""

    step: int
    epoch: float
    loss: float  # mean over the batches since the epoch began
    train_accuracy: float | None  # over the same batches
    test_accuracy: float | None  # the whole test set, in eval mode
    seconds: float  # since the run began
    cpu_seconds: float  # of this process, in training; without loading and measuring
    held_out_accuracy: float | None = None  # on the training images that were held out
    diverged: bool = False  # the loss was NaN or infinite at this step, where the run ends
    recent_loss: float | None = None  # mean over the batches since the last snapshot
    recent_accuracy: float | None = None  # over the same batches
    glance_loss: float | None = None  # on the first test images; a cleaner's MSE on them spoiled
    glance_accuracy: float | None = None  # on the same; of the whole test set where an epoch ends
    held_out_loss: float | None = None
    learning_rate: float | None = None  # of the last step


@dataclass
class Tally:
    """Sums over batches, of all processes."""

    loss: float = 0.0  # of the batches' means
    batches: int = 0
    right: float = 0.0
    digits: float = 0.0

    def add(self, loss: float, right: float, digits: float) -> None:
        self.loss, self.batches = self.loss + loss, self.batches + 1
        self.right, self.digits = self.right + right, self.digits + digits

    @property
    def mean_loss(self) -> float:
        return self.loss / self.batches

    @property
    def accuracy(self) -> float | None:
        """The share read right, None of a cleaner's batches and of batches without digits."""
        return self.right / self.digits if self.digits else None
