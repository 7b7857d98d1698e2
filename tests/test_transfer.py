"""A new task from few examples: what is locked, what learns, and what each way owes the teacher."""

import json

import pytest
import torch
from torch import nn

from models import transfer as module
from models.__main__ import main
from models.data import load_mnist, to_batch
from models.few_examples import draw_batch, draw_examples, high_digits_test
from models.nets import count_parameters
from models.teachers import BLOCKS, TEACHERS, load_teacher, own_accuracy
from models.transfer import (
    WAYS,
    Learner,
    Learning,
    Transfer,
    TransferError,
    learn,
)

SHORT = Learning(steps=4, batch_size=16)
FEW = tuple(part[:50] for part in high_digits_test())  # test images, where their score is no matter


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Runs end with a look at few images; what that gives is tested where it is asked for."""
    monkeypatch.setattr(module, "high_digits_test", lambda: FEW)
    monkeypatch.setattr(module, "own_accuracy", lambda key, network: 0.5)


def weights(block: nn.Module) -> list[torch.Tensor]:
    """Everything that a block keeps, the running figures of its batch norms too."""
    return [tensor.clone() for tensor in block.state_dict().values()]


def same(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
    return all(torch.equal(*pair) for pair in zip(one, other, strict=True))


def run(transfer: Transfer, learning: Learning = SHORT, glances: int = 0) -> Learner:
    """A learner after all its steps; its last standing lies in `last`."""
    learner = Learner(transfer, learning, glances)
    *_, learner.last = learner.steps()
    return learner


# ---- what is locked and what learns ------------------------------------------------------------


def test_frozen_blocks_are_the_teacher_s_to_the_last_bit_and_the_head_has_learned():
    learner = run(Transfer("frozen", examples=2))
    teacher = load_teacher("digits04").network
    for name in BLOCKS[:-1]:
        assert same(weights(getattr(learner.network, name)), weights(getattr(teacher, name)))
    assert not torch.equal(learner.network.head.weight, teacher.head.weight)
    assert learner.last.forgotten == 0.0
    assert learner.last.locked == BLOCKS[:-1]
    assert learner.last.weights_trained == count_parameters(learner.network.head)


def test_tuned_blocks_all_change():
    learner = run(Transfer("tuned", examples=2))
    teacher = load_teacher("digits04").network
    for name in BLOCKS:
        assert not same(weights(getattr(learner.network, name)), weights(getattr(teacher, name)))
    assert learner.last.weights_trained == count_parameters(learner.network)


@pytest.mark.parametrize("locked", [("edges",), ("edges", "shapes"), ("head",)])
def test_a_locked_block_stays_and_the_others_learn(locked):
    learner = Learner(Transfer("tuned", examples=2, locked=locked), SHORT)
    before = {name: weights(getattr(learner.network, name)) for name in BLOCKS}
    *_, last = learner.steps()
    after = {name: weights(getattr(learner.network, name)) for name in BLOCKS}
    assert {name for name in BLOCKS if same(before[name], after[name])} == set(locked)
    opened = [getattr(learner.network, name) for name in BLOCKS if name not in locked]
    assert last.weights_trained == sum(count_parameters(block) for block in opened)


def test_the_teacher_itself_is_left_alone():
    before = weights(load_teacher("digits04").network)
    run(Transfer("tuned", examples=1))
    assert same(before, weights(load_teacher("digits04").network))


def test_scratch_owes_nothing_to_the_teacher(monkeypatch):
    first = run(Transfer("scratch", "digits04", examples=1))
    monkeypatch.setattr(module, "load_teacher", None)  # it is not even opened
    other = run(Transfer("scratch", "texture", examples=1))
    assert same(weights(first.network), weights(other.network))
    assert other.last.forgotten is None


def test_what_is_below_the_head_learns_more_slowly_where_it_was_taught():
    def rates(way: str) -> set[float]:
        groups = Learner(Transfer(way, examples=1)).groups
        return {group["first_rate"] for group in groups}

    learning = module.LEARNING
    assert rates("tuned") == {learning.rate, learning.rate_below}
    assert learning.rate_below < learning.rate
    assert rates("scratch") == {learning.rate}


def test_forgetting_is_measured_with_the_old_head_on_the_new_features(monkeypatch):
    """Features that say nothing leave the old head with one answer: its commonest class's share."""
    monkeypatch.setattr(module, "own_accuracy", own_accuracy)
    learner = Learner(Transfer("tuned", examples=1))
    with torch.no_grad():
        for parameter in learner.network.shapes.parameters():
            parameter.zero_()  # the last batch norm's scale and shift among them
    mnist, teacher = load_mnist(), load_teacher("digits04")
    low = mnist.test_labels[mnist.test_labels < 5]
    always = int(teacher.network.head.bias.argmax())
    left = float((low == always).double().mean())
    learner.network.eval()
    assert learner.forgotten() == pytest.approx(teacher.facts["accuracy"] - left)


