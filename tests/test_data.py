"""MNIST as the project reads it, against the files' bytes, torchvision and published figures."""

import gzip
import shutil
import struct

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms
from torchvision.utils import make_grid

from models.data import CHECKSUMS, FOLDER, BookMNIST, DataError, load_mnist, to_batch

NAMES = {
    ("train", "images"): "train-images-idx3-ubyte.gz",
    ("train", "labels"): "train-labels-idx1-ubyte.gz",
    ("test", "images"): "t10k-images-idx3-ubyte.gz",
    ("test", "labels"): "t10k-labels-idx1-ubyte.gz",
}
SMALL = NAMES["test", "labels"]  # 4.5 kB: cheap to copy and to damage


def decoded_by_hand(name: str) -> np.ndarray:
    """An IDX file as its format says: two zeros, a type, a rank, big-endian sizes, bytes."""
    content = gzip.decompress((FOLDER / name).read_bytes())
    zero, kind, rank = struct.unpack(">HBB", content[:4])
    assert (zero, kind) == (0, 8)  # 8: unsigned byte
    sizes = struct.unpack(f">{rank}I", content[4 : 4 + 4 * rank])
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(sizes)


@pytest.mark.parametrize(("part", "what"), NAMES)
def test_decoding_equals_the_file_decoded_by_hand(mnist, part, what):
    tensor = getattr(mnist, f"{part}_{what}")
    assert tensor.dtype == torch.uint8
    assert np.array_equal(tensor.numpy(), decoded_by_hand(NAMES[part, what]))


def test_the_classes_have_their_published_sizes(mnist):
    train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    test = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert mnist.train_labels.bincount().tolist() == train
    assert mnist.test_labels.bincount().tolist() == test


def test_the_first_digits_are_the_well_known_ones(mnist):
    assert mnist.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert mnist.test_labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_the_checksums_in_the_code_are_those_of_the_data_folder():
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").split("\n")
    listed = dict(reversed(line.split()) for line in lines if line)
    assert listed == CHECKSUMS


def test_the_images_are_decoded_once_a_process(mnist):
    assert load_mnist() is mnist


def test_a_batch_is_ink_one_on_paper_zero():
    images = torch.tensor([0, 51, 255], dtype=torch.uint8).repeat(2, 28, 10)[:, :, :28]
    batch = to_batch(images)
    assert (batch.shape, batch.dtype) == ((2, 1, 28, 28), torch.float32)
    assert batch[0, 0, 0, :3].tolist() == pytest.approx([0, 0.2, 1])


# ---- damaged files -------------------------------------------------------------------------------


@pytest.fixture
def copies(tmp_path):
    """The four files where a test may damage them."""
    for name in CHECKSUMS:
        shutil.copyfile(FOLDER / name, tmp_path / name)
    return tmp_path


def sentence_about(folder) -> str:
    with pytest.raises(DataError) as caught:
        load_mnist(folder)
    return str(caught.value)


def flip_one_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def empty(path):
    path.write_bytes(b"")


def replace_by_other_labels(path):
    """A sound gzip of the right shape, whose labels are not MNIST's."""
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[8:] = bytes(len(content) - 8)
    path.write_bytes(gzip.compress(bytes(content)))


@pytest.mark.parametrize("damage", [flip_one_bit, truncate, empty, replace_by_other_labels])
def test_a_damaged_file_is_named_with_its_fault_and_the_remedy(copies, damage):
    damage(copies / SMALL)
    sentence = sentence_about(copies)
    assert SMALL in sentence
    assert "damaged" in sentence
    assert "git checkout -- data/mnist" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("name", CHECKSUMS)
def test_a_missing_file_is_named_with_its_fault_and_the_remedy(copies, name):
    (copies / name).unlink()
    sentence = sentence_about(copies)
    assert name in sentence
    assert "missing" in sentence
    assert "git checkout -- data/mnist" in sentence
    assert "\n" not in sentence


def test_whole_copies_are_read_without_a_word(copies, mnist):
    assert torch.equal(load_mnist(copies).test_labels, mnist.test_labels)


# ---- the field's way in --------------------------------------------------------------------------


def test_the_dataset_gives_what_torchvision_gives(tmp_path):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for (part, _), name in NAMES.items():
        content = gzip.decompress((FOLDER / name).read_bytes()) if part == "test" else b""
        (raw / name.removesuffix(".gz")).write_bytes(content)
    theirs = datasets.MNIST(str(tmp_path), train=False)
    ours = BookMNIST(train=False)
    assert isinstance(ours, datasets.MNIST)
    assert len(ours) == len(theirs) == 10_000
    assert torch.equal(ours.data, theirs.data)
    assert torch.equal(ours.targets, theirs.targets)
    assert ours.targets.dtype == theirs.targets.dtype
    assert (ours.classes, ours.class_to_idx) == (theirs.classes, theirs.class_to_idx)
    for index in (0, 4999, -1):
        (picture, label), (their_picture, their_label) = ours[index], theirs[index]
        assert (picture.mode, type(label), label) == ("L", type(their_label), their_label)
        assert picture.tobytes() == their_picture.tobytes()


