"""Symbols taught by a handful of drawings: read again, left out, refused."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from models.drawn_symbols import draw_pool, symbols
from models.embedding import load_teacher
from models.familiar import Doubt, evidence, fit_doubt
from models.symbol_heads import HEADS, class_means, linear
from models.symbol_scores import compare_heads, folds_of, leave_one_out
from models.symbols import SymbolError, lesson_of, teach


@pytest.fixture(scope="module")
def pool() -> Tensor:
    """Ten drawings of each of eight classes that no teacher saw."""
    return draw_pool(symbols(8), 10, 7)


@pytest.fixture(scope="module")
def taught(pool) -> list[Tensor]:
    return [pool[kind, :5] for kind in range(4)]


@pytest.fixture(scope="module")
def pupils(taught):
    return {head: teach(taught, head) for head in HEADS}


@pytest.mark.parametrize("head", HEADS)
def test_a_taught_drawing_is_read_as_itself(pupils, taught, head):
    answer = pupils[head].read(taught[2][3])
    assert (answer.index, answer.best, answer.nearest) == (2, 2, (2, 3))
    assert answer.neighbours[0].distance == pytest.approx(0, abs=1e-5)
    assert sum(answer.probabilities) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("head", HEADS)
def test_new_drawings_are_read(pupils, pool, head):
    answers = pupils[head].read_all(pool[:4, 5:].flatten(0, 1))
    right = [one.best == number // 5 for number, one in enumerate(answers)]
    assert sum(right) >= 17


def test_a_scrawl_and_a_blot_and_blank_paper_are_unknown(pupils):
    noise = torch.rand(28, 28, generator=torch.Generator().manual_seed(0))
    blot = torch.zeros(28, 28)
    blot[8:20, 8:20] = 1
    for strange in (noise, blot, torch.zeros(28, 28)):
        answer = pupils["prototypes"].read(strange)
        assert answer.index is None
        assert answer.familiarity < answer.threshold
    assert answer.familiarity == 0


def test_other_classes_are_less_familiar_than_the_taught(pupils, pool):
    pupil = pupils["prototypes"]
    inside = [one.familiarity for one in pupil.read_all(pool[:4, 5:].flatten(0, 1))]
    outside = [one.familiarity for one in pupil.read_all(pool[4:, 5:].flatten(0, 1))]
    higher = [i > o for i in inside for o in outside]
    assert sum(higher) / len(higher) > 0.9


def test_the_order_of_the_classes_does_not_matter(pupils, taught, pool):
    turned = teach(taught[::-1])
    for drawing in pool[:4, 6]:
        one, other = pupils["prototypes"].read(drawing), turned.read(drawing)
        assert one.best == 3 - other.best
        assert one.familiarity == pytest.approx(other.familiarity, abs=1e-4)
        assert one.nearest == (3 - other.nearest[0], other.nearest[1])


@pytest.mark.parametrize("head", HEADS)
def test_a_seed_gives_the_same_answers(pupils, taught, pool, head):
    assert teach(taught, head).read(pool[1, 8]) == pupils[head].read(pool[1, 8])


def test_bytes_and_floats_are_the_same_drawings(pupils, taught, pool):
    floats = teach([drawings.float() / 255 for drawings in taught])
    asked = pool[3, 7]
    assert floats.read(asked.float() / 255) == pupils["prototypes"].read(asked)


# ---- What can't be taught ------------------------------------------------------------------


def ink(count: int, shade: int) -> Tensor:
    """So many drawings, no two alike."""
    drawings = torch.zeros(count, 28, 28, dtype=torch.uint8)
    drawings[:, 9:19, 9:19] = shade
    drawings[torch.arange(count), 0, torch.arange(count)] = 255
    return drawings


BLANK = torch.cat([ink(2, 9), torch.zeros(1, 28, 28, dtype=torch.uint8)])


@pytest.mark.parametrize(
    ("examples", "key"),
    [
        ([], "symbols_few_classes"),
        ([ink(3, 1)], "symbols_few_classes"),
        ([ink(2, shade) for shade in range(1, 101)], "symbols_many_classes"),
        ([ink(3, 1), ink(1, 2)], "symbols_few_drawings"),
        ([ink(3, 1), ink(0, 2)], "symbols_few_drawings"),
        ([ink(3, 1), ink(21, 2)], "symbols_many_drawings"),
        ([ink(3, 1), BLANK], "symbols_blank"),
        ([ink(3, 1), torch.cat([ink(2, 2), ink(1, 1)])], "symbols_shared"),
    ],
)
def test_what_cannot_be_taught_is_said_in_one_sentence(examples, key):
    with pytest.raises(SymbolError) as caught:
        teach(examples)
    assert caught.value.key == key
    assert "\n" not in str(caught.value)


def test_an_unknown_head_is_refused(taught):
    with pytest.raises(SymbolError, match="choose one of prototypes, linear, tuned"):
        teach(taught, "magic")


def test_the_most_and_the_least_that_may_be_taught_can_be():
    assert teach([ink(2, 1), ink(2, 200)]).classes == 2
    assert [len(each) for each in teach([ink(20, 9 * i + 9) for i in range(10)]).examples] == [
        20
    ] * 10


# ---- Leaving out ---------------------------------------------------------------------------


def test_leaving_out_reads_each_drawing_by_the_means_of_the_others(taught):
    """Worked out one drawing after another, its copies taken away with it."""
    lesson = lesson_of(taught)
    right = 0
    for number in range(20):
        rest = lesson.owner != number
        means = torch.stack(
            [lesson.embedded[rest & (lesson.targets == kind)].mean(0) for kind in range(4)]
        )
        cosines = F.cosine_similarity(means, lesson.drawings[number].unsqueeze(0))
        right += int(cosines.argmax()) == number // 5
    scores = leave_one_out(taught, "prototypes")
    assert scores.accuracy == pytest.approx(right / 20)
    assert scores.folds == 20


def test_leaving_out_is_teaching_without_a_drawing_for_the_linear_head(taught):
    lesson = lesson_of(taught)
    kept = torch.stack([lesson.owner != 3, lesson.owner != 17])
    together = linear(lesson, load_teacher().network, kept, 0)
    alone = linear(lesson, load_teacher().network, kept[1:], 0)[0]
    assert torch.allclose(together[1].weight, alone.weight, atol=1e-3)


@pytest.mark.parametrize("head", HEADS)
def test_the_table_holds_each_drawing_once_and_unknown_last(taught, head):
    scores = leave_one_out([drawings[: 2 + kind] for kind, drawings in enumerate(taught)], head)
    assert [len(row) for row in scores.table] == [5] * 4
    assert [sum(row) for row in scores.table] == [2, 3, 4, 5]
    right = sum(scores.table[kind][kind] for kind in range(4)) / 14
    assert scores.accepted == pytest.approx(right)
    assert scores.accepted <= scores.accuracy


def test_a_drawing_in_the_wrong_class_is_told_by_leaving_it_out(taught, pool):
    wrong = [torch.cat([taught[0], pool[1, 9:]]), *taught[1:]]
    table = leave_one_out(wrong, "prototypes").table
    assert table[0][1] + table[0][-1] >= 1


def test_all_heads_are_compared_over_one_lesson(taught):
    few = [drawings[:2] for drawings in taught[:3]]
    compared = compare_heads(few)
    assert list(compared) == list(HEADS)
    assert compared["linear"] == leave_one_out(few, "linear").accuracy


def test_each_fold_leaves_something_of_every_class():
    labels = torch.tensor([0, 0, 1, 1, 1, 1, 1, 1, 1])
    folds = folds_of(labels, 5)
    for fold in folds.unique():
        assert set(labels[folds != fold].tolist()) == {0, 1}
    assert folds_of(labels, 9).tolist() == list(range(9))


# ---- Unknown -------------------------------------------------------------------------------


def test_a_left_out_drawing_is_judged_as_if_it_had_never_been_taught(taught):
    lesson = lesson_of(taught)
    drawings, labels = lesson.drawings, lesson.labels
    kept = ~torch.eye(20, dtype=torch.bool)
    rows = evidence(drawings, drawings, labels, labels, kept)
    for number in (0, 7, 19):
        rest = kept[number]
        asked, best = drawings[number : number + 1], labels[number : number + 1]
        alone = evidence(asked, drawings[rest], labels[rest], best)
        assert torch.allclose(rows[number], alone[0], atol=1e-5)


def test_the_fitted_doubt_loses_its_share_of_the_known_and_tells_them_apart():
    generator = torch.Generator().manual_seed(0)
    known = torch.arange(2000) < 1000
    rows = torch.randn(2000, 7, generator=generator)
    rows[:, 0] += 4 * known
    doubt = fit_doubt(rows, known)
    accepted = doubt.familiarity(rows) >= doubt.threshold
    assert accepted[known].double().mean() == pytest.approx(0.95, abs=0.002)
    assert accepted[~known].double().mean() < 0.05


def test_familiarity_is_the_logistic_function_of_the_evidence():
    doubt = Doubt((1.0, 2.0), -3.0, 0.5)
    assert doubt.familiarity(torch.tensor([[1.0, 1.0]])).tolist() == [0.5]


def test_class_means_leave_out_what_is_not_kept():
    embedded = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    kept = torch.tensor([[True, False, True]])
    means = class_means(embedded, torch.tensor([0, 0, 1]), 2, kept)
    assert means.tolist() == [[[1.0, 0.0], [0.0, 1.0]]]