# ---- what it learns from -----------------------------------------------------------------------


def test_every_way_and_teacher_meets_the_same_examples_at_the_same_seed():
    learners = [Learner(Transfer(way, key, 3, 7)) for way in WAYS for key in TEACHERS]
    for learner in learners[1:]:
        assert torch.equal(learner.images, learners[0].images)
        assert torch.equal(learner.labels, learners[0].labels)
    assert not torch.equal(learners[0].images, Learner(Transfer("tuned", examples=3)).images)


def test_the_examples_are_so_many_training_images_of_each_of_five_to_nine():
    images, labels = draw_examples(4, seed=3)
    assert labels.bincount().tolist() == [4] * 5
    mnist = load_mnist()
    ink = mnist.train_images.flatten(1).sum(1)
    for image, label in zip(images, labels, strict=True):
        alike = (ink == image.sum()).nonzero().squeeze(1)
        found = [one for one in alike if torch.equal(mnist.train_images[one], image)]
        assert mnist.train_labels[found].tolist() == [label + 5]


def test_it_is_measured_on_all_test_images_of_five_to_nine():
    images, labels = high_digits_test()
    assert len(images) == 4_861
    assert labels.unique().tolist() == [0, 1, 2, 3, 4]


def test_without_augmentation_the_examples_come_as_they_are():
    bare = Learner(Transfer("tuned", examples=1, augmentation=False))
    inputs, labels = bare.batch()
    order = labels.argsort()
    assert torch.equal(inputs[order], to_batch(bare.images))
    varied, _ = Learner(Transfer("tuned", examples=1)).batch()
    assert len(varied.flatten(1).unique(dim=0)) == len(varied)


@pytest.mark.parametrize(("count", "size"), [(5, 64), (50, 64), (2500, 64), (7, 7)])
def test_a_batch_holds_each_example_as_often_as_any_other(count, size):
    counts = draw_batch(count, size, torch.Generator().manual_seed(0)).bincount(minlength=count)
    assert int(counts.sum()) == size
    assert int(counts.max() - counts.min()) <= 1


# ---- the facts on the way ----------------------------------------------------------------------


def test_looking_on_the_way_changes_nothing():
    transfer = Transfer("tuned", examples=1)
    assert same(weights(run(transfer).network), weights(run(transfer, glances=4).network))


def test_a_run_is_told_often_and_looked_at_twenty_times():
    standings = list(learn(Transfer("frozen", examples=1, augmentation=False)))
    assert 15 <= sum(one.accuracy is not None for one in standings) <= 25
    steps = [one.step for one in standings]
    assert steps == sorted(steps)
    assert max(after - before for before, after in zip(steps, steps[1:], strict=False)) <= 5
    assert steps[-1] == standings[-1].total
    assert [one.done for one in standings] == [False] * (len(standings) - 1) + [True]
    assert standings[-1].seconds >= standings[0].seconds > 0


# ---- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"way": "magic"}, "way can't be magic; choose one of scratch, frozen, tuned"),
        ({"teacher": "nobody"}, "teacher can't be nobody"),
        ({"examples": 0}, "examples can't be 0; it takes a whole number from 1 to 500"),
        ({"examples": 501}, "examples can't be 501"),
        ({"examples": 2.0}, "examples can't be 2.0"),
        ({"examples": True}, "examples can't be True"),
        ({"seed": -1}, "seed can't be -1"),
        ({"augmentation": "no"}, "augmentation can't be no"),
        ({"locked": ("roof",)}, "locked can't be roof"),
        ({"locked": ["edges"]}, "locked can't be"),
        ({"locked": BLOCKS}, "all blocks are locked"),
        ({"way": "scratch", "locked": ("edges",)}, "scratch has locks of its own"),
        ({"way": "frozen", "locked": ()}, "frozen has locks of its own"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(settings, words):
    with pytest.raises(TransferError, match=words):
        Transfer(**{"way": "tuned", **settings})


# ---- the command -------------------------------------------------------------------------------


def test_the_command_prints_one_line_with_the_promised_keys(capsys):
    words = "transfer --way frozen --teacher texture --examples 2 --seed 5 --no-augmentation --json"
    assert main(words.split()) == 0
    facts = json.loads(capsys.readouterr().out)
    assert list(facts) == [
        "way", "teacher", "examples", "seed", "accuracy", "forgotten", "seconds",
    ]  # fmt: skip
    assert [*facts.values()][:4] == ["frozen", "texture", 2, 5]
    assert 0 <= facts["accuracy"] <= 1
    assert facts["forgotten"] == 0


@pytest.mark.parametrize("words", ["--examples 0", "--way up", "--teacher me", "--seed -1"])
def test_the_command_refuses_with_one_sentence(words, capsys):
    assert main(["transfer", *words.split()]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "can't be" in said
