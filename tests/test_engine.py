"""The training step and the loop around it, against the same written out by hand."""

import dataclasses
import itertools
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from models import engine
from models.checkpoint import weights_sha256
from models.data import to_batch
from models.engine import Snapshot, batches, new_network, step_in_pieces, train, training_step
from models.recipe import OPTIMIZERS, Recipe

STILL = 1e-9  # a learning rate at which nothing moves by as much as float32 can show in a loss


def trained(recipe: Recipe) -> tuple[nn.Module, list[Snapshot]]:
    network = new_network(recipe)
    return network, list(train(recipe, network))


def fingerprint(recipe: Recipe) -> str:
    return weights_sha256(trained(recipe)[0])


def timeless(snapshots: list[Snapshot]) -> list[Snapshot]:
    return [dataclasses.replace(snapshot, seconds=0.0, cpu_seconds=0.0) for snapshot in snapshots]


# ---- one step ------------------------------------------------------------------------------------


def a_small_problem(rows: int = 6):
    """Softmax regression on random numbers: network, inputs (rows, 4), labels (rows,) of 3."""
    torch.manual_seed(3)
    return nn.Linear(4, 3), torch.randn(rows, 4), torch.randint(3, (rows,))


def stepped_by_hand(weight, bias, x, labels, rate):
    """Gradient descent on cross-entropy: its gradient in the logits is (softmax - one-hot) / B."""
    slope = ((x @ weight.T + bias).softmax(1) - F.one_hot(labels, 3)) / len(x)  # (B, 3)
    return weight - rate * slope.T @ x, bias - rate * slope.sum(0)


def test_training_steps_equal_the_steps_by_hand():
    network, x, labels = a_small_problem()
    weight, bias = network.weight.detach().clone(), network.bias.detach().clone()
    optimizer = torch.optim.SGD(network.parameters(), 0.5)
    for _ in range(3):  # a second and a third, to see that old gradients are zeroed
        training_step(network, F.cross_entropy, optimizer, x, labels)
        weight, bias = stepped_by_hand(weight, bias, x, labels, 0.5)
    assert torch.allclose(network.weight, weight, atol=1e-6)
    assert torch.allclose(network.bias, bias, atol=1e-6)


def test_a_training_step_tells_the_loss_and_the_outputs_from_before_it():
    network, x, labels = a_small_problem()
    with torch.no_grad():
        before = network(x)
    optimizer = torch.optim.SGD(network.parameters(), 0.5)
    loss, outputs = training_step(network, F.cross_entropy, optimizer, x, labels)
    by_hand = -before.log_softmax(1)[range(6), labels].mean()
    assert torch.equal(outputs, before)
    assert loss.item() == pytest.approx(by_hand.item())
    assert not loss.requires_grad
    assert not outputs.requires_grad


def test_a_step_in_pieces_equals_the_step_on_the_whole_batch(monkeypatch):
    monkeypatch.setattr(engine, "PIECE", 4)  # 4 + 4 + 3 of 11
    results = []
    for take in (training_step, step_in_pieces):
        network, x, labels = a_small_problem(11)
        optimizer = torch.optim.SGD(network.parameters(), 0.5)
        for _ in range(2):
            loss, outputs = take(network, F.cross_entropy, optimizer, x, labels)
        results.append((loss, outputs, *network.parameters()))
    for whole, pieces in zip(*results, strict=True):
        assert torch.allclose(whole, pieces, atol=1e-6)


# ---- which images a step sees --------------------------------------------------------------------


def epochs_of_batches(optimizer: str, epochs: int = 2) -> list[list[list[int]]]:
    recipe = Recipe(optimizer=optimizer, train_images=100, batch_size=30)
    generator = torch.Generator().manual_seed(0)
    return [[batch.tolist() for batch in batches(recipe, generator)] for _ in range(epochs)]


def test_gradient_descent_sees_the_whole_set_at_every_step():
    assert [sorted(batch) for (batch,) in epochs_of_batches("gd")] == [list(range(100))] * 2


