"""The inside of a network, against shapes and counts by hand."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

from models import inside
from models.nets import NETS, count_parameters

READERS = [name for name, entry in NETS.items() if entry.kind == "reader"]
DIGIT = torch.zeros(28, 28)
DIGIT[6:22, 12:16] = 1


@pytest.fixture(scope="module", params=READERS)
def network(request) -> nn.Module:
    torch.manual_seed(0)
    return NETS[request.param].build().eval()


def hooks_on(network: nn.Module) -> int:
    return sum(len(layer._forward_hooks) for layer in network.modules())


def test_the_steps_of_the_books_network_are_those_of_the_book():
    steps, _ = inside.look(NETS["book_cnn"].build().eval(), DIGIT)
    shapes = ["×".join(map(str, step.shape)) for step in steps]
    wanted = "1×28×28 64×28×28 128×28×28 128×14×14 25088 1024 10"
    assert shapes == wanted.split()
    assert [step.parameters for step in steps] == [0, 640, 73_856, 0, 0, 25_691_136, 10_250]
    arithmetic = [step.multiply_adds for step in steps]
    # outputs times what each sums up: a 3 x 3 window over the maps below, or all values below
    by_hand = [0, 64 * 28 * 28 * 9, 128 * 28 * 28 * 9 * 64, 0, 0, 25_088 * 1024, 1024 * 10]
    assert arithmetic == by_hand


def test_the_steps_of_the_small_network_are_those_worked_out_by_hand():
    steps, _ = inside.look(NETS["small_cnn"].build().eval(), DIGIT)
    shapes = [(1, 28, 28), (16, 12, 12), (32, 10, 10), (32, 5, 5), (800,), (128,), (10,)]
    assert [step.shape for step in steps] == shapes
    assert steps[1].layers == ("Conv2d 6×6", "ReLU")
    assert steps[1].parameters == 16 * 36 + 16
    assert steps[1].multiply_adds == 16 * 12 * 12 * 36
    assert steps[2].multiply_adds == 32 * 10 * 10 * 9 * 16


def test_every_parameter_is_counted_once(network):
    steps, _ = inside.look(network, DIGIT)
    assert sum(step.parameters for step in steps) == count_parameters(network)


def test_a_look_changes_no_answer_and_leaves_no_hook(network):
    with torch.inference_mode():
        logits = network(DIGIT.view(1, 1, 28, 28))
    _, outputs = inside.look(network, DIGIT)
    assert torch.equal(outputs[-1], logits[0])
    assert hooks_on(network) == 0


def test_hooks_are_gone_after_an_exception(network):
    too_small = torch.zeros(1, 1, 10, 10)
    with pytest.raises(RuntimeError), inside.recorded(network):
        network(too_small)
    assert hooks_on(network) == 0


def test_what_another_visitor_sends_through_is_not_noted():
    network = NETS["linear"].build().eval()
    with inside.recorded(network) as calls:
        other = threading.Thread(target=network, args=(DIGIT.view(1, 1, 28, 28),))
        other.start()
        other.join()
        assert calls == []
        network(DIGIT.view(1, 1, 28, 28))
    assert len(calls) == 3


def test_many_visitors_look_into_one_network_at_once():
    network = NETS["mlp"].build().eval()
    alone, _ = inside.look(network, DIGIT)
    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(lambda _: inside.look(network, DIGIT)[0], range(80)))
    assert seen == [alone] * 80
    assert hooks_on(network) == 0


@pytest.mark.parametrize(("name", "at"), [("book_cnn", 1), ("small_cnn", 1), ("linear", None)])
def test_the_first_maps_are_those_of_the_first_convolution(name, at):
    steps, _ = inside.look(NETS[name].build().eval(), DIGIT)
    assert inside.first_maps(steps) == at


def steps_of(*shapes: tuple[int, ...]) -> list[inside.Step]:
    return [inside.Step((), shape, 0, 0) for shape in shapes]


PIXELS = (1, 28, 28)
DEEP = steps_of(PIXELS, (8, 28, 28), (8, 14, 14), (16, 14, 14), (16, 7, 7), (784,), (10,))
FLAT = steps_of(PIXELS, (6, 12, 12), (6, 6, 6), (216,), (64,), (10,))
PLAIN = steps_of(PIXELS, (784,), (10,))


@pytest.mark.parametrize(
    ("at", "in_flat", "in_plain"),
    [(0, 0, 0), (1, 1, None), (2, 1, None), (3, 2, None), (4, 2, None), (5, 3, 1), (6, 5, 2)],
)
def test_a_step_has_its_counterpart_at_the_same_depth_and_of_the_same_kind(at, in_flat, in_plain):
    assert inside.counterpart(DEEP, at, FLAT) == in_flat
    assert inside.counterpart(DEEP, at, PLAIN) == in_plain
    assert inside.counterpart(DEEP, at, DEEP) == at


def test_a_feature_map_is_what_its_layer_gives_out():
    network = NETS["small_cnn"].build().eval()
    _, outputs = inside.look(network, DIGIT)
    with torch.inference_mode():
        by_hand = network[1](network[0](DIGIT.view(1, 1, 28, 28))).clamp(min=0)[0]
    assert torch.allclose(outputs[1], by_hand)


def test_each_map_has_its_own_scale():
    output = torch.tensor([[[0.0, 1.0, 4.0]], [[-2.0, 0.0, 2.0]], [[3.0, 3.0, 3.0]]])
    maps = inside.feature_maps(output)
    assert maps.dtype == torch.uint8
    assert maps.tolist() == [[[0, 64, 255]], [[0, 128, 255]], [[0, 0, 0]]]


@pytest.mark.parametrize(
    ("count", "shape"), [(10, (1, 10)), (256, (16, 16)), (800, (32, 25)), (25_088, (196, 128))]
)
def test_a_layer_without_pictures_becomes_one_that_is_nearly_square(count, shape):
    assert inside.feature_maps(torch.arange(float(count))).shape == (1, *shape)


def test_the_filters_of_a_convolution_are_its_weights():
    network = NETS["book_cnn"].build()
    shown, weight = inside.filters(network), network.convolutions[0].weight[:, 0]
    assert shown.shape == (64, 3, 3)
    assert torch.allclose(shown[5], weight[5] / weight[5].abs().max())


@pytest.mark.parametrize(("name", "count"), [("linear", 10), ("mlp", 64)])
def test_a_network_without_convolutions_shows_weights_to_every_pixel(name, count):
    network = NETS[name].build()
    shown = inside.filters(network)
    assert shown.shape == (count, 28, 28)
    assert shown.flatten(1).abs().amax(1).tolist() == pytest.approx([1] * count)
    weight = network[2].weight[3]
    assert shown[3, 2, 5] == weight[2 * 28 + 5] / weight.abs().max()
