"""The project's own symbols, and what the teacher of symbols saw of them."""

from itertools import chain

import numpy as np
import pytest
import torch

from models.checkpoint import path_of, weights_sha256
from models.data import CHECKSUMS
from models.drawn_symbols import by_hand, draw_pool, ink_of, symbols
from models.embedding import SymbolNet, embed, load_teacher
from models.train_symbols import (
    MNIST_CLASSES,
    Batches,
    SymbolRecipe,
    few_shot,
    split_symbols,
    train_teacher,
)

SMALL = SymbolRecipe(steps=3, batch_size=16, classes=6, each=3, held_out=4, calibration=4)


@pytest.fixture(scope="module")
def batches() -> Batches:
    return Batches(SMALL)


def test_fewer_classes_are_the_beginning_of_more():
    few, more = symbols(8), symbols(20)
    for one, other in zip(few, more[:8], strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_class_has_one_to_six_strokes_about_the_unit_square():
    assert {len(symbol) for symbol in symbols(60)} <= set(range(1, 7))
    points = np.concatenate(list(chain(*symbols(60))))
    assert points.min() > -0.5
    assert points.max() < 1.5


def test_no_class_of_one_part_looks_like_a_class_of_another():
    """By the correlation of the bare drawings in blocks of 8 x 8, worked out with numpy."""
    drawn = np.stack([ink_of(symbol, 9).numpy() for symbol in symbols(60)])
    blocks = drawn.reshape(60, 14, 8, 14, 8).mean((2, 4)).reshape(60, -1)
    alike = np.corrcoef(blocks) - np.eye(60)
    assert alike.max() < 0.93


def test_held_out_calibrating_and_learned_classes_share_none():
    for recipe in (SMALL, SymbolRecipe()):
        parts = split_symbols(recipe).values()
        numbers = [range(part.start, part.stop) for part in parts]
        assert len(set(chain(*numbers))) == sum(map(len, numbers))
        assert [len(each) for each in numbers] == [
            recipe.held_out,
            recipe.calibration,
            recipe.classes,
        ]


def test_a_seed_gives_the_same_drawings_and_another_seed_others():
    first, again, other = (draw_pool(symbols(3), 2, seed) for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not (first == other).all(dim=(2, 3)).any()


def test_a_hand_never_draws_a_class_twice_alike_but_with_the_same_strokes():
    random, symbol = np.random.default_rng(0), symbols(5)[4]
    first, second = by_hand(symbol, random), by_hand(symbol, random)
    assert len(first) == len(second) == len(symbol)
    assert not np.allclose(first[0][0], second[0][0], atol=1e-3)


def test_a_turned_digit_is_a_training_image_turned_back(batches, mnist):
    for kind in (3, 7, 13, len(MNIST_CLASSES) - 1):
        digit, turn, mirrored = MNIST_CLASSES[kind]
        image = batches.turned_digit(kind)
        upright = (image.flip(1) if mirrored else image).rot90(-turn)
        wanted = mnist.train_images[mnist.train_labels == digit]
        nines = mnist.train_images[mnist.train_labels == 9].rot90(2, (1, 2))
        known = torch.cat([wanted, nines]) if digit == 6 else wanted
        assert (known == upright).all(dim=(1, 2)).any()


def test_a_batch_holds_digits_first_and_every_image_has_ink(batches):
    inputs, labels = batches.batch()
    assert inputs.shape == (16, 1, 28, 28)
    assert (labels[:4] < len(MNIST_CLASSES)).all()
    assert (labels[4:] >= len(MNIST_CLASSES)).all()
    assert (inputs.amax((1, 2, 3)) > 0.3).all()


def test_a_seed_gives_the_same_teacher():
    def trained() -> str:
        torch.manual_seed(SMALL.seed)
        network = SymbolNet()
        list(train_teacher(SMALL, network))
        return weights_sha256(network)

    assert trained() == trained()


def test_few_shot_accuracy_is_whole_for_directions_apart_and_chance_for_noise():
    apart = torch.eye(12)[:, None, :].expand(12, 6, 12)
    noise = torch.randn(12, 6, 12, generator=torch.Generator().manual_seed(0))
    assert few_shot(apart, 2, 0, 50) == 1
    assert few_shot(noise, 2, 0, 200) == pytest.approx(0.2, abs=0.05)


def test_the_shipped_teacher_says_what_it_saw_and_is_small(mnist):
    teacher = load_teacher()
    saw = teacher.recipe["saw"]
    assert saw["mnist_training_images"] == 60_000
    assert saw["mnist_checksum"] == mnist.checksum
    assert len(CHECKSUMS) == 4
    parts = [range(*saw["classes_made_up"][name]) for name in ("held_out", "calibration")]
    learned = range(*saw["classes_made_up"]["learned"])
    assert not set(learned) & set(chain(*parts))
    assert teacher.figures["weights_sha256"] == weights_sha256(teacher.network)
    assert path_of("symbols").stat().st_size < 3_000_000


def test_the_shipped_teacher_reads_new_classes_from_five_drawings():
    pool = draw_pool(symbols(25), 8, 99)  # held-out classes by another hand
    embedded = embed(load_teacher().network, pool.flatten(0, 1)).view(25, 8, -1)
    pixels = pool.flatten(2).float()
    baseline = few_shot(pixels / pixels.norm(dim=2, keepdim=True), 5, 0, 50)
    assert few_shot(embedded, 5, 0, 50) > max(0.95, baseline)
