"""What the book's printed lines come to today: they are run, and PyTorch answers for itself."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from demo.foundations.data_spelling import scale, three_channels, three_channels_today
from demo.path import printed as by


@dataclass(frozen=True)
class Trial:
    """A printed line and the one that mends it; both stand in the functions that are run."""

    printed: Callable[[], object]
    mended: Callable[[], object]
    line: str = ""
    mend: str = ""
    error: tuple[type[Exception], ...] = ()  # that the printed line may end with
    facts: Callable[..., dict[str, object]] | None = None  # of both results


# ---- Facts of both results ------------------------------------------------------------------


def type_of_both(printed: object, mended: object) -> dict[str, object]:
    return {"type": type(printed).__name__, "own": type(mended).__name__}


def wrong_and_right(printed: float, mended: float) -> dict[str, object]:
    return {"wrong": f"{printed:g}", "right": f"{mended:g}"}


def gradients_apart(printed: tuple, mended: tuple) -> dict[str, object]:
    (wrong, clamped), (right, masked) = printed, mended
    count = int((wrong != right).sum())
    losses = {"clamped": f"{clamped:,.0f}", "masked": f"{masked:,.0f}"}
    return {"wrong": f"{count:,}", "elements": f"{right.numel():,}", **losses}


def losses_alike(printed: list[float], mended: list[float]) -> dict[str, object]:
    same = sum(one == other for one, other in zip(printed, mended, strict=True))
    return {"same": same, "count": len(printed)}


def calls_of_both(printed: int, mended: int) -> dict[str, object]:
    return {"calls": printed, "own": mended}


def channels_of_both(printed: Tensor, mended: Tensor) -> dict[str, object]:
    return {"channels": printed.shape[-3], "own": mended.shape[-3]}


def times_too_small(printed: float, mended: float) -> dict[str, object]:
    return {"times": round(mended / printed), "batch": by.BATCH}


def answers_changed(printed: int, mended: int) -> dict[str, object]:
    return {"changed": printed, "kept": mended, "count": by.CLASSES}


def ends_of_grey(printed: tuple[float, float], mended: tuple[float, float]) -> dict[str, object]:
    return {"low": f"{printed[0]:g}", "high": f"{printed[1]:g}", "black": f"{mended[0]:g}"}


# ---- The table ------------------------------------------------------------------------------

TRIALS: dict[str, Trial] = {
    "variable": Trial(
        by.variable,
        by.plain_tensor,
        "Variable(torch.randn(100, 10), requires_grad=True)",
        "torch.randn(100, 10, requires_grad=True)",
        facts=type_of_both,
    ),
    "data_update": Trial(
        by.update_by_data,
        by.update_without_graph,
        "w.data -= 1",
        "with torch.no_grad(): w -= 1",
        facts=wrong_and_right,
    ),
    "scale": Trial(
        scale, by.resize, "transforms.Scale(32)", "transforms.Resize(32)", (AttributeError,)
    ),
    "clamped": Trial(
        by.clamped, by.masked, "grad_h.clamp(min=0)", "grad_h * (h > 0)", facts=gradients_apart
    ),
    "better": Trial(by.by_tensors, by.by_autograd, facts=losses_alike),
    "backward": Trial(
        by.backward_of_module,
        by.backward_of_function,
        "class Model(nn.Module):",
        "class Model(Function):",
        facts=calls_of_both,
    ),
    "parameters": Trial(
        by.weights_outside,
        by.weights_inside,
        "torch.optim.SGD(network.parameters(), lr=1e-6)",
        "network.w1 = nn.Parameter(torch.randn(1000, 100))",
        (ValueError,),
    ),
    "normalize": Trial(
        three_channels,
        by.one_channel,
        "transforms.Normalize(mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])",
        "transforms.Normalize(mean=[0.5], std=[0.5])",
        (RuntimeError,),
    ),
    "normalize_today": Trial(
        three_channels_today,
        by.one_channel,
        "v2.Normalize(mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])",
        "transforms.Normalize(mean=[0.5], std=[0.5])",
        facts=channels_of_both,
    ),
    "divided": Trial(
        by.loss_over_images,
        by.loss_over_batches,
        "running_loss / len(loader.dataset)",
        "running_loss / len(loader)",
        facts=times_too_small,
    ),
    "dropout": Trial(
        by.twice_in_training,
        by.twice_in_eval,
        "network(image)",
        "network.eval()",
        facts=answers_changed,
    ),
    "preview": Trial(
        by.undone_in_vain, by.as_it_is, "img * 0.5 + 0.5", "img.clamp(0, 1)", facts=ends_of_grey
    ),
    "inputs": Trial(
        by.inputs_of_the_comment,
        by.inputs_of_the_images,
        "nn.Linear(224, 128)",
        "nn.Linear(784, 128)",
        (RuntimeError,),
    ),
    "cuda": Trial(
        by.onto_the_gpu,
        by.onto_what_there_is,
        "images().cuda()",
        "images().to(device)",
        (AssertionError, RuntimeError),
    ),
}


# ---- Running them ---------------------------------------------------------------------------


@cache
def outcome(name: str) -> dict:
    """What a printed line comes to: {"name", "line", "mend", "said", "word", "facts"}.

    `said` is PyTorch's own error, None where it raises none; `facts` fill the sentence `word`.
    """
    trial = TRIALS[name]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        said, facts = run(trial)
    works = trial.error and said is None  # on this machine
    word = "path_today_works" if works else f"path_today_{name}"
    lines = {"line": trial.line, "mend": trial.mend}
    return {"name": name, **lines, "said": said, "word": word, "facts": facts}


def run(trial: Trial) -> tuple[str | None, dict[str, object]]:
    if trial.printed is by.onto_the_gpu and torch.cuda.is_available():
        return None, {}  # nothing is put there only to tell that it can be
    try:
        printed = trial.printed()
    except trial.error as error:
        return f"{type(error).__name__}: {error}", {}
    return None, trial.facts(printed, trial.mended()) if trial.facts else {}
