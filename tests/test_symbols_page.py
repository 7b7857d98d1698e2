"""The server's side of "Teach it your own symbols": what it teaches, reads, packs and refuses."""

import base64
import json
import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from torch import Tensor

from demo import taught
from demo.canvas import canvas
from demo.draw_tab import read_drawing, read_samples
from demo.transfer import symbols_teaching
from demo.transfer.symbols import (
    draw_symbols,
    pack_symbols,
    read_symbol,
    save_symbols_file,
    score_symbols,
    see_symbol,
    show_symbols_code,
    teach_symbols,
    unpack_symbols,
)
from demo.turns import Turns
from demo.words import WORDS
from models.symbols import HEADS
from tests.scripts import run_script
from tests.style import assert_house_style

ROOT = Path(__file__).resolve().parent.parent
NAMES = ["zero", "☆", "口"]


def of(mnist, digit: int) -> Tensor:
    return mnist.test_images[mnist.test_labels == digit]


def on_sheet(image: Tensor, **others: object) -> dict:
    """What the sheet sends."""
    pixels = canvas.to_text(image / 255)
    return {"kind": "ink", "width": 28, "height": 28, "pixels": pixels, **others}


@pytest.fixture(scope="module")
def drawn(mnist) -> dict:
    """Three symbols that look like a 0, a 1 and a 4, three drawings of each, as the page sends
    them."""
    groups = [[canvas.to_text(one / 255) for one in of(mnist, digit)[:3]] for digit in (0, 1, 4)]
    return {"names": NAMES, "examples": groups, "head": "prototypes"}


@pytest.fixture(scope="module")
def pupil(drawn) -> dict:
    return teach_symbols(drawn)


# ---- Teaching and reading -------------------------------------------------------------------


def test_what_was_taught_reads_new_drawings_by_the_visitors_names(mnist, pupil):
    for digit, name in zip((0, 1, 4), NAMES, strict=True):
        answer = read_symbol(on_sheet(of(mnist, digit)[9], model=pupil["name"]))
        assert answer["label"] == name
        assert not answer["refused"]
        assert len(answer["probabilities"]) == 3
        assert answer["nearest"]["name"] == name


def test_a_drawing_that_it_was_taught_is_its_own_nearest_example(mnist, drawn, pupil):
    answer = read_symbol(on_sheet(of(mnist, 1)[1], centred=False, model=pupil["name"]))
    assert answer["nearest"] == {"name": "☆", "picture": drawn["examples"][1][1]}


def test_a_drawing_like_none_of_them_is_unknown(mnist, pupil):
    answer = read_symbol(on_sheet(of(mnist, 7)[0], model=pupil["name"]))
    assert answer["label"] is None
    assert answer["refused"]
    assert answer["digit_score"] < answer["threshold"]


def test_a_blank_sheet_is_named_nothing_and_kept_as_nothing(mnist, pupil):
    blank = on_sheet(0 * of(mnist, 1)[0])
    assert read_symbol(blank | {"model": pupil["name"]})["reason"] == "blank"
    assert see_symbol(blank)["error"] == "symbols_no_ink"


def test_the_draw_tab_reads_with_it_and_its_digits_are_left_alone(mnist, pupil):
    answer = read_drawing(on_sheet(of(mnist, 4)[9], model=pupil["name"]))
    assert (answer["label"], answer["names"]) == ("口", tuple(NAMES))
    assert read_samples({"model": pupil["name"]})["error"] == "taught_no_digits"


def test_the_table_counts_each_drawing_once(drawn):
    scores = score_symbols(drawn)
    assert [sum(row) for row in scores["table"]] == [3, 3, 3]
    assert {len(row) for row in scores["table"]} == {4}
    assert 0 <= scores["accuracy"] <= 1


# ---- Whose it is ----------------------------------------------------------------------------


def test_a_visitor_keeps_the_last_two_and_a_stranger_finds_none(mnist, drawn):
    replies = [teach_symbols(drawn)]
    for _ in range(2):
        replies.append(teach_symbols(drawn | {"owner": replies[-1]["owner"]}))
    first, *rest = [reply["name"] for reply in replies]
    assert replies[-1]["kept"] == rest
    sheet = on_sheet(of(mnist, 1)[9])
    assert read_symbol(sheet | {"model": first})["error"] == "taught_gone"
    assert read_symbol(sheet | {"model": "taught:guessed"})["error"] == "taught_gone"
    assert teach_symbols(drawn | {"owner": "made up"})["owner"] != "made up"


def test_any_network_with_names_can_be_offered_the_same_way(mnist):
    answer = taught.Taught(("5", "6"), lambda digit: Fixed(), (), 0)
    kept = taught.keep_taught(answer, None)
    reply = read_drawing(on_sheet(of(mnist, 6)[0], model=kept["name"]))
    assert (reply["label"], reply["nearest"]) == ("6", None)


class Fixed:
    """An answer that knows no examples."""

    index, probabilities, familiarity, threshold, nearest = 1, [0.2, 0.8], 1.0, 0.0, None


def test_who_finds_the_line_full_is_told_so(drawn, monkeypatch):
    turns = Turns(0, 0.01, symbols_teaching.TeachingBusyError)
    monkeypatch.setattr(symbols_teaching, "TURNS", turns)
    with turns.turn():
        assert teach_symbols(drawn)["error"] == "symbols_busy"


