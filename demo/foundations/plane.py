"""Two classes: a network's boundary moves while it trains. All that it knows travels along."""

import base64
import math

import numpy as np
import torch
from torch import Tensor, nn

from demo.asked import BadRequest, answering, count_in
from demo.code_view import Part, literal
from demo.foundations.plane_asked import Settings, settings_in, with_steps
from demo.lab_source import Excerpts
from demo.turns import Turns
from demo.words import say
from models.errors import LabError
from models.ideas import plane
from models.ideas.plane import batch_at, boundary, judged, training_step, unit_maps

SIDE = 64  # px of the boundary's picture
UNIT_SIDE = 12  # px of a unit's
REACH = 1.25  # the picture goes from -REACH to REACH
MOST_STEPS = 50  # in one request: 15 ms of work
MOST_STEP = 1_000_000
HIGHEST = 1e6  # of a weight or a loss; beyond it a training has exploded
# What an optimiser remembers of each weight.
SLOTS = {"sgd": (), "momentum": ("momentum_buffer",), "adam": ("exp_avg", "exp_avg_sq")}


class ManyError(LabError):
    """More pages train than can wait for their turn."""

    def __init__(self) -> None:
        super().__init__("idea_busy", "many pages are computing; try again in a moment")


# One at a time, a few in line: readings of digits must not wait for thirty of these.
TURNS = Turns(waiting=12, seconds=2.0, busy=ManyError)


@answering
def advance_plane(asked: dict) -> dict:
    """Trains on for some steps: {"settings", "points", "state", "step", "steps"}.

    `state` is what the last answer gave, null at the beginning. Gives the new "state", "step",
    "loss" and "accuracy" on the points and on as many new ones, which own points have not, the
    "boundary" and the hidden layers' "units" as bytes; or "exploded", the step at which it did.
    """
    settings = settings_in(asked)
    step, steps = count_in(asked, "step", MOST_STEP), count_in(asked, "steps", MOST_STEPS + 1)
    return TURNS.work(trained_on, settings, asked.get("state"), step, steps)


def trained_on(settings: Settings, state: object, step: int, steps: int) -> dict:
    """The answer to `advance_plane`. Raises BadRequest."""
    network, optimizer = built(settings)
    if step:
        restore(network, optimizer, settings.optimizer, step, state)
    points, kinds = settings.drawn()
    for at in range(step, step + steps):
        chosen = batch_at(at, len(points), settings.batch, settings.seed)
        training_step(network, optimizer, points[chosen], kinds[chosen])
        if not is_sound(network):
            return {"exploded": at + 1, "step": at + 1}
    shown = described(network, optimizer, settings) | {"step": step + steps}
    return shown | ({"points": told(points, kinds)} if not step else {})


def built(settings: Settings) -> tuple[nn.Sequential, torch.optim.Optimizer]:
    shape = (settings.layers, settings.width, settings.activation, settings.seed)
    network = plane.network_of(*shape)
    return network, plane.optimizer_of(settings.optimizer, network, settings.rate)


def is_sound(network: nn.Module) -> bool:
    largest = max(float(one.detach().abs().max()) for one in network.parameters())
    return largest <= HIGHEST  # NaN is not


def described(network: nn.Sequential, optimizer: torch.optim.Optimizer, chosen: Settings) -> dict:
    loss, accuracy = judged(network, *chosen.drawn())
    test_loss, test_accuracy = judged(network, *chosen.tested()) if chosen.data else (None, None)
    if loss > HIGHEST:
        return {"exploded": True}
    maps = unit_maps(network, UNIT_SIDE, REACH)
    return {
        "state": packed(network, optimizer, chosen.optimizer),
        "loss": loss,
        "accuracy": accuracy,
        "test_loss": test_loss,
        "test_accuracy": test_accuracy,
        "boundary": as_bytes(boundary(network, SIDE, REACH)),
        "units": [as_bytes(scaled(layer)) for layer in maps],
    }


def told(points: Tensor, kinds: Tensor) -> list[list[float]]:
    """[[x, y, kind]], as fine as a picture shows them."""
    whole = torch.cat([points, kinds[:, None]], 1)
    return whole.double().round(decimals=4).tolist()


def scaled(maps: Tensor) -> Tensor:
    """Each unit's map (width, side, side) from its own least to its own most."""
    low, high = maps.amin((1, 2), keepdim=True), maps.amax((1, 2), keepdim=True)
    return (maps - low) / (high - low).clamp(min=1e-9)


