"""What the readers answer to the test set: of the shipped files, counted right, in order."""

import hashlib
from math import log

import pytest
import torch
from torch import nn

from models import answers, checkpoint
from models.answers import (
    LEAST_DOUBT,
    PIECE,
    Answers,
    Survey,
    accuracy_per_digit,
    answers_from,
    confusion,
    find,
    kept_answers,
    write_answers,
)
from models.checkpoint import Checkpoint, available, load, path_of
from models.data import to_batch
from models.recipe import best_recipe

READERS = available("reader")


class Counting(nn.Module):
    """Reads an image as the digit that its first pixel holds, and counts the images that it saw."""

    def __init__(self) -> None:
        super().__init__()
        self.weight, self.seen = nn.Parameter(torch.zeros(1)), 0

    def forward(self, x):
        self.seen += len(x)
        digits = (x[:, 0, 0, 0] * 255).round().long()
        return 4.0 * nn.functional.one_hot(digits, 10)


def made(network: nn.Module | None = None, sha256: str = "of this file", **figures) -> Checkpoint:
    """A checkpoint without a file."""
    return Checkpoint(network or Counting(), best_recipe("linear"), figures, "data", sha256)


def marked(count: int) -> torch.Tensor:
    """Images whose first pixel holds 0, 1, … 9, 0, 1, …"""
    images = torch.zeros(count, 28, 28, dtype=torch.uint8)
    images[:, 0, 0] = torch.arange(count) % 10
    return images


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in the place of checkpoints/."""
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    return tmp_path


# ---- Shipped --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_the_shipped_answers_are_those_of_the_shipped_file(name, mnist):
    """Fails where somebody retrained and forgot: python -m models evaluate --write."""
    kept = kept_answers(load(name), len(mnist.test_labels))
    assert kept is not None
    assert kept.sha256 == hashlib.sha256(path_of(name).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", READERS)
def test_the_shipped_answers_are_what_the_network_answers(name, mnist):
    reader = load(name)
    kept = kept_answers(reader, len(mnist.test_labels))
    wrong = find(kept, mnist.test_labels)[:20]
    some = torch.cat([wrong, torch.arange(0, 10_000, 200)])
    with torch.inference_mode():
        outputs = reader.network(to_batch(mnist.test_images[some]))
    now = answers_from(outputs, reader)
    assert (now.labels == kept.labels[some]).float().mean() > 0.97  # a tie may fall differently
    assert torch.allclose(now.doubts.float(), kept.doubts[some].float(), atol=0.01)


@pytest.mark.parametrize("name", READERS)
def test_the_shipped_answers_give_the_accuracy_that_the_file_states(name, mnist):
    kept = kept_answers(load(name), len(mnist.test_labels))
    right = float((kept.labels == mnist.test_labels).double().mean())
    assert right == pytest.approx(load(name).figures["accuracy"], abs=2.5e-4)


def test_the_answers_of_all_readers_are_one_small_file():
    assert path_of(answers.KEPT).stat().st_size < 200_000


# ---- Answering ------------------------------------------------------------------------------


def test_the_doubt_is_what_the_likeliest_digit_leaves_to_the_others():
    outputs = torch.zeros(1, 10)
    outputs[0, 7] = log(27)  # 27 of 36
    found = answers_from(outputs, made())
    assert found.labels.tolist() == [7]
    assert float(found.doubts[0]) == pytest.approx(0.25, abs=1e-3)


def test_the_doubt_is_calibrated():
    outputs = torch.zeros(1, 10)
    outputs[0, 7] = log(9)  # at a temperature of 2: 3 of 12
    fitted = {"temperature": 2.0, "thresholds": {"0.0": 0.0, "0.2": 0.5}}
    assert float(answers_from(outputs, made(calibration=fitted)).doubts[0]) == pytest.approx(0.75)


def test_no_network_is_certain_and_the_surer_one_of_two_stays_the_surer():
    outputs = torch.zeros(3, 10)
    outputs[:, 4] = torch.tensor([11.0, 13.0, 500.0])
    doubts = answers_from(outputs, made()).doubts.float()
    assert doubts.tolist() == sorted(doubts.tolist(), reverse=True)
    assert doubts[0] > doubts[1] > doubts[2] == LEAST_DOUBT


# ---- Keeping --------------------------------------------------------------------------------


def answered(*labels: int, sha256: str = "of this file") -> Answers:
    doubts = torch.linspace(0.1, 0.5, len(labels)).half()
    return Answers(torch.tensor(labels, dtype=torch.uint8), doubts, sha256)


def test_kept_answers_come_back_as_they_were(folder):
    write_answers({"linear": answered(3, 1, 4), "mlp": answered(1, 5, 9, sha256="another")})
    kept = kept_answers(made(), 3)
    assert kept.labels.tolist() == [3, 1, 4]
    assert torch.equal(kept.doubts, answered(3, 1, 4).doubts)


def test_answers_of_another_file_or_to_other_images_are_not_taken(folder):
    write_answers({"linear": answered(3, 1, 4)})
    assert kept_answers(made(sha256="retrained"), 3) is None
    assert kept_answers(made(), 4) is None


def test_without_a_whole_file_of_answers_none_are_taken(folder):
    assert kept_answers(made(), 3) is None
    write_answers({"mlp": answered(3, 1, 4)})
    assert kept_answers(made(), 3) is None
    path_of(answers.KEPT).write_bytes(b"no safetensors")
    assert kept_answers(made(), 3) is None


def test_a_loaded_checkpoint_knows_its_file():
    expected = hashlib.sha256(path_of("linear").read_bytes()).hexdigest()
    assert load("linear").sha256 == expected


# ---- Measuring while somebody waits ---------------------------------------------------------


def test_a_survey_reads_each_image_once_a_piece_at_a_time(folder):
    count = 2 * PIECE + 10
    survey = Survey(made(), marked(count))
    shares = []
    while survey.share() < 1:
        survey.advance()
        shares.append(survey.share())
    assert shares == pytest.approx([PIECE / count, 2 * PIECE / count, 1])
    survey.advance()
    assert survey.checkpoint.network.seen == count
    assert survey.answers().labels.tolist() == [place % 10 for place in range(count)]


def test_a_survey_with_kept_answers_asks_the_network_nothing(folder):
    write_answers({"linear": answered(*[5] * 30)})
    survey = Survey(made(), marked(30))
    survey.advance()
    assert survey.share() == 1
    assert survey.answers().labels.tolist() == [5] * 30
    assert survey.checkpoint.network.seen == 0


def test_two_who_wait_do_not_read_the_same_piece(folder):
    survey = Survey(made(), marked(PIECE))
    with survey.reading:  # somebody else is at it
        survey.advance()
    assert survey.share() == 0
    survey.advance()
    assert survey.share() == 1


# ---- Counting and finding -------------------------------------------------------------------


def test_the_table_counts_each_image_in_the_row_that_it_is_and_the_column_that_was_read(mnist):
    kept = kept_answers(load("linear"), 10_000)
    by_hand = torch.zeros(10, 10, dtype=torch.long)
    for really, read in zip(mnist.test_labels.tolist(), kept.labels.tolist(), strict=True):
        by_hand[really, read] += 1
    assert torch.equal(confusion(kept, mnist.test_labels), by_hand)
    shares = by_hand.diag() / by_hand.sum(1)
    assert torch.allclose(accuracy_per_digit(kept, mnist.test_labels), shares)


def test_mistakes_come_surest_first_and_right_answers_least_sure_first():
    found = Answers(
        torch.tensor([1, 1, 2, 2, 1, 7], dtype=torch.uint8),
        torch.tensor([0.5, 0.2, 0.4, 0.1, 0.3, 0.2]).half(),
        "",
    )
    truths = torch.tensor([2, 1, 2, 1, 1, 2], dtype=torch.uint8)
    assert find(found, truths).tolist() == [3, 5, 0]
    assert find(found, truths, (1, 1)).tolist() == [4, 1]
    assert find(found, truths, (2, 7)).tolist() == [5]
    assert find(found, truths, (9, 9)).tolist() == []
