"""The smallest change that turns an answer, and the push that fools, against values by hand."""

import pytest
import torch
from torch import nn

from models import checkpoint, fool
from models.nets import NETS


def reads(network: nn.Module, picture: torch.Tensor) -> int:
    with torch.no_grad():
        return int(network(picture.view(1, 1, 28, 28))[0].argmax())


@pytest.fixture(scope="module")
def linear() -> nn.Module:
    return checkpoint.load("linear").network


@pytest.fixture(scope="module")
def small_cnn() -> nn.Module:
    return checkpoint.load("small_cnn").network


@pytest.fixture(scope="module")
def seven(mnist):
    return mnist.test_images[0] / 255


@pytest.fixture(scope="module")
def grey_seven(seven):
    """A 7 on grey paper: no pixel is so near to black or white that it could not move."""
    return 0.15 + 0.7 * seven


def plane_between(linear: nn.Module, target: int, rival: int) -> tuple[torch.Tensor, float]:
    """Weights (28, 28) and bias of the target's logit less the rival's, on pixels in [0, 1]."""
    normalise, weights, biases = linear[0], linear[2].weight.detach(), linear[2].bias.detach()
    weight = (weights[target] - weights[rival]) / normalise.std
    bias = biases[target] - biases[rival] - normalise.mean * weight.sum()
    return weight.view(28, 28), float(bias)


# ---- The smallest change --------------------------------------------------------------------


def test_for_the_linear_reader_it_is_the_way_to_the_plane_between_two_digits(linear, grey_seven):
    label = reads(linear, grey_seven)
    with torch.no_grad():
        target = int(linear(grey_seven.view(1, 1, 28, 28))[0].topk(2).indices[1])
    weight, bias = plane_between(linear, target, label)
    distance = float(-(weight * grey_seven).sum() - bias) / float(weight.norm())
    change = fool.smallest_change(linear, grey_seven, target)
    assert change.norm == pytest.approx(distance, rel=0.005)
    way = change.picture - grey_seven
    assert float((way * weight).sum() / weight.norm() / way.norm()) > 0.99
    assert float(change.picture.min()) > 0  # so that the box has no part in it
    assert float(change.picture.max()) < 1


def test_for_the_linear_reader_it_stays_in_the_box_and_is_the_smallest_there(linear, seven):
    weight, bias = plane_between(linear, 3, reads(linear, seven))

    def beyond(scale: float) -> float:
        """How far the nearest point of the box for this multiplier lies beyond the plane."""
        return float((weight * (seven + scale * weight).clamp(0, 1)).sum()) + bias

    low, high = 0.0, 1.0  # by the conditions of Karush, Kuhn and Tucker: x + scale w, clamped
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) > 0 else (middle, high)
    nearest = (seven + high * weight).clamp(0, 1)
    change = fool.smallest_change(linear, seven, 3)
    assert change.norm == pytest.approx(float((nearest - seven).norm()), rel=0.01)
    assert float(change.picture.min()) >= 0
    assert float(change.picture.max()) <= 1


@pytest.mark.parametrize("name", ["linear", "small_cnn", "digits"])
def test_a_slightly_smaller_step_the_same_way_does_not_turn_the_answer(name, seven):
    network = checkpoint.load(name).network
    with torch.no_grad():
        target = int(network(seven.view(1, 1, 28, 28))[0].topk(2).indices[1])
    change = fool.smallest_change(network, seven, target)
    way = change.picture - seven
    assert reads(network, change.picture) == target
    assert reads(network, seven + 0.995 * way) != target


@pytest.mark.parametrize("target", [2, 4, 9])
def test_it_is_smaller_than_what_random_search_or_mixing_with_an_image_finds(
    small_cnn, mnist, seven, target
):
    change = fool.smallest_change(small_cnn, seven, target)
    assert reads(small_cnn, change.picture) == target
    others = mnist.train_images[mnist.train_labels == target][:20] / 255
    for other in others:
        for share in torch.linspace(0, 1, 41):
            mixed = seven + share * (other - seven)
            if reads(small_cnn, mixed) == target:
                assert change.norm < 0.7 * float((mixed - seven).norm())
                break


def test_the_figures_count_pixels_and_ink():
    digit = torch.zeros(28, 28)
    digit[5, 5] = 1
    picture = digit.clone()
    picture[5, 5], picture[6, 6], picture[7, 7] = 0.4, 0.8, 0.05
    change = fool.measured(digit, picture)
    assert change.pixels == 2
    assert change.added == pytest.approx(0.85)
    assert change.taken == pytest.approx(0.6)
    assert change.most == pytest.approx(0.8)
    assert change.norm == pytest.approx((0.36 + 0.64 + 0.0025) ** 0.5)


def test_a_digit_that_is_read_as_the_target_already_stays_as_it_is(small_cnn, seven):
    change = fool.smallest_change(small_cnn, seven, 7)
    assert torch.equal(change.picture, seven)
    assert (change.norm, change.pixels, change.added, change.taken) == (0, 0, 0, 0)


def test_an_answer_that_nothing_turns_gives_none(seven):
    stubborn = NETS["linear"].build().eval()
    with torch.no_grad():
        stubborn[2].weight.zero_()
        stubborn[2].bias.copy_(torch.eye(10)[7])
    assert fool.smallest_change(stubborn, seven, 3) is None
    assert fool.turning_strength(stubborn, seven, torch.ones(28, 28)) is None


