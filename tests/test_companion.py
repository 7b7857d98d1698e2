"""What a companion does to a run, and what the run tells it: against runs without one."""

import dataclasses
import math

import pytest
import torch

from models.best import Best
from models.checkpoint import weights_sha256
from models.companion import Companion
from models.engine import new_network, train
from models.recipe import Recipe
from models.snapshot import Snapshot
from models.watch import finite_facts, point, sixteen, view

RECIPE = Recipe("linear", train_images=600, batch_size=60, epochs=3, learning_rate=0.01)


class Asks(Companion):
    """Does something before a step, and keeps the run."""

    def __init__(self, **at_step) -> None:
        self.at_step = at_step  # "s4": what to do before the step that follows the fourth

    def begin(self, run) -> None:
        self.run = run

    def before_step(self, run) -> None:
        self.at_step.get(f"s{run.step_count}", lambda run: None)(run)


def trained(recipe: Recipe, companion: Companion | None = None):
    network = new_network(recipe)
    return network, list(train(recipe, network, companion=companion))


def test_going_along_and_looking_closer_changes_no_weight():
    class Looks(Asks):
        def wants_snapshot(self, run) -> bool:
            view(run)
            run.explain_next()
            return True

    recipe = dataclasses.replace(RECIPE, network="mlp", width=16, dropout=0.5)
    alone, _ = trained(recipe)
    watched, snapshots = trained(recipe, Looks())
    assert weights_sha256(alone) == weights_sha256(watched)
    assert [snapshot.step for snapshot in snapshots] == list(range(1, 31))


def test_a_stopped_run_takes_no_further_step():
    companion = Asks(s4=lambda run: run.stop())
    _, snapshots = trained(RECIPE, companion)
    assert companion.run.step_count == snapshots[-1].step == 4


def test_a_rate_changed_while_it_runs_is_kept_in_the_recipe_and_can_be_repeated():
    companion = Asks(s10=lambda run: run.change_rate(0.5))
    live, snapshots = trained(RECIPE, companion)
    assert companion.run.recipe.rate_changes == ((10, 0.5),)
    again, _ = trained(companion.run.recipe)
    assert weights_sha256(live) == weights_sha256(again)
    assert weights_sha256(live) != weights_sha256(trained(RECIPE)[0])
    rates = {snapshot.step: snapshot.learning_rate for snapshot in snapshots}
    assert (rates[10], rates[11]) == (0.01, 0.5)


def test_a_changed_rate_still_follows_the_schedule():
    recipe = dataclasses.replace(RECIPE, schedule="cosine", rate_changes=((15, 0.04),))
    rates = {s.step: s.learning_rate for s in train(recipe)}
    assert rates[16] == pytest.approx(0.04 * (1 + math.cos(math.pi * 15.5 / 30)) / 2)


def test_the_five_verbs_of_gradient_descent_add_up():
    companion = Asks(s2=lambda run: run.explain_next())
    trained(dataclasses.replace(RECIPE, optimizer="sgd", learning_rate=0.1), companion)
    verbs = companion.run.verbs
    assert verbs["step"] == 3
    assert verbs["images"] == 60
    moved = verbs["weight"] - 0.1 * verbs["weight_gradient"]
    assert verbs["weight_after"] == pytest.approx(moved, abs=1e-7)
    assert verbs["change"] == pytest.approx(0.1 * verbs["gradient"], rel=1e-4)
    assert 0.1 < verbs["probability"] < 1
    weights = math.fsum(layer["size"] ** 2 for layer in verbs["layers"]) ** 0.5
    assert weights <= verbs["gradient"]  # of all weights, the biases among them


def test_the_first_step_has_no_gradient_before_it():
    companion = Asks(s0=lambda run: run.explain_next())
    trained(RECIPE, companion)
    assert companion.run.verbs["gradient_before"] == 0


def test_a_view_shows_the_sixteen_as_the_network_reads_them():
    companion = Asks()
    network, _ = trained(RECIPE, companion)
    with torch.no_grad():
        wanted = network.eval()(sixteen(RECIPE).given).argmax(1)
    shown = view(companion.run)
    assert [int(digit["label"]) for digit in shown["digits"]] == wanted.tolist()
    assert shown["filters"]["width"] == shown["filters"]["height"] == 28


def test_label_noise_makes_its_share_of_labels_wrong_all_over_the_first_epoch():
    recipe = dataclasses.replace(RECIPE, label_noise=0.5, batch_size=60, epochs=1)
    companion = Asks()
    trained(recipe, companion)
    feed = companion.run.feed
    wrong = feed.labels[:600] != companion.run.mnist.train_labels[:600]
    assert int(wrong.sum()) == 300
    assert torch.equal(feed.labels[600:], companion.run.mnist.train_labels[600:].long())
    order = torch.randperm(600, generator=torch.Generator().manual_seed(recipe.seed))
    assert 8 < int(wrong[order[:60]].sum()) < 52  # of the first batch


def offered(best: Best, network, step: int, **facts) -> bool:
    network.weight.data.fill_(step)
    usual = {"loss": 0, "train_accuracy": None, "test_accuracy": None, "seconds": 0}
    return best.offer(Snapshot(step, 0, cpu_seconds=0, **usual, **facts), network)


def test_the_best_weights_are_those_of_the_lowest_loss_on_held_out_images():
    network, best = torch.nn.Linear(1, 1), Best()
    for step, loss in enumerate([3.0, 1.0, 2.0, math.nan]):
        offered(best, network, step, held_out_loss=loss, diverged=math.isnan(loss))
    assert (best.step, best.loss, float(best.weights["weight"])) == (1, 1.0, 1.0)


def test_where_nothing_is_held_out_the_last_sound_weights_are_kept():
    network, best = torch.nn.Linear(1, 1), Best()
    for step, loss in enumerate([1.0, 2.0, None, math.nan]):
        offered(best, network, step, glance_loss=loss, diverged=step == 3)
    assert (best.step, float(best.weights["weight"])) == (1, 1.0)


def test_until_something_is_measured_the_first_sound_weights_are_kept():
    network, best = torch.nn.Linear(1, 1), Best()
    assert offered(best, network, 1)
    assert not offered(best, network, 2)
    assert (best.step, best.is_judged) == (1, False)
    assert offered(best, network, 3, held_out_loss=9.0)
    assert (best.step, best.is_judged) == (3, True)


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_weights_are_not_kept_where_they_or_a_measured_loss_are_no_numbers(loss):
    network, best = torch.nn.Linear(1, 1), Best()
    assert not offered(best, network, 1, glance_loss=loss)
    assert not offered(best, network, 1, glance_loss=0.5, held_out_loss=loss)
    assert not offered(best, network, loss, glance_loss=0.5)  # weights of that size
    assert best.weights is None


def test_facts_have_null_where_json_has_no_number_also_in_the_lists_within():
    facts = {"loss": math.nan, "step": 3, "layers": [{"size": math.inf, "name": "1"}]}
    assert finite_facts(facts) == {"loss": None, "step": 3, "layers": [{"size": None, "name": "1"}]}


def test_a_point_has_null_where_json_has_no_number():
    _, snapshots = trained(dataclasses.replace(RECIPE, optimizer="sgd", learning_rate=1e6), Asks())
    last = point(snapshots[-1])
    assert last["loss"] is None or math.isfinite(last["loss"])
