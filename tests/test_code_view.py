"""The general part of every tab's code: excerpts of the lab's source, script, notebook, ZIP."""

import json
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
import torch

from demo.code_view import Part, commented, notebook, script, zipped
from demo.lab_source import Excerpts
from demo.wrapping import columns
from models import augment, calibrate, checkpoint, fool, ink, nets, predict

PARTS = [Part("First the number.", "number = 6"), Part("然后乘以七。", "print(7 * number)")]

# ---- Excerpts -------------------------------------------------------------------------------


def running(*codes: str) -> SimpleNamespace:
    """What stands after these pieces of source were run, one after the other."""
    names: dict[str, object] = {}
    for code in codes:
        exec(code, names)
    return SimpleNamespace(**names)


def test_an_excerpt_runs_by_itself_and_does_what_the_lab_does():
    source = Excerpts()
    code = source.take(ink, "to_digit")
    drawing = torch.zeros(90, 70)
    drawing[20:80, 30:38] = 1
    alone = running(source.import_lines(), code)
    assert torch.equal(alone.to_digit(drawing), ink.to_digit(drawing))


def test_an_excerpt_holds_what_is_needed_and_nothing_else():
    code = Excerpts().take(nets, "Linear")
    assert "class Linear(" in code
    assert "def mnist_normalise" in code
    assert "PIXELS = 28 * 28" in code
    assert "CNN" not in code
    assert "book_normalise" not in code


def test_comments_and_decorators_come_along():
    code = Excerpts().take(predict, "Caution")
    assert code.startswith("@dataclass(frozen=True)\nclass Caution:")
    assert "# drawings with a lower digit score are refused" in code


def test_what_an_excerpt_takes_from_other_modules_of_the_lab_comes_first():
    source = Excerpts()
    code = source.take(predict, "is_dot")  # which crops, as models.ink does
    assert "from models" not in source.import_lines()
    assert code.index("def crop") < code.index("def is_dot")
    drawing = torch.zeros(50, 50)
    drawing[20:24, 20:24] = 1
    assert running(source.import_lines(), code).is_dot(drawing)


def test_no_excerpt_repeats_what_an_earlier_one_brought():
    source = Excerpts()
    first = source.take(nets, "Linear")
    second = source.take(nets, "SmallCNN")
    assert "class Normalise" in first
    assert "class Normalise" not in second
    assert source.take(nets, "Linear") == ""


def test_imports_are_gathered_over_all_excerpts():
    source = Excerpts()
    source.take(nets, "MLP")
    source.take(ink, "smooth")
    source.take(checkpoint, "weights_sha256")
    assert source.import_lines().splitlines() == [
        "import hashlib",
        "from collections.abc import Callable",
        "",
        "import torch",
        "from torch import Tensor, nn",
        "from torch.nn import functional as F",
    ]


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(LookupError, match="no_such_function"):
        Excerpts().take(ink, "to_digit", "no_such_function")


def test_two_modules_that_give_one_name_to_two_things_do_not_mix():
    source = Excerpts()
    source.take(calibrate, "STEPS")
    with pytest.raises(LookupError, match="STEPS"):
        source.take(fool, "STEPS")


def test_a_constant_that_two_modules_define_alike_stands_once():
    source = Excerpts()
    assert source.take(ink, "SIDE")
    assert not source.take(augment, "SIDE")


# ---- Files ----------------------------------------------------------------------------------


def test_the_script_says_each_step_and_does_it(capsys):
    text = script(PARTS)
    assert text == "# First the number.\nnumber = 6\n\n\n# 然后乘以七。\nprint(7 * number)\n"
    running(text)
    assert capsys.readouterr().out == "42\n"


@pytest.mark.parametrize(
    "words",
    [
        "a drawing through the network to ten probabilities, " * 5,
        "一张图经过网络 digits，得到十个概率：" * 8,
    ],
)
def test_long_sentences_are_broken_into_lines_of_a_hundred_columns(words):
    lines = commented(words).splitlines()
    assert len(lines) > 1
    assert all(line.startswith("# ") and columns(line) <= 100 for line in lines)
    assert all(columns(line) > 80 for line in lines[:-1])
    assert not any(line[2] in "，：。" for line in lines)
    rejoined = "".join(line[2:] for line in lines)
    assert rejoined.replace(" ", "") == words.replace(" ", "")
    assert "".join(lines).count("digits") == words.count("digits")  # no word is torn


def test_the_notebook_is_one_of_nbformat_4_5():
    """The keys that its schema requires, and the pattern of the cells' names."""
    whole = json.loads(notebook(PARTS))
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    assert {"name", "display_name"} <= whole["metadata"]["kernelspec"].keys()
    assert whole["metadata"]["language_info"]["name"] == "python"
    shared = {"id", "cell_type", "metadata", "source"}
    for cell in whole["cells"]:
        is_code = cell["cell_type"] == "code"
        assert cell.keys() == shared | ({"execution_count", "outputs"} if is_code else set())
        assert cell["id"].replace("-", "").isalnum()
    assert len({cell["id"] for cell in whole["cells"]}) == len(whole["cells"]) == 4
    assert [cell["source"] for cell in whole["cells"][:2]] == ["First the number.", "number = 6"]


def test_a_zip_holds_its_files_as_they_were():
    files = {"a.py": b"print(1)\n" * 50, "weights.pt": bytes(range(256))}
    with ZipFile(BytesIO(zipped(files))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
