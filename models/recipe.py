"""Recipe: every setting of a training, in one frozen dataclass that checks itself."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace

from torch import nn

from models.augment import AUGMENTATIONS
from models.errors import LabError
from models.init import INITS
from models.losses import DISTANCES, LOSSES
from models.nets import ACTIVATIONS, NETS
from models.noise import MIXED, NOISES
from models.optimizers import OPTIMIZERS, SCHEDULES

TRAIN_IMAGES = 60_000  # all that MNIST offers
MOST_RATE_CHANGES = 100  # in one run
MOST_STEPS = 10**9


class RecipeError(LabError):
    """A setting that can't be trained with; the sentence names it and what would do."""


PIECE = 2_000  # images; a larger batch goes through the network in pieces, to bound memory
CHOICES: dict[str, Iterable[str]] = {
    "network": NETS,
    "activation": ACTIVATIONS,
    "init": INITS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "noise": (*NOISES, MIXED),
    "precision": ("float32", "bfloat16"),
}
RANGES: dict[str, tuple[float, float]] = {  # both ends allowed
    "width": (1, 4096),
    "depth": (0, 16),
    "dropout": (0, 0.95),
    "learning_rate": (1e-9, 1e6),
    "momentum": (0, 0.9999),
    "beta1": (0, 0.9999),
    "beta2": (0, 0.99999),
    "weight_decay": (0, 10),
    "label_smoothing": (0, 0.9),
    "batch_size": (1, TRAIN_IMAGES),
    "epochs": (0.01, 10_000),
    "train_images": (1, TRAIN_IMAGES),
    "held_out": (0, TRAIN_IMAGES - 1),
    "label_noise": (0, 1),
    "outsiders": (0, 1),
    "penned": (0, 1),
    "seed": (0, 2**63 - 1),
}