def test_the_training_part_is_the_default():
    assert len(BookMNIST()) == len(BookMNIST(train=True)) == 60_000


def test_a_target_transform_turns_the_label():
    assert BookMNIST(train=False, target_transform=lambda label: label * 10)[0][1] == 70


def test_a_shuffled_loader_gives_each_image_once_with_its_own_label(mnist):
    dataset = BookMNIST(train=True, transform=transforms.ToTensor())
    generator = torch.Generator().manual_seed(1)
    loader = DataLoader(
        Subset(dataset, range(256)), batch_size=64, shuffle=True, generator=generator
    )
    batches = list(loader)
    assert [images.shape for images, _ in batches] == [(64, 1, 28, 28)] * 4
    labels = {
        image.numpy().tobytes(): int(label)
        for image, label in zip(
            to_batch(mnist.train_images[:256]), mnist.train_labels[:256], strict=True
        )
    }
    seen = [
        (image.numpy().tobytes(), int(label))
        for images, y in batches
        for image, label in zip(images, y, strict=True)
    ]
    assert dict(seen) == labels
    assert len(seen) == 256
    assert [label for _, label in seen] != mnist.train_labels[:256].tolist()


def test_the_loader_shuffles_the_whole_set_in_batches_of_64():
    dataset = BookMNIST(train=True, transform=transforms.ToTensor())
    images, labels = next(iter(DataLoader(dataset, batch_size=64, shuffle=True)))
    assert (images.shape, labels.shape) == ((64, 1, 28, 28), (64,))
    assert (images.dtype, labels.dtype) == (torch.float32, torch.int64)


def first(transform) -> torch.Tensor:
    """The first test image, a 7, through a transform."""
    return BookMNIST(train=False, transform=transform)[0][0]


def test_to_tensor_and_normalize_put_paper_at_minus_one_and_ink_at_one(mnist):
    book = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.5, 0.5)])
    wanted = mnist.test_images[0].float().div(255) * 2 - 1
    assert torch.allclose(first(book)[0], wanted, atol=1e-6)
    assert first(book).amin() == -1


@pytest.mark.parametrize(
    ("transform", "wanted"),
    [
        (transforms.CenterCrop(20), lambda image: image[4:24, 4:24]),
        (transforms.RandomHorizontalFlip(p=1), lambda image: image.flip(1)),
        (transforms.RandomVerticalFlip(p=1), lambda image: image.flip(0)),
    ],
    ids=["CenterCrop", "RandomHorizontalFlip", "RandomVerticalFlip"],
)
def test_a_crop_or_a_flip_moves_pixels_as_its_name_says(mnist, transform, wanted):
    got = first(transforms.Compose([transform, transforms.PILToTensor()]))
    assert torch.equal(got[0], wanted(mnist.test_images[0]))


def test_a_random_crop_is_a_window_of_the_image(mnist):
    got = first(transforms.Compose([transforms.RandomCrop(20), transforms.PILToTensor()]))[0]
    windows = mnist.test_images[0].unfold(0, 20, 1).unfold(1, 20, 1)  # (9, 9, 20, 20)
    assert (windows == got).flatten(2).all(dim=2).any()


def test_resize_gives_the_size_asked_for():
    assert first(transforms.Resize(14)).size == (14, 14)
    assert first(transforms.Resize((10, 40))).size == (40, 10)


def test_to_pil_image_undoes_to_tensor(mnist):
    back = first(transforms.Compose([transforms.ToTensor(), transforms.ToPILImage()]))
    assert back.mode == "L"
    assert np.array_equal(np.asarray(back), mnist.test_images[0].numpy())


def test_the_book_s_preview_shows_a_batch_as_a_grid(mnist):
    book = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.5, 0.5)])
    loader = DataLoader(BookMNIST(train=False, transform=book), batch_size=64)
    grid = make_grid(next(iter(loader))[0]) * 0.5 + 0.5
    assert grid.shape == (3, 8 * 30 + 2, 8 * 30 + 2)  # 8 x 8 pictures with frames of 2 px
    tenth = mnist.test_images[9].float() / 255  # second row, second picture
    assert torch.allclose(grid[0, 32:60, 32:60], tenth, atol=1e-6)