def test_the_work_is_bounded_by_the_search_and_the_halvings(small_cnn, seven):
    passes = []
    hook = small_cnn.register_forward_pre_hook(lambda _, pixels: passes.append(len(pixels[0])))
    try:
        fool.smallest_change(small_cnn, seven, 2)
    finally:
        hook.remove()
    assert len(passes) == fool.STEPS + fool.HALVINGS + 1
    assert max(passes) == len(fool.NORMS)


def test_a_picture_of_one_byte_a_pixel_is_still_read_as_the_target(small_cnn, seven):
    change = fool.smallest_change(small_cnn, seven, 2)
    kept = fool.in_levels(small_cnn, seven, change.picture, 2)
    levels = kept.picture * 255
    assert torch.allclose(levels, levels.round(), atol=1e-4)
    assert reads(small_cnn, kept.picture) == 2
    assert kept.norm < 1.3 * change.norm


# ---- Fooling --------------------------------------------------------------------------------


def test_a_push_moves_each_pixel_by_the_strength_away_from_the_label(linear, grey_seven):
    with torch.no_grad():
        chances = linear(grey_seven.view(1, 1, 28, 28))[0].softmax(0)
    weight = linear[2].weight.detach()
    # Cross-entropy's gradient by hand: the weights weighed by the chances, less the label's.
    by_hand = (chances[:, None] * weight).sum(0) - weight[7]
    pushed = fool.fgsm(linear, grey_seven, 7, 0.1)
    assert torch.allclose(pushed, grey_seven + 0.1 * by_hand.sign().view(28, 28), atol=1e-6)


def test_a_push_goes_where_cross_entropy_grows(small_cnn, seven):
    pixels = seven.view(1, 1, 28, 28).clone().requires_grad_()
    loss = nn.functional.cross_entropy(small_cnn(pixels), torch.tensor([7]))
    [gradient] = torch.autograd.grad(loss, pixels)
    wanted = (seven + 0.05 * gradient[0, 0].sign()).clamp(0, 1)
    pushed = fool.fgsm(small_cnn, seven, 7, 0.05)
    assert float((pushed != wanted).float().mean()) < 0.01  # where the gradient rounds to 0


def test_towards_a_digit_is_the_targeted_attack(linear, grey_seven):
    def chance(picture, digit):
        with torch.no_grad():
            return float(linear(picture.view(1, 1, 28, 28))[0].softmax(0)[digit])

    pushed = fool.fgsm(linear, grey_seven, 2, 0.1, towards=True)
    away = fool.fgsm(linear, grey_seven, 2, 0.1)
    assert chance(pushed, 2) > chance(grey_seven, 2) > chance(away, 2)


@pytest.mark.parametrize("towards", [False, True])
def test_a_push_stays_in_the_box_and_moves_no_pixel_further_than_its_strength(
    small_cnn, seven, towards
):
    pushed = fool.fgsm(small_cnn, seven, 7, 0.3, towards)
    assert float(pushed.min()) >= 0
    assert float(pushed.max()) <= 1
    assert float((pushed - seven).abs().max()) == pytest.approx(0.3, abs=1e-6)
    assert torch.equal(fool.fgsm(small_cnn, seven, 7, 0.0, towards), seven)


def test_a_network_that_is_sure_beyond_rounding_is_fooled_too(linear, grey_seven):
    sure = NETS["linear"].build().eval()
    sure.load_state_dict(linear.state_dict())
    with torch.no_grad():
        sure[2].weight.mul_(100)
        sure[2].bias.mul_(100)
        chances = sure(grey_seven.view(1, 1, 28, 28))[0].softmax(0)
    assert float(chances.max()) == 1  # cross-entropy is 0 and its gradient would be too
    label = int(chances.argmax())
    way = fool.signs(sure, grey_seven, label)
    assert int((way == 0).sum()) == int((linear[2].weight[label].view(28, 28) == 0).sum())
    assert fool.turning_strength(sure, grey_seven, way) is not None


def test_the_turning_strength_is_the_first_that_turns(small_cnn, seven):
    way = fool.signs(small_cnn, seven, 7)
    least = fool.turning_strength(small_cnn, seven, way)
    tried = [
        reads(small_cnn, ((seven + step / 100 * way).clamp(0, 1) * 255).round() / 255)
        for step in range(1, 51)
    ]
    first = next(at for at, label in enumerate(tried) if label != 7)
    assert least == (first + 1) / 100


# ---- A network is shared by all visitors ----------------------------------------------------


def test_fooling_leaves_the_network_as_it_was(small_cnn, seven):
    before = checkpoint.weights_sha256(small_cnn)
    fool.smallest_change(small_cnn, seven, 2)
    fool.turning_strength(small_cnn, seven, fool.signs(small_cnn, seven, 7))
    assert checkpoint.weights_sha256(small_cnn) == before
    assert not small_cnn.training
    assert all(parameter.grad is None for parameter in small_cnn.parameters())
    assert all(parameter.requires_grad for parameter in small_cnn.parameters())
    assert sum(len(layer._forward_hooks) for layer in small_cnn.modules()) == 0
