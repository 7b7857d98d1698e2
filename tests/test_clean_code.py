"""The Denoise tab's script, run where no lab is, cleans as the page does, and it trains."""

import ast
import base64
import json
import runpy
import subprocess
import sys
from io import BytesIO
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import torch
from PIL import Image

from demo.canvas import canvas
from demo.cleaning_code import parts, script
from demo.cleaning_steps import Cleaning
from demo.panels.clean_code import FILES, save_clean_file, show_clean_code
from demo.words import WORDS
from models.checkpoint import load
from models.cleaners import CLEANERS
from models.denoise import clean_digit, likeness, spoil_digit
from models.linear_map import fit
from models.nets import Denoiser
from models.noise import NOISES
from tests.style import assert_house_style

ROOT = Path(__file__).resolve().parent.parent
# Each cleaner, and each noise with a cleaner that is quick.
PAIRS = [*product(CLEANERS, ["gaussian"]), *product(["median"], list(NOISES)[1:])]


@pytest.fixture(scope="module")
def seven(mnist) -> torch.Tensor:
    return mnist.test_images[0] / 255  # (28, 28)


@pytest.fixture
def asked(seven):
    """What the page sends."""

    def request(**others: object) -> dict:
        settings = {"noise": "gaussian", "level": 0.5, "seed": 3, "cleaner": "median"}
        return {**settings, "language": "en", "digit": canvas.to_text(seven), **others}

    return request


@pytest.fixture
def unpacked(asked, tmp_path):
    """The ZIP's files in a folder of their own."""

    def unpack(**others: object) -> Path:
        folder = tmp_path / str(others.get("cleaner"))
        content = base64.b64decode(save_clean_file(asked(file="zip", **others))["content"])
        with ZipFile(BytesIO(content)) as archive:
            archive.extractall(folder)
        return folder

    return unpack


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a folder's script with options; its lines."""

    def call(folder: Path, *options: str) -> list[str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["clean_digit.py", *options])
        capsys.readouterr()
        runpy.run_path("clean_digit.py")
        return capsys.readouterr().out.splitlines()

    return call


def grey_of(path: Path) -> torch.Tensor:
    with Image.open(path) as picture:
        return torch.from_numpy(np.array(picture))


def figures(line: str) -> list[float]:
    """The mse and psnr of `cleaned: mse 0.01, psnr 20 dB`."""
    words = line.replace(",", "").split()
    return [float(words[words.index(name) + 1]) for name in ("mse", "psnr")]


# ---- It cleans as the page does -----------------------------------------------------------------


@pytest.mark.parametrize(("cleaner", "noise"), PAIRS)
def test_the_script_cleans_as_the_page_does(unpacked, run, seven, cleaner, noise):
    level = NOISES[noise].nearest(NOISES[noise].middle)
    folder = unpacked(cleaner=cleaner, noise=noise, level=level)
    lines = run(folder)
    spoiled = spoil_digit(seven, noise, level, 3)
    cleaned = clean_digit(spoiled, noise, level, cleaner)
    wanted = (255 * (1 - cleaned)).round().to(torch.uint8)
    assert torch.equal(grey_of(folder / "cleaned.png"), wanted)
    for line, name, picture in zip(lines, ("spoiled", "cleaned"), (spoiled, cleaned), strict=True):
        assert line.startswith(name)
        facts = likeness(picture, seven)
        assert figures(line) == pytest.approx([facts["mse"], facts["psnr"]], abs=6e-3)
        assert figures(line)[0] == pytest.approx(facts["mse"], abs=1e-6)


def test_script_and_notebook_run_where_no_lab_is(unpacked, run):
    folders = [unpacked(cleaner=cleaner) for cleaner in ("denoiser", "lmmse")]
    command = [sys.executable, "-I", str(ROOT / "tests" / "outside.py"), *map(str, folders)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=folders[0], timeout=300)
    for folder, texts in json.loads(done.stdout).items():
        here = "\n".join(run(Path(folder)))
        assert texts == [f"{here}\n"] * 2


