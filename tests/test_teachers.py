"""The teachers' files: what they saw, what they were given, how a bad file is refused."""

import json

import pytest
import torch

from models import teachers
from models.__main__ import main
from models.checkpoint import CheckpointError, read
from models.teachers import (
    BLOCKS,
    BUDGET,
    TEACHERS,
    as_runs,
    from_runs,
    load_teacher,
    new_network,
    own_accuracy,
    read_teacher,
    teacher_path,
)

SAW_DIGITS = ("digits04", "shuffled_pixels", "random_labels")


# ---- the shipped files -------------------------------------------------------------------------


@pytest.mark.parametrize("key", SAW_DIGITS)
def test_no_teacher_has_seen_a_five_or_more(key, mnist):
    seen = load_teacher(key).seen
    assert len(seen) == 30_596  # MNIST's training images of 0 to 4
    assert int(mnist.train_labels[seen].max()) == 4


def test_the_teacher_of_textures_has_seen_no_digit():
    assert len(load_teacher("texture").seen) == 0


@pytest.mark.parametrize("key", SAW_DIGITS)
def test_the_list_in_the_header_is_what_training_draws_from(key):
    assert torch.equal(load_teacher(key).seen, TEACHERS[key].training().indices)


def test_all_teachers_were_given_the_same_and_say_so():
    given = [load_teacher(key).facts for key in TEACHERS]
    assert [facts["task"] for facts in given] == list(TEACHERS)
    own = {"task", "accuracy", "seconds"}
    budgets = [{name: facts[name] for name in facts.keys() - own} for facts in given]
    assert budgets == [vars(BUDGET)] * 4


@pytest.mark.parametrize(
    ("key", "low", "high"),
    # labels that are drawn at random can't be told better than by chance
    [("digits04", 0.99, 1), ("shuffled_pixels", 0.95, 1), ("random_labels", 0.17, 0.23)]
    + [("texture", 0.9, 1)],
)
def test_a_teacher_solves_its_own_task_as_its_header_says(key, low, high):
    taught = load_teacher(key)
    assert low <= taught.facts["accuracy"] <= high
    assert own_accuracy(key, taught.network) == pytest.approx(taught.facts["accuracy"], abs=1e-3)


def test_a_teacher_s_file_is_small():
    assert all(teacher_path(key).stat().st_size <= 600_000 for key in TEACHERS)


def test_the_blocks_are_the_network_from_the_pixels_to_the_head():
    network, x = new_network().eval(), torch.rand(2, 1, 28, 28)
    by_hand = network.normalise(x)
    for name in BLOCKS:
        by_hand = getattr(network, name)(by_hand)
    assert torch.equal(by_hand, network(x))
    names = {name.split(".")[0] for name, _ in network.named_parameters()}
    assert names == set(BLOCKS)


# ---- the tasks ---------------------------------------------------------------------------------


def test_shuffled_pixels_are_the_same_pixels_elsewhere():
    pixels = torch.rand(3, 1, 28, 28)
    shown = TEACHERS["shuffled_pixels"].show(pixels)
    assert not torch.equal(shown, pixels)
    assert torch.equal(shown.flatten(1).sort().values, pixels.flatten(1).sort().values)
    numbers = torch.arange(784.0).view(1, 1, 28, 28)
    again = [TEACHERS["shuffled_pixels"].show(numbers) for _ in range(2)]
    assert torch.equal(*again)  # the same permutation every time


def test_random_labels_stay_and_have_nothing_to_do_with_the_digits():
    first, again = (TEACHERS["random_labels"].training() for _ in range(2))
    assert torch.equal(first.labels, again.labels)
    true = TEACHERS["digits04"].training()
    assert torch.equal(first.images, true.images)
    assert float((first.labels == true.labels).double().mean()) == pytest.approx(0.2, abs=0.01)


def test_textures_come_from_their_seed_and_the_test_has_others():
    one, again, other = (teachers.make_textures(3, seed) for seed in (1, 1, 2))
    assert torch.equal(one[0], again[0])
    assert not torch.equal(one[0], other[0])
    assert one[1].tolist() == sorted([0, 1, 2, 3, 4] * 3)


# ---- lists and files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [([], []), ([0, 1, 4], [0, 2, 2, 1]), ([3], [3, 1]), ([2, 3, 7, 8, 9], [2, 2, 3, 3])],
)
def test_numbers_become_runs_and_come_back(numbers, runs):
    assert as_runs(torch.tensor(numbers, dtype=torch.long)) == runs
    assert from_runs(runs).tolist() == numbers


def test_a_missing_file_is_named_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(teachers, "path_of", lambda name: tmp_path / f"{name}.safetensors")
    with pytest.raises(CheckpointError, match="teacher_texture.safetensors is missing; get it"):
        load_teacher("texture")


def test_a_damaged_file_is_refused_with_what_to_do(tmp_path):
    whole = teacher_path("texture").read_bytes()
    path = tmp_path / "teacher_texture.safetensors"
    for content in (b"", whole[:9_000], whole.replace(b'"seen"', b'"sawn"'), b"PK" + whole):
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match="can't be used: .*; get it back with"):
            read_teacher.__wrapped__(path)
    path.write_bytes(teacher_path("texture").parent.joinpath("linear.safetensors").read_bytes())
    with pytest.raises(CheckpointError, match="can't be used"):
        read_teacher.__wrapped__(path)


# ---- the command -------------------------------------------------------------------------------


def test_teach_writes_a_file_that_is_read_again(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(teachers, "TEXTURES_EACH", 20)
    monkeypatch.setattr("models.transfer_command.BUDGET", teachers.Budget(steps=2))
    assert main(["teach", "texture", "--out", str(tmp_path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    path = teacher_path("texture", tmp_path)
    assert read_teacher(path).facts == said
    assert said["steps"] == 2
    assert read(path)[1]["made_for"] == "digit-lab"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody"], "the teacher can't be nobody; choose one of digits04"),
        (["--out", "/nowhere"], "its folder is not there"),
        (["--out", ".", "--write"], "choose one of --out and --write"),
    ],
)
def test_teach_refuses_before_it_works(words, said, capsys):
    assert main(["teach", *words]) == 1
    assert said in capsys.readouterr().err
