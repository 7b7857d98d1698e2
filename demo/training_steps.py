"""The lines of a training script that are its recipe's own, from the data to the first step."""

from dataclasses import dataclass
from functools import partial
from inspect import signature

import torch
from torch import nn

from demo.code_view import literal
from demo.words import DEFAULT_LANGUAGE, say
from models.augment import EDITS, FLOWS
from models.engine import PIECE, steps_an_epoch, total_steps
from models.nets import NETS
from models.noise import MIXED, NOISES, spoil_mixed
from models.optimizers import OPTIMIZERS, SCHEDULES, constant
from models.recipe import TRAIN_IMAGES, Recipe

WEIGHTS = "trained.pt"
WIDTH = 100  # columns of a line of code
OPTIMIZER_SETTINGS = ("lr", "momentum", "betas", "weight_decay")
# PyTorch's own losses by the lab's names; rmse is the lab's.
MODULES = {"mse": "nn.MSELoss()", "l1": "nn.L1Loss()", "rmse": "rmse"}


@dataclass(frozen=True)
class Run:
    """All that the script depends on."""

    recipe: Recipe
    steps: int | None = None  # that it took, where it ended before its last one
    language: str = DEFAULT_LANGUAGE

    @property
    def total(self) -> int:
        """Steps of the whole run, which its learning rate follows."""
        return total_steps(self.recipe)

    @property
    def last(self) -> int:
        return self.steps or self.total

    @property
    def an_epoch(self) -> int:
        return steps_an_epoch(self.recipe)

    @property
    def schedule(self) -> str | None:
        """Its function; a rate that stays as it is needs none."""
        entry = SCHEDULES[self.recipe.schedule]
        return None if entry is constant else entry.__name__

    @property
    def largest_batch(self) -> int:
        recipe = self.recipe
        return recipe.train_images if recipe.takes_whole_set else recipe.batch_size

    @property
    def step(self) -> str:
        """The function that takes a step."""
        return "training_step" if self.largest_batch <= PIECE else "step_in_pieces"

    @property
    def varies(self) -> bool:
        """Whether something random is done to the images."""
        return self.recipe.is_cleaner or bool(self.recipe.augment)

    @property
    def noise(self) -> str:
        """The function that spoils a cleaner's images."""
        kind = self.recipe.noise
        return (spoil_mixed if kind == MIXED else NOISES[kind].spoil).__name__

    def say(self, key: str) -> str:
        recipe = self.recipe
        own = {"network": recipe.network, "images": f"{recipe.train_images:,}", "seed": recipe.seed}
        return say(key, self.language, weights=WEIGHTS, epochs=f"{recipe.epochs:g}", **own)


def call(before: str, settings: list[str]) -> str:
    """`before(settings)`, broken as the formatter breaks it where the line is too long."""
    inside = ", ".join(settings)
    if len(line := f"{before}({inside})") <= WIDTH:
        return line
    if len(inside) + 4 <= WIDTH:
        return f"{before}(\n    {inside}\n)"
    return "\n".join([f"{before}(", *(f"    {setting}," for setting in settings), ")"])


# ---- How it begins --------------------------------------------------------------------------


def network_class(recipe: Recipe) -> tuple[str, list[str]]:
    """The name of the network's class, and what is handed to it."""
    build = NETS[recipe.network].build
    settings = [f"{name}={literal(value)}" for name, value in recipe.network_settings().items()]
    if isinstance(build, partial):
        return build.func.__name__, [*map(literal, build.args), *settings]
    return build.__name__, settings


def has_convolutions(recipe: Recipe) -> bool:
    with torch.device("meta"):
        network = recipe.build_network()
    return any(weight.ndim == 4 for weight in network.parameters())


def building_optimizer(recipe: Recipe) -> tuple[str, list[str]]:
    """The recipe's optimiser as code, by the names that PyTorch's own one gives its settings."""
    made = OPTIMIZERS[recipe.optimizer].build([nn.Parameter(torch.zeros(1))], recipe)
    known = signature(type(made)).parameters
    settings = [
        f"{name}={literal(made.defaults[name])}"
        for name in OPTIMIZER_SETTINGS
        if name == "lr" or (name in known and made.defaults[name] != known[name].default)
    ]
    return f"torch.optim.{type(made).__name__}", ["network.parameters()", *settings]


