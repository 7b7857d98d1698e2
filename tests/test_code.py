"""The Draw tab's script, run where no lab is, gives the page's numbers."""

import ast
import base64
import json
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from itertools import combinations, product
from pathlib import Path
from zipfile import ZipFile

import pytest
import torch
from PIL import Image, ImageDraw

from demo.canvas import canvas
from demo.code_view import zipped
from demo.draw_tab import read_drawing
from demo.panels.code import FILES, save_file, show_code
from demo.reading_code import Reading, parts, take_home
from demo.words import WORDS, say
from models import checkpoint
from models.predict import Caution, classify
from models.recipe import Recipe
from tests.style import assert_house_style

ROOT = Path(__file__).resolve().parent.parent
READERS = checkpoint.available(kind="reader")
SWITCHED = list(product(READERS, (True, False)))  # each reader, centring on and off
NEEDS = {"torch", "torchvision", "PIL"}


def drawn() -> torch.Tensor:
    """A seven in a corner of the sheet with a pen that leaves soft edges: ink (280, 280)."""
    large = Image.new("L", (560, 560))
    ImageDraw.Draw(large).line([(40, 60), (210, 64), (110, 330)], fill=255, width=26)
    small = large.resize((280, 280), Image.Resampling.BOX)
    return torch.frombuffer(bytearray(small.tobytes()), dtype=torch.uint8).view(280, 280) / 255


def asked(**others: object) -> dict:
    """What the page sends for that drawing."""
    pixels = canvas.to_text(drawn())
    size = {"width": 280, "height": 280}
    return {"kind": "ink", **size, "pixels": pixels, "model": None, "language": "en", **others}


def unpacked(folder: Path, content: bytes) -> Path:
    with ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def saved(**others: object) -> bytes:
    """A file as the page hands it to the browser."""
    return base64.b64decode(save_file(asked(**others))["content"])


def run_outside(*folders: Path) -> dict[Path, list[str]]:
    """What script and notebook in each folder print, in a Python that knows nothing of the lab."""
    command = [sys.executable, "-I", str(ROOT / "tests" / "outside.py"), *map(str, folders)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=folders[0], timeout=300)
    return {Path(folder): said for folder, said in json.loads(done.stdout).items()}


def as_shipped(model: str, centred: bool) -> tuple[bytes, list[float], str]:
    """A ZIP to take home, the page's probabilities, and its digit in words."""
    settings = {"model": model, "centred": centred}
    answer = read_drawing(asked(**settings))
    content = saved(file="zip", **settings)
    return content, answer["probabilities"], say("spoken", "en", digit=answer["label"])


def of_a_picture() -> tuple[bytes, list[float], str]:
    """The same for a grey picture: its ink is found, put on the canvas and read there."""
    picture = {"kind": "picture", "pixels": canvas.to_text((1 - drawn()) * 0.7 + 0.1)}
    answer = read_drawing(asked(pixels=read_drawing(asked(**picture))["ink"]))
    content = saved(file="zip", **picture)
    return content, answer["probabilities"], say("spoken", "en", digit=answer["label"])


def calibrated(language: str, refused: bool) -> tuple[bytes, list[float], str]:
    """The same for a softened reader whose threshold is just above or below this drawing."""
    kept, ink = checkpoint.load("linear"), drawn()
    threshold = classify(kept.network, ink).digit_score + (0.01 if refused else -0.01)
    caution = Caution(temperature=1.7, threshold=threshold)
    answer = classify(kept.network, ink, caution)
    assert (answer.reason, answer.refused) == (("unlike", True) if refused else (None, False))
    likeliest = answer.probabilities.index(answer.confidence)
    key = "reason_unlike" if refused else "spoken"
    content = zipped(take_home(Reading(kept, caution, True, language), ink))
    return content, answer.probabilities, say(key, language, digit=likeliest)


CASES = {f"{model}, {centred=}": (as_shipped, model, centred) for model, centred in SWITCHED}
CASES |= {
    f"calibrated, {language}, {refused=}": (calibrated, language, refused)
    for language, refused in product(WORDS, (True, False))
}
CASES["a picture"] = (of_a_picture,)


@pytest.fixture(scope="module")
def outside(tmp_path_factory) -> dict[str, tuple]:
    """For each case what its script and notebook print, the page's probabilities, its words."""
    folder, expected = tmp_path_factory.mktemp("outside"), {}
    for case, (make, *settings) in CASES.items():
        content, *answer = make(*settings)
        expected[unpacked(folder / case, content)] = answer
    said = run_outside(*expected)
    return {place.name: (said[place], *answer) for place, answer in expected.items()}


# ---- Run outside the lab --------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_script_and_notebook_say_what_the_page_says(outside, case):
    texts, probabilities, words = outside[case]
    for text in texts:
        *lines, last = text.splitlines()
        assert [line.split()[0] for line in lines] == list("0123456789")
        numbers = [float(line.split()[1]) for line in lines]
        assert numbers == pytest.approx(probabilities, abs=1e-5)
        assert last == words


def test_centring_and_softening_make_a_difference_to_the_numbers(outside):
    """So that the comparison above can tell them apart."""
    cases = ("linear, centred=True", "linear, centred=False", "calibrated, en, refused=True")
    for one, other in combinations([outside[case][1] for case in cases], 2):
        assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.01


# ---- The code -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", READERS)
@pytest.mark.parametrize("language", WORDS)
def test_the_script_imports_nothing_but_what_it_names(model, language):
    code = show_code({"model": model, "language": language})["script"]
    tree = ast.walk(ast.parse(code))
    imports = [node for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]
    roots = {(getattr(one, "module", None) or one.names[0].name).split(".")[0] for one in imports}
    assert roots - sys.stdlib_module_names == NEEDS


