"""Experiments: what their runs are, and what is said of them, whatever came out."""

import re
from dataclasses import replace

import pytest

from demo.train_asked import recipe_in
from demo.train_preset_asked import judge_preset, train_presets
from demo.train_presets import BANDS, PRESETS
from demo.train_verdicts import Facts, times
from demo.words import WORDS
from models.engine import new_network

GAP = re.compile(r"\{(\w+)\}")
SENTENCE = re.compile(r"train_preset_\w+_(usual|diverged|all|some|none|both|zeros|matters)$")
ENGLISH = WORDS["en"]


def run(test: float | None, train: float = 0.9, **more: object) -> dict:
    """A run's facts as the page sends them."""
    facts = {"diverged": False, "step": 100, "seconds": 3.0, "gradients": [0.1, 0.1]}
    return {**facts, "test": test, "train": train, **more}


# The usual outcome of each, which answer it makes right, and the sentence that says it.
USUAL = {
    "rate": ({"small": run(0.6), "good": run(0.93), "big": run(0.1)}, "good", "usual"),
    "optimizer": (
        {"sgd": run(0.8), "momentum": run(0.9), "adam": run(0.93), "own": run(0.93)},
        "adam",
        "usual",
    ),
    "batches": ({"gd": run(0.7), "bgd": run(0.92), "sgd": run(0.93)}, "sgd", "usual"),
    "init": ({"zeros": run(0.11), "small": run(0.11), "kaiming": run(0.9)}, "both", "both"),
    "deep": (
        {"sigmoid": run(0.1, gradients=[1e-4, 0.5]), "relu": run(0.9, gradients=[0.6, 0.2])},
        "relu",
        "usual",
    ),
    "bias": ({"with": run(0.93), "without": run(0.928)}, "less", "usual"),
    "underfit": (
        {"linear": run(0.9), "longer": run(0.91, 0.93), "cnn": run(0.97)},
        "less",
        "usual",
    ),
    "overfit": ({"few": run(0.86, 1.0), "many": run(0.94, 0.95)}, "between", "usual"),
    "cures": (
        {
            "plain": run(0.86),
            "dropout": run(0.88),
            "augment": run(0.92),
            "norm": run(0.89),
            "data": run(0.95),
        },
        "data",
        "all",
    ),
    "labels": (
        {"short": run(0.85, 0.56), "long": run(0.7, 0.87), "clean": run(0.9, 0.94)},
        "more",
        "usual",
    ),
    "book_cut": ({"cnn": run(0.93), "book": run(0.96)}, "more", "usual"),
    "book_whole": ({"cut": run(0.95), "whole": run(0.98)}, "between", "usual"),
    "explode": (
        {"good": run(0.88), "wild": run(None, diverged=True, step=14)},
        "between",
        "usual",
    ),
}
# Facts that change the outcome, the sentence that says so, and the answer that is right then.
OTHERS = [
    ("rate", {"small": run(0.94)}, "unusual", "small"),
    ("rate", {"big": run(None, diverged=True, step=3)}, "rate_diverged", "good"),
    ("rate", {"big": run(0.8)}, "unusual", "good"),
    ("optimizer", {"sgd": run(0.93)}, "unusual", "sgd"),
    ("optimizer", {"own": run(0.85)}, "unusual", "adam"),
    ("batches", {"gd": run(0.94)}, "unusual", "gd"),
    ("init", {"small": run(0.6)}, "init_zeros", "zeros"),
    ("init", {"zeros": run(0.6)}, "unusual", "small"),
    ("deep", {"sigmoid": run(0.91)}, "unusual", "alike"),
    ("deep", {"sigmoid": run(0.1, gradients=[0.2, 0.2])}, "unusual", "relu"),
    ("deep", {"sigmoid": run(0.1, gradients=None)}, "unusual", "relu"),
    ("bias", {"without": run(0.89)}, "bias_matters", "between"),
    ("underfit", {"longer": run(0.968, 0.99)}, "unusual", "more"),
    ("underfit", {"cnn": run(0.89)}, "unusual", "more"),
    ("overfit", {"few": run(0.93, 0.95)}, "unusual", "less"),
    ("cures", {"dropout": run(0.862)}, "cures_some", "data"),
    ("cures", {"data": run(0.8)}, "cures_some", "augment"),
    ("labels", {"short": run(0.5, 0.4)}, "unusual", "less"),
    ("labels", {"long": run(0.86, 0.87)}, "unusual", "more"),
    ("book_cut", {"book": run(0.91)}, "book_cut_usual", "less"),
    ("book_whole", {"whole": run(0.1)}, "unusual", "less"),
    ("explode", {"wild": run(None, diverged=True, step=3)}, "explode_usual", "less"),
    ("explode", {"wild": run(0.1)}, "unusual", "more"),
    ("explode", {"good": run(0.1)}, "unusual", "more"),
]


def judged(key: str, runs: dict, answer: str | None = None) -> dict:
    return judge_preset({"preset": key, "answer": answer, "runs": runs})


def assert_said(reply: dict, sentence: str) -> None:
    """The sentence exists and each of its gaps is filled."""
    assert reply["sentence"] == f"train_preset_{sentence}"
    assert set(GAP.findall(ENGLISH[reply["sentence"]])) <= reply["details"].keys()


