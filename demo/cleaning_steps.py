"""The parts of a cleaning script that are each cleaner's own: what it is, learns, and is called."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from demo.code_view import Part, literal
from demo.lab_source import Excerpts, unrun
from demo.weights import loader
from demo.words import DEFAULT_LANGUAGE, say
from models import cleaners, engine, filters, linear_map, nets, optimizers
from models.cleaners import CLEANERS
from models.noise import NOISES
from models.recipe import Recipe

standalone = unrun("demo.standalone")
standalone_cleaning = unrun("demo.standalone_cleaning")

DIGIT, CLEANED, TRAINED = "digit.png", "cleaned.png", "trained.pt"
QUICK_IMAGES = 20_000  # that a training sees unless told: a third of an epoch
# Of the recipe that the lab trained with, what a reader wants to know.
STATED = ("epochs", "batch_size", "optimizer", "learning_rate", "weight_decay", "schedule")
STATED += ("noise", "noise_level", "precision")
OPTIMIZER_SETTINGS = ("lr", "momentum", "betas", "weight_decay")


@dataclass(frozen=True)
class Cleaning:
    """All that the script depends on; the digit itself lies beside it as a file."""

    noise: str
    level: float
    seed: int
    cleaner: str
    language: str = DEFAULT_LANGUAGE

    @property
    def kind(self) -> str:
        return CLEANERS[self.cleaner].kind

    @property
    def spoil(self) -> str:
        """The noise's function."""
        return NOISES[self.noise].spoil.__name__

    @property
    def weights(self) -> str | None:
        """The file of what was learned; a filter has learned nothing."""
        return None if self.kind == "filter" else f"{self.cleaner}.pt"

    def say(self, key: str, **details: object) -> str:
        own = {"noise": self.noise, "level": f"{self.level:g}", "seed": self.seed}
        own |= {"cleaner": self.cleaner, "weights": self.weights, "trained": TRAINED}
        return say(key, self.language, **own, **details)


def steps_of(cleaning: Cleaning, source: Excerpts) -> list[Part]:
    """The cleaner's parts; the last one gives `clean`. Raises CheckpointError."""
    return STEPS[cleaning.kind](cleaning, source)


# ---- A network ------------------------------------------------------------------------------


def network_steps(cleaning: Cleaning, source: Excerpts) -> list[Part]:
    recipe, name = cleaners.network(cleaning.cleaner).recipe, cleaning.cleaner
    load, schedule = loader(name), optimizers.SCHEDULES[recipe.schedule].__name__
    network = source.take(nets, nets.NETS[name].build.__name__)
    learn = [
        source.take(engine, "training_step"),
        source.take(optimizers, schedule),
        source.take(standalone_cleaning, "train"),
    ]
    files = [
        source.take(standalone_cleaning, "training_images", "read_options"),
        source.take(standalone, load),
    ]
    stated = ", ".join(f"{key}={getattr(recipe, key)}" for key in STATED)
    whole = round(recipe.epochs * engine.steps_an_epoch(recipe))
    steps = round(QUICK_IMAGES / recipe.batch_size)
    told = {"recipe": stated, "whole": whole, "steps": steps}
    return [
        Part(cleaning.say("clean_code_network"), network),
        Part(cleaning.say("clean_code_learn", **told), "\n\n\n".join(learn)),
        Part(cleaning.say("clean_code_options", **told), "\n\n\n".join(files)),
        Part(cleaning.say("clean_code_answer"), applying_network(cleaning, recipe, load, steps)),
    ]


def applying_network(cleaning: Cleaning, recipe: Recipe, load: str, steps: int) -> str:
    settings = [f"{key}={literal(value)}" for key, value in recipe.network_settings().items()]
    build = nets.NETS[cleaning.cleaner].build.__name__
    return "\n".join(
        [
            f"options = read_options(steps={steps})",
            f"torch.manual_seed({recipe.seed})  # of the first weights",
            f"clean = {build}({', '.join(settings)})",
            "if options.train:",
            "    train(",
            "        clean,",
            f"        {building_optimizer(recipe)},",
            "        training_images(options.data, options.download),",
            f"        {cleaning.spoil},",
            f"        level={literal(cleaning.level)},",
            f"        batch_size={recipe.batch_size},",
            "        steps=options.steps,",
            f"        schedule={optimizers.SCHEDULES[recipe.schedule].__name__},",
            "    )",
            f"    torch.save(clean.state_dict(), {literal(TRAINED)})",
            "else:",
            f"    {load}(clean, {literal(cleaning.weights)})",
        ]
    )


def building_optimizer(recipe: Recipe) -> str:
    """The recipe's optimiser as code, by the names that PyTorch's own one gives its settings."""
    made = optimizers.OPTIMIZERS[recipe.optimizer].build([nn.Parameter(torch.zeros(1))], recipe)
    settings = [
        f"{name}={literal(made.defaults[name])}"
        for name in OPTIMIZER_SETTINGS
        if made.defaults.get(name)
    ]
    return f"torch.optim.{type(made).__name__}({', '.join(['clean.parameters()', *settings])})"


# ---- A filter -------------------------------------------------------------------------------


def filter_steps(cleaning: Cleaning, source: Excerpts) -> list[Part]:
    name = filters.FILTERS[cleaning.cleaner].apply.__name__
    code = source.take(filters, name)
    strength = filters.strength(cleaning.cleaner, cleaning.noise, cleaning.level)
    called = [
        "def clean(x: Tensor) -> Tensor:",
        f"    return {name}(x, {literal(strength)})",
        "",
        "",
    ]
    return [
        Part(cleaning.say("clean_code_filter"), code),
        Part(cleaning.say("clean_code_answer_filter"), "\n".join(called)),
    ]


# ---- The best linear map --------------------------------------------------------------------


def map_steps(cleaning: Cleaning, source: Excerpts) -> list[Part]:
    fit = source.take(linear_map, "fit", "PAIRS", "FIT_SEED")
    files = source.take(standalone_cleaning, "training_images", "read_options")
    called = [
        "options = read_options()",
        "if options.train:",
        "    images = training_images(options.data, options.download)[:PAIRS]",
        "    generator = Generator().manual_seed(FIT_SEED)",
        f"    clean = fit({cleaning.spoil}(images, {literal(cleaning.level)}, generator), images)",
        f"    torch.save(vars(clean), {literal(TRAINED)})",
        "else:",
        "    # weights_only: tensors, and no code that a changed file might bring",
        f"    clean = LinearMap(**torch.load({literal(cleaning.weights)}, weights_only=True))",
    ]
    return [
        Part(cleaning.say("clean_code_map"), fit),
        Part(cleaning.say("clean_code_options_map"), files),
        Part(cleaning.say("clean_code_answer"), "\n".join(called)),
    ]


STEPS: dict[str, Callable[[Cleaning, Excerpts], list[Part]]] = {
    "network": network_steps,
    "filter": filter_steps,
    "map": map_steps,
}
