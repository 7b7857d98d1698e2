"""Fine-tuning on one person's digits: what it learns, what it keeps, what it leaves alone."""

from dataclasses import replace

import pytest
import torch

from models import checkpoint
from models.augment import AUGMENTATIONS
from models.fine_tune import (
    ENOUGH,
    WAYS,
    FineTuneError,
    Mixture,
    fine_tune,
    split,
)
from models.measure import accuracy
from models.recipe import RECIPES

PATIENCE = 600.0  # s; a busy machine takes all steps, too


@pytest.fixture(scope="module")
def origin():
    return checkpoint.load("linear")


@pytest.fixture(scope="module")
def upright(mnist):
    """Fifteen sevens lying on their side, which somebody calls ones: no reader knows them."""
    images = mnist.train_images[mnist.train_labels == 7][:15].rot90(1, (1, 2))
    return images, torch.full((15,), 1)


@pytest.fixture(scope="module")
def tuned(origin, upright):
    return fine_tune(origin, *upright, seed=3, seconds=PATIENCE)


def test_it_learns_the_visitors_digits_and_hardly_forgets_the_test_set(tuned):
    assert tuned.learned.images + tuned.kept_back.images == 15
    assert tuned.learned.after > tuned.learned.before
    assert tuned.learned.after >= 0.9 * tuned.learned.images
    assert tuned.test.after > 0.95 * tuned.test.before
    assert (tuned.steps, tuned.stopped_early) == (WAYS["linear"].steps, False)


def test_the_counts_are_those_of_the_two_networks(tuned, origin, mnist):
    share = accuracy(origin.network, mnist.test_images, mnist.test_labels)
    assert tuned.test.before == round(share * 10_000)
    share = accuracy(tuned.checkpoint.network, mnist.test_images, mnist.test_labels)
    assert tuned.test.after == round(share * 10_000)
    assert tuned.checkpoint.figures["accuracy"] == pytest.approx(share)


def test_the_origin_is_left_as_it_was(origin, upright):
    before = checkpoint.weights_sha256(origin.network)
    tuned = fine_tune(origin, *upright, seconds=PATIENCE)
    assert checkpoint.weights_sha256(origin.network) == before
    assert checkpoint.weights_sha256(tuned.checkpoint.network) != before
    assert all(weight.grad is None for weight in origin.network.parameters())
    assert not tuned.checkpoint.network.training
    assert not any(weight.requires_grad for weight in tuned.checkpoint.network.parameters())


def test_the_same_digits_and_seed_give_the_same_weights(tuned, origin, upright):
    torch.rand(7)  # where torch's global generator stands does not matter
    state = torch.random.get_rng_state()
    again = fine_tune(origin, *upright, seed=3, seconds=PATIENCE)
    assert torch.equal(torch.random.get_rng_state(), state)
    weights = [checkpoint.weights_sha256(one.checkpoint.network) for one in (tuned, again)]
    assert weights[0] == weights[1]
    other = fine_tune(origin, *upright, seed=4, seconds=PATIENCE).checkpoint.network
    assert checkpoint.weights_sha256(other) != weights[0]


def test_it_tells_how_far_it_is_and_leaves_the_measuring_its_part(origin, upright):
    told = []
    fine_tune(origin, *upright, seconds=PATIENCE, told=told.append)
    assert told == sorted(told)
    # 120 steps of 128 images, there and back, then 10,000 test images read by both networks
    work = 120 * 128 * 3
    assert told[0] == pytest.approx(work / (work + 20_000) / 120, rel=0.05)
    assert told[-1] == pytest.approx((work + 10_000) / (work + 20_000))


def test_when_the_time_is_up_it_stops_and_says_so(origin, upright):
    tuned = fine_tune(origin, *upright, seconds=0.0)
    assert (tuned.steps, tuned.stopped_early) == (0, True)
    assert tuned.learned.after == tuned.learned.before
    assert tuned.test.after == tuned.test.before


def test_a_network_with_dropout_and_batch_norm_is_tuned_too(upright, monkeypatch):
    monkeypatch.setitem(WAYS, "digits", replace(WAYS["digits"], steps=2, test_every=500))
    digits = checkpoint.load("digits")
    digits.figures["calibration"] = {"temperature": 0.9, "thresholds": {"0.0": 0.0}}
    tuned = fine_tune(digits, *upright, seconds=PATIENCE)
    assert tuned.steps == 2
    assert tuned.test.images == 20
    assert tuned.checkpoint.figures["calibration"]["temperature"] == 0.9


def test_the_books_network_is_refused_with_a_reason(origin, upright):
    book = replace(origin, recipe=RECIPES["book_cnn"])
    with pytest.raises(FineTuneError, match="book_cnn is too large .* small_cnn"):
        fine_tune(book, *upright)


def test_few_digits_are_all_trained_on(origin, upright):
    images, labels = upright
    tuned = fine_tune(origin, images[:1], labels[:1], seconds=0.0)
    assert tuned.learned.images == 1
    assert tuned.kept_back is None


@pytest.mark.parametrize(("count", "held"), [(1, 0), (ENOUGH - 1, 0), (ENOUGH, 2), (200, 40)])
def test_every_fifth_digit_is_kept_back_and_none_is_lost(count, held):
    learned, kept_back = split(count, torch.Generator().manual_seed(0))
    assert len(kept_back) == held
    assert sorted([*learned.tolist(), *kept_back.tolist()]) == list(range(count))


def test_only_images_that_the_reader_was_trained_on_are_replayed(mnist, upright):
    """A mark in each image's corner tells which ones turn up in a thousand draws."""
    marked = replace(mnist, train_images=torch.zeros(60_000, 28, 28, dtype=torch.uint8))
    marked.train_images[57_000:, 0, 0] = 255  # those that `digits` held out
    recipe = replace(RECIPES["digits"], augment=())
    mixture = Mixture(recipe, *upright, marked, WAYS["digits"], seed=0)
    for _ in range(40):
        inputs, labels = mixture.batch()
        assert inputs.shape == (64, 1, 28, 28)
        assert labels[:16].tolist() == [1] * 16
        assert inputs[16:].sum() == 0


def test_own_digits_are_varied_at_each_use(mnist, upright):
    assert set(AUGMENTATIONS) == {"shape", "stroke", "affine", "elastic"}
    images, labels = upright
    mixture = Mixture(RECIPES["linear"], images[:1], labels[:1], mnist, WAYS["linear"], seed=0)
    inputs, _ = mixture.batch()
    own = inputs[:32].flatten(1)
    assert len(own.unique(dim=0)) == 32
    assert float(own.min()) >= 0
    assert float(own.max()) <= 1


def test_the_tuned_network_can_be_kept_as_a_file(tuned, tmp_path):
    kept, path = tuned.checkpoint, tmp_path / "own.safetensors"
    content = checkpoint.as_bytes(kept.network.state_dict(), kept.recipe, kept.figures, kept.data)
    path.write_bytes(content)
    loaded = checkpoint.load_file(path, "linear")
    assert checkpoint.weights_sha256(loaded.network) == kept.figures["weights_sha256"]
    assert loaded.figures["tuned"] == {
        "from": "linear",
        "digits": 12,
        "steps": WAYS["linear"].steps,
        "seed": 3,
        "test_images": 10_000,
    }
