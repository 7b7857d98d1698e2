"""Bad weight files, some of each kind: none is taken, none runs anything, sound ones come back.

All of them, at every place that takes a file: python -m bench.reliability.weight_files
"""

import base64
from collections import Counter

import pytest

from bench.reliability.bad_weights import OURS, cases, sound
from bench.reliability.weight_files import FAULTY, REFUSED, TAKEN, chosen, judged, loaded
from demo.panels.own_digits import take_own, unpack_own
from demo.train_kept import upload_network
from demo.transfer.symbols import unpack_symbols
from models.errors import LabError
from models.foreign import from_own_bytes


class Answer:
    """What a server says."""

    def __init__(self, status_code: int, said: object) -> None:
        self.status_code, self.said = status_code, said

    def json(self) -> object:
        return self.said


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    return tmp_path_factory.mktemp("marks")


@pytest.fixture(scope="module")
def files(marks):
    """Few that are cut or flipped, and of bombs those that are quickly made."""
    return list(cases(marks, seed=0, cut_every=20_000, flips=60))


def test_no_bad_file_is_taken_by_the_shelf_and_nothing_runs(files, marks):
    kinds = Counter()
    for case in files:
        with pytest.raises(LabError):
            from_own_bytes(case.content)  # judged by the same code, in this process
        kinds[case.kind] += 1
    assert len(files) >= 1_000
    assert min(kinds.values()) >= 4, kinds
    assert list(marks.iterdir()) == []


def test_no_bad_file_is_taken_by_the_command_line_and_nothing_runs(files, marks, tmp_path):
    few = [case for case in files if case.kind != "no checksum"][::5]
    assert {outcome for _, outcome in loaded(tmp_path, few)} == {REFUSED}
    assert list(marks.iterdir()) == []


def test_no_bad_file_is_taken_for_a_set_of_drawings(files, marks):
    for case in chosen(files, most=60):
        text = base64.b64encode(case.content).decode()
        assert "error" in unpack_symbols({"file": text})
        assert "error" in unpack_own({"file": text})
    assert list(marks.iterdir()) == []


@pytest.mark.parametrize("recipe", OURS, ids=lambda recipe: recipe.network)
def test_what_was_taken_home_comes_back_bit_for_bit(recipe):
    text = base64.b64encode(sound(recipe)).decode()
    back = upload_network({"file": text})
    assert back["base"] == recipe.network
    if back["kind"] == "reader":
        assert take_own({"model": back["name"]})["file"] == text


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(200, {"name": "own:x"}), TAKEN),
        (Answer(200, []), TAKEN),
        (Answer(200, {"error": "upload_no_file"}), REFUSED),
        (Answer(400, {"error": "a sentence"}), REFUSED),
        (Answer(200, {"error": None}), FAULTY),
        (Answer(500, {"error": "a sentence"}), FAULTY),
    ],
)
def test_an_answer_is_a_refusal_only_in_words(answer, outcome):
    assert judged(answer) == outcome
