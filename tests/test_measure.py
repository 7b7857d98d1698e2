"""How good a network is, measured again in plain NumPy."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from torch import nn

from models import measure
from models.data import to_batch
from models.measure import accuracy, evaluate_cleaner, evaluate_reader, logits, outputs, psnr
from models.nets import NETS
from models.noise import NOISES


@pytest.fixture(scope="module")
def few(mnist):
    """MNIST with the first 120 test images alone."""
    return dataclasses.replace(
        mnist, test_images=mnist.test_images[:120], test_labels=mnist.test_labels[:120]
    )


def built(name: str) -> nn.Module:
    torch.manual_seed(0)
    return NETS[name].build()


class AlwaysSeven(nn.Module):
    """A reader that answers 7 with logit 2 over nine zeros."""

    def __init__(self):
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        answer = torch.zeros(len(x), 10)
        answer[:, 7] = 2
        return answer


class Untouched(nn.Module):
    """A cleaner that gives back what it gets."""

    def __init__(self):
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x


def test_a_reader_that_always_says_seven_is_right_on_the_sevens(mnist):
    """1,028 of the 10,000 test images are sevens."""
    facts = evaluate_reader(AlwaysSeven(), mnist)
    assert facts["accuracy"] == pytest.approx(0.1028)
    others = math.log(math.exp(2) + 9)  # -log of a share of 1 / (e^2 + 9)
    assert facts["loss"] == pytest.approx(0.1028 * (others - 2) + 0.8972 * others, rel=1e-5)


@pytest.mark.parametrize("batch", [7, 120, 500])
def test_answers_come_in_order_whatever_the_batch(few, monkeypatch, batch):
    network = built("mlp").eval()
    with torch.no_grad():
        wanted = network(to_batch(few.test_images))
    monkeypatch.setattr(measure, "BATCH", batch)
    assert torch.allclose(logits(network, few.test_images), wanted, atol=1e-5)
    assert torch.allclose(outputs(network, to_batch(few.test_images)), wanted, atol=1e-5)


def test_measuring_is_in_eval_mode_and_keeps_no_gradients(few):
    network = built("book_cnn").train()
    twice = [logits(network, few.test_images[:20]) for _ in range(2)]
    assert torch.equal(*twice)
    assert not twice[0].requires_grad
    right = (twice[0].argmax(1) == few.test_labels[:20]).double().mean().item()
    measured = accuracy(network, few.test_images[:20], few.test_labels[:20])
    assert measured == pytest.approx(right, abs=1e-6)


def test_psnr_is_that_of_each_picture():
    """Wrong by 0.1 everywhere: 20 dB. By 1 everywhere: 0 dB."""
    target = torch.zeros(2, 1, 4, 4)
    guess = torch.stack([torch.full((1, 4, 4), 0.1), torch.ones(1, 4, 4)])
    assert psnr(guess, target).tolist() == pytest.approx([20, 0], abs=1e-4)


def gaussian_ssim(x: np.ndarray, y: np.ndarray) -> float:
    """One picture's SSIM by Wang et al. 2004: 11 x 11 window, sigma 1.5, mirrored edges."""
    offsets = np.arange(11) - 5
    window = np.exp(-(offsets**2) / (2 * 1.5**2))
    window /= window.sum()

    def blurred(image):
        image = np.pad(image, 5, mode="reflect")
        image = np.apply_along_axis(np.convolve, 0, image, window, "valid")
        return np.apply_along_axis(np.convolve, 1, image, window, "valid")

    mx, my = blurred(x), blurred(y)
    vx, vy, vxy = blurred(x * x) - mx**2, blurred(y * y) - my**2, blurred(x * y) - mx * my
    c1, c2 = 0.01**2, 0.03**2
    luminance = (2 * mx * my + c1) / (mx**2 + my**2 + c1)
    return float((luminance * (2 * vxy + c2) / (vx + vy + c2)).mean())


def test_a_cleaner_s_figures_are_those_computed_by_hand(few):
    facts = evaluate_cleaner(Untouched(), AlwaysSeven(), few, "gaussian", 0.3)
    clean = to_batch(few.test_images)
    generator = torch.Generator().manual_seed(measure.NOISE_SEED)
    spoiled = NOISES["gaussian"].spoil(clean, 0.3, generator)
    x, y = clean.squeeze(1).double().numpy(), spoiled.squeeze(1).double().numpy()
    errors = ((x - y) ** 2).mean(axis=(1, 2))
    assert facts["mse"] == pytest.approx(errors.mean(), rel=1e-4)
    assert facts["psnr"] == pytest.approx((-10 * np.log10(errors)).mean(), rel=1e-4)
    inner = np.mean([gaussian_ssim(a, b) for a, b in zip(x, y, strict=True)])
    assert facts["ssim"] == pytest.approx(inner, abs=0.02)  # edges are counted in other ways
    sevens = (few.test_labels == 7).double().mean().item()
    assert facts["recognised"] == pytest.approx(sevens)


def test_a_perfect_cleaner_has_no_error_and_an_ssim_of_one(few):
    facts = evaluate_cleaner(Untouched(), None, few, "gaussian", 0.0)
    assert facts["mse"] == 0
    assert facts["ssim"] == pytest.approx(1, abs=1e-5)
    assert facts["psnr"] >= 60
    assert facts["recognised"] is None


def test_the_error_is_that_of_the_output_as_it_is_and_not_clamped(few):
    class Overshoots(Untouched):
        def forward(self, x):
            return x + 1

    facts = evaluate_cleaner(Overshoots(), None, few, "gaussian", 0.0)
    assert facts["mse"] == pytest.approx(1, abs=1e-5)


def test_every_cleaner_meets_the_same_noise(few):
    once, again = (evaluate_cleaner(Untouched(), None, few, "gaussian", 0.5) for _ in range(2))
    assert once == again
