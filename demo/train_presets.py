"""Experiments that teach: a question, a few runs that differ in one thing, and what they say."""

from dataclasses import dataclass, replace

from demo import train_verdicts as verdicts
from demo.train_verdicts import Judge, Verdict
from models.recipe import Recipe, best_recipe

# ---- The table ------------------------------------------------------------------------------

BANDS = ("less", "between", "more")  # answers: where a number lies among two limits


@dataclass(frozen=True)
class Preset:
    """Runs under a name each, by what they change. They share the seed and, where the network is
    the same, the first weights."""

    judge: Judge
    base: Recipe
    runs: dict[str, dict[str, object]]
    answers: tuple[str, ...]  # to the question, before the runs: runs, BANDS, or words of the page
    limits: tuple[float, float] | None = None  # of the BANDS
    unnamed: tuple[str, ...] = ()  # changes that the page leaves out of a run's name

    def recipes(self, seed: int = 0) -> dict[str, Recipe]:
        return {run: replace(self.base, **changes, seed=seed) for run, changes in self.runs.items()}

    def right_answers(self, verdict: Verdict) -> frozenset[str]:
        """The answers that came true."""
        if self.limits is None or verdict.value is None:
            return verdict.right
        low, high = self.limits
        where = 0 if verdict.value < low else 2 if verdict.value > high else 1
        return frozenset({BANDS[where]})


def mlp(**settings: object) -> Recipe:
    """Learns in a second or two: 64 units a layer, 12,000 images, plain SGD."""
    usual = {
        "network": "mlp",
        "width": 64,
        "dropout": 0.0,
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "schedule": "constant",
        "batch_size": 64,
        "epochs": 2.0,
        "train_images": 12_000,
    }
    return best_recipe(**{**usual, **settings})


def cnn(**settings: object) -> Recipe:
    """small_cnn without the tricks of its best recipe."""
    usual = {
        "network": "small_cnn",
        "init": "default",
        "label_smoothing": 0.0,
        "optimizer": "adam",
        "schedule": "constant",
        "beta1": 0.9,
        "beta2": 0.999,
    }
    return best_recipe(**{**usual, **settings})


PRESETS: dict[str, Preset] = {
    "rate": Preset(
        verdicts.judge_rate,
        mlp(),
        {
            "small": {"learning_rate": 0.001},
            "good": {"learning_rate": 0.1},
            "big": {"learning_rate": 10.0},
        },
        ("small", "good", "big"),
    ),
    "explode": Preset(
        verdicts.judge_explode,
        mlp(depth=3, epochs=1.0),
        {"good": {"learning_rate": 0.1}, "wild": {"learning_rate": 3.0}},
        BANDS,
        limits=(10, 100),
    ),
    "optimizer": Preset(
        verdicts.judge_optimizer,
        mlp(),
        {
            "sgd": {"optimizer": "sgd", "learning_rate": 0.003},
            "momentum": {"optimizer": "momentum", "learning_rate": 0.003},
            "adam": {"optimizer": "adam", "learning_rate": 0.003},
            "own": {"optimizer": "sgd", "learning_rate": 0.1},
        },
        ("sgd", "momentum", "adam"),
    ),
    "batches": Preset(
        verdicts.judge_batches,
        mlp(train_images=6_000, epochs=8.0),
        {
            "gd": {"optimizer": "gd"},
            "bgd": {"optimizer": "bgd"},
            "sgd": {"optimizer": "sgd"},
        },
        ("gd", "bgd", "sgd"),
    ),
    "init": Preset(
        verdicts.judge_init,
        mlp(depth=3, epochs=3.0),
        {
            "zeros": {"init": "zeros"},
            "small": {"init": "small_normal"},
            "kaiming": {"init": "kaiming"},
        },
        ("zeros", "small", "both"),
    ),
    "deep": Preset(
        verdicts.judge_deep,
        mlp(depth=8, init="kaiming", epochs=3.0),
        {"sigmoid": {"activation": "sigmoid"}, "relu": {"activation": "relu"}},
        ("sigmoid", "relu", "alike"),
    ),
    "bias": Preset(
        verdicts.judge_bias,
        mlp(epochs=3.0),
        {"with": {"bias": True}, "without": {"bias": False}},
        BANDS,
        limits=(1, 5),
    ),
    "underfit": Preset(
        verdicts.judge_underfit,
        cnn(batch_size=64, train_images=12_000, learning_rate=0.001),
        {
            "linear": {"network": "linear", "epochs": 2.0},
            "longer": {"network": "linear", "epochs": 8.0},
            "cnn": {"network": "small_cnn", "epochs": 2.0},
        },
        BANDS,
        limits=(50, 90),
    ),
    "overfit": Preset(
        verdicts.judge_overfit,
        cnn(batch_size=20, learning_rate=0.002),
        {
            "few": {"train_images": 300, "epochs": 8.0},
            "many": {"train_images": 3_000, "epochs": 0.8},
        },
        BANDS,
        limits=(3, 20),
        unnamed=("epochs",),
    ),
    "cures": Preset(
        verdicts.judge_cures,
        cnn(batch_size=20, learning_rate=0.002, train_images=300, epochs=8.0),
        {
            "plain": {"train_images": 300},
            "dropout": {"dropout": 0.5},
            "augment": {"augment": ("affine",)},
            "norm": {"batch_norm": True},
            "data": {"train_images": 3_000, "epochs": 0.8},
        },
        ("dropout", "augment", "norm", "data"),
        unnamed=("epochs",),
    ),
    "labels": Preset(
        verdicts.judge_labels,
        mlp(width=256, optimizer="adam", learning_rate=0.001, train_images=3_000),
        {
            "short": {"label_noise": 0.4, "epochs": 3.0},
            "long": {"label_noise": 0.4, "epochs": 20.0},
            "clean": {"label_noise": 0.0, "epochs": 3.0},
        },
        BANDS,
        limits=(60, 80),
    ),
    "book_cut": Preset(
        verdicts.judge_book_cut,
        cnn(batch_size=64, learning_rate=0.001, train_images=6_000, epochs=1.0),
        {"cnn": {"network": "small_cnn"}, "book": {"network": "book_cnn", "dropout": 0.5}},
        BANDS,
        limits=(0, 2),
        unnamed=("dropout",),
    ),
    "book_whole": Preset(
        verdicts.judge_book_whole,
        best_recipe("book_cnn", epochs=1.0),
        {"cut": {"train_images": 6_000}, "whole": {"train_images": 60_000}},
        BANDS,
        limits=(1, 3),
    ),
}