def test_batch_gradient_descent_takes_the_same_batches_in_turn():
    cut = [list(range(at, min(at + 30, 100))) for at in (0, 30, 60, 90)]
    assert epochs_of_batches("bgd") == [cut, cut]


@pytest.mark.parametrize("name", [n for n, o in OPTIMIZERS.items() if o.batches == "drawn"])
def test_the_others_draw_each_image_once_an_epoch_in_an_order_of_its_own(name):
    first, second = epochs_of_batches(name)
    for epoch in (first, second):
        assert [len(batch) for batch in epoch] == [30, 30, 30, 10]
        assert sorted(sum(epoch, [])) == list(range(100))
    assert first != second
    assert sum(first, []) != list(range(100))


# ---- a whole run against a plain loop ------------------------------------------------------------


def plain_loop(recipe: Recipe, mnist, parts: list[range], rates: list[float]) -> nn.Module:
    """The book's loop with its batches given, in turn, and the learning rate of each step."""
    network = new_network(recipe)
    x, y = to_batch(mnist.train_images[:200]), mnist.train_labels[:200].long()
    for part, rate in zip(itertools.cycle(parts), rates, strict=False):
        loss = F.cross_entropy(network(x[part]), y[part])
        optimizer = torch.optim.SGD(network.parameters(), rate)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network


def assert_same_weights(network: nn.Module, wanted: nn.Module) -> None:
    for name, tensor in wanted.state_dict().items():
        assert torch.allclose(network.state_dict()[name], tensor, atol=1e-6), name


@pytest.mark.parametrize(
    ("optimizer", "parts"),
    [("gd", [range(200)]), ("bgd", [range(80), range(80, 160), range(160, 200)])],
)
def test_a_run_ends_with_the_weights_of_the_loop_written_out(mnist, optimizer, parts):
    recipe = Recipe(
        "mlp", width=16, optimizer=optimizer, learning_rate=0.1, train_images=200,
        batch_size=80, epochs=3,
    )  # fmt: skip
    wanted = plain_loop(recipe, mnist, parts, rates=[0.1] * 3 * len(parts))
    assert_same_weights(trained(recipe)[0], wanted)


def test_the_schedule_sets_the_rate_of_each_step(mnist):
    """Five steps are taken at 10, 30, 50, 70, 90 % of the run; the warm-up's peak is at 20 %."""
    recipe = Recipe("linear", optimizer="bgd", schedule="warm_up_linear", learning_rate=0.1,
                    train_images=200, batch_size=40, epochs=1)  # fmt: skip
    parts = [range(at, at + 40) for at in range(0, 200, 40)]
    rates = [0.1 * share for share in (1 / 2, 7 / 8, 5 / 8, 3 / 8, 1 / 8)]
    assert_same_weights(trained(recipe)[0], plain_loop(recipe, mnist, parts, rates))


# ---- what a snapshot says ------------------------------------------------------------------------


def test_loss_and_accuracies_are_those_computed_by_hand(mnist):
    """Nothing moves, so that the means over an epoch's batches are those of one network."""
    recipe = Recipe("linear", optimizer="bgd", learning_rate=STILL, train_images=250,
                    batch_size=100, epochs=2)  # fmt: skip
    network, snapshots = trained(recipe)
    x, y = to_batch(mnist.train_images[:250]), mnist.train_labels[:250].long()
    with torch.no_grad():
        logits, test_logits = network(x), network(to_batch(mnist.test_images))
    each = F.cross_entropy(logits, y, reduction="none")
    of_batches = [
        each[part].mean().item() for part in (range(100), range(100, 200), range(200, 250))
    ]
    right = logits.argmax(1) == y
    first, second, third = snapshots[:3]
    assert first.loss == pytest.approx(of_batches[0], rel=1e-5)
    assert second.loss == pytest.approx(sum(of_batches[:2]) / 2, rel=1e-5)
    assert third.loss == pytest.approx(sum(of_batches) / 3, rel=1e-5)
    assert [s.train_accuracy for s in (first, third)] == pytest.approx(
        [right[:100].double().mean().item(), right.double().mean().item()]
    )
    assert snapshots[3].loss == pytest.approx(first.loss, rel=1e-5)  # a new epoch begins anew
    wanted = (test_logits.argmax(1) == mnist.test_labels).double().mean().item()
    assert third.test_accuracy == pytest.approx(wanted, abs=1e-6)
    assert (first.test_accuracy, second.test_accuracy) == (None, None)


