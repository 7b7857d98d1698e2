"""The Train tab's script, run where no lab is, gives the lab's loss and weights at every epoch."""

import ast
import base64
import json
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import numpy as np
import pytest
import torch

from demo.code_view import notebook, script
from demo.job_process import Session
from demo.panels.train_code import FILES, save_train_file, show_train_code
from demo.training_code import parts
from demo.training_steps import Run
from demo.words import WORDS
from models import engine
from models.augment import AUGMENTATIONS
from models.companion import Companion
from models.data import Mnist
from models.recipe import RECIPES, Recipe, best_recipe
from tests.style import assert_house_style

ROOT = Path(__file__).resolve().parent.parent
TRAIN, TEST = 2_100, 300  # images of the data that these runs see; more than one piece of a batch

SMALL = {"train_images": 200, "batch_size": 32, "epochs": 1.5, "seed": 5}
MLP = Recipe("mlp", **SMALL, width=24)
CNN = best_recipe("small_cnn", **SMALL, held_out=100)
CLEANER = Recipe("linear_autoencoder", **SMALL, loss="mse")
RUNS = {
    "dropout, label noise, weight decay": Run(
        replace(MLP, dropout=0.3, label_noise=0.2, weight_decay=0.1, optimizer="adamw")
    ),
    "whitening and changed rates": Run(replace(CNN, rate_changes=((2, 0.02), (9, 0.002)))),
    "no decay by AdamW, with batch norm": Run(
        replace(CNN, init="kaiming", batch_norm=True, dropout=0.2, schedule="cosine")
    ),
    "a whole set in pieces": Run(
        Recipe("linear", optimizer="gd", train_images=TRAIN, epochs=3, loss="mse")
    ),
    "fixed batches, L1, sigmoid": Run(
        replace(
            MLP, optimizer="bgd", loss="l1", label_smoothing=0.1, activation="sigmoid", bias=False
        )
    ),
    "every augmentation, RMSE": Run(
        replace(MLP, augment=AUGMENTATIONS, loss="rmse", init="small_normal", depth=2)
    ),
    "one augmentation, changed rates alone": Run(
        replace(MLP, augment=("elastic",), rate_changes=((0, 0.05), (8, 0.5)), optimizer="sgd")
    ),
    "ended early": Run(
        replace(MLP, optimizer="momentum", momentum=0.8, schedule="warm_up_linear"), steps=5
    ),
    "conv autoencoder": Run(
        Recipe("conv_autoencoder", loss="l1", train_images=32, batch_size=8, epochs=2)
    ),
    "cleaner, RMSE, scratches": Run(
        replace(CLEANER, loss="rmse", noise="scratches", noise_level=3, optimizer="rmsprop")
    ),
    "cleaner, every noise": Run(replace(CLEANER, noise="mixed", noise_level=0.7, beta1=0.5)),
}


class Steering(Companion):
    """Changes the rate and ends the run by hand, as a visitor does."""

    def __init__(self, run: Run) -> None:
        self.rates, self.last = dict(run.recipe.rate_changes), run.last

    def before_step(self, training: engine.Training) -> None:
        if training.step_count in self.rates:
            training.change_rate(self.rates[training.step_count])
        if training.step_count == self.last:
            training.stop()


def trained(run: Run) -> tuple[list[dict], torch.nn.Module]:
    """What the lab says of a run at each epoch's end, and the network that it leaves."""
    recipe = replace(run.recipe, rate_changes=())
    network = engine.new_network(recipe)
    companion = Steering(run) if run.steps or run.recipe.rate_changes else None
    ends = [s for s in engine.train(recipe, network, companion=companion) if is_end(s, run)]
    names = ("epoch", "loss", "train_accuracy", "test_accuracy")
    facts = [{name: getattr(snapshot, name) for name in names} for snapshot in ends]
    return [{k: v for k, v in fact.items() if v is not None} for fact in facts], network


def is_end(snapshot: engine.Snapshot, run: Run) -> bool:
    return snapshot.epoch.is_integer() or snapshot.step == run.last