# ---- What is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"names": "ABC"}, "bad_request"),
        ({"names": ["a", "b"]}, "bad_request"),
        ({"names": ["a", "b", 3]}, "bad_request"),
        ({"names": ["a"] * 100}, "bad_request"),
        ({"names": ["a", "a", "b"]}, "symbols_same_name"),
        ({"names": ["a", " ", "b"]}, "symbols_no_name"),
        ({"names": ["a", "b", "far too long a name"]}, "symbols_long_name"),
        ({"head": "resnet"}, "bad_request"),
        ({"head": None}, "bad_request"),
        ({"examples": None}, "bad_request"),
        ({"examples": [["AAAA"]] * 3}, "bad_request"),
        ({"examples": [[3]] * 3}, "bad_request"),
        ({"examples": [["A" * 1048] * 21] * 3}, "bad_request"),
        ({"examples": [["A" * 1048] * 2] * 3}, "bad_request"),  # 1046 and two signs of padding
        ({"examples": [[], [], []]}, "symbols_few_drawings"),
    ],
)
def test_what_is_no_set_of_symbols_is_refused_in_words(drawn, changes, error):
    for handler in (teach_symbols, score_symbols):
        assert handler(drawn | changes)["error"] == error
    assert error in WORDS["en"]


def test_one_drawing_in_two_symbols_is_refused(drawn):
    twice = [*drawn["examples"][:2], [*drawn["examples"][2], drawn["examples"][0][0]]]
    assert teach_symbols(drawn | {"examples": twice})["error"] == "symbols_shared"


def test_every_error_of_the_symbols_has_a_sentence():
    paths = [*(ROOT / "models").glob("symbol*.py"), *(ROOT / "demo").rglob("symbols*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    keys = re.findall(r'(?:SymbolError|__init__)\(\s*"(\w+)"', text)
    assert len(keys) > 8
    assert set(keys) <= WORDS["en"].keys()


# ---- Files ----------------------------------------------------------------------------------


def test_a_set_comes_back_from_its_file_as_it_was(drawn):
    reply = pack_symbols(drawn)
    with zipfile.ZipFile(BytesIO(base64.b64decode(reply["file"]))) as file:
        assert "head.safetensors" in file.namelist()
    again = unpack_symbols({"file": reply["file"]})
    assert again == {"names": NAMES, "examples": drawn["examples"]}


def test_drawings_that_cant_be_taught_are_packed_all_the_same(drawn):
    few = drawn | {"examples": [group[:1] for group in drawn["examples"]]}
    reply = pack_symbols(few)
    assert unpack_symbols({"file": reply["file"]})["examples"] == few["examples"]


@pytest.mark.parametrize("file", [b"", b"no ZIP", bytes(7_000_000)])
def test_a_file_that_is_no_set_is_refused(file):
    text = base64.b64encode(file).decode()
    assert unpack_symbols({"file": text})["error"] == "symbols_file_bad"


# ---- The script -----------------------------------------------------------------------------


@pytest.mark.parametrize("head", HEADS)
def test_the_script_is_written_as_the_labs_code_is(head, tmp_path):
    shown = show_symbols_code({"head": head, "language": "en"})
    (tmp_path / "teach_symbols.py").write_text(shown["script"], encoding="utf-8")
    assert_house_style(tmp_path)


def test_the_script_gives_the_pages_numbers_without_the_lab(mnist, drawn, tmp_path, monkeypatch):
    asked = drawn | {"head": "linear", "language": "zh"}
    sheet = on_sheet(of(mnist, 4)[9])
    reply = save_symbols_file(asked | sheet | {"file": "zip"})
    with zipfile.ZipFile(BytesIO(base64.b64decode(reply["content"]))) as file:
        file.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    lines = run_script((tmp_path / "teach_symbols.py").read_text(encoding="utf-8")).splitlines()
    measured, read = map(json.loads, lines)
    assert measured["accuracy"] == pytest.approx(score_symbols(asked)["accuracy"])
    answer = read_symbol(sheet | {"model": teach_symbols(asked)["name"]})
    assert read["answer"] == answer["label"] == "口"
    assert read["probabilities"] == pytest.approx(answer["probabilities"], abs=1e-4)
    assert read["familiarity"] == pytest.approx(answer["digit_score"], abs=1e-4)
    assert "drawing.png" in os.listdir(tmp_path)


# ---- What the lab draws itself --------------------------------------------------------------


def test_the_labs_own_drawings_teach_it_to_read_the_next_one():
    for seed in range(3):
        drawn = draw_symbols({"seed": seed})["symbols"]
        examples = [[one["seen"] for one in symbol["drawings"]] for symbol in drawn]
        names = [symbol["name"] for symbol in drawn]
        taught_by = {"names": names, "examples": examples, "head": "prototypes"}
        model = teach_symbols(taught_by)["name"]
        others = draw_symbols({"seed": seed + 100})["symbols"]
        for name, symbol in zip(names, others, strict=True):
            pixels = {"width": 28, "height": 28, "pixels": symbol["drawings"][0]["seen"]}
            assert read_symbol({"kind": "ink", "model": model, **pixels})["label"] == name


def test_no_two_of_the_labs_drawings_are_alike_and_a_seed_draws_them_again():
    first, again, other = (draw_symbols({"seed": seed}) for seed in (1, 1, 2))
    assert first == again

    def seen(reply: dict) -> list[str]:
        return [one["seen"] for symbol in reply["symbols"] for one in symbol["drawings"]]

    both = seen(first) + seen(other)
    assert len(set(both)) == len(both) == 30
    for symbol in first["symbols"]:
        for drawing in symbol["drawings"]:
            points = [point for stroke in drawing["strokes"] for point in stroke["points"]]
            assert len(points) % 2 == 0
            assert all(0 < point < 1 for point in points)