def test_testing_switches_dropout_off_and_training_on_again(mnist):
    recipe = Recipe("mlp", width=64, dropout=0.9, learning_rate=STILL, train_images=640, epochs=2)
    network, snapshots = trained(recipe)
    with torch.no_grad():
        answers = network.eval()(to_batch(mnist.test_images)).argmax(1)
        x, y = to_batch(mnist.train_images[:640]), mnist.train_labels[:640].long()
        loss_at_rest = F.cross_entropy(network(x), y).item()
    wanted = (answers == mnist.test_labels).double().mean().item()
    ends = [snapshot for snapshot in snapshots if snapshot.test_accuracy is not None]
    assert [s.test_accuracy for s in ends] == pytest.approx([wanted] * 2, abs=1e-6)
    for end in ends:  # dropping nine of ten units scatters the logits, in both epochs
        assert end.loss > loss_at_rest + 0.05


def test_the_held_out_images_are_the_last_and_measured_at_each_epoch_s_end(mnist):
    recipe = Recipe("linear", train_images=640, held_out=300, epochs=1)
    network, snapshots = trained(recipe)
    with torch.no_grad():
        answers = network(to_batch(mnist.train_images[-300:])).argmax(1)
    wanted = (answers == mnist.train_labels[-300:]).double().mean().item()
    assert snapshots[-1].held_out_accuracy == pytest.approx(wanted, abs=1e-6)
    assert snapshots[0].held_out_accuracy is None


@pytest.mark.parametrize(
    ("epochs", "train_images"), [(1, 64 * 20), (0.5, 64 * 45), (5, 64 * 7), (1, 64 * 79)]
)
def test_a_run_gives_at_least_twenty_snapshots_and_the_last_is_its_end(epochs, train_images):
    recipe = Recipe("linear", epochs=epochs, train_images=train_images)
    _, snapshots = trained(recipe)
    steps = [snapshot.step for snapshot in snapshots]
    an_epoch = train_images // 64
    assert len(snapshots) >= 20
    assert steps == sorted(set(steps))
    assert steps[-1] == round(epochs * an_epoch)
    assert [s.epoch for s in snapshots] == pytest.approx([step / an_epoch for step in steps])
    measured = [s.step for s in snapshots if s.test_accuracy is not None]
    ends = [an_epoch * n for n in range(1, int(epochs) + 1)]
    assert measured == (ends if epochs >= 1 else [steps[-1]])


def test_time_only_grows(mnist):
    _, snapshots = trained(Recipe("linear", train_images=640, epochs=2))
    for clock in ("seconds", "cpu_seconds"):
        times = [getattr(snapshot, clock) for snapshot in snapshots]
        assert times == sorted(times)
        assert times[0] >= 0


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_run_learns(precision):
    recipe = Recipe("small_cnn", train_images=3000, epochs=2, precision=precision)
    _, snapshots = trained(recipe)
    assert snapshots[-1].test_accuracy > 0.8
    assert snapshots[-1].loss < snapshots[0].loss / 2


# ---- cleaners ------------------------------------------------------------------------------------


def test_a_cleaner_learns_to_give_the_clean_digit_for_the_spoiled_one(mnist):
    recipe = Recipe("linear_autoencoder", loss="mse", learning_rate=STILL, train_images=2000,
                    batch_size=50, epochs=1)  # fmt: skip
    network, snapshots = trained(recipe)
    clean = to_batch(mnist.train_images[:2000])
    with torch.no_grad():
        noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(99))
        cleaned = network((clean + 0.5 * noise).clamp(0, 1))
    wanted = (cleaned - clean).square().mean().item()
    assert snapshots[-1].loss == pytest.approx(wanted, rel=0.01)  # other noise, same mean
    assert {s.train_accuracy for s in snapshots} == {s.test_accuracy for s in snapshots} == {None}


