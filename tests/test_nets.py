"""Each network against DESIGN's table: layers, shapes and parameters counted by hand."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from models.nets import ACTIVATIONS, NETS, count_parameters

READERS = ["linear", "mlp", "book_cnn", "small_cnn", "digits"]
CLEANERS = ["linear_autoencoder", "conv_autoencoder", "denoiser"]
# Weights and biases: inputs x outputs (x 9 for a 3 x 3 convolution) + outputs, layer by layer.
PARAMETERS = {
    "linear": 784 * 10 + 10,
    "mlp": (784 * 256 + 256) + (256 * 10 + 10),
    "book_cnn": (9 * 64 + 64) + (64 * 9 * 128 + 128) + (25088 * 1024 + 1024) + (1024 * 10 + 10),
    "linear_autoencoder": (784 * 128 + 128) + (128 * 64 + 64) + (64 * 32 + 32)
    + (32 * 64 + 64) + (64 * 128 + 128) + (128 * 784 + 784),
    "conv_autoencoder": (9 * 64 + 64) + (64 * 9 * 128 + 128)
    + (128 * 9 * 64 + 64) + (64 * 9 * 1 + 1),
}  # fmt: skip
LAYERS = {
    "linear": ["Linear 784>10"],
    "mlp": ["Linear 784>256", "ReLU", "Linear 256>10"],
    "book_cnn": [
        "Conv 1>64 3x3 p1", "ReLU", "Conv 64>128 3x3 p1", "ReLU", "MaxPool 2",
        "Linear 25088>1024", "ReLU", "Dropout 0.5", "Linear 1024>10",
    ],
    "linear_autoencoder": [
        "Linear 784>128", "ReLU", "Linear 128>64", "ReLU", "Linear 64>32",
        "Linear 32>64", "ReLU", "Linear 64>128", "ReLU", "Linear 128>784",
    ],
    "conv_autoencoder": [
        "Conv 1>64 3x3 p1", "ReLU", "MaxPool 2", "Conv 64>128 3x3 p1", "ReLU", "MaxPool 2",
        "Upsample 2 nearest", "Conv 128>64 3x3 p1", "ReLU",
        "Upsample 2 nearest", "Conv 64>1 3x3 p1",
    ],
}  # fmt: skip


def described(layer: nn.Module) -> str | None:
    """One layer in the words of the table; None where the table says nothing of it."""
    match layer:
        case nn.Conv2d():
            side, padding = layer.kernel_size[0], layer.padding[0]
            return f"Conv {layer.in_channels}>{layer.out_channels} {side}x{side} p{padding}"
        case nn.Linear():
            return f"Linear {layer.in_features}>{layer.out_features}"
        case nn.MaxPool2d():
            return f"MaxPool {layer.kernel_size}"
        case nn.Upsample():
            return f"Upsample {int(layer.scale_factor)} {layer.mode}"
        case nn.Dropout():
            return f"Dropout {layer.p}"
        case nn.ReLU():
            return "ReLU"
    return None


def built(name: str, **settings) -> nn.Module:
    torch.manual_seed(0)
    return NETS[name].build(**settings).eval()


@pytest.fixture(scope="module")
def digits(mnist):
    """Five test digits, (5, 1, 28, 28) in [0, 1]."""
    return mnist.test_images[:5].unsqueeze(1) / 255


def test_the_table_holds_the_networks_of_the_design():
    assert set(NETS) >= {*READERS, *CLEANERS}
    assert [NETS[name].kind for name in READERS] == ["reader"] * 5
    assert [NETS[name].kind for name in CLEANERS] == ["cleaner"] * 3


@pytest.mark.parametrize("name", LAYERS)
def test_a_network_has_the_layers_of_the_table_in_their_order(name):
    assert list(filter(None, map(described, built(name).modules()))) == LAYERS[name]


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_network_has_as_many_parameters_as_counted_by_hand(name):
    assert count_parameters(built(name)) == PARAMETERS[name]


def test_the_network_that_learns_live_stays_small():
    assert count_parameters(built("small_cnn")) <= 250_000


def test_the_denoiser_stays_under_ten_megabytes_and_a_million_and_a_half_parameters():
    network = built("denoiser")
    assert count_parameters(network) < 1_500_000
    assert sum(tensor.nbytes for tensor in network.state_dict().values()) < 10_000_000


def test_the_denoiser_answers_within_paper_and_ink_but_learns_beyond_them(digits):
    network = built("denoiser")
    network.change.bias.data.fill_(5.0)
    with torch.no_grad():
        assert (network(digits) == 1).all()
        assert network.train()(digits).max() > 1


@pytest.mark.parametrize(
    ("name", "size"), [("linear_autoencoder_8", 8), ("linear_autoencoder_2", 2)]
)
def test_an_autoencoder_s_digit_goes_through_as_many_numbers_as_its_name_says(name, size, digits):
    network = built(name)
    with torch.no_grad():
        code = network.encode(digits)
        assert code.shape == (5, size)
        assert torch.equal(network.decode(code), network(digits))


def test_the_reader_of_the_draw_tab_fits_in_ten_megabytes():
    tensors = built("digits").state_dict().values()
    assert sum(tensor.nbytes for tensor in tensors) < 10_000_000


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_reader_gives_ten_logits_and_a_cleaner_a_picture(name, count, digits):
    shape = (count, 10) if NETS[name].kind == "reader" else (count, 1, 28, 28)
    with torch.no_grad():
        answer = built(name)(digits[:count])
    assert answer.shape == shape
    assert answer.isfinite().all()


@pytest.mark.parametrize("name", NETS)
def test_an_image_s_answer_does_not_hang_on_the_others_of_its_batch(name, digits):
    network = built(name)
    with torch.no_grad():
        assert torch.allclose(network(digits)[2:3], network(digits[2:3]), atol=1e-5)


# ---- a second implementation, in bare functions over the same weights ----------------------------


def by_hand(name: str, weights: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """The network's answer from its parameters in order, as the table describes it."""
    w = iter(weights)

    def linear(x):
        return x @ next(w).T + next(w)

    def convolution(x):
        return F.conv2d(x, next(w), next(w), padding=1)

    def pool(x):  # the largest of each 2 x 2
        return x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(4, 5))

    def enlarge(x):
        return x.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)

    if name == "linear":
        return linear((x.flatten(1) - 0.1307) / 0.3081)
    if name == "mlp":
        return linear(linear((x.flatten(1) - 0.1307) / 0.3081).clamp(min=0))
    if name == "book_cnn":
        x = convolution(convolution(x * 2 - 1).clamp(min=0)).clamp(min=0)
        return linear(linear(pool(x).flatten(1)).clamp(min=0))
    if name == "linear_autoencoder":
        code = linear(linear(linear(x.flatten(1)).clamp(min=0)).clamp(min=0))
        return linear(linear(linear(code).clamp(min=0)).clamp(min=0)).view_as(x)
    code = pool(convolution(pool(convolution(x).clamp(min=0))).clamp(min=0))
    return convolution(enlarge(convolution(enlarge(code)).clamp(min=0)))


