"""One step of a tiny network, two inputs, three hidden units, one output, number by number."""

from itertools import product

import torch
from torch import Tensor

INPUTS, HIDDEN = 2, 3
ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def slope(activation: str, z: Tensor, h: Tensor) -> Tensor:
    """The activation's derivative f'(z), written with z and with h = f(z); the shape of z."""
    if activation == "sigmoid":
        return h * (1 - h)
    if activation == "tanh":
        return 1 - h**2
    return (z > 0).to(z.dtype)  # ReLU; 0 at the kink itself, as PyTorch has it


def forward(
    x: Tensor, target: Tensor, weights: dict[str, Tensor], activation: str
) -> dict[str, Tensor]:
    """From x (2,) to the loss, with all that comes between; weights as `backward` takes them."""
    z = weights["w"] @ x + weights["b"]  # (3, 2) @ (2,) + (3,) -> (3,)
    h = ACTIVATIONS[activation](z)  # (3,)
    y = weights["v"] @ h + weights["c"]  # (3,) @ (3,) + () -> ()
    loss = (y - target) ** 2
    return {"z": z, "h": h, "y": y, "loss": loss}


def backward(
    x: Tensor, target: Tensor, weights: dict[str, Tensor], activation: str
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The values of the forward pass, and by autograd the gradient of the loss for each number.

    weights: w (3, 2) and b (3,) of the hidden units, v (3,) and c () of the output.
    """
    weights = {name: weight.clone().requires_grad_() for name, weight in weights.items()}
    values = forward(x, target, weights, activation)
    for value in values.values():
        value.retain_grad()  # autograd keeps only the weights' gradients unless asked
    values["loss"].backward()
    gradients = {name: number.grad for name, number in (values | weights).items()}
    return {name: value.detach() for name, value in values.items()}, gradients


def chain_rule(
    x: Tensor,
    target: Tensor,
    weights: dict[str, Tensor],
    activation: str,
    values: dict[str, Tensor],
    gradients: dict[str, Tensor],
) -> dict[str, list[tuple[str, float]]]:
    """For each number, from the output back, the named factors whose product is its gradient."""
    slopes = slope(activation, values["z"], values["h"])
    from_y = ("dL/dy", gradients["y"].item())
    rule = {
        "y": [("2", 2.0), ("(y-t)", (values["y"] - target).item())],
        "c": [from_y, ("1", 1.0)],
    }
    for j in range(HIDDEN):
        rule[f"v{j + 1}"] = [from_y, (f"h{j + 1}", values["h"][j].item())]
    for j in range(HIDDEN):
        from_h = (f"dL/dh{j + 1}", gradients["h"][j].item())
        from_z = (f"dL/dz{j + 1}", gradients["z"][j].item())
        rule[f"h{j + 1}"] = [from_y, (f"v{j + 1}", weights["v"][j].item())]
        rule[f"z{j + 1}"] = [from_h, (f"f'(z{j + 1})", slopes[j].item())]
        for i in range(INPUTS):
            rule[f"w{j + 1}{i + 1}"] = [from_z, (f"x{i + 1}", x[i].item())]
        rule[f"b{j + 1}"] = [from_z, ("1", 1.0)]
    return rule


def by_name(numbers: dict[str, Tensor]) -> dict[str, float]:
    """Each number under a name of its own: w (3, 2) gives w11, w12, w21, and so on."""
    named = {}
    for letter, tensor in numbers.items():
        for place in product(*map(range, tensor.shape)):  # of a scalar the one place ()
            named[letter + "".join(str(at + 1) for at in place)] = tensor[place].item()
    return named


def update(
    weights: dict[str, Tensor], gradients: dict[str, Tensor], rate: float
) -> dict[str, Tensor]:
    """One step of gradient descent."""
    return {name: weight - rate * gradients[name] for name, weight in weights.items()}
