"""What the finished runs of an experiment say, from their own numbers.

A judge takes the facts of each run and gives a Verdict: the key of a sentence and what fills its
gaps. Where the usual did not happen, the verdict says what did.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

CHANCE = 0.2  # test accuracy; guessing one of ten digits gives 0.1
LEVEL = 0.5  # percentage points: two runs so near each other count as equally good
CLEAR = 2.0  # percentage points: more than another seed would change
VANISHING = 0.1  # of ReLU's share of gradient that reaches the first layer


@dataclass(frozen=True)
class Facts:
    """What a run ended with; accuracies are fractions of 1, None where there is none."""

    diverged: bool = False
    step: int = 0
    seconds: float = 0.0
    test: float | None = None  # on the whole test set, of the final weights
    train: float | None = None  # over the last batches
    gradients: tuple[float, float] | None = None  # size in the first and in the last layer

    @property
    def percent(self) -> float:
        """Of the test set; weights that are no numbers any more read nothing."""
        return 0.0 if self.diverged else 100 * (self.test or 0.0)

    @property
    def is_stuck(self) -> bool:
        return self.percent < 100 * CHANCE

    @property
    def gap(self) -> float:
        """How many points better it is on what it learned from than on the test set."""
        return 100 * (self.train or 0.0) - self.percent

    @property
    def gradient_share(self) -> float | None:
        """The first layer's gradient as a share of the last one's."""
        first, last = self.gradients or (0.0, 0.0)
        return first / last if first > 0 and last > 0 else None


@dataclass(frozen=True)
class Verdict:
    """`details` fill the sentence: texts, or lists of {"run": its key, "text"}, which the page
    says in its language. The right answers are `right`, or what `value` lies in."""

    sentence: str
    details: dict[str, object]
    right: frozenset[str] = frozenset()
    value: float | None = None


Runs = dict[str, Facts]
Judge = Callable[[Runs], Verdict]

# ---- Numbers as text ------------------------------------------------------------------------


def shown(share: float | None) -> str:
    """A fraction of 1 in per cent."""
    return f"{100 * (share or 0.0):.1f}"


def points(difference: float) -> str:
    """Percentage points with their sign."""
    return f"{difference:+.1f}".replace("-", "−").replace("+0.0", "0.0").replace("−0.0", "0.0")


def times(share: float) -> str:
    """How many times smaller, to two digits: 0.00077 -> "1,300"."""
    step = 10 ** (math.floor(math.log10(1 / share)) - 1)
    return f"{round(1 / share / step) * step:,.0f}"


def named(run: str, text: str = "") -> dict[str, str]:
    return {"run": run, "text": text}


def tests(runs: Runs) -> dict[str, str]:
    """Each run's test accuracy, for a sentence with a gap of its name."""
    return {run: shown(facts.test) for run, facts in runs.items()}


def best_of(runs: Runs) -> frozenset[str]:
    """The run that ended highest on the test set, and those level with it."""
    highest = max(facts.percent for facts in runs.values())
    return frozenset(run for run, facts in runs.items() if facts.percent > highest - LEVEL)


def figures_of(runs: Runs) -> list[dict[str, str]]:
    """Each run's test accuracy under its name."""
    return [
        named(run, "NaN" if facts.diverged else f"{shown(facts.test)} %")
        for run, facts in runs.items()
    ]


def unusual(runs: Runs, right: frozenset[str] = frozenset(), value: float | None = None) -> Verdict:
    """The usual did not happen: each run's figure as it is."""
    return Verdict("train_preset_unusual", {"figures": figures_of(runs)}, right, value)


# ---- A judge an experiment ------------------------------------------------------------------


def judge_best(runs: Runs) -> Verdict:
    """For an experiment that has no sentence of its own: every figure, and the best run."""
    right = best_of(runs)
    best = [named(run) for run in runs if run in right]
    return Verdict("train_preset_best", {"figures": figures_of(runs), "best": best}, right)


def judge_rate(runs: Runs) -> Verdict:
    right = best_of(runs)
    if runs["good"].percent < runs["small"].percent + CLEAR or not runs["big"].is_stuck:
        return unusual(runs, right)
    if runs["big"].diverged:
        step = str(runs["big"].step)
        return Verdict("train_preset_rate_diverged", {**tests(runs), "step": step}, right)
    return Verdict("train_preset_rate_usual", tests(runs), right)


def judge_explode(runs: Runs) -> Verdict:
    good, wild = runs["good"], runs["wild"]
    if good.is_stuck or not wild.diverged:
        return unusual(runs, value=math.inf)
    details = {"good": shown(good.test), "step": str(wild.step)}
    return Verdict("train_preset_explode_usual", details, value=wild.step)


def judge_optimizer(runs: Runs) -> Verdict:
    same = {run: facts for run, facts in runs.items() if run != "own"}
    behind = min(runs["momentum"].percent, runs["adam"].percent) - runs["sgd"].percent
    caught_up = runs["own"].percent > runs["adam"].percent - CLEAR
    if behind < CLEAR or not caught_up:
        return unusual(runs, best_of(same))
    return Verdict("train_preset_optimizer_usual", tests(runs), best_of(same))