@pytest.mark.parametrize("name", LAYERS)
def test_a_network_answers_as_its_table_row_computed_by_hand(name, digits):
    network = built(name)
    with torch.no_grad():
        wanted = by_hand(name, list(network.parameters()), digits)
        assert torch.allclose(network(digits), wanted, atol=1e-4)


# ---- settings ------------------------------------------------------------------------------------


def test_the_mlp_s_bias_can_be_left_out():
    assert count_parameters(built("mlp", bias=False)) == 784 * 256 + 256 * 10


def test_the_mlp_takes_a_width_and_a_depth():
    wanted = (784 * 64 + 64) + (64 * 64 + 64) + (64 * 10 + 10)
    assert count_parameters(built("mlp", width=64, depth=2)) == wanted


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("sigmoid", lambda x: 1 / (1 + (-x).exp())),
        ("tanh", lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())),
        ("relu", lambda x: x * (x > 0)),
        ("none", lambda x: x),
    ],
)
def test_each_activation_is_its_formula_in_the_table_and_in_the_mlp(name, function, digits):
    x = torch.linspace(-3, 3, 13)
    assert torch.allclose(ACTIVATIONS[name]()(x), function(x), atol=1e-6)
    network = built("mlp", width=8, activation=name)
    with torch.no_grad():
        w1, b1, w2, b2 = network.parameters()
        hidden = function((digits.flatten(1) - 0.1307) / 0.3081 @ w1.T + b1)
        assert torch.allclose(network(digits), hidden @ w2.T + b2, atol=1e-4)


def test_every_activation_was_tested():
    assert set(ACTIVATIONS) == {"sigmoid", "tanh", "relu", "none"}


@pytest.mark.parametrize("name", ["book_cnn", "digits"])
def test_dropout_works_in_training_and_rests_in_evaluation(name, digits):
    network = built(name, dropout=0.5)
    for layer in network.modules():  # so that only dropout can change an answer
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.momentum = 0.0
    with torch.no_grad():
        assert torch.equal(network(digits), network(digits))
        network.train()
        assert not torch.equal(network(digits), network(digits))


# ---- normalisation -------------------------------------------------------------------------------


def test_mnist_s_mean_and_deviation_are_those_of_the_training_images(mnist):
    buffers = dict(built("linear").named_buffers())
    mean, std = sorted(value.item() for value in buffers.values())
    share = torch.arange(256) / 255
    counts = mnist.train_images.flatten().bincount(minlength=256) / mnist.train_images.numel()
    true_mean = (counts * share).sum()
    assert mean == pytest.approx(true_mean.item(), abs=5e-5)
    true_std = (counts * (share - true_mean) ** 2).sum().sqrt()
    assert std == pytest.approx(true_std.item(), abs=5e-5)


@pytest.mark.parametrize("name", READERS)
def test_normalisation_travels_with_the_weights_and_is_not_learned(name, digits):
    network = built(name)
    kept = [value for value in network.state_dict().values() if value.ndim == 0]
    known = {round(value.item(), 4) for value in kept if value.is_floating_point()}
    assert known == ({0.5} if name == "book_cnn" else {0.1307, 0.3081})
    assert all(parameter.ndim > 0 for parameter in network.parameters())
