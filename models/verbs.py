"""One training step told in its five verbs: forward, loss, zero, backward, step, with numbers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from models.engine import Training


def learned(network: nn.Module) -> list[tuple[str, nn.Parameter]]:
    """The weights that a step changes, with their names."""
    return [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]


def gradient_size(network: nn.Module) -> float:
    """The length of the gradient of all weights together, 0 where there is none yet."""
    parts = [weight.grad.norm() for _, weight in learned(network) if weight.grad is not None]
    return float(torch.stack(parts).norm()) if parts else 0.0


def layer_name(module: nn.Module) -> str:
    """conv, linear or norm."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        return "conv"
    return "linear" if isinstance(module, nn.Linear) else "norm"


def gradients(network: nn.Module) -> list[dict]:
    """The size of the gradient of each layer's weights, from input to output; biases left out."""
    modules = dict(network.named_modules())
    return [
        {
            "layer": layer_name(modules[name.rpartition(".")[0]]),
            "name": name,
            "shape": "×".join(map(str, weight.shape)),
            "size": 0.0 if weight.grad is None else float(weight.grad.norm()),
        }
        for name, weight in learned(network)
        if name.endswith("weight")
    ]


class Explained:
    """Takes a step as it is always taken, and leaves what it did in the run's `verbs`."""

    def __init__(self, run: "Training", take_step: Callable) -> None:
        self.run, self.take_step = run, take_step

    def __call__(self, learner: nn.Module, *rest: object) -> tuple[Tensor, Tensor]:
        run, network = self.run, self.run.network
        before = gradient_size(network)
        old = [weight.detach().clone() for _, weight in learned(network)]
        loss, outputs = self.take_step(learner, *rest)
        moved = [
            weight.detach() - was for (_, weight), was in zip(learned(network), old, strict=True)
        ]
        targets = rest[-1]
        run.explaining = False
        run.verbs = {
            "step": run.step_count + 1,
            "images": len(targets),
            "probability": probability(outputs, targets),
            "loss": float(loss),
            "gradient_before": before,
            "gradient": gradient_size(network),
            "layers": gradients(network),
            "rate": run.rate_now,
            "change": float(torch.stack([move.norm() for move in moved]).norm()),
            **one_weight(network, old),
        }
        return loss, outputs


def probability(outputs: Tensor, targets: Tensor) -> float | None:
    """The mean probability of the right answer; None of pictures, and of no digit."""
    known = targets >= 0
    if outputs.ndim != 2 or not known.any():
        return None
    chances = outputs[known].softmax(1).gather(1, targets[known].unsqueeze(1))  # (B, 1)
    return float(chances.mean())


def one_weight(network: nn.Module, old: list[Tensor]) -> dict:
    """One weight of the first layer before and after the step: that with the largest gradient."""
    name, weight = learned(network)[0]
    if weight.grad is None:
        return {}
    at = int(weight.grad.abs().argmax())
    place = torch.unravel_index(torch.tensor(at), weight.shape)
    return {
        "where": f"{name}[{', '.join(str(int(index)) for index in place)}]",
        "weight": float(old[0].flatten()[at]),
        "weight_gradient": float(weight.grad.flatten()[at]),
        "weight_after": float(weight.detach().flatten()[at]),
    }
