"""The codes in the middle of the linear autoencoder: their map, their cloud, the paths in it."""

import numpy as np
import pytest
import torch
from torch import Generator, nn

from models.data import to_batch
from models.latent import between, cloud_of, codes, path, pictures, plane_of
from models.nets import LinearAutoencoder


class Corner(nn.Module):
    """A code that can be worked out by hand: the three first pixels, doubled."""

    def encode(self, x):
        return 2 * x.flatten(1)[:, :3]

    def decode(self, code):
        picture = torch.zeros(len(code), 784)
        picture[:, :3] = code / 2
        return picture.view(-1, 1, 28, 28)


@pytest.fixture(scope="module")
def untrained() -> LinearAutoencoder:
    torch.manual_seed(3)
    return LinearAutoencoder(5).eval()


@pytest.fixture(scope="module")
def scattered() -> torch.Tensor:
    """600 codes of 5 numbers that spread differently and lean on each other."""
    generator = Generator().manual_seed(1)
    mixing = torch.randn(5, 5, generator=generator) * torch.tensor([3.0, 2.0, 1.0, 0.5, 0.2])
    return torch.randn(600, 5, generator=generator) @ mixing.T + 4


def test_a_code_is_what_the_encoder_says_and_its_picture_is_clamped():
    images = torch.zeros(2, 1, 28, 28)
    images[1, 0, 0, :3] = torch.tensor([0.1, 0.5, 1.0])
    found = codes(Corner(), images)
    assert found.tolist() == [[0, 0, 0], pytest.approx([0.2, 1, 2])]
    assert torch.allclose(pictures(Corner(), found), images)
    assert pictures(Corner(), torch.tensor([[9.0, -9.0, 1.0]]))[0, 0, 0, :3].tolist() == [1, 0, 0.5]


def test_many_images_are_encoded_as_they_are_one_by_one(untrained, mnist):
    images = to_batch(mnist.test_images[:510])  # more than one batch
    alone = torch.cat([untrained.encode(image[None]) for image in images]).detach()
    assert torch.allclose(codes(untrained, images), alone, atol=1e-5)


def test_the_plane_is_the_one_that_numpy_finds(scattered):
    plane = plane_of(scattered)
    covariance = np.cov(scattered.double().numpy().T)
    values, vectors = np.linalg.eigh(covariance)  # ascending
    for column, rank in enumerate((-1, -2)):
        ours, theirs = plane.directions[:, column].numpy(), vectors[:, rank]
        assert abs(ours @ theirs) == pytest.approx(1, abs=1e-4)
        assert ours[np.abs(ours).argmax()] > 0
    assert plane.share == pytest.approx(values[-2:].sum() / values.sum(), rel=1e-4)


def test_the_map_does_not_depend_on_the_order_of_the_codes(scattered):
    plane, other = plane_of(scattered), plane_of(scattered.flip(0))
    assert torch.allclose(plane.to_map(scattered), other.to_map(scattered), atol=1e-3)


def test_a_point_of_the_map_comes_back_and_a_code_comes_to_its_nearest_on_the_plane(scattered):
    plane = plane_of(scattered)
    points = torch.tensor([[0.0, 0.0], [1.5, -2.0]])
    assert torch.allclose(plane.to_map(plane.from_map(points)), points, atol=1e-5)
    feet = plane.from_map(plane.to_map(scattered))
    assert torch.allclose(plane.from_map(plane.to_map(feet)), feet, atol=1e-4)
    across = plane.from_map(torch.tensor([[1.0, 0.0], [0.0, 1.0]])) - plane.mean
    assert torch.allclose((scattered - feet) @ across.T, torch.zeros(600, 2), atol=1e-3)


def test_two_numbers_are_their_own_map():
    pairs = torch.tensor([[1.0, 2.0], [3.0, -4.0], [7.0, 0.5]])
    plane = plane_of(pairs)
    assert torch.equal(plane.to_map(pairs), pairs)
    assert torch.equal(plane.from_map(pairs), pairs)
    assert plane.share == 1


def test_a_path_begins_and_ends_with_the_decoded_ends(untrained):
    start, end = torch.randn(2, 5, generator=Generator().manual_seed(2))
    frames = path(untrained, start, end, 9)
    assert frames.shape == (9, 1, 28, 28)
    ends = untrained.decode(torch.stack([start, (start + end) / 2, end])).clamp(0, 1)
    assert torch.allclose(frames[[0, 4, 8]], ends, atol=1e-6)


def test_between_two_pictures_lies_an_even_mix():
    black, white = torch.zeros(28, 28), torch.ones(28, 28)
    frames = between(black, white, 5)
    assert frames[:, 3, 3].tolist() == [0, 0.25, 0.5, 0.75, 1]


# ---- The cloud ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cornered():
    """101 images whose three first pixels are 0 to 1, as many, and their opposite."""
    ramp = torch.arange(101) / 100
    images = torch.zeros(101, 1, 28, 28)
    images[:, 0, 0, 0], images[:, 0, 0, 1], images[:, 0, 0, 2] = ramp, ramp, 1 - ramp
    images[:, 0, 27, 27] = 0.5  # which no code holds
    return cloud_of(Corner(), images, torch.arange(101) % 10)


def test_the_ends_leave_out_one_in_a_hundred_on_each_side(cornered):
    assert cornered.low.tolist() == pytest.approx([0.02] * 3)
    assert cornered.high.tolist() == pytest.approx([1.98] * 3)


def test_the_cloud_states_what_decoding_loses(cornered):
    assert cornered.mse == pytest.approx(0.25 / 784)


def test_means_and_samples_are_of_the_digit(cornered):
    assert cornered.mean_of(3)[0].item() == pytest.approx(0.96)  # 3, 13, …, 93: 48 on average
    assert cornered.sample(2).tolist() == list(range(20))


def test_a_mix_takes_each_number_from_a_digit_and_the_same_for_a_seed(cornered):
    mixed = cornered.mix(5)
    assert torch.equal(mixed, cornered.mix(5))
    assert not torch.equal(mixed, cornered.mix(6))
    assert all(mixed[at] in cornered.codes[:, at] for at in range(3))
    assert mixed[0] != mixed[1]  # which are equal in every digit's own code