def test_the_scripts_are_written_as_the_lab_is(tmp_path):
    """Formatted and linted with the lab's own rules, in every language, calibrated or not."""
    for model, language in product(READERS, WORDS):
        kept = checkpoint.load(model)
        for caution in (Caution(), Caution(0.8712345678901234, 0.9876543210987654)):
            code = take_home(Reading(kept, caution, True, language), drawn())["read_digit.py"]
            (tmp_path / f"{model}_{language}_{caution.threshold:.0f}.py").write_bytes(code)
    assert len(list(tmp_path.iterdir())) == 4 * len(READERS)
    assert_house_style(tmp_path)


def test_the_essential_step_stands_on_the_first_screen():
    code = show_code({"language": "en"})["script"]
    assert code[: code.index("def read_drawing")].count("\n") < 16


def test_a_visitor_s_own_network_is_taken_home_with_its_own_weights():
    recipe = Recipe("mlp", width=8)
    network = recipe.build_network().eval()
    files = take_home(Reading(checkpoint.Checkpoint(network, recipe, {}, "")), drawn())
    weights = torch.load(BytesIO(files["mlp.pt"]), weights_only=True)
    assert weights.keys() == network.state_dict().keys()
    assert all(torch.equal(weights[name], own) for name, own in network.state_dict().items())
    assert b"load_weights(network, " in files["read_digit.py"]


def test_the_code_that_is_shown_is_the_code_that_is_packed(tmp_path):
    shown = show_code({"model": "mlp", "centred": False, "language": "zh"})
    folder = unpacked(tmp_path, saved(model="mlp", centred=False, language="zh", file="zip"))
    assert (folder / "read_digit.py").read_text(encoding="utf-8") == shown["script"]
    assert shown["lines"] == shown["script"].count("\n")
    alone = save_file({"model": "mlp", "centred": False, "language": "zh", "file": "script"})
    assert base64.b64decode(alone["content"]).decode() == shown["script"]


def test_settings_show_in_the_code():
    kept = checkpoint.load("mlp")
    plain = parts(Reading(kept))[-1].code
    assert "centred=True" in plain
    assert "logits.softmax" in plain
    assert "digit_scores" not in plain
    careful = parts(replace(Reading(kept), caution=Caution(1.25, 0.5), centred=False))[-1].code
    assert "centred=False" in careful
    assert "(logits / 1.25).softmax" in careful
    assert "if float(digit_scores(logits)) < 0.5:" in careful
    assert 'MLP(width=256, depth=1, activation="relu"' in plain


# ---- What is taken home ---------------------------------------------------------------------


@pytest.mark.parametrize("model", READERS)
def test_the_zip_holds_all_that_it_takes_and_is_small(tmp_path, model):
    content = saved(model=model, file="zip")
    assert len(content) < 10_000_000
    names = {path.name for path in unpacked(tmp_path, content).iterdir()}
    scripts = {"read_digit.py", "read_digit.ipynb"}
    assert names == scripts | {"drawing.png", f"{model}.pt", "README.txt"}
    size = show_code(asked(model=model))["size"]
    assert size == pytest.approx(len(content) / 1e6, abs=0.1)


@pytest.mark.parametrize("language", WORDS)
def test_the_readme_has_five_lines_and_names_the_network(tmp_path, language):
    folder = unpacked(tmp_path, saved(model="small_cnn", language=language, file="zip"))
    text = (folder / "README.txt").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 5
    assert "small_cnn.pt" in text


def test_the_drawing_alone_is_dark_on_light():
    with Image.open(BytesIO(saved(file="drawing"))) as picture:
        assert picture.size == (280, 280)
        assert picture.getpixel((279, 279)) == 255  # paper
        assert picture.getpixel((60, 31)) == 0  # on the upper stroke


# ---- Bad input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "others",
    [
        {"language": "fr"},
        {"language": None},
        {"language": ["en"]},
        {"care": float("nan")},
        {"care": "0.02"},
        {"care": 7},
    ],
    ids=repr,
)
def test_settings_that_no_page_sends_are_refused(others):
    assert show_code(asked(**others))["error"] == "bad_request"
    assert save_file(asked(file="script", **others))["error"] == "bad_request"


@pytest.mark.parametrize("file", [None, "", "exe", "../zip", ["zip"], {}, 3], ids=repr)
def test_files_that_are_not_offered_are_refused(file):
    assert save_file(asked(file=file))["error"] == "bad_request"


@pytest.mark.parametrize("file", ["zip", "drawing"])
def test_a_drawing_that_is_none_is_refused(file):
    assert save_file(asked(file=file, pixels="AAAA"))["error"] == "bad_request"
    assert save_file({"language": "en", "file": file})["error"] == "bad_request"


@pytest.mark.parametrize("model", ["nope", "linear_autoencoder", 7, ["digits"]], ids=repr)
def test_a_network_that_is_no_reader_is_refused(model):
    assert show_code(asked(model=model))["error"] == "unknown_network"
    for file in set(FILES) - {"drawing"}:
        assert save_file(asked(model=model, file=file))["error"] == "unknown_network"


@pytest.mark.parametrize("value", [None, 7, "zip", [], float("inf")], ids=repr)
def test_what_is_no_request_at_all_is_refused(value):
    assert show_code(value)["error"] == save_file(value)["error"] == "bad_request"