# ---- It trains ----------------------------------------------------------------------------------


def tensors(path) -> dict[str, torch.Tensor]:
    """What a script has kept, read as it reads it itself: the format is PyTorch's own."""
    return torch.load(path, weights_only=True)


@pytest.fixture
def data(tmp_path, mnist) -> str:
    """The first images of MNIST as torchvision keeps all of them: a header, then bytes."""
    raw = tmp_path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    images, labels = mnist.train_images[:40].numpy(), mnist.train_labels[:40].numpy()
    for part in ("train", "t10k"):
        head = np.array([0x803, 40, 28, 28], dtype=">i4").tobytes()
        (raw / f"{part}-images-idx3-ubyte").write_bytes(head + images.tobytes())
        head = np.array([0x801, 40], dtype=">i4").tobytes()
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(head + labels.tobytes())
    return str(tmp_path / "data")


def test_it_trains_and_says_the_loss_of_every_tenth(unpacked, run, data):
    folder = unpacked(cleaner="linear_autoencoder")
    lines = run(folder, "--train", "--data", data, "--steps", "300")
    steps = [line.split() for line in lines[:-2]]
    assert [int(words[1]) for words in steps] == list(range(30, 301, 30))
    losses = [float(words[-1]) for words in steps]
    assert losses[-1] < 0.8 * losses[0]
    shipped = run(folder)
    assert shipped[0] == lines[-2]  # the same noise was poured
    assert figures(shipped[-1]) != figures(lines[-1])
    assert run(folder, "--train", "--data", data, "--steps", "300") == lines


def test_what_it_trained_is_kept_beside_what_the_lab_trained(unpacked, run, data):
    folder = unpacked(cleaner="denoiser")
    run(folder, "--train", "--data", data, "--steps", "1")
    network = Denoiser()
    network.load_state_dict(tensors(folder / "trained.pt"))
    shipped = load("denoiser").network.change.weight
    assert not torch.equal(network.change.weight, shipped)
    assert tensors(folder / "denoiser.pt")["change.weight"].equal(shipped)


def test_the_map_is_fitted_to_the_images_that_it_is_given(unpacked, run, data, mnist):
    folder = unpacked(cleaner="lmmse")
    run(folder, "--train", "--data", data)
    clean = mnist.train_images[:40, None] / 255
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(1_000))
    wanted = fit((clean + 0.5 * noise).clamp(0, 1), clean)
    found = tensors(folder / "trained.pt")
    assert torch.allclose(found["weight"], wanted.weight, atol=1e-5)


def test_nothing_is_fetched_unless_that_is_asked_for(unpacked, run):
    folder = unpacked(cleaner="lmmse")
    with pytest.raises(RuntimeError, match="not found"):
        run(folder, "--train")
    assert not (folder / "mnist").exists()


# ---- The code -----------------------------------------------------------------------------------


def test_the_scripts_are_written_as_the_lab_is_and_import_what_they_name(tmp_path):
    """In every language, with every cleaner and every noise, and numbers of many digits."""
    packages = {"PIL": "pillow", "skimage": "scikit-image"}
    for (cleaner, noise), language in product(PAIRS, WORDS):
        level = NOISES[noise].nearest(NOISES[noise].level_at(0.625))
        steps = parts(Cleaning(noise, level, 2**31 - 1, cleaner, language))
        code = script(steps, language)
        (tmp_path / f"{cleaner}_{noise}_{language}.py").write_text(code, encoding="utf-8")
        tree = ast.walk(ast.parse(code))
        nodes = [node for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]
        roots = {(getattr(one, "module", None) or one.names[0].name).split(".")[0] for one in nodes}
        said = code[: code.index("import ")]
        for root in roots - sys.stdlib_module_names:
            assert packages.get(root, root) in said
    assert_house_style(tmp_path)


@pytest.mark.parametrize("cleaner", CLEANERS)
def test_the_essential_step_stands_on_the_first_screen(cleaner):
    code = script(parts(Cleaning("gaussian", 0.5, 0, cleaner)))
    assert code[: code.index("def clean_file")].count("\n") < 20