# ---- The table ------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PRESETS)
def test_the_page_trains_each_recipe_as_it_stands(key):
    for recipe in PRESETS[key].recipes(seed=5).values():
        settled = recipe_in({"recipe": recipe.as_dict()})
        assert replace(settled, held_out=recipe.held_out) == recipe
        assert recipe.seed == 5


@pytest.mark.parametrize("key", ["rate", "optimizer", "batches", "labels"])
def test_runs_of_one_network_begin_with_the_same_weights(key):
    first, *others = (new_network(recipe) for recipe in PRESETS[key].recipes().values())
    for other in others:
        for mine, theirs in zip(first.parameters(), other.parameters(), strict=True):
            assert mine.equal(theirs)


def test_each_experiment_has_its_words_and_all_of_them_lead_into_one_circle():
    next_one = {entry["key"]: entry["then"] for entry in train_presets({})["presets"]}
    at, visited = "rate", []
    for entry in train_presets({})["presets"]:
        assert {f"train_preset_{entry['key']}_{part}" for part in ("title", "question")} <= (
            ENGLISH.keys()
        )
        asked = GAP.findall(ENGLISH[f"train_preset_{entry['key']}_question"])
        assert set(asked) <= entry["runs"][0]["recipe"].keys()
        own = [answer for answer in entry["answers"] if answer not in PRESETS[entry["key"]].runs]
        assert {f"train_preset_{answer}" for answer in own} <= ENGLISH.keys()
        assert bool(entry["limits"]) == (entry["answers"] == list(BANDS))
        visited.append(at)
        at = next_one[at]
    assert at == "rate"
    assert set(visited) == set(PRESETS)


def test_every_sentence_can_be_said():
    said = {f"train_preset_{key}_{end}" for key, (_, _, end) in USUAL.items()}
    said |= {f"train_preset_{sentence}" for _, _, sentence, _ in OTHERS}
    said.add("train_preset_cures_none")
    assert {key for key in ENGLISH if SENTENCE.match(key)} - {"train_preset_both"} <= said


# ---- What came out --------------------------------------------------------------------------


@pytest.mark.parametrize("key", PRESETS)
def test_the_usual_outcome_is_told_and_one_answer_is_right(key):
    runs, right, end = USUAL[key]
    assert_said(judged(key, runs), f"{key}_{end}")
    for answer in PRESETS[key].answers:
        assert judged(key, runs, answer)["right"] == (answer == right)
    assert judged(key, runs)["right"] is None


@pytest.mark.parametrize(("key", "changes", "sentence", "right"), OTHERS)
def test_another_outcome_is_told_as_it_is(key, changes, sentence, right):
    reply = judged(key, {**USUAL[key][0], **changes}, right)
    assert_said(reply, sentence)
    assert reply["right"] is True


def test_cures_that_all_fail_are_said_to_fail():
    runs = {name: run(0.85) for name in PRESETS["cures"].runs} | {"plain": run(0.9)}
    reply = judged("cures", runs)
    assert_said(reply, "cures_none")
    assert {gain["text"] for gain in reply["details"]["gains"]} == {"−5.0"}


def test_numbers_of_a_sentence_are_those_of_the_runs():
    reply = judged("cures", {**USUAL["cures"][0], "norm": run(0.841)})
    assert reply["details"]["plain"] == "86.0"
    assert reply["details"]["gains"][-1] == {"run": "norm", "text": "−1.9"}
    assert reply["details"]["weak"] == [{"run": "norm", "text": ""}]
    assert judged("deep", USUAL["deep"][0])["details"]["times"] == "5,000"
    assert [times(share) for share in (1 / 1340, 0.5, 1e-8)] == ["1,300", "2", "100,000,000"]


def test_what_diverged_reads_nothing_and_is_named_so():
    assert Facts(diverged=True, test=0.98).percent == 0
    runs = {**USUAL["batches"][0], "bgd": run(0.98, diverged=True)}
    assert {"run": "bgd", "text": "NaN"} in judged("batches", runs)["details"]["figures"]


# ---- What a stranger may send ---------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"preset": "nonsense"},
        {"preset": None},
        {"answer": "yes"},
        {"answer": ["good"]},
        {"runs": None},
        {"runs": {"small": run(0.5)}},
        {"runs": {**USUAL["rate"][0], "more": run(0.5)}},
        *(
            {"runs": {**USUAL["rate"][0], "big": big}}
            for big in (
                None,
                [],
                {},
                run(1.5),
                run(float("nan")),
                run("0.5"),
                run(True),
                run(0.5, step=-1),
                run(0.5, step=10**12),
                run(0.5, seconds=float("inf")),
                run(0.5, gradients=[0.1]),
                run(0.5, gradients=[0.1, "a"]),
                run(0.5, gradients="ab"),
                run(0.5, diverged="no"),
            )
        ),
    ],
)
def test_what_the_page_never_sends_is_refused(changes):
    asked = {"preset": "rate", "answer": "good", "runs": USUAL["rate"][0], **changes}
    assert judge_preset(asked)["error"] == "bad_request"