def test_a_cleaner_s_loss_falls():
    _, snapshots = trained(
        Recipe("linear_autoencoder", loss="mse", train_images=2000, batch_size=20, epochs=1)
    )
    assert snapshots[-1].loss < 0.8 * snapshots[0].loss


# ---- the same numbers again ----------------------------------------------------------------------

SHORT = {"train_images": 256, "epochs": 1}
REPEATED = [
    Recipe("small_cnn", **SHORT),
    Recipe("mlp", dropout=0.5, augment=("affine", "elastic", "stroke", "shape"), **SHORT),
    Recipe("linear_autoencoder", loss="l1", **SHORT),
]


@pytest.mark.parametrize("recipe", REPEATED, ids=lambda recipe: recipe.network)
def test_the_same_recipe_gives_the_same_numbers_and_another_seed_others(recipe):
    network, snapshots = trained(recipe)
    again = new_network(recipe)
    torch.rand(5)  # what was drawn elsewhere must not matter
    snapshots_again = list(train(recipe, again))
    assert weights_sha256(network) == weights_sha256(again)
    assert timeless(snapshots) == timeless(snapshots_again)
    assert fingerprint(dataclasses.replace(recipe, seed=1)) != weights_sha256(network)


def test_augmentation_reaches_the_training():
    plain = Recipe("linear", **SHORT)
    assert fingerprint(plain) != fingerprint(dataclasses.replace(plain, augment=("affine",)))


def test_neither_test_images_nor_held_out_ones_are_ever_trained_on(mnist, monkeypatch):
    recipe = Recipe("linear", train_images=640, held_out=1000, epochs=1)
    wanted = fingerprint(recipe)
    train_images = mnist.train_images.clone()
    train_images[640:] = 255
    blackened = dataclasses.replace(
        mnist, train_images=train_images, test_images=torch.full_like(mnist.test_images, 255)
    )
    monkeypatch.setattr(engine, "load_mnist", lambda: blackened)
    assert fingerprint(recipe) == wanted


def test_a_network_can_be_handed_in_and_is_trained_in_place():
    recipe = Recipe("linear", train_images=640, epochs=1)
    network = new_network(recipe)
    before = weights_sha256(network)
    assert before == weights_sha256(new_network(recipe))
    for _ in train(recipe, network):
        pass
    assert weights_sha256(network) != before


# ---- a run that fails ----------------------------------------------------------------------------


@pytest.mark.parametrize("network", ["mlp", "small_cnn"])
def test_a_loss_beyond_all_numbers_ends_the_run_with_a_snapshot_that_says_so(network):
    recipe = Recipe(network, optimizer="sgd", learning_rate=1e4, train_images=6400, epochs=5)
    _, snapshots = trained(recipe)
    assert snapshots[-1].diverged
    assert not math.isfinite(snapshots[-1].loss)
    assert not any(snapshot.diverged for snapshot in snapshots[:-1])
    assert snapshots[-1].step < 500
    assert sum(not math.isfinite(snapshot.loss) for snapshot in snapshots) == 1


def test_a_last_step_that_overshoots_diverges_though_its_loss_was_a_number():
    recipe = Recipe("linear", optimizer="gd", train_images=64, epochs=1)  # one step
    network = new_network(recipe)
    first = next(network.parameters())
    first.register_hook(lambda gradient: gradient * math.inf)
    [last] = train(recipe, network)
    assert math.isfinite(last.loss)
    assert last.diverged


def test_a_sound_run_never_says_that_it_diverged():
    _, snapshots = trained(Recipe("linear", train_images=640, epochs=1))
    assert not any(snapshot.diverged for snapshot in snapshots)
