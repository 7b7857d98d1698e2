"""What an answer rests on, each way against a second one to work it out."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from models import checkpoint, inside, saliency
from models.nets import NETS


@pytest.fixture(scope="module")
def network() -> nn.Module:
    return checkpoint.load("small_cnn").network


@pytest.fixture(scope="module")
def digit(mnist):
    return mnist.test_images[0] / 255  # a 7


def test_the_gradient_is_what_finite_differences_give(network, digit):
    gradient = saliency.input_gradient(network, digit, 7)
    double = NETS["small_cnn"].build().eval().double()
    double.load_state_dict(network.state_dict())
    for row, column in [(7, 8), (14, 14), (20, 12), (3, 25)]:
        nudge = torch.zeros(28, 28, dtype=torch.float64)
        nudge[row, column] = 1e-6
        with torch.no_grad():
            up = double((digit.double() + nudge).view(1, 1, 28, 28))[0, 7]
            down = double((digit.double() - nudge).view(1, 1, 28, 28))[0, 7]
        slope = float(up - down) / 2e-6
        assert float(gradient[row, column]) == pytest.approx(slope, rel=1e-3, abs=1e-4)


def test_the_gradient_of_the_linear_reader_is_its_weight(digit):
    linear = checkpoint.load("linear").network
    gradient = saliency.input_gradient(linear, digit, 4)
    by_hand = linear[2].weight[4].view(28, 28) / 0.3081  # behind the normalisation
    assert torch.allclose(gradient, by_hand, atol=1e-6)


def test_grad_cam_is_what_its_paper_says(network, digit):
    layers = list(network)
    maps = nn.Sequential(*layers[:6])(digit.view(1, 1, 28, 28))  # to the last convolution's ReLU
    maps = maps.detach().requires_grad_()
    behind = nn.Sequential(*layers[6:])
    gradient = torch.autograd.grad(behind(maps)[0, 7], maps)[0]
    heat = sum(gradient[0, k].mean() * maps[0, k] for k in range(32)).detach().clamp(min=0)
    wanted = F.interpolate(heat[None, None], (28, 28), mode="bilinear")[0, 0]
    cam = saliency.grad_cam(network, digit, 7)
    assert wanted.max() > 0
    assert torch.allclose(cam, wanted / wanted.max(), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("digits", (160, 7, 7)), ("book_cnn", (128, 28, 28)), ("small_cnn", (32, 5, 5))],
)
def test_grad_cam_looks_behind_the_last_convolutions_activation(name, shape):
    network = NETS[name].build().eval()
    with inside.recorded(network) as calls:
        network(torch.rand(1, 1, 28, 28))
    maps = saliency.last_maps(calls)
    assert maps.shape == (1, *shape)
    assert float(maps.detach().min()) == 0


@pytest.mark.parametrize("name", ["linear", "mlp"])
def test_a_network_without_convolutions_has_no_grad_cam(name, digit):
    assert saliency.grad_cam(NETS[name].build().eval(), digit, 7) is None


def test_occlusion_is_the_mean_loss_under_all_patches_over_a_pixel(network, digit):
    shown = saliency.occlusion(network, digit, 7, work=1)
    assert (shown.patch, shown.stride) == (6, 2)

    def chance(picture):
        with torch.no_grad():
            return float(network(picture.view(1, 1, 28, 28)).softmax(1)[0, 7])

    for row, column in [(8, 8), (15, 14), (27, 27)]:
        losses = []
        for top in range(0, 23, 2):
            for left in range(0, 23, 2):
                if top <= row < top + 6 and left <= column < left + 6:
                    covered = digit.clone()
                    covered[top : top + 6, left : left + 6] = 0
                    losses.append(chance(digit) - chance(covered))
        mean = sum(losses) / len(losses)
        assert float(shown.heat[row, column]) == pytest.approx(mean, abs=1e-5)


def test_occlusion_speaks_of_the_confidence_that_the_page_shows(network, digit):
    covered = digit.clone()
    covered[6:12, 8:14] = 0
    with torch.no_grad():
        both = network(torch.stack([digit, covered]).unsqueeze(1))
    before, after = (both / 3).softmax(1)[:, 7].tolist()
    patch = torch.zeros(1, 28, 28)
    patch[0, 6:12, 8:14] = 1
    [drop] = saliency.probability_drops(network, digit, 7, patch, temperature=3)
    assert float(drop) == pytest.approx(before - after, abs=1e-6)


def test_a_heavy_network_is_covered_in_larger_steps():
    assert saliency.patch_for(1_022_976) == (6, 2)  # small_cnn
    assert saliency.patch_for(34_465_792) == (7, 3)  # digits
    assert saliency.patch_for(83_954_688) == (7, 7)  # book_cnn


@pytest.mark.parametrize(("patch", "stride"), saliency.PATCHES)
def test_every_pixel_is_covered(patch, stride):
    masks = saliency.covers(patch, stride)
    assert masks.sum(0).min() >= 1
    assert set(masks.flatten(1).sum(1).tolist()) == {patch**2}


def test_a_blank_digit_rests_on_nothing(network):
    blank = torch.zeros(28, 28)
    assert not saliency.occlusion(network, blank, 7, work=1).heat.any()


def test_asking_leaves_weights_and_their_gradients_alone(network, digit):
    before = checkpoint.weights_sha256(network)
    saliency.input_gradient(network, digit, 7)
    saliency.grad_cam(network, digit, 7)
    assert checkpoint.weights_sha256(network) == before
    assert all(parameter.grad is None for parameter in network.parameters())
    assert sum(len(layer._forward_hooks) for layer in network.modules()) == 0