def loss_function(recipe: Recipe) -> str:
    """What a step makes small, as code."""
    smoothing = f"label_smoothing={literal(recipe.label_smoothing)}" * bool(recipe.label_smoothing)
    if recipe.loss == "cross_entropy":
        return f"nn.CrossEntropyLoss({smoothing})"
    distance = MODULES[recipe.loss]
    if recipe.is_cleaner:
        return distance
    on_classes = f"on_softmax({distance})"
    return f"partial({on_classes}, {smoothing})" if smoothing else on_classes


def loading(run: Run) -> list[str]:
    """The images of both sets; a cleaner has no use for labels, and is not tested."""
    source = "download=options.download)"
    if run.recipe.is_cleaner:
        return [f"images, _ = mnist(options.data, train=True, {source}"]
    return [
        f"images, labels = mnist(options.data, train=True, {source}",
        f"test_images, test_labels = mnist(options.data, train=False, {source}",
    ]


def choosing(run: Run) -> list[str]:
    """The images that are trained on, and their labels with what was done to them."""
    recipe, lines = run.recipe, []
    if (count := recipe.train_images) < TRAIN_IMAGES:
        labels = not recipe.is_cleaner
        cut = f"images[:{count}]" + f", labels[:{count}]" * labels
        lines.append(f"images{', labels' * labels} = {cut}")
    if recipe.label_noise and not recipe.is_cleaner:
        settings = f"share={literal(recipe.label_noise)}, seed={recipe.seed}"
        lines.append(f"labels = with_wrong_labels(labels, {settings})")
    return lines


def randomness(run: Run) -> list[str]:
    """Where the random numbers of the run come from, each kind from its own place."""
    recipe, lines = run.recipe, []
    if OPTIMIZERS[recipe.optimizer].batches == "drawn":
        lines.append(f"order = Generator().manual_seed({recipe.seed})")
    if run.varies:
        own = (recipe.seed * 1_009 + 1) % 2**63  # as models.engine has it
        lines.append(f"variation = Generator().manual_seed({own})")
    if recipe.dropout and "dropout" in recipe.network_settings():
        lines.append(f"torch.manual_seed({recipe.seed})")
    return lines


def beginning(run: Run, init: str | None) -> str:
    """From the data to a network with its first weights and its optimiser."""
    recipe = run.recipe
    lines = ["torch.set_num_threads(1)", "options = read_options()", *loading(run), ""]
    name, settings = network_class(recipe)
    lines += [f"torch.manual_seed({recipe.seed})", call(f"network = {name}", settings)]
    lines += [f"{init}(network, images)"] * bool(init)
    lines += ["network.to(memory_format=torch.channels_last)"] * has_convolutions(recipe)
    name, settings = building_optimizer(recipe)
    lines += [f"loss_function = {loss_function(recipe)}", call(f"optimizer = {name}", settings)]
    return "\n".join(lines + choosing(run) + randomness(run))


# ---- What is done to the images -------------------------------------------------------------


def varying(names: tuple[str, ...]) -> str:
    """The function that varies a batch in these ways, in the order of models.augment."""
    lines = ["def vary(images: Tensor, labels: Tensor, generator: Generator) -> Tensor:"]
    lines += ['    """Each image in its own way, (B, 1, 28, 28) in [0, 1]; labels (B,)."""']
    edits = [EDITS[name].__name__ for name in EDITS if name in names]
    lines += [f"    images = {edit}(images, labels, generator)" for edit in edits]
    flows = flowing(names)
    if not flows:
        return "\n".join([*lines, "    return images"])
    taken = [f"{flow}(len(images){', generator' * (flow != 'identity_flow')})" for flow in flows]
    lines.append(f"    grid = {' + '.join(taken)}")
    return "\n".join([*lines, "    return F.grid_sample(images, grid, align_corners=False)"])


def flowing(names: tuple[str, ...]) -> list[str]:
    """The functions whose sum says where each pixel is taken from."""
    flows = [FLOWS[name].__name__ for name in FLOWS if name in names]
    return flows if flows != ["elastic_flow"] else ["identity_flow", *flows]
