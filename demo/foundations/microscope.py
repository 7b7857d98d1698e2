"""The chapter `microscope` of the foundations: one step of a tiny network, number by number."""

import torch
from torch import Tensor

from demo.asked import answering, choice_in
from demo.code_view import Part
from demo.foundations.values import number_in
from demo.lab_source import Excerpts
from demo.words import say
from models.ideas import microscope
from models.ideas.microscope import ACTIVATIONS, backward, by_name, chain_rule, forward, update

MOST = 1000.0  # of each number; no step from there leaves float64's range
MOST_RATE = 1000.0
WEIGHTS = {  # each tensor's names as the page has them, in its shape
    "w": [["w11", "w12"], ["w21", "w22"], ["w31", "w32"]],
    "b": ["b1", "b2", "b3"],
    "v": ["v1", "v2", "v3"],
    "c": "c",
}
SATURATED = 0.01  # a slope below it lets less than a hundredth of the gradient through
Step = tuple[Tensor, Tensor, dict[str, Tensor], str, float]


# ---- What is asked --------------------------------------------------------------------------


def numbers_in(asked: dict, names: str | list) -> float | list:
    """The numbers under these names, in the same shape. Raises NumberError."""
    if isinstance(names, str):
        return number_in(asked, names, -MOST, MOST)
    return [numbers_in(asked, each) for each in names]


def step_in(asked: dict) -> Step:
    """x (2,), the target (), the weights, the activation and the learning rate of a request.

    In float64, so that the products hold to the digits on the page. Raises LabError.
    """

    def tensor(names: str | list) -> Tensor:
        return torch.tensor(numbers_in(asked, names), dtype=torch.float64)

    weights = {letter: tensor(names) for letter, names in WEIGHTS.items()}
    activation = choice_in(asked, "activation", ACTIVATIONS)
    rate = number_in(asked, "rate", 0, MOST_RATE)
    return tensor(["x1", "x2"]), tensor("t"), weights, activation, rate


# ---- What is answered -----------------------------------------------------------------------


@answering
def show_step(asked: dict) -> dict:
    """Every number of one step: {values, gradients, rule, new, after, units, alike}.

    rule: the factors [name, number] of each gradient; new: the weights after the step, after: the
    loss with them; units: what is wrong with each hidden unit, "" for nothing.
    """
    x, target, weights, activation, rate = step_in(asked)
    values, gradients = backward(x, target, weights, activation)
    rule = chain_rule(x, target, weights, activation, values, gradients)
    new = update(weights, gradients, rate)
    return {
        "values": by_name({"x": x, "t": target} | weights | values),
        "gradients": by_name(gradients),
        "rule": rule,
        "new": by_name(new),
        "after": forward(x, target, new, activation)["loss"].item(),
        "units": [unit_state(activation, *rule[f"z{j}"][1]) for j in (1, 2, 3)],
        "alike": are_alike(weights),
    }


def unit_state(activation: str, _: str, slope: float) -> str:
    """Whether the slope of a hidden unit lets a gradient through."""
    if activation == "relu":
        return "" if slope else "off"
    return "saturated" if slope < SATURATED else ""


def are_alike(weights: dict[str, Tensor]) -> bool:
    """Whether all hidden units have the same weights, and so the same gradients for ever."""
    units = torch.cat([weights["w"], weights["b"][:, None], weights["v"][:, None]], dim=1)  # (3, 4)
    return bool((units == units[0]).all())


HANDLERS = (show_step,)


# ---- The code -------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script of this step. Raises LabError."""
    step = step_in(asked)
    source = Excerpts()
    source.modules |= {"json", "torch"}
    network = source.take(microscope, "forward", "backward")
    rule = source.take(microscope, "chain_rule", "by_name", "update")
    return [
        Part(say("idea_microscope_code", language), f"\n{source.import_lines()}\n\n{network}"),
        Part(say("idea_microscope_code_rule", language), rule),
        Part(say("idea_microscope_code_numbers", language), "\n".join([*given(step), PRINTED])),
    ]


def given(step: Step) -> list[str]:
    """The lines that hold the visitor's numbers."""
    x, target, weights, activation, rate = step
    lines = [f"x = {tensor_line(x)}", f"target = {tensor_line(target)}", "weights = {"]
    lines += [f'    "{letter}": {tensor_line(weight)},' for letter, weight in weights.items()]
    return [*lines, "}", f'activation, rate = "{activation}", {rate!r}']


def tensor_line(tensor: Tensor) -> str:
    return f"torch.tensor({tensor.tolist()}, dtype=torch.float64)"


PRINTED = """\
values, gradients = backward(x, target, weights, activation)
named = by_name(gradients)
for name, factors in chain_rule(x, target, weights, activation, values, gradients).items():
    terms = " * ".join(term for term, _ in factors)
    numbers = " * ".join(f"{number:.4g}" for _, number in factors)
    print(f"dL/d{name} = {terms} = {numbers} = {named[name]:.4g}")
after = forward(x, target, update(weights, gradients, rate), activation)["loss"]
print(json.dumps({"gradients": named, "loss": values["loss"].item(), "after": after.item()}))"""