@dataclass(frozen=True)
class Recipe:
    """What to train, on what, and how. Equal recipes give equal numbers on one machine."""

    network: str = "small_cnn"
    width: int = 256  # units of each hidden layer; mlp
    depth: int = 1  # hidden layers; mlp
    activation: str = "relu"  # mlp
    bias: bool = True  # mlp
    batch_norm: bool = False  # mlp, small_cnn
    dropout: float = 0.0  # share of hidden units switched off in training
    init: str = "default"  # of the first weights; whitening: small_cnn
    loss: str = "cross_entropy"
    label_smoothing: float = 0.0  # share of the target spread over all ten classes
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    schedule: str = "constant"
    rate_changes: tuple[tuple[int, float], ...] = ()  # (after this step, the rate is this instead)
    momentum: float = 0.9  # momentum
    beta1: float = 0.9  # adam, adamw
    beta2: float = 0.999  # adam, adamw
    weight_decay: float = 0.0
    batch_size: int = 64
    epochs: float = 5.0
    train_images: int = TRAIN_IMAGES  # the first so many, less those held out
    held_out: int = 0  # the last so many of the training set, to choose settings on
    label_noise: float = 0.0  # share of training labels that are wrong on purpose; readers
    augment: tuple[str, ...] = ()
    outsiders: float = 0.0  # drawings that are no digits, as a share of each batch; readers
    penned: float = 0.0  # digits that the lab draws itself, as a share of each batch; readers
    noise: str = "gaussian"  # cleaners
    noise_level: float = 0.5  # cleaners; of mixed noise, the share of each kind's range
    precision: str = "float32"  # bfloat16: autocast, faster where the processor has it
    seed: int = 0

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            check_choice(name, getattr(self, name), choices)
        if not isinstance(self.augment, tuple):
            check_choice("augment", self.augment, ["a tuple of names"])
        for name in self.augment:
            check_choice("augment", name, AUGMENTATIONS)
        for name in ("bias", "batch_norm"):
            if not isinstance(getattr(self, name), bool):
                check_choice(name, getattr(self, name), ["True", "False"])
        if self.init == "whitening" and self.network != "small_cnn":
            check_choice("init", self.init, [name for name in INITS if name != "whitening"])
        check_rate_changes(self.rate_changes)
        for field in fields(self):
            if field.name in RANGES:
                check_range(field.name, getattr(self, field.name), field.type)
        check_level("noise_level", self.noise, self.noise_level)
        if self.is_cleaner and self.loss not in DISTANCES:
            check_choice("loss", self.loss, DISTANCES)
        if self.train_images + self.held_out > TRAIN_IMAGES:
            check_range("train_images", self.train_images, int, TRAIN_IMAGES - self.held_out)
        if self.batch_size > self.train_images and not self.takes_whole_set:
            check_range("batch_size", self.batch_size, int, self.train_images)
        if self.batch_norm and "batch_norm" in NETS[self.network].settings and self.smallest == 1:
            sentence = (
                "batch norm takes two images at least, and {images} images in batches of {batch} "
                "leave one alone: change either number"
            )
            details = {"images": self.train_images, "batch": self.batch}
            raise RecipeError("batch_of_one", sentence, **details)

    @property
    def batch(self) -> int:
        """Images in each batch but the last."""
        return self.train_images if self.takes_whole_set else self.batch_size

    @property
    def smallest(self) -> int:
        """Images that go through the network at once, where they are fewest."""
        batches = (self.batch, self.train_images % self.batch or self.batch)
        return min(count if count < PIECE else count % PIECE or PIECE for count in batches)

    @property
    def is_cleaner(self) -> bool:
        return NETS[self.network].kind == "cleaner"

    @property
    def takes_whole_set(self) -> bool:
        return OPTIMIZERS[self.optimizer].batches == "whole"

    def network_settings(self) -> dict[str, object]:
        """The fields that shape this recipe's network, as its class takes them."""
        return {name: getattr(self, name) for name in NETS[self.network].settings}

    def build_network(self) -> nn.Module:
        """A new network with fresh weights from torch's global generator."""
        return NETS[self.network].build(**self.network_settings())

    def as_dict(self) -> dict[str, object]:
        changes = [list(change) for change in self.rate_changes]
        return {**asdict(self), "augment": list(self.augment), "rate_changes": changes}