@pytest.fixture(scope="module")
def few(mnist) -> Mnist:
    """The first images of MNIST."""
    return Mnist(
        mnist.train_images[:TRAIN],
        mnist.train_labels[:TRAIN],
        mnist.test_images[:TEST],
        mnist.test_labels[:TEST],
        mnist.checksum,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory, few) -> Path:
    """The same as torchvision keeps them: a header, then bytes."""
    folder = tmp_path_factory.mktemp("data")
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    sets = {"train": (few.train_images, few.train_labels)}
    sets |= {"t10k": (few.test_images, few.test_labels)}
    for part, (images, labels) in sets.items():
        head = np.array([0x803, len(images), 28, 28], dtype=">i4").tobytes()
        (raw / f"{part}-images-idx3-ubyte").write_bytes(head + images.numpy().tobytes())
        head = np.array([0x801, len(labels)], dtype=">i4").tobytes()
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(head + labels.numpy().tobytes())
    return folder


@pytest.fixture(scope="module")
def outside(tmp_path_factory, data) -> dict[str, Path]:
    """A folder for each run, in which its script and notebook ran in a Python without the lab."""
    root = tmp_path_factory.mktemp("outside")
    folders = {name: root / name for name in RUNS}
    for name, folder in folders.items():
        folder.mkdir()
        (folder / "mnist").symlink_to(data)
        steps = parts(RUNS[name])
        (folder / "train.py").write_text(script(steps), encoding="utf-8")
        (folder / "train.ipynb").write_text(notebook(steps), encoding="utf-8")
    command = [sys.executable, "-I", str(ROOT / "tests" / "outside.py")]
    done = subprocess.run(
        [*command, *map(str, folders.values())], capture_output=True, check=True, timeout=300
    )
    for folder, said in json.loads(done.stdout).items():
        (Path(folder) / "said.json").write_text(json.dumps(said))
    return folders


# ---- It trains as the lab does --------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_the_script_gives_the_labs_numbers_and_weights(outside, few, monkeypatch, name):
    monkeypatch.setattr(engine, "load_mnist", lambda: few)
    facts, network = trained(RUNS[name])
    texts = json.loads((outside[name] / "said.json").read_text())
    for text in texts:
        lines = [json.loads(line) for line in text.splitlines()]
        if RUNS[name].steps:  # no epoch ended there: the lab says other figures then
            assert [line.pop("epoch") for line in lines] == [5 / 7]
        else:
            assert lines == facts
    weights = torch.load(outside[name] / "trained.pt", weights_only=True)
    wanted = network.state_dict()
    assert weights.keys() == wanted.keys()
    assert all(torch.equal(weights[key], wanted[key]) for key in wanted)


def test_the_labs_ending_tells_what_a_script_needs(few, monkeypatch):
    """Changed and stopped between two snapshots: the very steps, not those last shown."""
    monkeypatch.setattr(engine, "load_mnist", lambda: few)
    orders = {3: ("rate", 0.25), 5: ("stop", None)}

    class Visited(Session):
        def before_step(self, run: engine.Training) -> None:
            if run.step_count in orders:
                self.orders.put(orders[run.step_count])
            super().before_step(run)

    session = Visited(replace(MLP, epochs=40), SimpleNamespace(send=lambda fact: None))
    for snapshot in engine.train(session.recipe, companion=session):
        session.tell_of(snapshot)
        session.next_point = float("inf")
    facts = session.facts()
    assert (facts["step"], facts["rate_changes"]) == (5, [[3, 0.25]])


def test_nothing_is_fetched_unless_that_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train_digits.py"])
    with pytest.raises(RuntimeError, match="not found"):
        exec(script(parts(Run(MLP))), {})
    assert list(tmp_path.iterdir()) == []


# ---- The code -------------------------------------------------------------------------------