def test_it_states_the_labs_own_recipe_and_learns_by_its_optimiser():
    code = script(parts(Cleaning("speckle", 0.5, 0, "denoiser")))
    words = " ".join(line.removeprefix("# ") for line in code.splitlines() if line[:1] == "#")
    recipe = load("denoiser").recipe
    for name in ("epochs", "batch_size", "learning_rate", "noise"):
        assert f"{name}={getattr(recipe, name)}" in words
    assert "torch.optim.AdamW(clean.parameters(), lr=0.003, betas=(0.9, 0.999)" in code
    assert "loss.backward()" in code


def test_settings_show_in_the_code():
    code = script(parts(Cleaning("patch", 7, 5, "gaussian_filter")))
    assert "def patch(" in code
    assert "spoil=patch,\n    level=7,\n    seed=5," in code
    assert "class " not in code
    assert "MNIST" not in code
    assert "def gaussian(" not in code


# ---- What is taken home -------------------------------------------------------------------------


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("cleaner", ["median", "lmmse", "conv_autoencoder"])
def test_the_zip_holds_all_that_it_takes(unpacked, asked, cleaner, language):
    settings = {"cleaner": cleaner, "language": language}
    folder = unpacked(**settings)
    names = {path.name for path in folder.iterdir()}
    learned = set() if cleaner == "median" else {f"{cleaner}.pt"}
    files = {"clean_digit.py", "clean_digit.ipynb", "digit.png", "README.txt"}
    assert names == files | learned
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert len(readme.splitlines()) == 5 + len(learned)
    assert ("scipy" in readme) == (cleaner == "median")
    shown = show_clean_code(asked(**settings))
    assert (folder / "clean_digit.py").read_text(encoding="utf-8") == shown["script"]
    assert shown["lines"] == shown["script"].count("\n")
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    assert shown["size"] == pytest.approx(size, abs=0.1)


def test_each_file_comes_alone_too(asked, seven):
    files = {name: save_clean_file(asked(file=name)) for name in FILES}
    content = {name: base64.b64decode(file["content"]) for name, file in files.items()}
    assert content["script"].decode() == show_clean_code(asked())["script"]
    assert json.loads(content["notebook"])["nbformat"] == 4
    with Image.open(BytesIO(content["drawing"])) as picture:
        grey = torch.from_numpy(np.array(picture))
    assert torch.equal(grey, (255 * (1 - seven)).round().to(torch.uint8))


# ---- Bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "others",
    [
        {"noise": "fog"},
        {"noise": ["gaussian"]},
        {"level": float("nan")},
        {"level": 2},
        {"level": "0.5"},
        {"level": None},
        {"seed": -1},
        {"seed": 10**30},
        {"seed": 0.5},
        {"cleaner": "digits"},
        {"cleaner": None},
        {"cleaner": "../denoiser"},
        {"language": "fr"},
        {"language": ["en"]},
    ],
    ids=repr,
)
def test_settings_that_no_page_sends_are_refused(asked, others):
    assert show_clean_code(asked(**others))["error"] == "bad_request"
    assert save_clean_file(asked(file="zip", **others))["error"] == "bad_request"


@pytest.mark.parametrize("file", [None, "exe", ["zip"], {}], ids=repr)
def test_files_that_are_not_offered_are_refused(asked, file):
    assert save_clean_file(asked(file=file))["error"] == "bad_request"


@pytest.mark.parametrize("digit", [None, "AAAA", 7, "A" * 10_000_000], ids=lambda one: str(one)[:4])
def test_a_digit_that_is_none_is_refused(asked, digit):
    for file in ("zip", "drawing"):
        assert save_clean_file(asked(digit=digit, file=file))["error"] == "bad_request"


@pytest.mark.parametrize("value", [None, 7, "zip", []], ids=repr)
def test_what_is_no_request_at_all_is_refused(value):
    assert show_clean_code(value)["error"] == save_clean_file(value)["error"] == "bad_request"