def check_choice(name: str, value: object, choices: Iterable[str]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise RecipeError(
            "setting_choice",
            "{setting} can't be {value!r}; choose one of {choices}",
            setting=name,
            value=value,
            choices=", ".join(choices),
        )


def check_level(name: str, noise: str, level: object) -> None:
    """Raises RecipeError for a level that is no number in the range of this kind of noise."""
    low, high = (NOISES[noise].lowest, NOISES[noise].highest) if noise != MIXED else (0, 1)
    check_between(name, level, float, low, high)


def check_range(name: str, value: object, kind: type, highest: float | None = None) -> None:
    low, high = RANGES[name]
    check_between(name, value, kind, low, high if highest is None else highest)


def check_between(name: str, value: object, kind: type, low: float, high: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = kind is not int or isinstance(value, int)
    if not (number and whole and low <= value <= high):  # NaN fails both comparisons
        raise RecipeError(
            "setting_range",
            "{setting} can't be {value!r}; it takes {kind} from {low:g} to {high:g}",
            setting=name,
            value=value,
            kind="a whole number" if kind is int else "a number",
            low=low,
            high=high,
        )


def check_rate_changes(changes: object) -> None:
    """Raises RecipeError unless these are few pairs of a step and a rate, in the order of steps."""
    fits = isinstance(changes, tuple) and len(changes) <= MOST_RATE_CHANGES
    if not fits or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in changes):
        sentence = "rate_changes takes at most {most} pairs of a step and a learning rate"
        raise RecipeError("rate_changes_shape", sentence, most=MOST_RATE_CHANGES)
    before = 0
    for step, rate in changes:
        check_between("rate_changes", step, int, before, MOST_STEPS)
        check_between("rate_changes", rate, float, *RANGES["learning_rate"])
        before = step


def recipe_from_dict(settings: object) -> Recipe:
    """A recipe from JSON, as a checkpoint's header keeps it. Raises RecipeError."""
    if not isinstance(settings, dict):
        raise RecipeError("recipe_shape", "a recipe is a JSON object of settings and values")
    known = {field.name for field in fields(Recipe)}
    for name in settings:
        check_choice("a recipe's setting", name, known)
    augment = settings.get("augment", ())
    if isinstance(augment, list):  # JSON has no tuples
        settings = {**settings, "augment": tuple(augment)}
    changes = settings.get("rate_changes", ())
    if isinstance(changes, list):
        pairs = tuple(tuple(pair) if isinstance(pair, list) else pair for pair in changes)
        settings = {**settings, "rate_changes": pairs}
    return Recipe(**settings)


# Each network's own best recipe: what `python -m models train NAME` runs with no option.
RECIPES: dict[str, Recipe] = {
    "linear": Recipe("linear", batch_size=128, epochs=10, schedule="cosine"),
    "mlp": Recipe(
        "mlp", batch_size=128, epochs=20, schedule="cosine", dropout=0.2, optimizer="adamw"
    ),
    # the book's: 5 epochs, batch 64, Adam
    "book_cnn": Recipe("book_cnn", dropout=0.5),
    "small_cnn": Recipe(
        "small_cnn",
        optimizer="adamw",
        learning_rate=0.01,
        beta1=0.7,
        beta2=0.9,
        schedule="warm_up_linear",
        label_smoothing=0.1,
        batch_size=128,
        epochs=0.85,
        init="whitening",
        train_images=59_000,
        held_out=1_000,  # for the best moment of a run to be judged on
    ),
    "digits": Recipe(
        "digits",
        optimizer="adamw",
        learning_rate=3e-3,
        weight_decay=0.01,
        schedule="warm_up_linear",
        label_smoothing=0.05,
        dropout=0.3,
        batch_size=128,
        epochs=20,
        augment=AUGMENTATIONS,
        outsiders=0.15,
        penned=0.08,
        train_images=57_000,
        held_out=3_000,  # for what must be fitted on images that it has not seen
        precision="bfloat16",
    ),
    # the book's: 10 epochs, batch 4 and 5 epochs, batch 64; Adam, MSE, noise 0.5. The second one's
    # rate decays: held constant, its last steps jitter by more than an epoch gains
    "linear_autoencoder": Recipe("linear_autoencoder", loss="mse", batch_size=4, epochs=10),
    "linear_autoencoder_8": Recipe("linear_autoencoder_8", loss="mse", batch_size=4, epochs=10),
    "linear_autoencoder_2": Recipe("linear_autoencoder_2", loss="mse", batch_size=4, epochs=10),
    "conv_autoencoder": Recipe("conv_autoencoder", loss="mse", epochs=5, schedule="cosine"),
    "denoiser": Recipe(
        "denoiser",
        loss="mse",
        optimizer="adamw",
        learning_rate=3e-3,
        weight_decay=0.01,
        schedule="warm_up_linear",
        batch_size=128,
        epochs=28,
        noise=MIXED,
        noise_level=1.0,
        precision="bfloat16",
    ),
}

SHIPPED = tuple(RECIPES)  # the networks that come trained


def usual_recipe(network: str) -> Recipe:
    """The settings as they are unless told, for a network without a recipe of its own."""
    return Recipe(network, loss="mse" if NETS[network].kind == "cleaner" else "cross_entropy")


RECIPES |= {name: usual_recipe(name) for name in NETS if name not in SHIPPED}


def best_recipe(network: str, **changes: object) -> Recipe:
    """The network's own recipe with some settings changed. Raises RecipeError."""
    check_choice("network", network, RECIPES)
    return replace(RECIPES[network], **changes)