def test_the_scripts_are_written_as_the_lab_is_and_import_what_they_name(tmp_path):
    """In every language: these runs, best recipes, long numbers, each augmentation alone."""
    own = [Run(replace(recipe, precision="float32")) for recipe in RECIPES.values()]
    long = {"learning_rate": 0.0012345678901234, "beta1": 0.8765432109876, "beta2": 0.9876543210123}
    deep = replace(MLP, **long, width=1024, depth=10, batch_norm=True, activation="sigmoid")
    more = [Run(deep), *(Run(replace(MLP, augment=(name,))) for name in AUGMENTATIONS)]
    for at, (run, language) in enumerate(product([*RUNS.values(), *own, *more], WORDS)):
        code = script(parts(replace(run, language=language)), language)
        (tmp_path / f"{at}.py").write_text(code, encoding="utf-8")
        tree = ast.walk(ast.parse(code))
        nodes = [node for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]
        roots = {(getattr(one, "module", None) or one.names[0].name).split(".")[0] for one in nodes}
        assert roots - sys.stdlib_module_names == {"torch", "torchvision"}
    assert_house_style(tmp_path)


def test_only_what_the_recipe_uses_is_in_the_script():
    plain = script(parts(Run(Recipe("linear", epochs=1))))
    for word in ("vary", "variation", "wrong", "param_groups", "break", "channels_last", "partial"):
        assert word not in plain
    assert plain.count("\n") < 140
    assert plain[: plain.index("def training_step")].count("\n") < 25
    rich = script(parts(RUNS["one augmentation, changed rates alone"]))
    assert "elastic_flow" in rich
    assert "affine_flow" not in rich
    assert "vary_stroke" not in rich
    assert "torch.nn.functional" not in rich


# ---- What the page asks ---------------------------------------------------------------------


def asked(**others: object) -> dict:
    recipe = RUNS["whitening and changed rates"].recipe.as_dict()
    return {"recipe": recipe, "steps": None, "language": "en", **others}


@pytest.mark.parametrize("language", WORDS)
def test_the_zip_holds_the_script_that_is_shown(tmp_path, language):
    shown = show_train_code(asked(language=language, steps=4))
    files = {name: save_train_file(asked(file=name, language=language, steps=4)) for name in FILES}
    content = {name: base64.b64decode(file["content"]) for name, file in files.items()}
    (tmp_path / "all.zip").write_bytes(content["zip"])
    with ZipFile(tmp_path / "all.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed.keys() == {"train_digits.py", "train_digits.ipynb", "README.txt"}
    assert packed["train_digits.py"] == content["script"] == shown["script"].encode()
    assert packed["train_digits.ipynb"] == content["notebook"]
    assert len(packed["README.txt"].decode().splitlines()) == 5
    assert shown["lines"] == shown["script"].count("\n")
    assert "steps, an_epoch = 0, 4, 7" in shown["script"]
    assert "    2: 0.02,\n    9: 0.002,\n" in shown["script"]


@pytest.mark.parametrize(
    "others",
    [
        {"recipe": None},
        {"recipe": [1]},
        {"recipe": {"network": "nope"}},
        {"recipe": {"network": ["mlp"]}},
        {"recipe": {"network": "mlp", "learning_rate": float("nan")}},
        {"recipe": {"network": "mlp", "shape": 3}},
        {"recipe": {"network": "mlp", "rate_changes": [[1, 2, 3]]}},
        {"recipe": {"network": "digits"}},
        {"steps": -1},
        {"steps": 10**9},
        {"steps": "4"},
        {"steps": True},
        {"steps": 1.5},
        {"language": "fr"},
        {"language": None},
    ],
    ids=repr,
)
def test_what_no_page_sends_is_refused(others):
    assert show_train_code(asked(**others))["error"]
    assert save_train_file(asked(file="zip", **others))["error"]


@pytest.mark.parametrize("file", [None, "drawing", ["zip"], {}], ids=repr)
def test_files_that_are_not_offered_are_refused(file):
    assert save_train_file(asked(file=file))["error"] == "bad_request"
