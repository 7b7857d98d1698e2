"""How sure a reader says it is, and what it refuses."""

import pytest
import torch
from torch import nn

from models.calibrate import CARES, calibrate, calibrate_network, caution_of, fit_temperature
from models.checkpoint import CheckpointError, load_file, save_network
from models.data import load_mnist
from models.engine import new_network
from models.measure import logits
from models.predict import Caution, classify
from models.recipe import best_recipe


def test_the_temperature_undoes_a_known_exaggeration():
    generator = torch.Generator().manual_seed(0)
    honest = torch.randn(20_000, 10, generator=generator) * 2
    labels = torch.multinomial(honest.softmax(1), 1, generator=generator)[:, 0]
    assert fit_temperature(honest, labels) == pytest.approx(1, abs=0.03)
    assert fit_temperature(honest * 3, labels) == pytest.approx(3, abs=0.1)
    assert fit_temperature(honest / 4, labels) == pytest.approx(0.25, abs=0.01)


def test_the_thresholds_lose_the_share_that_they_promise():
    torch.manual_seed(0)
    mnist = load_mnist()
    network = new_network(best_recipe("linear")).eval()
    images, labels = mnist.train_images[:2000], mnist.train_labels[:2000]
    fitted = calibrate_network(network, images, labels)
    scores = logits(network, images).softmax(1).amax(1)
    for care in CARES:
        lost = float((scores < fitted["thresholds"][str(care)]).double().mean())
        assert lost == pytest.approx(care, abs=0.001)


def test_a_care_between_two_measured_ones_lies_between_their_thresholds():
    thresholds = {"0.0": 0.0, "0.1": 0.4, "0.2": 0.9}
    figures = {"calibration": {"temperature": 0.5, "thresholds": thresholds}}
    assert caution_of(figures, 0.1) == Caution(0.5, 0.4)
    assert caution_of(figures, 0.15).threshold == pytest.approx(0.65)
    assert caution_of({}, 0.1) == Caution(1.0, 0.0)


def test_a_checkpoint_keeps_its_calibration_and_its_weights(tmp_path):
    recipe = best_recipe("linear", train_images=59_000, held_out=1_000)
    network, file = new_network(recipe).eval(), tmp_path / "linear.safetensors"
    save_network(file, network, recipe, {"accuracy": 0.1}, "data")
    fitted = calibrate(file)
    kept = load_file(file)
    assert kept.figures == {"accuracy": 0.1, "calibration": fitted}
    x = torch.rand(5, 1, 28, 28)
    assert torch.equal(kept.network(x), network(x))


def test_a_network_that_has_seen_all_images_is_not_calibrated(tmp_path):
    recipe, file = best_recipe("linear"), tmp_path / "linear.safetensors"
    save_network(file, new_network(recipe), recipe, {}, "data")
    with pytest.raises(CheckpointError, match="held-out"):
        calibrate(file)


class Fixed(nn.Module):
    """Answers 4 with logits of 3 against 0 for everything."""

    def forward(self, x):
        return torch.tensor([[0.0] * 4 + [3.0] + [0.0] * 5]).expand(len(x), 10)


STROKE = torch.zeros(40, 40)
STROKE[5:35, 18:22] = 1
LIKELIEST = 20.0855 / 29.0855  # e^3 of e^3 + 9


def test_what_scores_below_the_threshold_is_refused_as_unlike():
    answer = classify(Fixed(), STROKE, Caution(threshold=LIKELIEST + 0.01))
    assert (answer.label, answer.refused, answer.reason) == (None, True, "unlike")
    assert answer.probabilities[4] == pytest.approx(LIKELIEST, abs=1e-4)
    assert classify(Fixed(), STROKE, Caution(threshold=LIKELIEST - 0.01)).label == "4"


def test_the_temperature_changes_the_confidence_and_not_the_score():
    answer = classify(Fixed(), STROKE, Caution(temperature=0.5))
    assert answer.confidence == pytest.approx(403.43 / 412.43, abs=1e-4)  # e^6 of e^6 + 9
    assert answer.digit_score == pytest.approx(LIKELIEST, abs=1e-4)