def judge_deep(runs: Runs) -> Verdict:
    sigmoid, relu = runs["sigmoid"], runs["relu"]
    alike = abs(sigmoid.percent - relu.percent) < CLEAR
    right = frozenset({"alike"}) if alike else best_of(runs)
    lost, kept = sigmoid.gradient_share, relu.gradient_share
    vanished = lost is not None and kept is not None and lost < min(1, VANISHING * kept)
    if relu.percent < sigmoid.percent + CLEAR or not vanished:
        return unusual(runs, right)
    details = {**tests(runs), "times": times(lost), "kept": f"{kept:.2g}"}
    return Verdict("train_preset_deep_usual", details, right)


def judge_underfit(runs: Runs) -> Verdict:
    linear, longer, cnn = runs["linear"], runs["longer"], runs["cnn"]
    gap, gained = cnn.percent - linear.percent, longer.percent - linear.percent
    if gap < CLEAR:
        return unusual(runs, value=100.0)
    closed = 100 * gained / gap
    details = {**tests(runs), "train": shown(longer.train), "gained": points(gained)}
    too_simple = closed < 50 and 100 * (longer.train or 0.0) < cnn.percent
    if not too_simple:
        return unusual(runs, value=closed)
    return Verdict("train_preset_underfit_usual", details, value=closed)


def judge_overfit(runs: Runs) -> Verdict:
    few, many = runs["few"], runs["many"]
    if few.gap < many.gap + CLEAR:
        return unusual(runs, value=few.gap)
    details = {
        **tests(runs),
        "train": shown(few.train),
        "gap": f"{few.gap:.1f}",
        "less": points(many.gap),
    }
    return Verdict("train_preset_overfit_usual", details, value=few.gap)


def judge_cures(runs: Runs) -> Verdict:
    plain = runs["plain"].percent
    gains = {run: facts.percent - plain for run, facts in runs.items() if run != "plain"}
    order = sorted(gains, key=gains.get, reverse=True)
    right = frozenset(run for run in order if gains[run] > gains[order[0]] - LEVEL)
    details = {"plain": shown(runs["plain"].test)}
    details["gains"] = [named(run, points(gains[run])) for run in order]
    weak = [named(run) for run in order if gains[run] < LEVEL]
    if len(weak) == len(order):
        return Verdict("train_preset_cures_none", details, right)
    details |= {"best": [named(order[0])], "weak": weak}
    return Verdict(f"train_preset_cures_{'some' if weak else 'all'}", details, right)


def judge_batches(runs: Runs) -> Verdict:
    gd, bgd, sgd = runs["gd"], runs["bgd"], runs["sgd"]
    if gd.percent > min(bgd.percent, sgd.percent) - CLEAR:
        return unusual(runs, best_of(runs))
    details = {**tests(runs), "whole": str(gd.step), "steps": f"{sgd.step:,}"}
    details["apart"] = points(sgd.percent - bgd.percent)
    return Verdict("train_preset_batches_usual", details, best_of(runs))


def judge_bias(runs: Runs) -> Verdict:
    lost = runs["with"].percent - runs["without"].percent
    if runs["with"].is_stuck:
        return unusual(runs, value=lost)
    details = {**tests(runs), "change": points(-lost)}
    sentence = "train_preset_bias_usual" if abs(lost) < 1 else "train_preset_bias_matters"
    return Verdict(sentence, details, value=lost)


def judge_init(runs: Runs) -> Verdict:
    stuck = {run for run, facts in runs.items() if facts.is_stuck}
    right = frozenset({"both"} if {"zeros", "small"} <= stuck else stuck)
    if "zeros" not in stuck or "kaiming" in stuck:
        return unusual(runs, right)
    sentence = "train_preset_init_both" if "small" in stuck else "train_preset_init_zeros"
    return Verdict(sentence, tests(runs), right)


def judge_labels(runs: Runs) -> Verdict:
    short, longer = runs["short"], runs["long"]
    learned_by_heart = (longer.train or 0.0) > (short.train or 0.0)
    if short.percent < longer.percent + CLEAR or not learned_by_heart:
        return unusual(runs, value=short.percent)
    details = {**tests(runs), "then": shown(longer.train)}
    return Verdict("train_preset_labels_usual", details, value=short.percent)


def judge_book_cut(runs: Runs) -> Verdict:
    return judge_ahead(runs, "book", "cnn", "train_preset_book_cut_usual")


def judge_book_whole(runs: Runs) -> Verdict:
    return judge_ahead(runs, "whole", "cut", "train_preset_book_whole_usual")


def judge_ahead(runs: Runs, first: str, second: str, sentence: str) -> Verdict:
    """By how many points one is ahead of the other, and what each took."""
    ahead = runs[first].percent - runs[second].percent
    if runs[first].is_stuck:
        return unusual(runs, value=ahead)
    seconds = {f"{run}_seconds": f"{facts.seconds:.0f}" for run, facts in runs.items()}
    return Verdict(sentence, {**tests(runs), **seconds, "ahead": points(ahead)}, value=ahead)