def as_bytes(picture: Tensor) -> str:
    """Values in [0, 1], one byte each."""
    return base64.b64encode((picture * 255).round().byte().numpy().tobytes()).decode("ascii")


# ---- What travels ---------------------------------------------------------------------------


def packed(network: nn.Module, optimizer: torch.optim.Optimizer, kind: str) -> str:
    """Weights, then what the optimiser remembers of each: float32 in base64."""
    weights = list(network.parameters())
    rests = [kept(optimizer, one, slot) for slot in SLOTS[kind] for one in weights]
    flat = torch.cat([one.detach().flatten() for one in [*weights, *rests]])
    return base64.b64encode(flat.numpy().astype("<f4").tobytes()).decode("ascii")


def kept(optimizer: torch.optim.Optimizer, weight: Tensor, slot: str) -> Tensor:
    found = optimizer.state[weight].get(slot) if weight in optimizer.state else None
    return torch.zeros_like(weight) if found is None else found


def restore(
    network: nn.Module, optimizer: torch.optim.Optimizer, kind: str, step: int, state: object
) -> None:
    """Puts back what `packed` gave after so many steps. Raises BadRequest."""
    weights = list(network.parameters())
    sizes = [one.numel() for one in weights]
    flat = floats(state, sum(sizes) * (1 + len(SLOTS[kind])))
    pieces = iter(flat.split(sizes * (1 + len(SLOTS[kind]))))
    with torch.no_grad():
        for weight in weights:
            weight.copy_(next(pieces).view_as(weight))
    for slot in SLOTS[kind]:
        for weight in weights:
            value = next(pieces).view_as(weight).clone()
            optimizer.state[weight][slot] = value.abs() if slot == "exp_avg_sq" else value
            if kind == "adam":
                optimizer.state[weight]["step"] = torch.tensor(float(step))


def floats(state: object, count: int) -> Tensor:
    """So many finite numbers out of base64. Raises BadRequest."""
    if not isinstance(state, str) or len(state) != 4 * math.ceil(4 * count / 3):
        raise BadRequest
    try:
        values = np.frombuffer(base64.b64decode(state, validate=True), "<f4")
    except ValueError:
        raise BadRequest from None
    if len(values) != count or not np.isfinite(values).all():
        raise BadRequest
    return torch.from_numpy(values.astype(np.float32))


# ---- Code -----------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The whole training: the settings, "step", and "rates", [[step, learning rate]]."""
    settings, step, rates = with_steps(asked, MOST_STEP)
    source = Excerpts()
    names = ("network_of", "optimizer_of", "batch_at", "training_step", "judged")
    if settings.data:
        code = source.take(plane, "drawn", *names)
        given = f"{literal(settings.data)}, noise={settings.noise}"
        lines = [f"points, kinds = drawn({given}, seed={settings.seed})"]
        tested = f"drawn({given}, seed={settings.seed + 1})"
    else:
        code = source.take(plane, *names)
        lines = [f"points = torch.tensor({[point[:2] for point in settings.points]})"]
        lines += [f"kinds = torch.tensor({[float(point[2]) for point in settings.points]})"]
        tested = ""
    shape = f"{settings.layers}, {settings.width}, {literal(settings.activation)}"
    lines += [
        "torch.set_num_threads(1)",
        f"network = network_of({shape}, seed={settings.seed})",
        f"rates = {dict(rates)}",
        f"optimizer = optimizer_of({literal(settings.optimizer)}, network, rates[0])",
        f"for step in range({step}):",
        "    if step in rates:",
        '        optimizer.param_groups[0]["lr"] = rates[step]',
        f"    chosen = batch_at(step, len(points), {settings.batch}, seed={settings.seed})",
        "    training_step(network, optimizer, points[chosen], kinds[chosen])",
        'print(json.dumps({"train": judged(network, points, kinds)}))',
    ]
    if tested:
        lines.append(f'print(json.dumps({{"test": judged(network, *{tested})}}))')
    source.modules |= {"json", "torch"}
    about = Part(say("idea_plane_about", language), f"\n{source.import_lines()}")
    return [about, Part(say("idea_plane_pieces", language), code),
            Part(say("idea_plane_run", language), "\n".join(lines))]  # fmt: skip


HANDLERS: tuple = (advance_plane,)
