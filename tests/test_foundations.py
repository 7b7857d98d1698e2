"""The ladder: five rungs go the road that the book's mathematics says, on the page and off it."""

import json
import time
from itertools import islice

import pytest
import torch

from demo.foundations import ladder
from demo.foundations.chapters import CHAPTERS, show_idea_code
from demo.train_live import RECORDS
from demo.words import WORDS
from models.__main__ import main
from models.foundations import EPOCHS, RUNGS, start
from tests.scripts import run_script

FIRST, LAST = 48_420_316, 1_093_067.375  # of seed 0, to float32's rounding
WRONG_LAST = 852_019.6875
SHORT = ("tensors", "autograd", "module", "function")


def climb(name: str, count: int = EPOCHS, seed: int = 0, **options) -> list[float]:
    return list(islice(RUNGS[name].climb(seed, **options), count))


def test_the_first_rungs_go_one_road_to_the_last_bit():
    roads = [climb(name, seed=seed) for seed in (0, 7) for name in SHORT]
    assert all(road == roads[0] for road in roads[:4])
    assert all(road == roads[4] for road in roads[4:])
    assert roads[0] != roads[4]
    assert [roads[0][0], roads[0][-1]] == pytest.approx([FIRST, LAST], rel=1e-6)


def test_the_books_gradient_takes_another_road_that_goes_down_too():
    road = climb("tensors", book_gradient=True)
    assert road[-1] == pytest.approx(WRONG_LAST, rel=1e-6)
    assert road[0] == climb("tensors")[0]


def test_the_layers_rungs_do_what_is_written_out_in_double_precision():
    x, y, _, _ = (tensor.double() for tensor in start(0))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        hidden, output = torch.nn.Linear(1000, 100), torch.nn.Linear(100, 10)
    layers = (hidden, output)
    w1, b1, w2, b2 = (p.detach().double() for one in layers for p in one.parameters())
    expected = []
    for _ in range(40):
        h = x @ w1.t() + b1
        guess = h.clamp(min=0) @ w2.t() + b2
        expected.append(((guess - y) ** 2).mean().item())
        grad = 2 * (guess - y) / y.numel()
        grad_h = (grad @ w2) * (h > 0)
        w2, b2 = w2 - 1e-4 * grad.t() @ h.clamp(min=0), b2 - 1e-4 * grad.sum(0)
        w1, b1 = w1 - 1e-4 * grad_h.t() @ x, b1 - 1e-4 * grad_h.sum(0)
    assert climb("sequential", 40) == pytest.approx(expected, rel=1e-5)
    assert climb("sequential", 40) == climb("named", 40)


def test_the_last_rung_is_adam_on_a_wider_network():
    losses = climb("optim", 100)
    assert losses[0] == pytest.approx(1.0348938, rel=1e-5)  # N(0, 1) targets, nothing learned yet
    assert losses[-1] < 1e-3 * losses[0]  # more weights than numbers to learn: it learns them all


def test_the_rungs_are_as_long_as_the_book_says():
    lengths = {name: rung.epochs for name, rung in RUNGS.items()}
    assert lengths == dict.fromkeys(SHORT, 20) | {"sequential": 10_000, "named": 10_000} | {
        "optim": 100
    }
    for name in (*SHORT, "optim"):
        assert len(climb(name, 10**6)) == lengths[name]


# ---- The command line -----------------------------------------------------------------------


def test_the_command_prints_a_line_an_epoch_and_the_last_loss(capsys):
    assert main(["foundations", "tensors", "--json", "--book-gradient"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    road = climb("tensors", book_gradient=True)
    assert lines[:-1] == [{"epoch": at, "loss": loss} for at, loss in enumerate(road, 1)]
    assert lines[-1] == {"done": True, "loss": road[-1]}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["roof"], "choose one of tensors"),
        (["optim", "--book-gradient"], "tensors alone"),
        (["tensors", "--seed", "-1"], "seed must be"),
    ],
)
def test_a_bad_option_gets_one_sentence(options, said, capsys):
    assert main(["foundations", *options]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


# ---- The page -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNGS)
def test_a_rungs_script_prints_the_pages_losses(name):
    asked = {"chapter": "ladder", "settings": {"rung": name, "seed": 3}, "language": "zh"}
    text = show_idea_code(asked)["script"]
    if name not in ladder.SHORT:
        text = text.replace("10_000", "1_000")  # as far as the first loss that the book prints
    said = {line["epoch"]: line["loss"] for line in map(json.loads, run_script(text).splitlines())}
    if name in ladder.SHORT:
        page = ladder.climb_short({"rung": name, "seed": 3})["losses"]
    else:
        page = climb(name, 1_000, seed=3)
    every = RUNGS[name].told_every
    assert said == {at: loss for at, loss in enumerate(page, 1) if at % every == 0}
    assert said


def test_a_line_is_marked_where_the_rung_below_has_it_not():
    marked, gone = ladder.changed_lines("autograd")
    fresh = [text.strip() for mark, text in marked if mark]
    assert "loss.backward()" in fresh
    assert "h = x @ w1  # (100, 1000) -> (100, 100)" not in fresh
    assert gone > 5
    assert not any(mark for mark, _ in ladder.changed_lines("tensors")[0])


def test_a_rungs_code_on_the_page_has_its_remarks_in_each_language():
    for rung in ladder.ladder_rungs({})["rungs"]:
        english, chinese = rung["lines"]["en"], rung["lines"]["zh"]
        assert english == ladder.changed_lines(rung["key"])[0]
        assert english != chinese
        assert [mark for mark, _ in english] == [mark for mark, _ in chinese]


def test_a_long_rung_is_climbed_in_its_own_process_and_tells_all_its_losses():
    begun = ladder.climb_long({"rung": "optim", "seed": 1, "owner": None})
    training = RECORDS.find(begun["key"])
    told, since = [], 0
    while True:
        training.follow()
        news = ladder.follow_training({"key": begun["key"], "since": since})
        since = news["next"]
        told += [pair for point in news["points"] for pair in point["losses"]]
        if news["ending"]:
            break
        time.sleep(0.1)  # it has the lowest priority
    assert news["ending"]["reason"] == "done"
    assert told == [[at, loss] for at, loss in enumerate(climb("optim", 100, seed=1), 1)]


@pytest.mark.parametrize(
    "asked", [{}, {"rung": "roof", "seed": 0}, {"rung": "tensors", "seed": 1.5}]
)
def test_nonsense_is_refused(asked):
    for handler in (ladder.climb_short, ladder.climb_long):
        assert handler(asked)["error"] == "bad_request"


def test_every_chapter_has_its_words():
    for key in CHAPTERS:
        assert {f"idea_{key}", f"idea_{key}_title", f"idea_{key}_gist"} <= WORDS["en"].keys()
